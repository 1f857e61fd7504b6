// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What follows a hidden layer's accumulators, and its way back: pooling, ReLU and Q_A; then Q_E, masks and unpooling
// (docs/numerics.md sections 5 and 6). No multiply-accumulate.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "ref/kernels/buffer.hpp"
#include "ref/kernels/convolution_shape.hpp"
#include "ref/kernels/sum_strip.hpp"
#include "ref/network/layer_geometry.hpp"
#include "ref/numerics/widths.hpp"
#include "ref/quantizers/activation.hpp"
#include "ref/quantizers/error.hpp"

namespace wagesim::ref {

/// Of one layer and up to `samples` samples; remembers winners and masks from forward to backward. Channel-last.
/// Forward consumes the layer's accumulators: acc -> output codes.
class HiddenOutput final : public SumConsumer {
public:
    HiddenOutput(const LayerGeometry& geometry, const LayerBounds& bounds, const Widths& widths, std::size_t samples);

    [[nodiscard]] std::size_t rows_together() const override;
    void take(const SumStrip& acc) override;

    /// The accumulators after pooling, for who wants to see them.
    void pool(const Buffer& acc, std::size_t samples, Buffer& pooled) const;

    /// Q_E, then the active mask, then unpooling: e -> operands, shaped like acc.
    void backward(const ErrorRule& rule, const Buffer& errors, std::size_t samples, Buffer& operands) const;
    /// Q_E alone, before the active mask: e -> codes, shaped like the output.
    void quantize(const ErrorRule& rule, const Buffer& errors, std::size_t samples, Buffer& codes) const;

    [[nodiscard]] const std::int8_t* codes() const { return codes_.data(); }
    [[nodiscard]] const std::vector<std::uint8_t>& flags() const { return flags_; }
    /// Empty without pooling; uint8, int32 for windows of more than 256 places.
    [[nodiscard]] const Buffer& winners() const { return winners_; }

private:
    template <class Sum, class Winner>
    void take_as(const SumStrip& acc);
    template <class Sum, class Code, class Winner, class Operand>
    void backward_pooled(const ErrorRule& rule, const Buffer& errors, std::size_t samples, Buffer& operands) const;
    void quantize_where(const ErrorRule& rule, const Buffer& errors, std::uint8_t required, std::size_t samples,
                        Buffer& codes) const;

    std::size_t inputs_;   ///< accumulators of one sample
    std::size_t row_;      ///< outputs of one row
    std::size_t outputs_;  ///< of one sample
    ActivationRule rule_;
    ElementType code_type_;
    std::optional<PoolShape> pool_;
    std::vector<std::int8_t> codes_;
    std::vector<std::uint8_t> flags_;
    Buffer winners_;
};

}  // namespace wagesim::ref
