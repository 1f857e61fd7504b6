// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// From codes to cells, and from cells to what reads see. See the header.
#include "tlm/crossbar/device/device_arrays.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "tlm/crossbar/cell_levels.hpp"
#include "tlm/crossbar/crossbar_timing.hpp"
#include "tlm/crossbar/device/conductance.hpp"
#include "tlm/crossbar/device/device_reading.hpp"

namespace wagesim::chip {
namespace {

/// An offset beyond this saturates every converter, and sums with it still fit.
constexpr double kMostOffset = 536870912.0;

std::vector<std::int32_t> noise_table(const CrossbarConfig& config, const DeviceConfig& device)
{
    std::vector<std::int32_t> out;
    if (device.read_sigma == 0.0) return out;
    const NormalTable& normals = NormalTable::get();
    const double scale = device.read_sigma * (1 << conductance_bits(config)) * normals.scale();
    for (std::size_t k = 0; k < NormalTable::kSize; ++k) {
        out.push_back(static_cast<std::int32_t>(std::nearbyint(normals.quantile(k) * scale)));
    }
    return out;
}

}  // namespace

DeviceArrays::DeviceArrays(const CrossbarConfig& config, const DeviceConfig& device, int weight_bits,
                           std::size_t arrays, std::uint64_t unit, Reading reading)
    : config_(config),
      device_(device),
      slices_(static_cast<std::size_t>(weight_slices(config, weight_bits))),
      unit_(unit),
      reading_(reading),
      cells_(config, device, arrays, slices_, unit),
      forward_(config, slices_, ReadDirection::forward, forward_read(config, 8).difference),
      backward_(config, slices_, ReadDirection::backward, backward_read(config, 8).difference),
      noise_(noise_table(config, device))
{
}

std::size_t DeviceArrays::row_tiles() const noexcept
{
    const auto rows = static_cast<std::size_t>(config_.rows);
    return (block_.rows() + rows - 1) / rows;
}

void DeviceArrays::begin_program(const DeviceClock& clock)
{
    programs_ = clock.programs;
    cells_.begin(clock);
    if (drifts(device_)) settled_ = false;
}

void DeviceArrays::begin_block(const CellBlock& block)
{
    block_ = block;
    settled_ = false;
    cells_.begin_programming();
}

CellPulses DeviceArrays::write_column(std::size_t column, const std::int8_t* codes, CellWear& wear)
{
    const CellLevels levels(config_.cell_bits);
    const auto rows = static_cast<std::size_t>(config_.rows);
    const auto columns = static_cast<std::size_t>(config_.columns);
    std::vector<std::uint8_t> wanted(std::min(rows, block_.rows()));
    CellPulses pulses;
    for (std::size_t tile = 0; tile < row_tiles(); ++tile) {
        const std::size_t count = std::min(rows, block_.rows() - tile * rows);
        const std::int8_t* const from = codes + tile * rows;
        const std::size_t array = column / columns * row_tiles() + tile;
        for (std::size_t slice = 0; slice < slices_; ++slice) {
            for (std::size_t polarity = 0; polarity < 2; ++polarity) {
                for (std::size_t i = 0; i < count; ++i) {
                    const bool here = polarity == 0 ? from[i] > 0 : from[i] < 0;
                    wanted[i] = here ? static_cast<std::uint8_t>(levels.level(from[i], static_cast<int>(slice)))
                                     : std::uint8_t{0};
                }
                pulses += cells_.write({array, slice, polarity, column % columns}, wanted.data(), count, wear);
            }
        }
    }
    return pulses;
}

LineConverters DeviceArrays::converters_of(std::size_t array, std::size_t slice) const
{
    const auto lines = static_cast<std::size_t>(std::max(config_.rows, config_.columns));
    LineConverters out{std::vector<double>(lines, 1.0), std::vector<std::int32_t>(lines, 0)};
    if (device_.adc_gain_sigma == 0.0 && device_.adc_offset_sigma == 0.0) return out;
    const double step = 1 << conductance_bits(config_);
    for (std::size_t line = 0; line < lines; ++line) {
        const std::size_t converter = line / static_cast<std::size_t>(config_.lines_per_adc);
        const auto draw = [&](DeviceDraw what) {
            return normal(device_key(device_.seed, what, unit_, array, slice, converter));
        };
        out.gains[line] = std::max(0.0, 1.0 + device_.adc_gain_sigma * draw(DeviceDraw::adc_gain));
        const double offset = device_.adc_offset_sigma * step * draw(DeviceDraw::adc_offset);
        out.offsets[line] = static_cast<std::int32_t>(std::nearbyint(std::clamp(offset, -kMostOffset, kMostOffset)));
    }
    return out;
}

void DeviceArrays::settle_array(std::size_t array, std::size_t slice)
{
    const auto rows = static_cast<std::size_t>(config_.rows);
    const auto columns = static_cast<std::size_t>(config_.columns);
    const std::size_t row_tile = array % row_tiles();
    const std::size_t column_tile = array / row_tiles();
    ArrayConductances cells;
    cells.rows = std::min(rows, block_.rows() - row_tile * rows);
    cells.columns = std::min(columns, block_.columns() - column_tile * columns);
    cells.cells.resize(2 * cells.rows * cells.columns);
    for (std::size_t polarity = 0; polarity < 2; ++polarity) {
        for (std::size_t c = 0; c < cells.columns; ++c) {
            cells_.read({array, slice, polarity, c}, cells.rows, cells.column(polarity, c));
        }
    }
    if (device_.wire_resistance > 0.0) drop_along_lines(cells, device_.wire_resistance / conductance_range(config_));
    const LineConverters converters = converters_of(array, slice);
    forward_.place(row_tile, column_tile, slice, cells, converters);
    backward_.place(row_tile, column_tile, slice, cells, converters);
}

void DeviceArrays::settle()
{
    if (settled_) return;
    settled_ = true;
    forward_.shape(block_.rows(), block_.columns());
    backward_.shape(block_.rows(), block_.columns());
    const auto columns = static_cast<std::size_t>(config_.columns);
    const auto arrays = static_cast<std::int64_t>(row_tiles() * ((block_.columns() + columns - 1) / columns) * slices_);
#pragma omp parallel for schedule(dynamic) if (arrays > 1)
    for (std::int64_t i = 0; i < arrays; ++i) {
        settle_array(static_cast<std::size_t>(i) / slices_, static_cast<std::size_t>(i) % slices_);
    }
}

void DeviceArrays::read(const AnalogPlanes& planes, const PairRead& read, const ConstMatrix& inputs, int bits,
                        const MutableMatrix& sums, bool accumulate, const ReadPlace& place) const
{
    const std::uint64_t key = device_key(device_.seed, DeviceDraw::read, unit_, programs_, place.layer,
                                         planes.direction() == ReadDirection::forward ? 0U : 1U,
                                         block_.first_row.value(), block_.first_column.value());
    const DeviceReading reading{
        planes,  pulse_code(config_, bits), analog_converter(config_, read.is_signed, conductance_bits(config_)),
        slices_, config_.cell_bits,         noise_,
        key,     place.first_position};
    if (reading_ == Reading::by_definition || !fits_32_bits(reading)) {
        return read_by_definition(reading, inputs, sums, accumulate);
    }
    read_fast(reading, inputs, sums, accumulate);
}

void DeviceArrays::forward(const ConstMatrix& inputs, int bits, const MutableMatrix& sums, bool accumulate,
                           const ReadPlace& place) const
{
    read(forward_, forward_read(config_, bits), inputs, bits, sums, accumulate, place);
}

void DeviceArrays::backward(const ConstMatrix& errors, int bits, const MutableMatrix& sums, bool accumulate,
                            const ReadPlace& place) const
{
    read(backward_, backward_read(config_, bits), errors, bits, sums, accumulate, place);
}

void DeviceArrays::restore(const DeviceState& state)
{
    cells_.restore(state);
    settled_ = false;
}

}  // namespace wagesim::chip
