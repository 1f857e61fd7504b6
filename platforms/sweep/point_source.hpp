// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The points of a sweep, made one at a time from their index: a sweep of a million points takes no memory for them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "platforms/config/sweep_config.hpp"

namespace wagesim::sweep {

/// One choice of a value for each variable.
struct Point {
    std::uint64_t index = 0;
    std::vector<config::Override> settings;  ///< in the order of variables_of()
};

/// What is varied, in the order of the sweep file; seeds are among them.
[[nodiscard]] std::vector<config::Variable> variables_of(const config::SweepConfig& sweep);

/// "widths.g=2 seed=1".
[[nodiscard]] std::string label_of(const Point& point);

/// Which points there are. The same index means the same point in every process and at every time.
class PointSource {
public:
    virtual ~PointSource() = default;
    PointSource() = default;
    PointSource(const PointSource&) = delete;
    PointSource& operator=(const PointSource&) = delete;

    [[nodiscard]] virtual std::uint64_t count() const = 0;
    /// index < count(); throws std::out_of_range otherwise.
    [[nodiscard]] virtual Point point(std::uint64_t index) const = 0;
};

/// All combinations of all axes' values. The last axis moves fastest.
class GridSource final : public PointSource {
public:
    /// Keeps a reference.
    explicit GridSource(const config::SweepConfig& sweep) : sweep_(sweep) {}

    [[nodiscard]] std::uint64_t count() const override;
    [[nodiscard]] Point point(std::uint64_t index) const override;

    /// Indices of points that together show every value of every axis: the first point, and for each other value the
    /// point that differs from the first in its axis alone.
    [[nodiscard]] std::vector<std::uint64_t> one_by_one() const;

private:
    const config::SweepConfig& sweep_;
};

}  // namespace wagesim::sweep
