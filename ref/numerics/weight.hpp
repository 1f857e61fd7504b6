// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Weight arithmetic: Nw, Q_W (Eq. 6), initial values (Eq. 5), attenuation (Eq. 7). docs/numerics.md sections 4 and 7.
// Normative. IEEE binary64 appears here and nowhere else in the numerics: one rounding per operation.
#pragma once

#include <cmath>
#include <cstdint>

#include "ref/numerics/integer.hpp"
#include "ref/numerics/widths.hpp"

namespace wagesim::numerics {

/// Nw: the largest magnitude of a stored weight.
[[nodiscard]] constexpr std::int64_t stored_weight_limit(const Widths& widths, WeightClip rule) noexcept
{
    return rule == WeightClip::kg ? max_code(widths.g)
                                  : (std::int64_t{1} << (widths.g - 1)) - (std::int64_t{1} << (widths.g - widths.w));
}

/// n_w = clip(rne(n_g, kG - kW), N(kW)) (Eq. 6).
[[nodiscard]] constexpr std::int64_t weight_code(std::int64_t stored, const Widths& widths) noexcept
{
    return quantize(stored, widths.g - widths.w, widths.w);
}

/// Where initial weights fall: on the kG grid (paper) or already on the kW grid (published code).
enum class WeightGrid { kg, kw };

/// How weights start (Eq. 5). limit_factor F and beta are finite and positive.
struct Initialisation {
    double limit_factor = 6.0;
    double beta = 1.5;
    WeightGrid grid = WeightGrid::kg;
};

/// l = sqrt(F / n_in), Lmin = beta * 2^(1-kW), L = max(l, Lmin).
struct WeightLimits {
    double l;
    double l_min;
    [[nodiscard]] double limit() const noexcept { return l > l_min ? l : l_min; }
};

[[nodiscard]] inline WeightLimits weight_limits(const Initialisation& init, std::int64_t fan_in, int kw) noexcept
{
    return {std::sqrt(init.limit_factor / static_cast<double>(fan_in)), init.beta * std::ldexp(1.0, 1 - kw)};
}

/// sA = max(0, round(log2(Lmin / l))), alpha = 2^sA (Eq. 7 with L read as l).
[[nodiscard]] inline int attenuation(const Initialisation& init, std::int64_t fan_in, int kw) noexcept
{
    const WeightLimits limits = weight_limits(init, fan_in, kw);
    const double rounded = std::nearbyint(std::log2(limits.l_min / limits.l));
    // A limit factor near 0 gives infinity; whatever is beyond 24 is refused by the caller.
    constexpr double kBeyondLegal = 1000.0;
    return rounded > 0.0 ? static_cast<int>(rounded < kBeyondLegal ? rounded : kBeyondLegal) : 0;
}

/// The stored weight that the 32-bit random word `word` gives: u = (2 word + 1 - 2^32) / 2^32, weight = u * L.
[[nodiscard]] inline std::int64_t initial_weight(std::uint32_t word, double limit, WeightGrid grid,
                                                 const Widths& widths, WeightClip rule) noexcept
{
    const double u = (2.0 * static_cast<double>(word) + 1.0 - 4294967296.0) / 4294967296.0;
    const double weight = u * limit;
    const std::int64_t bound = stored_weight_limit(widths, rule);
    if (grid == WeightGrid::kg) {
        return clip(static_cast<std::int64_t>(std::nearbyint(weight * std::ldexp(1.0, widths.g - 1))), bound);
    }
    const auto coarse = static_cast<std::int64_t>(std::nearbyint(weight * std::ldexp(1.0, widths.w - 1)));
    return clip(coarse * (std::int64_t{1} << (widths.g - widths.w)), bound);
}

}  // namespace wagesim::numerics
