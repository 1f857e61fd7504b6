// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What a run came to: its result.json (docs/interfaces.md), as text and as numbers.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include <wagesim/export.hpp>

namespace wagesim {

namespace sweep {
class Figures;
}

class WAGESIM_EXPORT Result {
public:
    /// Throws Error (data) for what is no JSON object.
    explicit Result(std::string json);

    /// All of it, one JSON object.
    [[nodiscard]] const std::string& json() const noexcept { return json_; }
    /// The number under a dotted path ("chip.energy_j", "epochs.last.test_error", "chip.energy_by.dram.forward"):
    /// times in seconds, energies in joules, areas in mm2, errors as fractions. Nothing where it is null or missing.
    [[nodiscard]] std::optional<double> figure(const std::string& path) const;

private:
    std::string json_;
    std::shared_ptr<const sweep::Figures> figures_;  ///< of it; never changes
};

}  // namespace wagesim
