// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The closed forms. See the header and docs/modules/crossbar.md.
#include "tlm/crossbar/crossbar_timing.hpp"

#include <algorithm>

namespace wagesim::chip {
namespace {

std::uint64_t passes(std::size_t amount, int each)
{
    const auto size = static_cast<std::size_t>(each);
    return (amount + size - 1) / size;
}

std::uint64_t position_cycles(const CrossbarConfig& config, int bits, std::size_t driven, std::size_t read,
                              std::uint64_t conversions_per_line)
{
    const std::uint64_t lines = std::min(static_cast<std::size_t>(config.lines_per_adc), read);
    return driver_pulses(config, bits) * passes(driven, config.active_lines) * lines * conversions_per_line;
}

}  // namespace

int weight_slices(const CrossbarConfig& config, int weight_bits)
{
    return static_cast<int>(passes(static_cast<std::size_t>(weight_bits - 1), config.cell_bits));
}

std::uint64_t driver_pulses(const CrossbarConfig& config, int bits)
{
    const int driven_bits = config.input_coding == InputCoding::twos_complement ? bits : bits - 1;
    return passes(static_cast<std::size_t>(driven_bits), config.dac_bits);
}

std::uint64_t forward_position_cycles(const CrossbarConfig& config, int activation_bits, std::size_t rows_driven,
                                      std::size_t columns_read)
{
    const std::uint64_t conversions = config.subtract == Subtract::digital ? 2 : 1;
    return position_cycles(config, activation_bits, rows_driven, columns_read, conversions);
}

std::uint64_t backward_position_cycles(const CrossbarConfig& config, int error_bits, std::size_t columns_driven,
                                       std::size_t rows_read)
{
    const std::uint64_t phases = config.backward_read == BackwardRead::two_phase ? 2 : 1;
    return position_cycles(config, error_bits, columns_driven, rows_read, phases);
}

std::uint64_t programming_cycles(const CrossbarConfig& config, std::size_t rows)
{
    return std::min(static_cast<std::size_t>(config.rows), rows) * static_cast<std::uint64_t>(config.write_cycles);
}

}  // namespace wagesim::chip
