// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// wave_picture FILE.svg: clocks the Verilated unit through an activation burst with a stall, records it as --wave does,
// reads the FST file back and draws its stream ports. wave_picture --compare FILE.svg: is that the file's picture?
#include WAGESIM_TEST_MODEL_HEADER

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "rtl/verilated/model_ports.hpp"
#include "rtl/verilated/operand_packing.hpp"
#include "rtl/verilated/wave_model.hpp"
#include "tests/support/fst_file.hpp"
#include "tests/support/run_command.hpp"
#include "tests/waves/wave_drawing.hpp"

namespace wagesim::test {
namespace {

constexpr int kLanes = WAGESIM_TEST_LANES;
constexpr std::uint64_t kPeriodFs = 1'000'000;
constexpr std::size_t kLastBeatElements = kLanes / 2;
constexpr std::size_t kBeats = 6;
constexpr std::size_t kStallBegin = 6;  ///< cycles in which out_ready_i is 0
constexpr std::size_t kStallEnd = 8;
constexpr std::size_t kCycles = 14;
const std::string kPorts = "quantize_update.";

using Model = rtl::WaveModel<WAGESIM_TEST_MODEL>;

/// Drives the pins as a designer's bench would, and records them from the first operand on.
void record(const std::string& file)
{
    rtl::ModelPorts<Model, kLanes> ports;
    Model& pins = ports.pins();
    ports.reset();
    ports.write_register(static_cast<std::uint32_t>(QuantizeUpdateRegister::mode),
                         static_cast<std::uint32_t>(QuantizeUpdateMode::activation));
    pins.open_wave(file, kPeriodFs);
    pins.record_wave(true);
    std::size_t beat = 0;
    for (std::size_t cycle = 0; cycle < kCycles; ++cycle) {
        const bool offers = cycle > 0 && beat < kBeats;
        const bool last = beat + 1 == kBeats;
        std::int64_t operands[kLanes] = {};
        const std::size_t elements = last ? kLastBeatElements : kLanes;
        for (std::size_t lane = 0; offers && lane < elements; ++lane) {
            operands[lane] = static_cast<std::int64_t>(beat * kLanes + lane + 1);
        }
        typename rtl::ModelPorts<Model, kLanes>::Operands words;
        rtl::pack_operands<kLanes>(operands, words);
        ports.set_operands(words);
        ports.set_keep(offers ? elements : 0);
        pins.in_valid_i = offers ? 1 : 0;
        pins.in_last_i = offers && last ? 1 : 0;
        pins.out_ready_i = cycle >= kStallBegin && cycle < kStallEnd ? 0 : 1;
        ports.settle();
        const bool moves = offers && pins.in_ready_o != 0;
        ports.clock();
        if (moves) ++beat;
    }
    pins.close_wave();
}

/// Values of kept lanes, lane 0 first.
std::string lanes_text(const FstFile::Sample& at, const char* data, const char* keep, std::size_t bits)
{
    std::string text;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        if (at.number(kPorts + keep, lane, 1) == 0) continue;
        text += (text.empty() ? "" : " ") +
                std::to_string(static_cast<std::int16_t>(at.number(kPorts + data, bits * lane, bits < 16 ? bits : 16)));
    }
    return text;
}

std::string picture(const FstFile& wave)
{
    const auto bit = [](const char* name) { return WaveRow{WaveRow::Kind::bit, name, {}}; };
    const auto bus = [](const char* name) { return WaveRow{WaveRow::Kind::bus, name, {}}; };
    WaveRow in_valid = bit("in_valid_i"), in_ready = bit("in_ready_o"), in_last = bit("in_last_i");
    WaveRow out_valid = bit("out_valid_o"), out_ready = bit("out_ready_i"), out_last = bit("out_last_o");
    WaveRow in_data = bus("in_data_i"), in_keep = bus("in_keep_i");
    WaveRow out_data = bus("out_data_o"), out_side = bus("out_side_o"), out_keep = bus("out_keep_o");
    WaveRow idle = bit("idle_o");
    std::vector<WaveMark> marks;
    std::size_t cycles = 0;
    wave.for_each_edge(kPorts + "clk_i", [&](const FstFile::Sample& at) {
        for (WaveRow* const row : {&in_valid, &in_ready, &in_last, &out_valid, &out_ready, &out_last, &idle}) {
            row->values.push_back(at.bits(kPorts + row->name));
        }
        const bool offered = at.number(kPorts + "in_valid_i") != 0;
        const bool there = at.number(kPorts + "out_valid_o") != 0;
        in_data.values.push_back(offered ? lanes_text(at, "in_data_i", "in_keep_i", 48) : "");
        in_keep.values.push_back(offered ? at.bits(kPorts + "in_keep_i") : "");
        out_data.values.push_back(there ? lanes_text(at, "out_data_o", "out_keep_o", 16) : "");
        out_side.values.push_back(there ? lanes_text(at, "out_side_o", "out_keep_o", 8) : "");
        out_keep.values.push_back(there ? at.bits(kPorts + "out_keep_o") : "");
        if (there && at.number(kPorts + "out_ready_i") == 0) {
            if (marks.empty() || marks.back().end != cycles) marks.push_back({cycles, cycles, "stall"});
            ++marks.back().end;
        }
        ++cycles;
    });
    return draw_waves({{"", {{WaveRow::Kind::clock, "clk_i", {}}}},
                       {"operands", {in_valid, in_ready, in_data, in_keep, in_last}},
                       {"results", {out_valid, out_ready, out_data, out_side, out_keep, out_last}},
                       {"", {idle}}},
                      cycles, marks);
}

}  // namespace
}  // namespace wagesim::test

int main(int argc, char** argv)
{
    using namespace wagesim::test;
    const bool compares = argc == 3 && std::string(argv[1]) == "--compare";
    if (argc != 2 && !compares) {
        std::fputs("wave_picture: got other arguments, allowed [--compare] FILE.svg\n", stderr);
        return 2;
    }
    try {
        const TemporaryFolder folder;
        record(folder / "burst.fst");
        const std::string drawn = picture(FstFile(folder / "burst.fst"));
        if (!compares) {
            write_text(argv[1], drawn);
        } else if (read_text(argv[2]) != drawn) {
            std::fprintf(stderr, "wave_picture: %s is another picture; wave_picture FILE.svg draws this one\n",
                         argv[2]);
            return 1;
        }
    } catch (const std::exception& error) {
        std::fprintf(stderr, "wave_picture: %s\n", error.what());
        return 1;
    }
    return 0;
}
