// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A sweep file as values: a run, what is varied in it, and what its points are compared by. Makes no points.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platforms/config/names.hpp"
#include "platforms/config/run_template.hpp"

namespace wagesim::config {

enum class SweepCommand { train, simulate };
enum class Direction { min, max };

constexpr NameTable<SweepCommand, 2> names_of(SweepCommand)
{
    return {{{SweepCommand::train, "train"}, {SweepCommand::simulate, "simulate"}}};
}
constexpr NameTable<Direction, 2> names_of(Direction)
{
    return {{{Direction::min, "min"}, {Direction::max, "max"}}};
}

/// What a key is to a comparison: `free` keys are what one chooses between, `held` keys are the ground on which one
/// compares (points that differ in them never compete), and seeds are repetitions.
enum class Role { free, held, seed };

constexpr NameTable<Role, 3> names_of(Role)
{
    return {{{Role::free, "free"}, {Role::held, "held"}, {Role::seed, "seed"}}};
}

/// A figure of the result by which points are compared.
struct Objective {
    std::string field;  ///< dotted path in result.json: "final_test_error", "chip.cycles", "epochs.last.loss"
    Direction direction = Direction::min;
};

struct Variable {
    std::string key;  ///< dotted key of the run
    Role role = Role::free;
};

/// Keys that move together, and the values that they take: one key, or several that are zipped.
struct Axis {
    std::vector<Variable> variables;
    std::vector<std::vector<Override>> values;  ///< [position][variable]; at least one position
};

struct SweepConfig {
    std::string name;
    std::string base_file;
    RunTemplate base;
    SweepCommand command = SweepCommand::train;
    std::optional<int> steps;           ///< as `--steps`
    std::vector<Override> fixed;        ///< of `set` and the command line: the same for every point, in order
    std::vector<Axis> axes;             ///< in the order of the file; the seeds of `seeds` are the last
    std::vector<Objective> objectives;  ///< at least one
};

}  // namespace wagesim::config
