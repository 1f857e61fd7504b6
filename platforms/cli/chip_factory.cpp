// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/cli/chip_factory.hpp"

#include <fmt/core.h>

#include <stdexcept>
#include <string_view>
#include <utility>

#include "platforms/cli/exit_code.hpp"
#include "platforms/config/config_error.hpp"
#include "ref/numerics/integer.hpp"
#include "tlm/quantize_update/quantize_update_twin.hpp"

namespace wagesim::cli {
namespace {

constexpr std::string_view kTraining = "training.";
constexpr std::string_view kEvaluation = "evaluation.";

std::unique_ptr<QuantizeUpdateUnit> make_unit(const chip::QuantizeUpdateConfig& config, chip::Fidelity fidelity,
                                              const std::shared_ptr<verify::LockstepRecord>& record,
                                              const verify::RtlExtras& extras)
{
    try {
        if (fidelity == chip::Fidelity::timing) return std::make_unique<chip::QuantizeUpdateTimingUnit>(config.lanes);
        return verify::make_quantize_update_unit(config, record, extras);
    } catch (const std::invalid_argument& fault) {
        // A library's reason may be another one than the lanes, and names its file.
        if (extras.library) throw UsageError(fmt::format("--rtl-library: {}", fault.what()));
        throw config::ConfigError(fmt::format("chip.lanes: {}", fault.what()));
    }
}

chip::ChipOptions chip_options(const config::RunConfig& config)
{
    chip::ChipOptions options;
    options.widths = config.widths;
    options.weight_clip = config.training.weight_clip;
    options.gamma_log2 = numerics::floor_log2(static_cast<std::uint64_t>(config.training.gamma));
    options.seed = config.seed;
    options.range = config.data.range;
    options.batch = static_cast<std::size_t>(config.training.batch);
    if (config.technology) options.technology = *config.technology;
    options.activity = config.activity;
    return options;
}

void require_runnable(const config::RunConfig& config)
{
    const std::vector<std::string> faults = chip::chip_faults(*config.chip, config.network, chip_options(config));
    if (!faults.empty()) throw config::ConfigError(fmt::format("chip {}: {}", config.chip->name, faults.front()));
}

void add(Counters& counters, std::string_view phase, const chip::ChipStatistics& statistics)
{
    for (const auto& [name, value] : counters_of(statistics)) counters[std::string(phase) + name] = value;
}

chip::NamedCounters take(const Counters& counters, std::string_view phase, const chip::ChipStatistics& statistics)
{
    chip::NamedCounters taken = counters_of(statistics);
    for (auto& [name, value] : taken) {
        const auto found = counters.find(std::string(phase) + name);
        if (found == counters.end()) throw std::invalid_argument("no " + std::string(phase) + name);
        value = found->second;
    }
    return taken;
}

/// 64-bit numbers as pairs of 32-bit ones, the lower half first.
std::vector<std::uint32_t> halves(const std::vector<std::uint64_t>& values)
{
    std::vector<std::uint32_t> out;
    for (const std::uint64_t value : values) {
        out.push_back(static_cast<std::uint32_t>(value));
        out.push_back(static_cast<std::uint32_t>(value >> 32U));
    }
    return out;
}

std::vector<std::uint64_t> wholes(const std::vector<std::uint32_t>& halves)
{
    if (halves.size() % 2 != 0) throw std::invalid_argument("got half a number");
    std::vector<std::uint64_t> out;
    for (std::size_t i = 0; i < halves.size(); i += 2) {
        out.push_back(halves[i] | (std::uint64_t{halves[i + 1]} << 32U));
    }
    return out;
}

}  // namespace

chip::Mapping map_chip(const config::RunConfig& config)
{
    require_runnable(config);
    return {*config.chip, config.network, chip_options(config)};
}

std::optional<std::string> BuiltChip::unit_failure() const
{
    if (extras.library && extras.library->failure())
        return "rtl library " + std::string(extras.library->failure()->what());
    if (!lockstep || !lockstep->failure) return std::nullopt;
    return lockstep->failure->what();
}

BuiltChip build_chip(const config::RunConfig& config, verify::RtlExtras extras)
{
    require_runnable(config);
    BuiltChip built;
    built.extras = std::move(extras);
    if (config.chip->quantize_update.quantizer == chip::Quantizer::lockstep) {
        built.lockstep = std::make_shared<verify::LockstepRecord>();
    }
    built.chip = std::make_unique<chip::Chip>(
        "chip", *config.chip, config.network, chip_options(config),
        make_unit(config.chip->quantize_update, config.chip->fidelity, built.lockstep, built.extras));
    return built;
}

Counters chip_counters(const chip::Chip& chip)
{
    Counters counters;
    add(counters, kTraining, chip.training_statistics());
    add(counters, kEvaluation, chip.evaluation_statistics());
    return counters;
}

void restore_chip_counters(chip::Chip& chip, const Counters& counters)
{
    chip.restore_statistics(take(counters, kTraining, chip.training_statistics()),
                            take(counters, kEvaluation, chip.evaluation_statistics()));
}

StateArrays chip_state(const chip::Chip& chip)
{
    StateArrays out;
    std::size_t cells = 0;
    for (std::vector<std::uint32_t>& state : chip.wear_states()) out[fmt::format("wear{}", cells++)] = std::move(state);
    std::size_t group = 0;
    for (chip::DeviceState& state : chip.device_states()) {
        const std::string prefix = fmt::format("devices{}/", group++);
        out[prefix + "cells"] = std::move(state.cells);
        out[prefix + "written"] = std::move(state.written);
        out[prefix + "times"] = halves(state.times);
        out[prefix + "programmings"] = halves({state.programmings});
    }
    return out;
}

void restore_chip_state(chip::Chip& chip, const StateArrays& state)
{
    std::vector<std::vector<std::uint32_t>> wear;
    for (auto found = state.find("wear0"); found != state.end();
         found = state.find(fmt::format("wear{}", wear.size()))) {
        wear.push_back(found->second);
    }
    std::vector<chip::DeviceState> states;
    constexpr std::size_t kArrays = 4;  // of a group
    for (std::size_t group = 0; wear.size() + group * kArrays < state.size(); ++group) {
        const auto array = [&](const char* name) -> const std::vector<std::uint32_t>& {
            const auto found = state.find(fmt::format("devices{}/{}", group, name));
            if (found == state.end()) throw std::invalid_argument(fmt::format("no devices{}/{}", group, name));
            return found->second;
        };
        const std::vector<std::uint64_t> programmings = wholes(array("programmings"));
        if (programmings.size() != 1) throw std::invalid_argument("got programmings that are no single number");
        states.push_back({array("cells"), array("written"), wholes(array("times")), programmings.front()});
    }
    chip.restore_wear(wear);
    chip.restore_devices(states);
}

}  // namespace wagesim::cli
