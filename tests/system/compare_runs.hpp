// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Runs that must be the same, speeds and times apart.
#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "tests/support/run_command.hpp"

namespace wagesim::test {

/// epochs.csv without its last column, the speed.
inline std::string epochs_without_speed(const std::string& file)
{
    std::istringstream csv(read_text(file));
    std::string kept;
    for (std::string line; std::getline(csv, line);) kept += line.substr(0, line.rfind(',')) + "\n";
    return kept;
}

/// A result without what depends on the machine and its load.
inline nlohmann::json without_times(nlohmann::json result)
{
    result.erase("wall_seconds");
    result.erase("host");
    for (nlohmann::json& epoch : result.at("epochs")) epoch.erase("images_per_second");
    return result;
}

inline void expect_equal_runs(const std::string& got, const std::string& expected)
{
    EXPECT_TRUE(read_text(got + "/weights.npz") == read_text(expected + "/weights.npz")) << "weights differ";
    EXPECT_EQ(epochs_without_speed(got + "/epochs.csv"), epochs_without_speed(expected + "/epochs.csv"));
    const nlohmann::json got_result = nlohmann::json::parse(read_text(got + "/result.json"));
    const nlohmann::json expected_result = nlohmann::json::parse(read_text(expected + "/result.json"));
    for (const char* key : {"steps", "final_test_error", "config_hash", "version"}) {
        EXPECT_EQ(got_result.at(key), expected_result.at(key)) << key;
    }
}

}  // namespace wagesim::test
