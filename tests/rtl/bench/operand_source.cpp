// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/rtl/bench/operand_source.hpp"

#include <algorithm>
#include <cmath>

namespace wagesim::test {
namespace {

using Mode = QuantizeUpdateMode;

constexpr std::int64_t kGreatest = (std::int64_t{1} << 47) - 1;

int drawn(int low, int high, std::mt19937_64& random)
{
    return std::uniform_int_distribution<int>(low, high)(random);
}

bool chance(int percent, std::mt19937_64& random)
{
    return drawn(1, 100, random) <= percent;
}

/// An end of the range about every other time.
int at_the_ends(int low, int high, std::mt19937_64& random)
{
    switch (drawn(0, 3, random)) {
        case 0: return low;
        case 1: return high;
        default: return drawn(low, high, random);
    }
}

enum class Kind { zero, one, extreme, tie, beside_tie, limit, power, root, any };
constexpr int kKinds = 9;

/// A magnitude of that kind, 0 .. 2^47 (which only a negative operand reaches).
std::int64_t magnitude(Kind kind, const Scaling& scaling, std::mt19937_64& random)
{
    const auto power = [](int exponent) { return std::int64_t{1} << std::clamp(exponent, 0, 46); };
    const auto nearby = [&](std::int64_t value) { return value + drawn(-1, 1, random); };
    switch (kind) {
        case Kind::zero: return 0;
        case Kind::one: return 1;
        case Kind::extreme: return kGreatest + drawn(-2, 1, random);
        case Kind::tie: {
            // An odd number of halves, next to the limit or anywhere.
            const std::int64_t whole =
                chance(30, random) ? scaling.limit - drawn(-1, 2, random) : static_cast<std::int64_t>(random() % 512);
            const std::int64_t half = power(scaling.shift - 1);
            const std::int64_t halves = 2 * std::abs(whole) + 1;
            return halves > kGreatest / half ? nearby(half) : nearby(halves * half);
        }
        case Kind::beside_tie: {
            // Half and one lower bit alone, or half and all of them but one: what a remainder may lose or gain.
            const int half = std::clamp(scaling.shift - 1, 1, 46);
            const std::int64_t bit = power(drawn(0, half - 1, random));
            const std::int64_t whole = half < 44 ? static_cast<std::int64_t>(random() % 4) << (half + 1) : 0;
            return whole + power(half) + (chance(50, random) ? bit : -bit);
        }
        case Kind::limit: {
            const std::int64_t unit = power(scaling.shift);
            const std::int64_t units = scaling.limit + drawn(-1, 1, random);
            if (scaling.shift < 0) return nearby(std::max<std::int64_t>(units >> std::min(-scaling.shift, 62), 1));
            return units > kGreatest / unit ? kGreatest : nearby(units * unit);
        }
        case Kind::power: return nearby(power(drawn(0, 46, random)));
        case Kind::root: return nearby(static_cast<std::int64_t>(std::ldexp(std::sqrt(2.0), drawn(0, 46, random))));
        default: return static_cast<std::int64_t>(random() >> 16U >> drawn(1, 47, random));
    }
}

enum class Signs { drawn, alternating, positive, negative };

std::int64_t with_sign(std::int64_t magnitude, Signs signs, std::size_t position, std::mt19937_64& random)
{
    const bool negative = signs == Signs::negative || (signs == Signs::alternating && position % 2 == 1) ||
                          (signs == Signs::drawn && chance(50, random));
    return negative ? -magnitude : std::min(magnitude, kGreatest);
}

/// The operands of one burst or segment. Some bursts are small as a whole: their maxima would else all be large.
void append_operands(const Scaling& scaling, std::size_t count, std::mt19937_64& random,
                     std::vector<std::int64_t>& operands)
{
    const bool one_kind = chance(30, random);
    const auto kind = static_cast<Kind>(drawn(0, kKinds - 1, random));
    const auto signs = static_cast<Signs>(drawn(0, 3, random));
    const int repeats = chance(30, random) ? 50 : 0;  // percent
    const int smaller = chance(40, random) ? drawn(1, 47, random) : 0;
    for (std::size_t i = 0; i < count; ++i) {
        if (i > 0 && chance(repeats, random)) {
            operands.push_back(operands.back());
            continue;
        }
        const Kind here = one_kind ? kind : static_cast<Kind>(drawn(0, kKinds - 1, random));
        operands.push_back(with_sign(magnitude(here, scaling, random) >> smaller, signs, i, random));
    }
}

std::int16_t low_half(std::int64_t value)
{
    return static_cast<std::int16_t>(static_cast<std::uint16_t>(value));
}

/// A weight step for a stored weight: small, anything, or one that lands at the clip or beside it.
std::int16_t drawn_step(std::int64_t stored, const Settings& settings, std::mt19937_64& random)
{
    const int kept = settings.width_gradient - settings.width_weight;
    const std::int64_t top = std::int64_t{1} << (settings.width_gradient - 1);
    const std::int64_t limit = settings.clip_to_weight_width ? top - (std::int64_t{1} << kept) : top - 1;
    switch (drawn(0, 4, random)) {
        case 0: return 0;
        case 1: return static_cast<std::int16_t>(drawn(-2, 2, random));
        case 2: return low_half(stored - limit + drawn(-1, 1, random));
        case 3: return low_half(stored + limit + drawn(-1, 1, random));
        default: return low_half(static_cast<std::int64_t>(random()));
    }
}

}  // namespace

Settings drawn_settings(QuantizeUpdateMode mode, std::mt19937_64& random)
{
    Settings settings;
    settings.width_weight = at_the_ends(2, 8, random);
    settings.width_activation = at_the_ends(2, 8, random);
    settings.width_gradient = at_the_ends(settings.width_weight, 16, random);
    settings.width_error = at_the_ends(2, 16, random);
    settings.attenuation = at_the_ends(0, 24, random);
    settings.log2_gamma = at_the_ends(0, 8, random);
    settings.eta = at_the_ends(-16, 8, random);
    settings.clip_to_weight_width = chance(50, random);
    settings.exponent = at_the_ends(-1, 47, random);
    if (chance(40, random)) {
        // Where the shift is nothing, or all of an operand. Update shifts 16 places less, for the fraction.
        settings.exponent = 0;
        const int fraction = mode == Mode::update && chance(70, random) ? 16 : 0;
        const int without = scaling_of(mode, settings).shift - fraction;
        constexpr int kShifts[] = {-2, -1, 0, 0, 1, 2, 46, 47, 48, 49};
        settings.exponent = std::clamp(kShifts[random() % std::size(kShifts)] - without, -128, 127);
    }
    if (chance(10, random)) settings.exponent = drawn(-128, 127, random);
    settings.index = random() % (std::uint64_t{1} << 33U) & ~std::uint64_t{1};
    if (chance(20, random)) settings.index = (std::uint64_t{1} << 33U) - 2 * (random() % 20 + 1);  // wraps in the burst
    settings.key = random();
    return settings;
}

Scaling scaling_of(QuantizeUpdateMode mode, const Settings& settings)
{
    const auto largest_code = [](int width) { return (std::int64_t{1} << (width - 1)) - 1; };
    switch (mode) {
        case Mode::activation:
            return {settings.width_weight - 1 + settings.attenuation, largest_code(settings.width_activation)};
        case Mode::error:
            return {settings.exponent - settings.log2_gamma - (settings.width_error - 1),
                    largest_code(settings.width_error)};
        case Mode::update: return {settings.exponent - settings.eta, 32767};
        case Mode::requantize:
            return {settings.width_gradient - settings.width_weight, largest_code(settings.width_weight)};
        case Mode::output_error:  // the target, and values beside it
            return {settings.width_activation - 1 + settings.width_weight - 1 + settings.attenuation, 1};
        default: return {16, 127};  // the maximum modes scale nothing, input looks up
    }
}

Traffic drawn_traffic(QuantizeUpdateMode mode, const Settings& settings, const std::vector<std::size_t>& lengths,
                      std::mt19937_64& random)
{
    Scaling scaling = scaling_of(mode, settings);
    // q of a step saturates as a whole, at 2^31 - 1.
    if (mode == Mode::update && chance(30, random)) scaling = {scaling.shift - 16, (std::int64_t{1} << 31) - 1};
    Traffic traffic;
    traffic.lengths = lengths;
    for (const std::size_t length : lengths) {
        append_operands(scaling, length, random, traffic.operands);
        const auto label = static_cast<std::uint16_t>(chance(90, random) ? random() % length : random());
        const bool unmasked = chance(50, random);
        while (traffic.side.size() < traffic.operands.size()) {
            std::int64_t& operand = traffic.operands[traffic.side.size()];
            auto side = static_cast<std::uint16_t>(random());
            if (mode == Mode::input) operand = static_cast<std::int64_t>(random());
            if (unmasked) side |= kFlagUnclipped;
            if (mode == Mode::output_error) side = label;
            if (mode == Mode::requantize) {
                operand = low_half(operand);
                side = static_cast<std::uint16_t>(drawn_step(operand, settings, random));
            }
            traffic.side.push_back(side);
        }
    }
    return traffic;
}

}  // namespace wagesim::test
