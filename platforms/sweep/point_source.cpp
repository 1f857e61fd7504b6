// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/sweep/point_source.hpp"

#include <algorithm>
#include <stdexcept>

namespace wagesim::sweep {

Point PointSource::point(std::uint64_t index) const
{
    const std::uint64_t seeds = grid_.seeds();
    if (index / seeds >= designs()) throw std::out_of_range("PointSource: no such point");
    return grid_.point(design(index / seeds), index % seeds, index);
}

RandomSource::RandomSource(const DesignGrid& grid, std::uint64_t designs, std::uint64_t seed)
    : PointSource(grid), designs_(std::min(designs, grid.designs())), order_(grid.designs(), seed)
{
}

LatinSource::LatinSource(const DesignGrid& grid, std::uint64_t designs, std::uint64_t seed)
    : PointSource(grid), designs_(designs)
{
    constexpr std::uint64_t kMostAxes = 64;
    for (std::uint64_t axis = 0; axis < grid.extents().size(); ++axis) {
        strata_.emplace_back(designs, seed * kMostAxes + axis);
    }
}

std::uint64_t LatinSource::design(std::uint64_t i) const
{
    const std::vector<std::uint64_t>& extents = grid().extents();
    std::vector<std::uint64_t> positions(extents.size());
    for (std::size_t axis = 0; axis < extents.size(); ++axis) {
        // Both factors are below 2^30, and the quotient below the extent.
        positions[axis] = strata_[axis].at(i) * extents[axis] / designs_;
    }
    return grid().design(positions);
}

std::unique_ptr<PointSource> make_source(const DesignGrid& grid, const config::Sampling& sampling)
{
    switch (sampling.kind) {
        case config::Sampling::Kind::grid: return std::make_unique<GridSource>(grid);
        case config::Sampling::Kind::random:
            return std::make_unique<RandomSource>(grid, sampling.designs, sampling.seed);
        case config::Sampling::Kind::latin_hypercube:
            return std::make_unique<LatinSource>(grid, sampling.designs, sampling.seed);
        case config::Sampling::Kind::optimiser: break;
    }
    throw std::invalid_argument("make_source: an optimiser chooses its designs as it goes");
}

}  // namespace wagesim::sweep
