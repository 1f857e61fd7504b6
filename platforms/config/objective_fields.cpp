// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The table of figures. See the header.
#include "platforms/config/objective_fields.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace wagesim::config {
namespace {

constexpr std::array kOfRun = {"final_test_error", "wall_seconds"};
constexpr std::array kOfEpoch = {"loss", "train_error", "test_error", "images_per_second"};
constexpr std::array kOfChip = {"cycles",
                                "seconds",
                                "images_per_second",
                                "macs.forward",
                                "macs.backward",
                                "macs.gradient",
                                "operations",
                                "energy_j",
                                "power_w.average",
                                "power_w.peak",
                                "tops",
                                "tops_per_w",
                                "area_mm2",
                                "cell_writes.total",
                                "cell_writes.max_per_cell",
                                "cell_writes.mean_per_cell",
                                "cell_writes.lifetime_steps.first_cell",
                                "cell_writes.lifetime_steps.mean_cell"};

template <std::size_t N>
bool contains(const std::array<const char*, N>& names, std::string_view name)
{
    return std::any_of(names.begin(), names.end(), [&](const char* each) { return name == each; });
}

template <std::size_t N>
std::string joined(const std::array<const char*, N>& names)
{
    std::string out;
    for (const char* name : names) out += (out.empty() ? "" : " | ") + std::string(name);
    return out;
}

bool is_epoch(std::string_view text)
{
    constexpr std::size_t kLongest = 9;
    if (text == "last") return true;
    const bool digits = std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    return !text.empty() && text.size() <= kLongest && digits && (text.size() == 1 || text.front() != '0');
}

}  // namespace

bool is_objective_field(SweepCommand command, const std::string& field)
{
    const std::string_view text = field;
    if (contains(kOfRun, text)) return true;
    const std::size_t dot = text.find('.');
    if (dot == std::string_view::npos) return false;
    const std::string_view head = text.substr(0, dot);
    const std::string_view rest = text.substr(dot + 1);
    if (head == "epochs") {
        const std::size_t next = rest.find('.');
        return next != std::string_view::npos && is_epoch(rest.substr(0, next)) &&
               contains(kOfEpoch, rest.substr(next + 1));
    }
    return command == SweepCommand::simulate && (head == "chip" || head == "evaluation") && contains(kOfChip, rest);
}

std::string objective_fields_text(SweepCommand command)
{
    std::string text = joined(kOfRun) + " | epochs.N or epochs.last with ." + joined(kOfEpoch);
    if (command == SweepCommand::simulate) text += " | chip or evaluation with ." + joined(kOfChip);
    return text;
}

bool has_figure(const SweepConfig& sweep, const std::string& field)
{
    return std::any_of(sweep.stages.begin(), sweep.stages.end(),
                       [&](const Stage& stage) { return is_objective_field(stage.command, field); });
}

std::string figures_text(const SweepConfig& sweep)
{
    const bool simulates = std::any_of(sweep.stages.begin(), sweep.stages.end(),
                                       [](const Stage& stage) { return stage.command == SweepCommand::simulate; });
    return objective_fields_text(simulates ? SweepCommand::simulate : SweepCommand::train);
}

}  // namespace wagesim::config
