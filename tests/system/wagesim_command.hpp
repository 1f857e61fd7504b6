// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The program under test, and run files small enough to train in milliseconds.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/run_command.hpp"

namespace wagesim::test {

inline std::vector<std::string> wagesim_arguments(std::vector<std::string> arguments)
{
    arguments.insert(arguments.begin(), WAGESIM_BINARY);
    return arguments;
}

/// One thread unless `environment` or --threads say otherwise: tests run side by side.
inline std::vector<std::string> wagesim_environment(const std::vector<std::string>& environment = {})
{
    std::vector<std::string> all = {"OMP_NUM_THREADS=1"};
    all.insert(all.end(), environment.begin(), environment.end());
    return all;
}

inline CommandResult wagesim(std::vector<std::string> arguments, const std::vector<std::string>& environment = {})
{
    return run_command(wagesim_arguments(std::move(arguments)), wagesim_environment(environment));
}

/// A convolution with pooling and a dense layer on 6 x 6 synthetic images: 12 steps an epoch, 3 epochs.
inline const char* tiny_run()
{
    return R"(name: tiny
seed: 7
network:
  name: tiny
  input: {channels: 1, height: 6, width: 6}
  layers:
    - conv: {filters: 4, kernel: 3, pool: 2}
    - dense: {units: 10}
data: {format: synthetic, count: 100, test_count: 30, classes: 10, range: unit}
training: {batch: 8, epochs: 3, eta: {0: 0}}
)";
}

inline std::string small_chip()
{
    return std::string("chip=") + WAGESIM_SOURCE_DIR + "/configs/chips/small.yaml";
}

/// A folder with tiny.yaml in it.
class TinyRun {
public:
    TinyRun() { write_text(folder_.path() / "tiny.yaml", tiny_run()); }

    [[nodiscard]] std::string file() const { return folder_ / "tiny.yaml"; }
    [[nodiscard]] std::string operator/(const std::string& name) const { return folder_ / name; }

    /// wagesim COMMAND -c tiny.yaml MORE...
    [[nodiscard]] std::vector<std::string> arguments(const std::string& command,
                                                     const std::vector<std::string>& more = {}) const
    {
        std::vector<std::string> all = {command, "-c", file()};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }
    CommandResult run(const std::string& command, const std::vector<std::string>& more = {},
                      const std::vector<std::string>& environment = {}) const
    {
        return wagesim(arguments(command, more), environment);
    }

private:
    TemporaryFolder folder_;
};

}  // namespace wagesim::test
