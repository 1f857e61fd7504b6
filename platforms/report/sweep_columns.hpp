// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What the explorer page shows of the results of a sweep's points, column by column. What a later result has counts
// instead of what an earlier one of the same point had.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "platforms/sweep/run_result_file.hpp"

namespace wagesim::report {

/// A number of every point; NaN where it has none.
template <class Number>
struct Column {
    std::string name;
    std::vector<Number> values;
};

/// Numbers of results, by their dotted paths.
class FigureColumns {
public:
    explicit FigureColumns(const std::vector<std::string>& fields);

    void add(std::size_t point, const sweep::Figures& figures);
    /// Of these points, without figures that no point of the sweep has but for the first `always` ones.
    [[nodiscard]] std::vector<Column<double>> columns(const std::vector<std::size_t>& points, std::size_t always) const;

private:
    std::vector<Column<double>> columns_;
};

/// Where energy and time of a training went. Energy in joules by component, over all phases; of each unit the part of
/// all cycles in which it is busy, and in which it is busy while commands wait (of directions that wait, the longest
/// wait).
class DetailColumns {
public:
    void add(std::size_t point, const sweep::Figures& figures);

    [[nodiscard]] std::vector<std::string> components() const { return names(energy_); }
    [[nodiscard]] std::vector<std::string> units() const { return names(busy_); }
    /// A row for each of these points: energy of each component, then busy and waiting of each unit.
    [[nodiscard]] std::vector<float> rows(const std::vector<std::size_t>& points) const;

private:
    struct Group {
        std::vector<Column<float>> columns;
        std::map<std::string, std::size_t> index_of;

        void forget(std::size_t point);
        void set(std::size_t point, const std::string& name, double value);
    };
    [[nodiscard]] static std::vector<std::string> names(const Group& group);

    Group energy_;
    Group busy_;
    Group waiting_;
};

}  // namespace wagesim::report
