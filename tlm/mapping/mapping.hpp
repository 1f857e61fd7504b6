// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// From a network and a chip to what the chip executes: layer plans, placement, memory plan, and programs for loading,
// training and evaluation. Plain C++; executes nothing.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ref/network/network.hpp"
#include "tlm/chip/chip_config.hpp"
#include "tlm/chip/chip_options.hpp"
#include "tlm/mapping/layer_plan.hpp"
#include "tlm/mapping/memory_plan.hpp"
#include "tlm/mapping/placement.hpp"
#include "tlm/mapping/program.hpp"

namespace wagesim::chip {

/// Everything that keeps this chip from running this network, one line each; empty where nothing does.
[[nodiscard]] std::vector<std::string> chip_faults(const ChipConfig& config, const Network& network,
                                                   const ChipOptions& options);

class Mapping {
public:
    /// Throws std::invalid_argument with all of chip_faults.
    Mapping(const ChipConfig& config, const Network& network, const ChipOptions& options);

    [[nodiscard]] const std::vector<LayerPlan>& layers() const noexcept { return layers_; }
    [[nodiscard]] const Placement& placement() const noexcept { return placement_; }
    [[nodiscard]] const MemoryPlan& memory() const noexcept { return memory_; }
    [[nodiscard]] const ChipConfig& config() const noexcept { return config_; }
    [[nodiscard]] const ChipOptions& options() const noexcept { return options_; }

    [[nodiscard]] UnitId gradient_unit() const noexcept { return static_cast<UnitId>(placement_.groups.size()); }
    [[nodiscard]] UnitId quantize_update_unit() const noexcept { return gradient_unit() + 1; }
    /// partitions0, ..., gradient, quantize_update; by UnitId.
    [[nodiscard]] std::vector<std::string> unit_names() const;

    /// Quantizes the stored weights that the host put into memory, and programs the layers that stay in their cells.
    [[nodiscard]] Program load_program() const;
    /// One step on `samples` images and labels in memory, 1 <= samples <= batch.
    [[nodiscard]] Program training_program(std::size_t samples) const;
    /// Predictions for `samples` images in memory.
    [[nodiscard]] Program evaluation_program(std::size_t samples) const;

    /// Placement, memory plan and the training step for a whole batch.
    [[nodiscard]] std::string text() const;

private:
    ChipConfig config_;
    ChipOptions options_;
    std::vector<LayerPlan> layers_;
    Placement placement_;
    MemoryPlan memory_;
};

}  // namespace wagesim::chip
