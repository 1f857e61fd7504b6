// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/rtl/unit_driver.hpp"

#include <algorithm>

namespace wagesim::test {

std::vector<std::pair<Register, std::uint32_t>> register_values(Mode mode, const Settings& settings)
{
    const auto bits = [](auto value) { return static_cast<std::uint32_t>(value); };
    std::vector<std::pair<Register, std::uint32_t>> values{
        {Register::mode, bits(mode)},
        {Register::widths, bits(settings.width_weight | settings.width_activation << 8 | settings.width_gradient << 16 |
                                settings.width_error << 24)},
        {Register::attenuation, bits(settings.attenuation)},
        {Register::gamma, bits(settings.log2_gamma)},
        {Register::eta, bits(settings.eta)},
        {Register::weight_clip, settings.clip_to_weight_width ? 1 : 0},
        {Register::exponent, bits(settings.exponent)},
        {Register::index_low, bits(settings.index)},
        {Register::index_high, bits(settings.index >> 32U)}};
    if (mode == Mode::update) {
        values.emplace_back(Register::key_0, bits(settings.key));
        values.emplace_back(Register::key_1, bits(settings.key >> 32U));
    }
    return values;
}

void apply(QuantizeUpdateUnit& unit, Mode mode, const Settings& settings)
{
    for (const auto& [address, value] : register_values(mode, settings)) write(unit, address, value);
}

void set_maximum(QuantizeUpdateUnit& unit, std::uint64_t maximum)
{
    write(unit, Register::max_low, static_cast<std::uint32_t>(maximum));
    write(unit, Register::max_high, static_cast<std::uint32_t>(maximum >> 32U));
}

std::uint64_t maximum_of(QuantizeUpdateUnit& unit)
{
    return std::uint64_t{read(unit, Register::max_high)} << 32U | read(unit, Register::max_low);
}

Uint128 loss_of(QuantizeUpdateUnit& unit)
{
    Uint128 loss = 0;
    for (const Register word : {Register::loss_3, Register::loss_2, Register::loss_1, Register::loss_0})
        loss = loss << 32U | read(unit, word);
    return loss;
}

Settings random_settings(std::mt19937_64& random)
{
    const auto draw = [&](int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); };
    Settings settings;
    settings.width_weight = draw(2, 8);
    settings.width_activation = draw(2, 8);
    settings.width_gradient = draw(settings.width_weight, 16);
    settings.width_error = draw(2, 16);
    settings.attenuation = draw(0, 24);
    settings.log2_gamma = draw(0, 8);
    settings.eta = draw(-16, 8);
    settings.clip_to_weight_width = draw(0, 1) == 1;
    settings.exponent = draw(0, 3) == 0 ? draw(-128, 127) : draw(-1, 47);
    settings.index = random() % (std::uint64_t{1} << 33U) & ~std::uint64_t{1};
    settings.key = random();
    return settings;
}

std::vector<std::int64_t> interesting_operands(std::mt19937_64& random, std::size_t count)
{
    std::vector<std::int64_t> operands{0, 1, -1, kLargestOperand, -kLargestOperand, kSmallestOperand};
    for (int bit = 0; bit < 47; ++bit) {
        const std::int64_t power = std::int64_t{1} << bit;
        for (const std::int64_t value : {power - 1, power, power + 1}) {
            operands.push_back(value);
            operands.push_back(-value);
        }
        // Ties of a shift by bit + 1, next to an even and next to an odd value, and their neighbours.
        for (const std::int64_t halves : {3, 5, 253, 255}) {
            if (halves * power > kLargestOperand - 1) continue;
            for (const std::int64_t value : {halves * power - 1, halves * power, halves * power + 1}) {
                operands.push_back(value);
                operands.push_back(-value);
            }
        }
    }
    while (operands.size() < count) {
        const auto length = static_cast<unsigned>(random() % 48);  // of the magnitude
        const auto magnitude = static_cast<std::int64_t>(random() >> (63U - length) >> 1U);
        operands.push_back(random() % 2 == 0 ? magnitude : -magnitude);
    }
    return operands;
}

}  // namespace wagesim::test
