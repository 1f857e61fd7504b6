// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// m of Eq. 9, found while the errors are on their way to memory (docs/numerics.md section 6).
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "ref/kernels/sum_strip.hpp"

namespace wagesim::ref {

/// Largest |e| over a hidden layer's unclipped outputs, inactive ones included. Consumes the sums that the next layer's
/// backward product delivers.
class ErrorMaximum final : public SumConsumer {
public:
    /// `flags` of all samples, n, h, w, c (activation.hpp); kept.
    ErrorMaximum(const std::uint8_t* flags, std::size_t outputs_of_sample, std::size_t outputs_of_row);

    /// Forgets what was taken.
    void restart() { largest_ = 0; }
    [[nodiscard]] std::int64_t value() const { return largest_; }

    [[nodiscard]] std::size_t rows_together() const override { return 1; }
    void take(const SumStrip& errors) override;

private:
    const std::uint8_t* flags_;
    std::size_t sample_;
    std::size_t row_;
    std::atomic<std::int64_t> largest_{0};
};

}  // namespace wagesim::ref
