// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// State of the cells, and what follows from seed and place. See the header.
#include "tlm/crossbar/device/device_cells.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "tlm/crossbar/device/conductance.hpp"
#include "tlm/crossbar/device/device_random.hpp"

namespace wagesim::chip {
namespace {

constexpr std::uint32_t kLevelShift = 16;
constexpr std::uint32_t kConductanceMask = 0xFFFF;

}  // namespace

DeviceCells::DeviceCells(const CrossbarConfig& config, const DeviceConfig& device, std::size_t arrays,
                         std::size_t slices, std::uint64_t unit)
    : config_(config),
      device_(device),
      writer_(config, device),
      arrays_(arrays),
      slices_(slices),
      unit_(unit),
      some_stuck_(device.stuck_at_0 > 0.0 || device.stuck_at_1 > 0.0)
{
    const std::size_t cells =
        arrays * slices * 2 * static_cast<std::size_t>(config.rows) * static_cast<std::size_t>(config.columns);
    programmed_.assign(cells, 0);
    levels_.assign(cells, 0);
    written_.assign(cells, 0);
    look_up_ages();
}

std::size_t DeviceCells::index(const CellColumn& at) const noexcept
{
    const std::size_t plane = (at.array * slices_ + at.slice) * 2 + at.polarity;
    return (plane * static_cast<std::size_t>(config_.columns) + at.column) * static_cast<std::size_t>(config_.rows);
}

DeviceCells::Stuck DeviceCells::stuck(std::size_t cell) const noexcept
{
    if (!some_stuck_) return Stuck::no;
    const double draw = uniform(device_key(device_.seed, DeviceDraw::stuck, unit_, cell));
    if (draw < device_.stuck_at_0) return Stuck::at_0;
    return draw < device_.stuck_at_0 + device_.stuck_at_1 ? Stuck::at_1 : Stuck::no;
}

std::int32_t DeviceCells::now(std::size_t cell) const noexcept
{
    switch (stuck(cell)) {
        case Stuck::at_0: return 0;
        case Stuck::at_1: return conductance_range(config_);
        case Stuck::no: break;
    }
    const std::int32_t programmed = programmed_[cell];
    if (programmed == 0 || !drifts(device_)) return programmed;
    const double octaves = octaves_[written_[cell]];
    if (octaves == 0.0) return programmed;
    double exponent = device_.drift_exponent;
    if (device_.drift_sigma > 0.0) {
        exponent += device_.drift_sigma * normal(device_key(device_.seed, DeviceDraw::drift, unit_, cell));
        exponent = std::max(exponent, 0.0);
    }
    return static_cast<std::int32_t>(std::floor(programmed * power_of_half(exponent * octaves) + 0.5));
}

void DeviceCells::begin(const DeviceClock& clock)
{
    clock_ = clock;
    look_up_ages();
}

void DeviceCells::look_up_ages()
{
    if (!drifts(device_)) return;
    octaves_.resize(times_.size());
    for (std::size_t i = 0; i < times_.size(); ++i) {
        const auto start = static_cast<std::uint64_t>(device_.drift_start_cycles);
        const std::uint64_t age = clock_.cycles - std::min(clock_.cycles, times_[i]);
        octaves_[i] = age <= start ? 0.0 : logarithm_2(static_cast<double>(age) / static_cast<double>(start));
    }
}

void DeviceCells::begin_programming()
{
    ++programmings_;
    if (!drifts(device_) || times_.back() == clock_.cycles) return;
    times_.push_back(clock_.cycles);
    octaves_.push_back(0.0);
}

CellPulses DeviceCells::write(const CellColumn& at, const std::uint8_t* levels, std::size_t count, CellWear& wear)
{
    CellPulses pulses;
    const std::size_t first = index(at);
    const auto when = static_cast<std::uint32_t>(times_.size() - 1);
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t cell = first + i;
        if (levels[i] == levels_[cell]) continue;
        const std::uint64_t key = device_key(device_.seed, DeviceDraw::write, unit_, programmings_, cell);
        const std::int32_t target = target_conductance(config_, device_, levels[i]);
        const std::int32_t from = now(cell);
        CellPulses taken;
        const std::int32_t to = writer_.write(from, target, stuck(cell) != Stuck::no, key, taken);
        wear.add(at, i, taken.set + taken.reset);
        pulses += taken;
        levels_[cell] = levels[i];
        // What no pulse moved goes on drifting as it did.
        if (to == from) continue;
        programmed_[cell] = static_cast<std::uint16_t>(to);
        written_[cell] = when;
    }
    return pulses;
}

void DeviceCells::read(const CellColumn& at, std::size_t count, std::int32_t* conductances) const
{
    const std::size_t first = index(at);
    if (!some_stuck_ && !drifts(device_)) {
        std::copy_n(programmed_.begin() + static_cast<std::ptrdiff_t>(first), count, conductances);
        return;
    }
    for (std::size_t i = 0; i < count; ++i) conductances[i] = now(first + i);
}

DeviceState DeviceCells::state() const
{
    DeviceState out;
    out.cells.resize(programmed_.size());
    for (std::size_t i = 0; i < programmed_.size(); ++i) {
        out.cells[i] = (std::uint32_t{levels_[i]} << kLevelShift) | programmed_[i];
    }
    out.written = written_;
    out.times = times_;
    out.programmings = programmings_;
    return out;
}

void DeviceCells::restore(const DeviceState& state)
{
    const auto most_level = (std::uint32_t{1} << static_cast<unsigned>(config_.cell_bits)) - 1;
    const auto most = static_cast<std::uint32_t>(largest_conductance(config_));
    const bool sizes = state.cells.size() == programmed_.size() && state.written.size() == written_.size() &&
                       !state.times.empty() && state.times.front() == 0 &&
                       std::is_sorted(state.times.begin(), state.times.end());
    const bool values = std::all_of(state.cells.begin(), state.cells.end(),
                                    [&](std::uint32_t cell) {
                                        return (cell >> kLevelShift) <= most_level && (cell & kConductanceMask) <= most;
                                    }) &&
                        std::all_of(state.written.begin(), state.written.end(),
                                    [&](std::uint32_t when) { return when < state.times.size(); });
    if (!sizes || !values) throw std::invalid_argument("a state of other cells");
    for (std::size_t i = 0; i < programmed_.size(); ++i) {
        programmed_[i] = static_cast<std::uint16_t>(state.cells[i] & kConductanceMask);
        levels_[i] = static_cast<std::uint8_t>(state.cells[i] >> kLevelShift);
    }
    written_ = state.written;
    times_ = state.times;
    programmings_ = state.programmings;
    look_up_ages();
}

}  // namespace wagesim::chip
