// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What is looked at before any point of a sweep runs: whether the points are legal runs at all, and which ones they
// are.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "platforms/sweep/point_resolver.hpp"
#include "platforms/sweep/point_source.hpp"

namespace wagesim::sweep {

/// Up to here every point of the first stage is checked before any runs; of larger sweeps every value of every axis.
inline constexpr std::uint64_t kMostSurveyed = 1000;

struct Survey {
    /// Of all points of the first stage, in order, nothing for one that constraints exclude; none at all of a larger
    /// one.
    std::vector<std::optional<Identity>> identities;
    std::vector<bool> without_data;  ///< of each stage: its points are simulated with fidelity `timing`
    /// Of the sweep's points, files and data included: places in the database hold as long as it stays the same.
    std::string fingerprint;
    std::string content;  ///< digest_of_content, when the sweep was read
};

/// Of what the sweep file says of its points, and of the runs that some of them are, base and chip files included but
/// not the bytes of data: two processes that read the same sweep have the same digest, as long as nobody changes it.
[[nodiscard]] std::string digest_of_content(const config::SweepConfig& sweep, const DesignGrid& grid);

/// `first` is the first stage's source, null where an optimiser chooses. `breathe` is called often, and may throw.
/// Throws ConfigError for the first point that is no legal run, DataError for data files that cannot be read.
[[nodiscard]] Survey survey(
    const config::SweepConfig& sweep, const DesignGrid& grid, const PointSource* first, int model,
    const std::function<void()>& breathe = [] {});

}  // namespace wagesim::sweep
