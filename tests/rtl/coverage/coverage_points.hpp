// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Coverage points of a Verilated model, as its library writes them, and the list of those that nothing can reach.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace wagesim::test {

struct CoveragePoint {
    std::string kind;      ///< line, branch, toggle, user
    std::string module;    ///< of the SystemVerilog
    std::string instance;  ///< hierarchical name
    std::string object;    ///< the signal's bit, the branch or the property
    int line = 0;
    std::uint64_t count = 0;

    /// What exclusions are matched against.
    [[nodiscard]] std::string name() const;
};

/// Points that cannot be hit, with the reason.
struct Exclusion {
    std::string pattern;  ///< a regular expression over the whole of a point's name
    std::string reason;
    int line = 0;  ///< in its file
};

/// Throws std::runtime_error for a file that is not one of VerilatedCov.
[[nodiscard]] std::vector<CoveragePoint> read_coverage(const std::filesystem::path& file);
/// One a line, `pattern: reason`; empty lines and those that begin with # are skipped.
[[nodiscard]] std::vector<Exclusion> read_exclusions(const std::filesystem::path& file);

}  // namespace wagesim::test
