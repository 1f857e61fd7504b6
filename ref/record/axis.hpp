// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The bins of a histogram: codes on a linear axis, exact sums on a logarithmic one. Which bin a value belongs to is
// decided in exact integers, so that equal tensors give equal histograms on every machine. It counts nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace wagesim {

class Axis {
public:
    enum class Scale { linear, log2 };

    /// One bin for each value of magnitude <= `limit` (>= 0) where that makes at most 257, else for as many
    /// neighbouring values, a power of two, as keep to that. The middle bin is around 0.
    [[nodiscard]] static Axis linear(std::int64_t limit);
    /// Magnitudes in half octaves: bin b holds 2^(b/2) <= |x| < 2^((b+1)/2) with b = first .. first + bins - 1. Zero
    /// has no bin.
    [[nodiscard]] static Axis log2(int first, std::size_t bins);

    [[nodiscard]] Scale scale() const noexcept { return scale_; }
    [[nodiscard]] std::size_t bins() const noexcept { return bins_; }
    /// bins() + 1 ascending values, of magnitudes where the scale is log2. A bin holds its lower edge and not its
    /// upper.
    [[nodiscard]] std::vector<double> edges() const;

    /// Position of a value's bin: -1 where it lies below the first, bins() where above the last. A NaN is above. On a
    /// log2 axis the value is not 0. |value| < 2^63.
    [[nodiscard]] std::ptrdiff_t position(std::int64_t value) const noexcept;
    [[nodiscard]] std::ptrdiff_t position(double value) const noexcept;

private:
    Axis(Scale scale, std::int64_t first, std::size_t bins, int width_log2)
        : scale_(scale), first_(first), bins_(bins), width_log2_(width_log2)
    {
    }
    [[nodiscard]] std::ptrdiff_t from_first(std::int64_t bin) const noexcept;

    Scale scale_;
    std::int64_t first_;  ///< linear: multiple of the width in the middle of the first bin; log2: its half octave
    std::size_t bins_;
    int width_log2_;  ///< linear only
};

}  // namespace wagesim
