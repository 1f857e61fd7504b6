// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The points of a stage, made one at a time from their index: a sweep of a million points takes no memory for them.
// Points are designs with their seeds, seeds moving fastest; which designs, and in which order, is sampling.
#pragma once

#include <memory>
#include <vector>

#include "platforms/sweep/design_grid.hpp"
#include "platforms/sweep/permutation.hpp"

namespace wagesim::sweep {

/// The same index means the same point in every process and at every time.
class PointSource {
public:
    virtual ~PointSource() = default;
    PointSource(const PointSource&) = delete;
    PointSource& operator=(const PointSource&) = delete;

    [[nodiscard]] const DesignGrid& grid() const noexcept { return grid_; }
    [[nodiscard]] virtual std::uint64_t designs() const = 0;
    /// The number in the grid of the `i`th design; i < designs().
    [[nodiscard]] virtual std::uint64_t design(std::uint64_t i) const = 0;

    [[nodiscard]] std::uint64_t count() const { return designs() * grid_.seeds(); }
    /// index < count(); throws std::out_of_range otherwise.
    [[nodiscard]] Point point(std::uint64_t index) const;

protected:
    /// Keeps a reference.
    explicit PointSource(const DesignGrid& grid) : grid_(grid) {}

private:
    const DesignGrid& grid_;
};

/// Every design, in order.
class GridSource final : public PointSource {
public:
    explicit GridSource(const DesignGrid& grid) : PointSource(grid) {}
    [[nodiscard]] std::uint64_t designs() const override { return grid().designs(); }
    [[nodiscard]] std::uint64_t design(std::uint64_t i) const override { return i; }
};

/// Designs drawn without repetition; as many as there are, where `designs` asks for more.
class RandomSource final : public PointSource {
public:
    RandomSource(const DesignGrid& grid, std::uint64_t designs, std::uint64_t seed);
    [[nodiscard]] std::uint64_t designs() const override { return designs_; }
    [[nodiscard]] std::uint64_t design(std::uint64_t i) const override { return order_.at(i); }

private:
    std::uint64_t designs_;
    Permutation order_;
};

/// A Latin hypercube (McKay, Beckman and Conover 1979): every axis' values appear equally often, give or take one, and
/// the axes are paired at random. A design may come twice.
class LatinSource final : public PointSource {
public:
    LatinSource(const DesignGrid& grid, std::uint64_t designs, std::uint64_t seed);
    [[nodiscard]] std::uint64_t designs() const override { return designs_; }
    [[nodiscard]] std::uint64_t design(std::uint64_t i) const override;

private:
    std::uint64_t designs_;
    std::vector<Permutation> strata_;  ///< of each axis
};

/// These designs; more may come.
class ListSource final : public PointSource {
public:
    ListSource(const DesignGrid& grid, std::vector<std::uint64_t> designs)
        : PointSource(grid), designs_(std::move(designs))
    {
    }
    [[nodiscard]] std::uint64_t designs() const override { return designs_.size(); }
    [[nodiscard]] std::uint64_t design(std::uint64_t i) const override { return designs_.at(i); }
    void append(std::uint64_t design) { designs_.push_back(design); }

private:
    std::vector<std::uint64_t> designs_;
};

/// The source of what `sampling`, which is no optimiser, asks for. Keeps a reference to the grid.
[[nodiscard]] std::unique_ptr<PointSource> make_source(const DesignGrid& grid, const config::Sampling& sampling);

}  // namespace wagesim::sweep
