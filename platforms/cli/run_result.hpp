// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What a training run found, as values, as the JSON of docs/interfaces.md and as epochs.csv.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "ref/data/checkpoint.hpp"

namespace wagesim::cli {

/// Keys keep the order in which they are written.
using Json = nlohmann::ordered_json;

struct RunResult {
    std::uint64_t steps = 0;
    std::vector<EpochRow> epochs;
    std::optional<double> final_test_error;
    double wall_seconds = 0.0;  ///< of all sessions of the run
    std::string config_hash;
};

[[nodiscard]] Json to_json(const std::optional<double>& value);
/// With version and host.
[[nodiscard]] Json to_json(const RunResult& result);

/// The columns of the JSON's epochs; a value that is null there is empty.
[[nodiscard]] std::string epochs_csv(const std::vector<EpochRow>& epochs);

/// The machine: {cpu, threads (that this process may use), system}.
[[nodiscard]] Json host_json();

}  // namespace wagesim::cli
