// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A sweep's database of made-up points, as large as asked for: what explore_bench.mjs opens. Nothing is simulated; the
// formulas only make results as long, and as spread, as those of a chip.
//   make_points FILE.sqlite POINTS
#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "platforms/sweep/database.hpp"
#include "tests/unit/sweep/sweep_values.hpp"

namespace wagesim::sweep {
namespace {

config::SweepConfig made_up_sweep()
{
    config::SweepConfig sweep = tiny_sweep();
    sweep.name = "made-up";
    sweep.axes = {axis("chip.crossbar.rows", {"32", "64", "128", "256", "512"}),
                  axis("chip.crossbar.adc_bits", {"4", "5", "6", "7", "8"}),
                  axis("chip.lanes", {"4", "8", "16", "32", "64"}),
                  axis("chip.dram.bytes_per_cycle", {"16", "32", "64", "128", "256", "512"}),
                  axis("chip.buffer.kib", {"256", "512", "1024", "2048", "4096", "8192"}),
                  axis("chip.schedule", {"layer", "pipelined"}),
                  axis("chip.mapping.replication", {"minimal", "balanced", "given"})};
    sweep.constraints = {constraint("chip.area_mm2 < 400", true)};
    sweep.objectives = {{"chip.images_per_second", config::Direction::max},
                        {"chip.energy_j", config::Direction::min},
                        {"chip.area_mm2", config::Direction::min}};
    sweep.stages.front().name = "simulate";
    sweep.stages.front().command = config::SweepCommand::simulate;
    return sweep;
}

/// From 0 to 1, of a number.
double noise(std::uint64_t x)
{
    x = (x + 0x9e3779b97f4a7c15U) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 31)) * 0x94d049bb133111ebU;
    return static_cast<double>(x >> 11) * 0x1p-53;
}

std::string result_of(const Point& point)
{
    const auto number = [&](std::size_t i) { return std::stod(point.settings[i].value.flow_text()); };
    const double wobble = 0.9 + 0.2 * noise(point.index);
    const double rows = number(0);
    const double bits = number(1);
    const double width = number(3);
    const double seconds = wobble * (20.0 + 3000.0 / width + 400.0 / number(2) + 4000.0 / rows);
    const double energy = wobble * (100.0 + 0.1 * rows + 6.0 * std::exp2(bits - 4.0) + 20000.0 / number(4));
    nlohmann::json chip = {{"cycles", std::round(seconds * 1e9)},
                           {"seconds", seconds},
                           {"images_per_second", 50000.0 / seconds},
                           {"operations", 1.8e14},
                           {"energy_j", energy},
                           {"power_w", {{"average", energy / seconds}, {"peak", 2.0 * energy / seconds}}},
                           {"tops", 184.0 / seconds},
                           {"tops_per_w", 184.0 / energy},
                           {"area_mm2", 40.0 + 0.02 * number(4) + 0.3 * rows + 0.2 * width + number(2) + 4.0 * bits}};
    for (const char* component : {"crossbar", "drivers", "adc", "shift_add", "accumulators", "window", "pooling",
                                  "gradient", "quantize_update", "buffer", "dram", "interconnect", "sequencer"}) {
        const std::uint64_t seed = point.index * 64 + std::string_view(component).size();
        for (const char* phase : {"forward", "backward", "gradient", "update", "leakage"}) {
            chip["energy_by"][component][phase] = energy / 65.0 * noise(seed + std::string_view(phase).size());
        }
    }
    for (std::uint64_t i = 0; i < 12; ++i) {
        const std::string unit = fmt::format("unit{}", i);
        const double part = noise(point.index * 16 + i);
        chip["utilisation"][unit] = part;
        chip["waits_cycles"][unit] = {{"forward", std::round(part * seconds * 3e8)}, {"backward", 0}, {"other", 0}};
    }
    return nlohmann::json({{"final_test_error", nullptr}, {"wall_seconds", 0.02}, {"chip", chip}}).dump();
}

void make_points(const std::string& file, std::uint64_t points)
{
    const config::SweepConfig sweep = made_up_sweep();
    const DesignGrid grid(sweep);
    Database database(file, sweep.name, SqliteConnection::Mode::create);
    database.describe(sweep, "made-up");
    database.transaction([&] {
        for (std::uint64_t i = 0; i < points; ++i) {
            // A number without a factor in common with the grid's size: no design comes twice.
            const Point point = grid.point(i * 7919 % grid.designs(), 0, i);
            const Identity identity{fmt::format("{:064x}", i), "simulate", std::nullopt, 1};
            database.begin(identity, "", "made-up");
            if (i % 100 == 17) {
                database.finish(identity, {State::failed, "made-up", "failed as every hundredth", "", {}, {}});
            } else {
                database.finish(identity, {State::done, "made-up", "", result_of(point), 0.02, {}});
            }
            database.place(0, point, identity);
        }
    });
}

}  // namespace
}  // namespace wagesim::sweep

int main(int count, char** arguments)
{
    if (count != 3) {
        fmt::print(stderr, "usage: make_points FILE.sqlite POINTS\n");
        return 2;
    }
    wagesim::sweep::make_points(arguments[1], std::strtoull(arguments[2], nullptr, 10));
    return 0;
}
