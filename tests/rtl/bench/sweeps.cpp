// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/rtl/bench/sweeps.hpp"

#include <algorithm>
#include <numeric>
#include <random>

#include "tests/rtl/bench/operand_source.hpp"

namespace wagesim::test {
namespace {

using Mode = QuantizeUpdateMode;

constexpr std::int64_t kLargestOperand = (std::int64_t{1} << 47) - 1;

/// One burst of these elements, nothing masked, every side value `side`.
Traffic burst_of(std::vector<std::int64_t> operands, std::uint16_t side = kFlagUnclipped)
{
    for (std::int64_t& operand : operands) operand = std::clamp(operand, -kLargestOperand - 1, kLargestOperand);
    Traffic traffic;
    traffic.lengths = {operands.size()};
    traffic.side.assign(operands.size(), side);
    traffic.operands = std::move(operands);
    return traffic;
}

/// units * 2^shift, at most 2^47; 2^shift is below 1 for negative shifts, and floored.
std::int64_t scaled(std::int64_t units, int shift)
{
    const Int128 value = shift >= 0 ? Int128{units} << std::min(shift, 60) : Int128{units} >> std::min(-shift, 60);
    return static_cast<std::int64_t>(std::min<Int128>(value, kLargestOperand));
}

/// At and beside a tie, the limit, and where the code saturates.
std::vector<std::int64_t> edges_of(const Scaling& scaling)
{
    const std::int64_t limit = scaled(scaling.limit, scaling.shift);
    const std::int64_t half = scaled(1, scaling.shift - 1);
    return {0,      half,       half + 1,     -half, 3 * half, -3 * half - 1,    limit,       limit + 1,
            -limit, -limit - 1, limit + half, 1,     -1,       limit + half - 1, limit - half};
}

void append_activations(std::vector<SweepStep>& steps, Settings settings)
{
    for (settings.width_activation = 2; settings.width_activation <= 8; ++settings.width_activation)
        for (settings.width_weight = 2; settings.width_weight <= 8; ++settings.width_weight)
            for (settings.attenuation = 0; settings.attenuation <= 24; ++settings.attenuation) {
                const Scaling scaling = scaling_of(Mode::activation, settings);
                const std::int64_t limit = scaled(scaling.limit, scaling.shift);
                const std::int64_t half = scaled(1, scaling.shift - 1);
                steps.push_back({Mode::activation, settings, burst_of({limit, limit + 1, 3 * half, half})});
            }
}

void append_output_errors(std::vector<SweepStep>& steps, Settings settings)
{
    for (settings.width_activation = 2; settings.width_activation <= 8; ++settings.width_activation)
        for (settings.width_weight = 2; settings.width_weight <= 8; settings.width_weight += 3)
            for (settings.attenuation = 0; settings.attenuation <= 24; ++settings.attenuation)
                steps.push_back({Mode::output_error, settings, burst_of({5, 5}, 1)});
}

void append_errors(std::vector<SweepStep>& steps, Settings settings)
{
    for (settings.width_error = 2; settings.width_error <= 16; ++settings.width_error)
        for (settings.log2_gamma = 0; settings.log2_gamma <= 8; ++settings.log2_gamma)
            for (settings.exponent = -1; settings.exponent <= 47; ++settings.exponent) {
                const Scaling scaling = scaling_of(Mode::error, settings);
                const std::int64_t limit = scaled(scaling.limit, scaling.shift);
                const std::int64_t half = scaled(1, scaling.shift - 1);
                steps.push_back({Mode::error, settings, burst_of({half, 3 * half, limit, -limit - 1})});
            }
}

void append_updates(std::vector<SweepStep>& steps, Settings settings)
{
    for (settings.eta = -16; settings.eta <= 8; ++settings.eta)
        for (settings.exponent = -1; settings.exponent <= 47; ++settings.exponent) {
            const int shift = settings.exponent - settings.eta - 16;
            steps.push_back({Mode::update, settings,
                             burst_of({scaled(1, shift), scaled(0x18000, shift), scaled(0x7FFF'FFFF, shift),
                                       -scaled(std::int64_t{1} << 32, shift)})});
        }
}

void append_requantizations(std::vector<SweepStep>& steps, Settings settings)
{
    for (settings.width_weight = 2; settings.width_weight <= 8; ++settings.width_weight)
        for (settings.width_gradient = settings.width_weight; settings.width_gradient <= 16; ++settings.width_gradient)
            for (const bool clip : {false, true}) {
                settings.clip_to_weight_width = clip;
                auto operands = edges_of(scaling_of(Mode::requantize, settings));
                const std::int64_t top = std::int64_t{1} << (settings.width_gradient - 1);
                const std::int64_t below = std::int64_t{1} << (settings.width_gradient - settings.width_weight);
                for (const std::int64_t edge : {top, top - 1, top - below, top - below + 1, top - below - 1}) {
                    operands.push_back(edge);
                    operands.push_back(-edge);
                }
                for (std::int64_t& operand : operands) operand = std::clamp<std::int64_t>(operand, -32768, 32767);
                steps.push_back({Mode::requantize, settings, burst_of(operands, 0)});
            }
}

}  // namespace

std::vector<SweepStep> settings_sweep()
{
    Settings settings;
    settings.key = 0x1918'1110'0908'0100;
    std::vector<SweepStep> steps;
    append_activations(steps, settings);
    append_output_errors(steps, settings);
    append_errors(steps, settings);
    append_updates(steps, settings);
    append_requantizations(steps, settings);
    return steps;
}

std::vector<SweepStep> rounding_sweep()
{
    Settings settings;
    std::vector<SweepStep> steps;
    for (int index = 0; index < 2 * 57; ++index) {
        const int shift = index / 2 - 7;
        settings.width_error = index % 2 == 0 ? 8 : 16;
        settings.exponent = shift + settings.width_error - 1;
        const std::int64_t unit = scaled(1, shift);
        const std::int64_t half = scaled(1, shift - 1);
        std::vector<std::int64_t> operands;
        for (int bit = 0; bit < 47; ++bit) {
            const std::int64_t lower = std::int64_t{1} << bit;
            for (const std::int64_t edge :
                 {half, unit + half, scaled(127, shift), scaled(128, shift) - half, kLargestOperand}) {
                operands.push_back(edge + lower);
                operands.push_back(lower - edge);
                operands.push_back(edge - lower);
            }
            operands.push_back(lower);
        }
        steps.push_back({Mode::error, settings, burst_of(std::move(operands))});
    }
    return steps;
}

std::vector<std::array<std::uint32_t, 64>> table_sweep()
{
    std::mt19937_64 random{256};
    std::vector<std::array<std::uint32_t, 64>> tables(12);
    for (auto& table : tables)
        for (std::uint32_t& word : table) word = static_cast<std::uint32_t>(random());
    return tables;
}

Traffic all_bytes()
{
    std::vector<std::int64_t> bytes(256);
    std::iota(bytes.begin(), bytes.end(), 0);
    return burst_of(std::move(bytes));
}

std::vector<SweepStep> stochastic_sweep()
{
    constexpr std::size_t kCount = 256;
    Settings settings;
    settings.key = 0x1918'1110'0908'0100;
    settings.exponent = 20;
    std::vector<SweepStep> steps;
    for (unsigned flipped = 0; flipped <= 16; ++flipped)  // the last one is none
        for (const int more : {0, 1}) {
            settings.index = 0x1'2345'6780U;
            settings.key = settings.key * 0x5851'F42D'4C95'7F2D + 1;  // another one each time
            const RoundKeys keys = expanded(settings.key);
            std::vector<std::int64_t> gradients;
            for (std::size_t i = 0; i < kCount; ++i) {
                const std::uint32_t word = random_word(keys, settings.index + i) + static_cast<std::uint32_t>(more);
                const std::uint32_t fraction = (flipped < 16 ? word ^ 1U << flipped : word) & 0xFFFFU;
                const auto gradient = std::int64_t{fraction} << (settings.exponent - 16);
                gradients.push_back(i % 2 == 0 ? gradient : -gradient);
            }
            steps.push_back({Mode::update, settings, burst_of(std::move(gradients))});
        }
    return steps;
}

std::vector<SweepStep> comparison_sweep(int lanes)
{
    const auto width = static_cast<std::size_t>(lanes);
    std::mt19937_64 random{47};
    std::vector<SweepStep> steps;
    if (width < 2) return steps;
    for (unsigned bit = 0; bit < 47; ++bit)
        for (int pair = 0; pair < 12; ++pair) {
            std::vector<std::int64_t> operands(width);
            const std::size_t first = random() % width;
            const std::size_t second = (first + 1 + random() % (width - 1)) % width;
            const auto value = static_cast<std::int64_t>(random() >> 17U >> random() % 47);
            operands[first] = value;
            operands[second] = -(value ^ std::int64_t{1} << bit);
            const Mode mode = pair % 2 == 0 ? Mode::gradient_abs_max : Mode::abs_max;
            steps.push_back({mode, {}, burst_of(std::move(operands))});
        }
    return steps;
}

std::vector<std::uint64_t> maximum_sweep()
{
    std::vector<std::uint64_t> maxima{0};
    for (unsigned f = 0; f < 48; ++f) {
        const std::uint64_t power = std::uint64_t{1} << f;
        // floor(sqrt(2^(2f+1))), by bisection.
        std::uint64_t root = power;
        for (std::uint64_t step = power; step > 0; step /= 2)
            if (Uint128{root + step} * (root + step) <= Uint128{1} << (2 * f + 1)) root += step;
        maxima.push_back(power);
        maxima.push_back(2 * power - 1);
        maxima.push_back(root);
        maxima.push_back(root + 1);
        for (unsigned bit = 0; bit < f; ++bit) {
            maxima.push_back(power | std::uint64_t{1} << bit);
            maxima.push_back(root ^ std::uint64_t{1} << bit);
            maxima.push_back((root + 1) ^ std::uint64_t{1} << bit);
        }
    }
    return maxima;
}

}  // namespace wagesim::test
