// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Sweeps over designs of the small chip, whose points need no data.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "tests/system/tiny_sweep.hpp"

namespace wagesim::test {

inline std::string replaced_once(std::string text, const std::string& from, const std::string& to)
{
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

/// 24 designs of the small chip, without data; `more` are further keys.
inline std::string designs(const std::string& more = "")
{
    return "name: designs\nbase: tiny.yaml\ncommand: simulate\nset: {" + replaced_once(small_chip(), "=", ": ") +
           R"(, chip.fidelity: timing}
axes:
  - chip.lanes: [4, 8, 16, 64]
  - chip.crossbar.lines_per_adc: [1, 2, 4]
  - training.batch: [16, 32]
objectives:
  chip.seconds: min
  chip.area_mm2: min
)" + more;
}

inline constexpr const char* kStages = R"(stages:
  - name: screen
    command: simulate
  - name: confirm
    command: simulate
    keep: front
    set: {chip.fidelity: functional, training.epochs: 1}
)";

/// Screened without data, its front confirmed with data.
inline std::string staged_designs()
{
    std::string text = replaced_once(designs(kStages), "command: simulate\nset", "set");
    return replaced_once(text, "  chip.area_mm2: min\n", "  chip.area_mm2: min\n  final_test_error: min\n");
}

}  // namespace wagesim::test
