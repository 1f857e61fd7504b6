// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A legal run with its network, chip and technology in a folder of its own, for tests to break one piece at a time.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "platforms/config/load_run.hpp"

namespace wagesim::config {

inline constexpr const char* kRun = R"(name: tiny
seed: 7
network: network.yaml
chip: chip.yaml
widths: {w: 2, a: 8, g: 8, e: 8}
data:
  format: synthetic
  count: 64
  test_count: 16
  classes: 10
  range: unit
  augment: none
  shuffle: true
training:
  batch: 32
  epochs: 2
  eta: {0: 0, 5: -3}
  weight_clip: kg
  gamma: 1
  loss: sse
)";

inline constexpr const char* kNetwork = R"(name: net
input: {channels: 1, height: 8, width: 8}
init: {limit_factor: 6, beta: 1.5, grid: kg}
layers:
  - conv: {filters: 4, kernel: 3, pool: 2}
  - conv: {filters: 8, kernel: 3, stride: 1, padding: 1, attenuation: 2}
  - dense: {units: 10}
)";

inline constexpr const char* kChip = R"(name: small
clock_ghz: 1.5
technology: technology.yaml
fidelity: bit_serial
granularity: burst
quantizer: tlm
lanes: 16
crossbar: {rows: 64, columns: 32, adc_mode: saturate}
partitions: {count: 4, arrays: 2}
mapping: {replication: minimal}
backward: shared
error_max: spill
gradient: {macs_per_cycle: 16, accumulate: chip}
schedule: layer
buffer: {kib: 64}
dram: {gib: 1}
interconnect: {kind: router}
sequencer: {chunk_samples: 8}
device: {}
)";

/// Every event costs 1 pJ, every part takes 2 um2 and leaks 3 uW.
inline std::string technology_text()
{
    std::string text = "name: test\nnode_nm: 45\nsupply_v: 0.9\nenergy:\n";
    for (const auto& event : chip::kEvents) text += "  " + std::string(event.name) + ": {pj: 1, source: test}\n";
    text += "area:\n";
    for (const auto& part : chip::kParts) text += "  " + std::string(part.name) + ": {um2: 2, source: test}\n";
    text += "leakage:\n";
    for (const auto& part : chip::kParts) text += "  " + std::string(part.name) + ": {uw: 3, source: test}\n";
    return text;
}

/// Works in a fresh folder, so that faults name files as "run.yaml".
class ConfigFiles : public ::testing::Test {
protected:
    void SetUp() override
    {
        before_ = std::filesystem::current_path();
        std::string folder = (std::filesystem::temp_directory_path() / "wagesim-config-XXXXXX").string();
        ASSERT_NE(mkdtemp(folder.data()), nullptr);
        folder_ = std::filesystem::canonical(folder);
        std::filesystem::current_path(folder_);
        write("run.yaml", kRun);
        write("network.yaml", kNetwork);
        write("chip.yaml", kChip);
        write("technology.yaml", technology_text());
    }

    void TearDown() override
    {
        std::filesystem::current_path(before_);
        std::filesystem::remove_all(folder_);
    }

    static void write(const std::filesystem::path& file, const std::string& text)
    {
        if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path());
        std::ofstream stream(file, std::ios::binary);
        stream << text;
        ASSERT_TRUE(stream.good());
    }

    /// `text` with its one `from` replaced.
    static std::string replaced(const std::string& text, const std::string& from, const std::string& to)
    {
        const std::size_t at = text.find(from);
        EXPECT_NE(at, std::string::npos) << "not in the text: " << from;
        EXPECT_EQ(text.find(from, at + 1), std::string::npos) << "twice in the text: " << from;
        return at == std::string::npos ? text : text.substr(0, at) + to + text.substr(at + from.size());
    }

    /// What load_run says of run.yaml; "" where it accepts it.
    static std::string fault(const std::vector<std::string>& overrides = {})
    {
        try {
            static_cast<void>(load_run("run.yaml", overrides));
        } catch (const ConfigError& error) {
            return error.what();
        }
        return "";
    }

    std::filesystem::path folder_;

private:
    std::filesystem::path before_;
};

/// One edit of one of the files, and the whole fault that it must give.
struct BrokenFile {
    const char* name;
    const char* from;  ///< a piece that the legal file has once; empty: `to` is the whole file
    const char* to;
    const char* fault;
};

inline std::ostream& operator<<(std::ostream& stream, const BrokenFile& broken)
{
    return stream << broken.name;
}

inline std::string broken_name(const ::testing::TestParamInfo<BrokenFile>& info)
{
    return info.param.name;
}

}  // namespace wagesim::config
