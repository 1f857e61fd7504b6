// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Each function is its formula in docs/numerics.md, taken literally.
#include "tests/unit/rtl/expected_unit.hpp"

#include <algorithm>

namespace wagesim::test {
namespace {

/// floor(n / d), d > 0.
Int128 floor_divide(Int128 n, Int128 d)
{
    const Int128 quotient = n / d;
    return n % d < 0 ? quotient - 1 : quotient;
}

Int128 power_of_two(int exponent)
{
    return Int128{1} << exponent;
}

// A 48-bit value over 2^100 is nothing to any rounding, and 2^100 still fits.
constexpr int kEverything = 100;

std::uint16_t rotated_left(std::uint16_t word, int by)
{
    const std::uint32_t twice = static_cast<std::uint32_t>(word) << 16U | word;
    return static_cast<std::uint16_t>(twice >> static_cast<unsigned>(16 - by));
}

}  // namespace

Int128 nearest_even(Int128 n, int s)
{
    if (s <= 0) return n * power_of_two(-s);
    const Int128 unit = power_of_two(std::min(s, kEverything));
    const Int128 below = floor_divide(n, unit);
    const Int128 twice_rest = 2 * (n - below * unit);
    if (twice_rest < unit) return below;
    if (twice_rest > unit) return below + 1;
    return below % 2 == 0 ? below : below + 1;
}

Int128 scaled_floor(Int128 n, int s)
{
    return s >= 0 ? n * power_of_two(s) : floor_divide(n, power_of_two(std::min(-s, kEverything)));
}

Int128 limited(Int128 n, Int128 limit)
{
    return std::max(-limit, std::min(n, limit));
}

Int128 largest(int width)
{
    return power_of_two(width - 1) - 1;
}

int rounded_log2(std::uint64_t m)
{
    if (m == 0) return -1;
    int f = 0;
    while ((m >> static_cast<unsigned>(f)) > 1) ++f;
    return Uint128{m} * m > Uint128{1} << static_cast<unsigned>(2 * f + 1) ? f + 1 : f;
}

RoundKeys expanded(std::uint64_t key)
{
    RoundKeys keys{};
    auto k = static_cast<std::uint16_t>(key);
    std::array<std::uint16_t, 3> l{static_cast<std::uint16_t>(key >> 16U), static_cast<std::uint16_t>(key >> 32U),
                                   static_cast<std::uint16_t>(key >> 48U)};
    int round = 0;
    for (std::uint16_t& round_key : keys) {
        round_key = k;
        const auto next = static_cast<std::uint16_t>((k + rotated_left(l[0], 9)) ^ round++);
        k = static_cast<std::uint16_t>(rotated_left(k, 2) ^ next);
        l = {l[1], l[2], next};
    }
    return keys;
}

std::uint32_t speck(const RoundKeys& keys, std::uint32_t block)
{
    auto x = static_cast<std::uint16_t>(block >> 16U);
    auto y = static_cast<std::uint16_t>(block);
    for (const std::uint16_t k : keys) {
        x = static_cast<std::uint16_t>((rotated_left(x, 9) + y) ^ k);
        y = static_cast<std::uint16_t>(rotated_left(y, 2) ^ x);
    }
    return static_cast<std::uint32_t>(x) << 16U | y;
}

std::uint16_t random_word(const RoundKeys& keys, std::uint64_t index)
{
    const std::uint32_t cipher = speck(keys, static_cast<std::uint32_t>(index >> 1U));
    return static_cast<std::uint16_t>(index % 2 == 1 ? cipher >> 16U : cipher);
}

std::uint16_t random_word(std::uint64_t key, std::uint64_t index)
{
    return random_word(expanded(key), index);
}

ActivationResult expected_activation(const Settings& settings, std::int64_t accumulator)
{
    const int shift = settings.width_weight - 1 + settings.attenuation;
    const Int128 limit = largest(settings.width_activation);
    const Int128 code = limited(nearest_even(std::max<std::int64_t>(accumulator, 0), shift), limit);
    const bool active = accumulator > 0;
    const bool unclipped = accumulator <= limit * power_of_two(shift);
    return {static_cast<std::int64_t>(code), static_cast<std::uint8_t>((active ? 1 : 0) + (unclipped ? 2 : 0))};
}

std::int64_t expected_error(const Settings& settings, std::int64_t error, std::uint8_t flags)
{
    if (settings.exponent < 0 || flags / 2 % 2 == 0) return 0;
    const int t = settings.exponent - settings.log2_gamma;
    return static_cast<std::int64_t>(
        limited(nearest_even(error, t - (settings.width_error - 1)), largest(settings.width_error)));
}

namespace {

RoundKeys round_keys(const Settings& settings)
{
    return settings.key_expanded ? expanded(settings.key) : RoundKeys{};
}

std::uint16_t word_at(const Settings& settings, const RoundKeys& keys, std::uint64_t position)
{
    return random_word(keys, (settings.index + position) % (std::uint64_t{1} << 33U));
}

/// d of a gradient and its word (numerics.md section 7).
std::int64_t step_with(const Settings& settings, std::int64_t gradient, std::uint16_t word)
{
    if (settings.exponent < 0) return 0;
    const Int128 magnitude = gradient < 0 ? -Int128{gradient} : Int128{gradient};
    const Int128 q = scaled_floor(magnitude, 16 + settings.eta - settings.exponent);
    const Int128 whole = q / 65536;
    const Int128 fraction = q % 65536;
    const Int128 step = std::min<Int128>(whole + (word < fraction ? 1 : 0), 32767);
    return static_cast<std::int64_t>(gradient < 0 ? -step : step);
}

}  // namespace

std::vector<std::int64_t> expected_steps(const Settings& settings, const std::vector<std::int64_t>& gradients)
{
    const RoundKeys keys = round_keys(settings);
    std::vector<std::int64_t> steps;
    for (const std::int64_t gradient : gradients)
        steps.push_back(step_with(settings, gradient, word_at(settings, keys, steps.size())));
    return steps;
}

std::int64_t expected_step(const Settings& settings, std::int64_t gradient, std::uint64_t position)
{
    return step_with(settings, gradient, word_at(settings, round_keys(settings), position));
}

RequantizeResult expected_requantize(const Settings& settings, std::int64_t stored, std::int64_t step)
{
    const int kept = settings.width_gradient - settings.width_weight;
    const Int128 limit = settings.clip_to_weight_width ? power_of_two(settings.width_gradient - 1) - power_of_two(kept)
                                                       : largest(settings.width_gradient);
    const Int128 next = limited(Int128{stored} - step, limit);
    const Int128 code = limited(nearest_even(next, kept), largest(settings.width_weight));
    return {static_cast<std::int64_t>(next), static_cast<std::int64_t>(code)};
}

OutputErrorResult expected_output_error(const Settings& settings, const std::vector<std::int64_t>& accumulators,
                                        const std::vector<std::uint16_t>& labels, std::size_t segment)
{
    OutputErrorResult result;
    const int s = settings.width_activation - 1 + settings.width_weight - 1 + settings.attenuation;
    for (std::size_t sample = 0; sample < labels.size(); ++sample) {
        std::size_t best = 0;
        for (std::size_t position = 0; position < segment; ++position) {
            const std::int64_t accumulator = accumulators[sample * segment + position];
            if (accumulator > accumulators[sample * segment + best]) best = position;
            const Int128 error = Int128{accumulator} - (position == labels[sample] ? power_of_two(s) : 0);
            // Modulo 2^48, as a signed value.
            const Int128 wrapped = error - floor_divide(error + power_of_two(47), power_of_two(48)) * power_of_two(48);
            const auto magnitude = static_cast<std::uint64_t>(wrapped < 0 ? -wrapped : wrapped);
            result.errors.push_back(static_cast<std::int64_t>(wrapped));
            result.loss += Uint128{magnitude} * magnitude;
            result.maximum = std::max(result.maximum, magnitude);
        }
        result.classes.push_back(static_cast<std::uint16_t>(best));
    }
    return result;
}

namespace {

/// Cycles that an element of output_error waits for its square: 0 where the unit has multipliers.
#ifdef WAGESIM_SQUARE_CYCLES
constexpr std::uint64_t kSquareCycles = WAGESIM_SQUARE_CYCLES;
#else
constexpr std::uint64_t kSquareCycles = 0;
#endif

}  // namespace

std::uint64_t expected_cycles(int mode, std::size_t count, int lanes)
{
    if (count == 0) return 0;
    const auto width = static_cast<std::size_t>(lanes);
    const std::uint64_t beats = (count + width - 1) / width;
    std::uint64_t levels = 0;
    while ((std::size_t{1} << levels) < width) ++levels;
    switch (mode) {
        case 0: return beats + 2;
        case 2:
        case 5: return beats + 2 + (levels + 1) / 2;
        case 4: return count + 6 + count * kSquareCycles;
        case 6: return beats + 13;
        default: return beats + 4;
    }
}

}  // namespace wagesim::test
