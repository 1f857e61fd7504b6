// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Options of runs on the small chip, and their results.
#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/system/wagesim_command.hpp"

namespace wagesim::test {

using Json = nlohmann::json;

/// The run file with the small chip; `more` behind it. Lanes that every build has Verilated.
inline std::vector<std::string> on_chip(const std::vector<std::string>& more = {})
{
    std::vector<std::string> all = {"--set", small_chip(), "--set", "chip.lanes=16"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

inline Json json_of(const CommandResult& result, int status = 0)
{
    EXPECT_EQ(result.status, status) << result.err;
    return Json::parse(result.out);
}

}  // namespace wagesim::test
