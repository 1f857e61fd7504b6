// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Results to text. See the header.
#include "platforms/cli/run_result.hpp"

#include <fmt/core.h>
#include <omp.h>
#include <sys/utsname.h>

#include <cmath>
#include <fstream>

#include "platforms/cli/version.hpp"

namespace wagesim::cli {
namespace {

Json cpu_name()
{
    std::ifstream cpuinfo("/proc/cpuinfo");
    for (std::string line; std::getline(cpuinfo, line);) {
        if (line.rfind("model name", 0) != 0) continue;
        const std::size_t text = line.find_first_not_of(" \t", line.find(':') + 1);
        if (text != std::string::npos) return line.substr(text);
    }
    return nullptr;
}

}  // namespace

Json to_json(const std::optional<double>& value)
{
    return value ? Json(*value) : Json(nullptr);
}

Json to_json(const RunResult& result)
{
    Json epochs = Json::array();
    for (const EpochRow& row : result.epochs) {
        epochs.push_back({{"epoch", row.epoch},
                          {"loss", row.loss},
                          {"train_error", row.train_error},
                          {"test_error", to_json(row.test_error)},
                          {"images_per_second", row.images_per_second}});
    }
    return {{"steps", result.steps},
            {"epochs", epochs},
            {"final_test_error", to_json(result.final_test_error)},
            {"wall_seconds", result.wall_seconds},
            {"version", program_version()},
            {"config_hash", result.config_hash},
            {"host", host_json()}};
}

std::string epochs_csv(const std::vector<EpochRow>& epochs)
{
    std::string csv = "epoch,loss,train_error,test_error,images_per_second\n";
    for (const EpochRow& row : epochs) {
        csv += fmt::format("{},{},{},{},{}\n", row.epoch, std::isfinite(row.loss) ? fmt::format("{}", row.loss) : "",
                           row.train_error, row.test_error ? fmt::format("{}", *row.test_error) : "",
                           row.images_per_second);
    }
    return csv;
}

Json host_json()
{
    utsname system{};
    uname(&system);
    return {{"cpu", cpu_name()},
            {"threads", omp_get_max_threads()},
            {"system", fmt::format("{} {} {}", system.sysname, system.release, system.machine)}};
}

}  // namespace wagesim::cli
