// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A sweep file as values: a run, what is varied in it, in which stages its points are computed, and what they are
// compared by. Makes no points.
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
enum class Algorithm { nsga2, nspso, maco };

constexpr NameTable<SweepCommand, 2> names_of(SweepCommand)
{
    return {{{SweepCommand::train, "train"}, {SweepCommand::simulate, "simulate"}}};
}
constexpr NameTable<Direction, 2> names_of(Direction)
{
    return {{{Direction::min, "min"}, {Direction::max, "max"}}};
}

constexpr NameTable<Algorithm, 3> names_of(Algorithm)
{
    return {{{Algorithm::nsga2, "nsga2"}, {Algorithm::nspso, "nspso"}, {Algorithm::maco, "maco"}}};
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

/// Which designs of the axes' grid are looked at. Seeds are not sampled: every design gets all of them.
struct Sampling {
    enum class Kind { grid, random, latin_hypercube, optimiser };
    Kind kind = Kind::grid;
    std::uint64_t designs = 0;  ///< of a sample
    std::uint64_t seed = 1;
    Algorithm algorithm = Algorithm::nsga2;  ///< and of an optimiser
    std::uint32_t population = 0;
    std::uint32_t generations = 0;

    /// That an optimiser asks for at most: the first population, and one for each generation.
    [[nodiscard]] std::uint64_t most_designs() const noexcept { return std::uint64_t{population} * (generations + 1); }
};

/// A condition on a design, as written: "chip.area_mm2 < 50".
struct Constraint {
    std::string text;
    Place place;
    std::vector<std::string> names;  ///< keys of axes and fields of results in it
    bool needs_result = false;       ///< whether there is a field among them
};

/// Of what the stage before has computed, what a stage takes over.
struct Keep {
    enum class Kind { all, front, best };
    Kind kind = Kind::all;
    std::uint64_t count =
        1;  ///< front: so many fronts, peeled off one after another; best: so many designs by each objective
};

/// One way of computing points. Its settings come after those of the sweep and before those of the axes.
struct Stage {
    std::string name;
    SweepCommand command = SweepCommand::train;
    std::optional<int> steps;     ///< as `--steps`
    std::vector<Override> fixed;  ///< in order
    Keep keep;                    ///< of the first stage: all
};

struct SweepConfig {
    std::string name;
    std::string base_file;
    RunTemplate base;
    std::vector<Override> fixed;  ///< of `set` and the command line: the same for every point, in order
    std::vector<Axis> axes;       ///< in the order of the file; the seeds of `seeds` are the last
    Sampling sampling;
    std::vector<Constraint> constraints;
    std::vector<Stage> stages;          ///< at least one
    std::vector<Objective> objectives;  ///< at least one
    Place objectives_place{};
};

}  // namespace wagesim::config
