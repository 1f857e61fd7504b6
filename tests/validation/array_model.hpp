// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What a chip file and its technology say of one array: events, energy and time of products and of programming, by the
// same closed forms that the chip books with. No simulation.
#pragma once

#include <string>

#include "platforms/config/run_config.hpp"
#include "tlm/common/event.hpp"
#include "tlm/energy/part.hpp"

namespace wagesim::test {

class ArrayModel {
public:
    /// `chip`: the name of a file in configs/chips. `weight_bits` of weights, `activation_bits` of activations and
    /// errors. `technology` and `adc_bits` take the place of the chip file's, unless empty or 0.
    ArrayModel(const std::string& chip, int weight_bits, int activation_bits, const std::string& technology = "",
               int adc_bits = 0);

    [[nodiscard]] const chip::ChipConfig& chip() const { return *config_.chip; }
    [[nodiscard]] double event_pj(chip::Event event) const;
    [[nodiscard]] double part_um2(chip::Part part) const;
    [[nodiscard]] double leakage_mw(chip::Part part) const;

    /// Of one component, for one vector through all rows and columns of an array (all slices of its weights). Events
    /// that depend on data are at their largest: every line driven, every cell conducting.
    [[nodiscard]] double forward_pj(chip::Component component) const;
    [[nodiscard]] double backward_pj(chip::Component component) const;
    /// Without converters and what adds up their values.
    [[nodiscard]] double forward_analog_pj() const;
    [[nodiscard]] double backward_analog_pj() const;
    [[nodiscard]] double forward_ns() const;
    /// One array: all rows.
    [[nodiscard]] double programming_pj() const;
    [[nodiscard]] double programming_ns() const;
    /// Products of one vector.
    [[nodiscard]] double macs() const;

private:
    config::RunConfig config_;
    int weight_bits_, activation_bits_;
};

}  // namespace wagesim::test
