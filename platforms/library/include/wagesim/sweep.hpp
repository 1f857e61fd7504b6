// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A sweep: checked in this process, computed by the program and its workers.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <wagesim/error.hpp>
#include <wagesim/export.hpp>
#include <wagesim/run.hpp>
#include <wagesim/sweep_results.hpp>

namespace wagesim {

struct SweepOptions {
    std::optional<int> jobs;     ///< points at the same time; none: as many as there are cores for
    std::optional<int> threads;  ///< of each
    bool retry_failed = false;   ///< compute points again that have failed before
    /// Gets each line that the program prints: the plan, points that end, the sum.
    std::function<void(const std::string& line)> print;
    std::function<Stop()> stop;  ///< as RunOptions::stop
};

/// Copies are cheap. Any number of threads may use one.
class WAGESIM_EXPORT Sweep {
public:
    /// Reads a sweep file (docs/sweeps.md) and the run file that it names; `assignments` are "dotted.key=value", for
    /// every point. Throws Error (config).
    [[nodiscard]] static Sweep load(const std::string& file, const std::vector<std::string>& assignments = {});
    /// A sweep of `base`. `text` is a sweep file in block style without `base`; faults call it "sweep". Paths in it
    /// start nowhere: they are absolute. Throws Error (config).
    [[nodiscard]] static Sweep of(const Run& base, const std::string& text);

    [[nodiscard]] const std::string& name() const;
    /// Points of the first stage; of an optimiser the most that it will ask for.
    [[nodiscard]] std::uint64_t points() const;

    /// Computes what `folder` does not hold yet; what is done there is never computed again. Points that fail are in
    /// the results. A sweep of a file reads it again. One of `of` writes base.yaml and sweep.yaml into the folder, for
    /// `wagesim sweep`, when its points are known to be legal and nobody else computes them; files of these names
    /// that the library did not write are left alone. Throws Error.
    SweepResults run(const std::string& folder, const SweepOptions& options = {}) const;

private:
    class State;
    explicit Sweep(std::shared_ptr<const State> state);
    std::shared_ptr<const State> state_;  ///< never changes
};

}  // namespace wagesim
