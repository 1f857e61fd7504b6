// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/inspect/power_recorder.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace wagesim::inspect {

Windows coarsened(const chip::PowerProfile& profile, std::size_t most)
{
    Windows out{profile.window(), profile.windows()};
    while (out.amounts.size() > most) {
        std::vector<chip::Attojoules> halved((out.amounts.size() + 1) / 2);
        for (std::size_t i = 0; i < out.amounts.size(); ++i) halved[i / 2] += out.amounts[i];
        out.amounts = std::move(halved);
        out.cycles *= 2;
    }
    return out;
}

void PowerRecorder::begin_program(chip::ProgramKind kind, const chip::Program& /*program*/, std::uint64_t /*cycle*/)
{
    listening_ = kind == chip::ProgramKind::training && !complete();
}

void PowerRecorder::end_program(std::uint64_t cycles, const chip::PowerProfile& profile)
{
    if (!listening_) return;
    listening_ = false;
    cycles_ = cycles;
    energy_ = coarsened(profile, kMostWindows);
}

std::string PowerRecorder::json(double clock_ghz, chip::Attojoules leakage_a_cycle) const
{
    const std::uint64_t cycles = cycles_.value_or(0);
    // 1 aJ in 1 cycle of 1 GHz is 1 nW.
    const auto watts = [&](double attojoules_a_cycle) { return attojoules_a_cycle * clock_ghz * 1e-9; };
    nlohmann::ordered_json dynamic = nlohmann::ordered_json::array();
    for (std::uint64_t first = 0; first < cycles; first += energy_.cycles) {
        const std::size_t index = static_cast<std::size_t>(first / energy_.cycles);
        const auto length = static_cast<double>(std::min(energy_.cycles, cycles - first));
        const double energy = index < energy_.amounts.size() ? static_cast<double>(energy_.amounts[index]) : 0.0;
        dynamic.push_back(watts(energy / length));
    }
    const nlohmann::ordered_json out = {{"clock_ghz", clock_ghz},
                                        {"cycles", cycles},
                                        {"window_cycles", energy_.cycles},
                                        {"leakage_w", watts(static_cast<double>(leakage_a_cycle))},
                                        {"dynamic_w", dynamic}};
    return out.dump() + "\n";
}

}  // namespace wagesim::inspect
