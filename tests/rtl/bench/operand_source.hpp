// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Settings and operands that hurt: drawn at random, weighted toward what a mode's arithmetic can get wrong.
#pragma once

#include <cstdint>
#include <random>

#include "ref/quantize_update/registers.hpp"
#include "tests/rtl/bench/traffic.hpp"
#include "tests/unit/rtl/expected_unit.hpp"

namespace wagesim::test {

/// Legal settings (numerics.md section 1), often at the ends of their ranges; EXPONENT often where a mode's shift
/// changes its direction or passes the operands' width, and now and then anywhere in its 8 bits.
[[nodiscard]] Settings drawn_settings(QuantizeUpdateMode mode, std::mt19937_64& random);

/// How a mode scales: a magnitude becomes magnitude / 2^shift, limited to `limit`.
struct Scaling {
    int shift;
    std::int64_t limit;
};
[[nodiscard]] Scaling scaling_of(QuantizeUpdateMode mode, const Settings& settings);

/// `count` elements for a mode: zeros, ones, extremes, ties of both parities and their neighbours, the limit and its
/// neighbours, powers of two and of sqrt(2), lengths drawn evenly; signs that alternate, are all the same or drawn.
/// Some bursts are all of one kind, all zeros among them. Labels of output_error: a segment's units, now and then none.
[[nodiscard]] Traffic drawn_traffic(QuantizeUpdateMode mode, const Settings& settings,
                                    const std::vector<std::size_t>& lengths, std::mt19937_64& random);

}  // namespace wagesim::test
