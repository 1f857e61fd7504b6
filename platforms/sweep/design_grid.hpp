// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The designs of a sweep: all combinations of its axes' values, each a number in mixed radix, so that none is ever
// listed. Seeds are no part of a design, they repeat it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "platforms/config/sweep_config.hpp"

namespace wagesim::sweep {

/// One choice of a value for each variable.
struct Point {
    std::uint64_t index = 0;                 ///< among the points of its stage
    std::uint64_t design = 0;                ///< its number in the grid
    std::uint64_t seed = 0;                  ///< which of the sweep's seeds
    std::vector<config::Override> settings;  ///< in the order of variables_of()
};

/// What is varied, in the order of the sweep file; seeds are among them.
[[nodiscard]] std::vector<config::Variable> variables_of(const config::SweepConfig& sweep);

/// The values, as texts.
[[nodiscard]] std::vector<std::string> texts_of(const std::vector<config::Override>& settings);

/// "widths.g=2 seed=1".
[[nodiscard]] std::string label_of(const Point& point);

class DesignGrid {
public:
    /// Keeps a reference.
    explicit DesignGrid(const config::SweepConfig& sweep);

    /// 1 where there are no axes but seeds.
    [[nodiscard]] std::uint64_t designs() const noexcept { return designs_; }
    /// 1 where there are none.
    [[nodiscard]] std::uint64_t seeds() const noexcept { return seeds_; }
    /// How many values each axis of designs has, in the order of the file.
    [[nodiscard]] const std::vector<std::uint64_t>& extents() const noexcept { return extents_; }

    /// The design that takes value positions[i] of axis i. The last axis moves fastest.
    [[nodiscard]] std::uint64_t design(const std::vector<std::uint64_t>& positions) const;
    /// The settings of `design` with the `seed`th seed, under `index`. Throws std::out_of_range.
    [[nodiscard]] Point point(std::uint64_t design, std::uint64_t seed, std::uint64_t index) const;

    /// Designs that together show every value of every axis: the first one, and for each other value the design that
    /// differs from the first in its axis alone.
    [[nodiscard]] std::vector<std::uint64_t> one_by_one() const;

private:
    const config::SweepConfig& sweep_;
    std::vector<bool> is_seed_;  ///< of each axis of the sweep
    std::vector<std::uint64_t> extents_;
    std::uint64_t designs_ = 1;
    std::uint64_t seeds_ = 1;
};

}  // namespace wagesim::sweep
