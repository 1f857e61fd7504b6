// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Chip and technology files with one fault each.
#include "tests/unit/config/config_files.hpp"

namespace wagesim::config {
namespace {

class BrokenChip : public ConfigFiles, public ::testing::WithParamInterface<BrokenFile> {};

TEST_P(BrokenChip, IsRefusedInOneLine)
{
    const BrokenFile& broken = GetParam();
    write("chip.yaml", *broken.from == '\0' ? broken.to : replaced(kChip, broken.from, broken.to));
    EXPECT_EQ(fault(), broken.fault);
}

INSTANTIATE_TEST_SUITE_P(
    Values, BrokenChip,
    ::testing::Values(
        BrokenFile{"empty_file", "", "", "chip.yaml:1:1: chip file: got nothing, allowed a map"},
        BrokenFile{"missing_name", "name: small\n", "",
                   "chip.yaml:1:1: name: got nothing, allowed a name of 1..200 bytes on one line"},
        BrokenFile{"unknown_key", "{rows: 64,", "{row: 64,",
                   "chip.yaml:8:12: crossbar.row: got an unknown key, allowed rows, columns, cell_bits, dac_bits, "
                   "active_lines, adc_bits, adc_mode, lines_per_adc, subtract, backward_read, input_coding, "
                   "write_cycles, skip_unchanged_rows (did you mean rows?)"},
        BrokenFile{"clock_0", "clock_ghz: 1.5", "clock_ghz: 0",
                   "chip.yaml:2:12: clock_ghz: got 0, allowed a number 0.001..1000"},
        BrokenFile{"clock_too_slow", "clock_ghz: 1.5", "clock_ghz: 1e-12",
                   "chip.yaml:2:12: clock_ghz: got 1e-12, allowed a number 0.001..1000"},
        BrokenFile{"clock_as_a_word", "clock_ghz: 1.5", "clock_ghz: fast",
                   "chip.yaml:2:12: clock_ghz: got fast, allowed a number 0.001..1000"},
        BrokenFile{"lanes_2", "lanes: 16", "lanes: 2", "chip.yaml:7:8: lanes: got 2, allowed a power of two 4..64"},
        BrokenFile{"lanes_24", "lanes: 16", "lanes: 24", "chip.yaml:7:8: lanes: got 24, allowed a power of two 4..64"},
        BrokenFile{"rows_0", "rows: 64", "rows: 0", "chip.yaml:8:18: crossbar.rows: got 0, allowed an integer 1..4096"},
        BrokenFile{"columns_4097", "columns: 32", "columns: 4097",
                   "chip.yaml:8:31: crossbar.columns: got 4097, allowed an integer 1..4096"},
        BrokenFile{"adc_mode", "adc_mode: saturate", "adc_mode: wrap",
                   "chip.yaml:8:45: crossbar.adc_mode: got wrap, allowed saturate | truncate"},
        BrokenFile{"quantizer", "quantizer: tlm", "quantizer: vhdl",
                   "chip.yaml:6:12: quantizer: got vhdl, allowed tlm | rtl | lockstep"},
        BrokenFile{"count_0", "count: 4", "count: 0",
                   "chip.yaml:9:21: partitions.count: got 0, allowed an integer 1..65536"},
        BrokenFile{"accumulator_of_64_bits", "arrays: 2", "accumulator_bits: 64",
                   "chip.yaml:9:42: partitions.accumulator_bits: got 64, allowed an integer 8..63"},
        BrokenFile{"macs_0", "macs_per_cycle: 16", "macs_per_cycle: 0",
                   "chip.yaml:13:28: gradient.macs_per_cycle: got 0, allowed an integer 1..16777216"},
        BrokenFile{"kib_0", "kib: 64", "kib: 0", "chip.yaml:15:15: buffer.kib: got 0, allowed an integer 1..1048576"},
        BrokenFile{"negative_latency", "gib: 1", "latency_cycles: -1",
                   "chip.yaml:16:24: dram.latency_cycles: got -1, allowed an integer 0..1000000"},
        BrokenFile{"chunk_0", "chunk_samples: 8", "chunk_samples: 0",
                   "chip.yaml:18:28: sequencer.chunk_samples: got 0, allowed an integer 1..65536"},
        BrokenFile{"list_for_a_map", "buffer: {kib: 64}", "buffer: [64]",
                   "chip.yaml:15:9: buffer: got a list, allowed a map"},
        BrokenFile{"device_of_a_word", "device: {}", "device: ideal",
                   "chip.yaml:19:9: device: got ideal, allowed a map"},
        BrokenFile{"device_of_an_unknown_key", "device: {}", "device: {noise: 0.1}",
                   "chip.yaml:19:10: device.noise: got an unknown key, allowed seed, levels, program_sigma, set_step, "
                   "reset_step, write_failure, write_pulses, write_tolerance, stuck_at_0, stuck_at_1, drift_exponent, "
                   "drift_sigma, drift_start_cycles, read_sigma, adc_offset_sigma, adc_gain_sigma, wire_resistance"},
        BrokenFile{"device_key_twice", "device: {}", "device: {read_sigma: 1, read_sigma: 2}",
                   "chip.yaml:19:25: device.read_sigma: got the key a second time, allowed each key once"},
        BrokenFile{"one_level", "device: {}", "device: {levels: 1}",
                   "chip.yaml:19:18: device.levels: got 1, allowed an integer 2..4096"},
        BrokenFile{"negative_sigma", "device: {}", "device: {program_sigma: -0.1}",
                   "chip.yaml:19:25: device.program_sigma: got -0.1, allowed a number 0..1"},
        BrokenFile{"sigma_of_no_number", "device: {}", "device: {read_sigma: nan}",
                   "chip.yaml:19:22: device.read_sigma: got nan, allowed a number 0..1024"},
        BrokenFile{"no_step", "device: {}", "device: {set_step: 0}",
                   "chip.yaml:19:20: device.set_step: got 0, allowed a number greater than 0, at most 1"},
        BrokenFile{"step_too_far", "device: {}", "device: {reset_step: 1.5}",
                   "chip.yaml:19:22: device.reset_step: got 1.5, allowed a number greater than 0, at most 1"},
        BrokenFile{"all_writes_fail", "device: {}", "device: {write_failure: 1}",
                   "chip.yaml:19:25: device.write_failure: got 1, allowed a number 0 or more, less than 1"},
        BrokenFile{"no_pulses", "device: {}", "device: {write_pulses: 0}",
                   "chip.yaml:19:24: device.write_pulses: got 0, allowed an integer 1..1000"},
        BrokenFile{"stuck_twice", "device: {}", "device: {stuck_at_0: 0.6, stuck_at_1: 0.5}",
                   "chip.yaml:19:39: device.stuck_at_1: got 0.5, allowed at most 1 together with stuck_at_0, 0.6"},
        BrokenFile{"negative_seed", "device: {}", "device: {seed: -1}",
                   "chip.yaml:19:16: device.seed: got -1, allowed an integer 0..18446744073709551615"},
        BrokenFile{"drift_from_the_start", "device: {}", "device: {drift_start_cycles: 0}",
                   "chip.yaml:19:30: device.drift_start_cycles: got 0, allowed an integer 1..2147483647"}),
    broken_name);

TEST_F(ConfigFiles, WordsThatAreNoValueAreNamedWithThoseThatAre)
{
    write("chip.yaml", replaced(kChip, "fidelity: bit_serial", "fidelity: exact"));
    EXPECT_EQ(fault(), "chip.yaml:4:11: fidelity: got exact, allowed functional | bit_serial | timing")
        << "no such word in any version";
}

TEST_F(ConfigFiles, CopiesAreAListOfAsManyAsThereAreLayers)
{
    write("chip.yaml", replaced(kChip, "replication: minimal", "replication: given, copies: 3"));
    EXPECT_EQ(fault(), "chip.yaml:10:39: mapping.copies: got 3, allowed a list of integers 1..65536");
    write("chip.yaml", replaced(kChip, "replication: minimal", "replication: given, copies: [1, 0]"));
    EXPECT_EQ(fault(), "chip.yaml:10:43: mapping.copies.1: got 0, allowed an integer 1..65536");
    write("chip.yaml", replaced(kChip, "replication: minimal", "replication: given, copies: [1, 1, 1, 1, 1, 1, 1]"));
    EXPECT_EQ(fault(), "chip.yaml:10:39: mapping.copies: got a list of 7, allowed a list of 3, one for each layer");
    write("chip.yaml", replaced(kChip, "replication: minimal", "replication: given"));
    EXPECT_EQ(fault(), "chip.yaml:10:10: mapping.copies: got nothing, allowed a list of 3, one for each layer");
    write("chip.yaml", replaced(kChip, "replication: minimal", "copies: [1]"));
    EXPECT_EQ(fault(), "chip.yaml:10:19: mapping.copies: got a list of 1, allowed none unless replication is given");
}

TEST_F(ConfigFiles, EffectsOfDevicesNeedAFidelityThatShowsThem)
{
    for (const std::string fidelity : {"functional", "timing"}) {
        const std::string chip = replaced(kChip, "fidelity: bit_serial", ("fidelity: " + fidelity).c_str());
        for (const std::string key : {"read_sigma: 0.5", "stuck_at_0: 0.5", "set_step: 0.5", "write_pulses: 2",
                                      "levels: 2", "wire_resistance: 1e-6"}) {
            write("chip.yaml", replaced(chip.c_str(), "device: {}", ("device: {" + key + "}").c_str()));
            const std::size_t colon = key.find(':');
            EXPECT_EQ(fault(), "chip.yaml:19:" + std::to_string(10 + colon + 2) + ": device." + key.substr(0, colon) +
                                   ": got an effect with fidelity " + fidelity +
                                   ", allowed ideal devices, or fidelity bit_serial");
        }
        write("chip.yaml", replaced(chip.c_str(), "device: {}", "device: {seed: 5, read_sigma: 0, set_step: 1}"));
        EXPECT_EQ(fault(), "");
    }
}

TEST_F(ConfigFiles, TechnologyFiles)
{
    write("chip.yaml", replaced(kChip, "technology.yaml", "none.yaml"));
    EXPECT_EQ(fault(), "chip.yaml:3:13: technology: got none.yaml (no such file), allowed a readable file");
    write("chip.yaml", replaced(kChip, "technology.yaml", "chip.yaml"));
    EXPECT_EQ(fault(), "chip.yaml:3:13: technology: got chip.yaml (circular: it is being read), allowed another file");
    write("chip.yaml", replaced(kChip, "technology.yaml", "run.yaml"));
    EXPECT_EQ(fault(), "chip.yaml:3:13: technology: got run.yaml (circular: it is being read), allowed another file");
    write("chip.yaml", replaced(kChip, "technology.yaml", "{a: 1}"));
    EXPECT_EQ(fault(), "chip.yaml:3:13: technology: got a map, allowed a path, or null for none");
    write("chip.yaml", kChip);
    write("technology.yaml", "- 1\n");
    EXPECT_EQ(fault(), "technology.yaml:1:1: technology file: got a list, allowed a map");
    write("technology.yaml", "energy: 1\n");
    EXPECT_EQ(fault(), "technology.yaml:1:1: name: got nothing, allowed the technology's name");
    write("technology.yaml", "name: [1]\n");
    EXPECT_EQ(fault(), "technology.yaml:1:7: name: got a list, allowed the technology's name");
}

TEST_F(ConfigFiles, EnduranceIsAWholeNumberWithItsSource)
{
    const auto with = [&](const std::string& endurance) {
        write("chip.yaml", kChip);
        write("technology.yaml", "name: t\nnode_nm: 1\nsupply_v: 1\nendurance: " + endurance + "\n");
        return fault();
    };
    const std::string at = "technology.yaml:4:";
    EXPECT_EQ(with("{pulses: 1.0e+6, source: here}"),
              "technology.yaml:1:1: energy: got nothing, allowed a map of figures");
    EXPECT_EQ(with("1e6"), at + "12: endurance: got 1e6, allowed a map of pulses and source");
    EXPECT_EQ(with("{pulses: 0, source: x}"),
              at + "21: endurance.pulses: got 0, allowed a whole number from 1 to 1e18");
    EXPECT_EQ(with("{pulses: 1.5, source: x}"),
              at + "21: endurance.pulses: got 1.5, allowed a whole number from 1 to 1e18");
    EXPECT_EQ(with("{pulses: 5}"), at + "12: endurance.source: got nothing, allowed where the figure is from");
    EXPECT_EQ(with("{pulses: 5, cells: 1, source: x}"),
              at + "24: endurance.cells: got a key that is not known, allowed pulses, source");
}

}  // namespace
}  // namespace wagesim::config
