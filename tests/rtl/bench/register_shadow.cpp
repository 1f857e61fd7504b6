// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/rtl/bench/register_shadow.hpp"

#include <algorithm>

namespace wagesim::test {
namespace {

using Register = QuantizeUpdateRegister;

constexpr std::uint32_t kTable = 0x400;
constexpr std::uint32_t kTableBytes = 256;

bool in_table(std::uint32_t address)
{
    return address % 4 == 0 && address >= kTable && address < kTable + kTableBytes;
}

/// The lowest `bits` bits, as a signed number.
std::int32_t sign_extended(std::uint32_t value, unsigned bits)
{
    const auto modulus = std::int64_t{1} << bits;
    const std::int64_t low = value % modulus;
    return static_cast<std::int32_t>(low >= modulus / 2 ? low - modulus : low);
}

/// `value` with its 32-bit word `word` replaced.
template <class Wide>
Wide with_word(Wide value, unsigned word, std::uint32_t replacement)
{
    const unsigned shift = 32 * word;
    return (value & ~(Wide{0xFFFF'FFFFU} << shift)) | Wide{replacement} << shift;
}

}  // namespace

void RegisterShadow::write(std::uint32_t address, std::uint32_t value)
{
    if (in_table(address)) {
        for (std::uint32_t byte = 0; byte < 4; ++byte)
            values_.table[address - kTable + byte] = static_cast<std::uint8_t>(value >> (8 * byte));
        return;
    }
    switch (static_cast<Register>(address)) {
        case Register::mode: values_.mode = value % 8; break;
        case Register::widths: values_.widths = value; break;
        case Register::attenuation: values_.attenuation = value % 32; break;
        case Register::gamma: values_.gamma = value % 16; break;
        case Register::eta: values_.eta = sign_extended(value, 6); break;
        case Register::weight_clip: values_.weight_clip = value % 2; break;
        case Register::exponent: values_.exponent = sign_extended(value, 8); break;
        case Register::max_low: values_.maximum = with_word(values_.maximum, 0, value); break;
        case Register::max_high: values_.maximum = with_word(values_.maximum, 1, value % 65536); break;
        case Register::control:
            if ((value & kControlSetExponent) != 0) values_.exponent = rounded_log2(values_.maximum);
            if ((value & kControlClearMax) != 0) values_.maximum = 0;
            if ((value & kControlClearLoss) != 0) values_.loss = 0;
            break;
        case Register::index_low: values_.index = with_word(values_.index, 0, value - value % 2); break;
        case Register::index_high: values_.index = with_word(values_.index, 1, value % 2); break;
        case Register::key_0: values_.key = with_word(values_.key, 0, value); break;
        case Register::key_1:
            values_.key = with_word(values_.key, 1, value);
            values_.expanded_key = values_.key;
            break;
        case Register::loss_0: values_.loss = with_word(values_.loss, 0, value); break;
        case Register::loss_1: values_.loss = with_word(values_.loss, 1, value); break;
        case Register::loss_2: values_.loss = with_word(values_.loss, 2, value); break;
        case Register::loss_3: values_.loss = with_word(values_.loss, 3, value); break;
        default: break;
    }
}

std::uint32_t RegisterShadow::read(std::uint32_t address) const
{
    const auto word = [](auto value, unsigned number) { return static_cast<std::uint32_t>(value >> (32 * number)); };
    if (in_table(address)) {
        std::uint32_t value = 0;
        for (std::uint32_t byte = 4; byte-- > 0;) value = value << 8U | values_.table[address - kTable + byte];
        return value;
    }
    switch (static_cast<Register>(address)) {
        case Register::lanes: return static_cast<std::uint32_t>(lanes_);
        case Register::mode: return values_.mode;
        case Register::widths: return values_.widths;
        case Register::attenuation: return values_.attenuation;
        case Register::gamma: return values_.gamma;
        case Register::eta: return static_cast<std::uint32_t>(values_.eta);
        case Register::weight_clip: return values_.weight_clip;
        case Register::exponent: return static_cast<std::uint32_t>(values_.exponent);
        case Register::max_low: return word(values_.maximum, 0);
        case Register::max_high: return word(values_.maximum, 1);
        case Register::index_low: return word(values_.index, 0);
        case Register::index_high: return word(values_.index, 1);
        case Register::key_0: return word(values_.key, 0);
        case Register::key_1: return word(values_.key, 1);
        case Register::loss_0: return word(values_.loss, 0);
        case Register::loss_1: return word(values_.loss, 1);
        case Register::loss_2: return word(values_.loss, 2);
        case Register::loss_3: return word(values_.loss, 3);
        default: return 0;
    }
}

void RegisterShadow::accumulate(std::uint64_t maximum, Uint128 loss)
{
    values_.maximum = std::max(values_.maximum, maximum);
    values_.loss += loss;
}

Settings RegisterShadow::settings() const
{
    const auto width = [this](unsigned byte) { return static_cast<int>(values_.widths >> (8 * byte) & 0xFFU); };
    Settings settings;
    settings.width_weight = width(0);
    settings.width_activation = width(1);
    settings.width_gradient = width(2);
    settings.width_error = width(3);
    settings.attenuation = static_cast<int>(values_.attenuation);
    settings.log2_gamma = static_cast<int>(values_.gamma);
    settings.eta = values_.eta;
    settings.clip_to_weight_width = values_.weight_clip == 1;
    settings.exponent = values_.exponent;
    settings.index = values_.index;
    settings.key = values_.expanded_key.value_or(0);
    settings.key_expanded = values_.expanded_key.has_value();
    return settings;
}

const std::vector<std::uint32_t>& RegisterShadow::addresses()
{
    static const std::vector<std::uint32_t> all = [] {
        std::vector<std::uint32_t> list;
        for (std::uint32_t address = 0; address <= 0x38; address += 4) list.push_back(address);
        for (std::uint32_t address = 0x40; address <= 0x4C; address += 4) list.push_back(address);
        for (std::uint32_t word = 0; word < kTableBytes; word += 4) list.push_back(kTable + word);
        return list;
    }();
    return all;
}

}  // namespace wagesim::test
