// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/inspect/wear_json.hpp"

#include <nlohmann/json.hpp>

namespace wagesim::inspect {
namespace {

using Json = nlohmann::ordered_json;

/// Bins row by row: the most worn cell of each, and the mean over its cells.
Json map_json(const chip::WearMap& map)
{
    Json mean = Json::array();
    for (std::size_t bin = 0; bin < map.total.size(); ++bin) {
        mean.push_back(static_cast<double>(map.total[bin]) / static_cast<double>(map.cells[bin]));
    }
    return {{"rows", map.rows},         {"columns", map.columns},
            {"bin_rows", map.bin_rows}, {"bin_columns", map.bin_columns},
            {"most", map.most},         {"mean", mean}};
}

}  // namespace

std::string wear_json(const std::vector<chip::GroupWear>& wear, std::uint64_t steps, std::uint64_t endurance)
{
    Json units = Json::array();
    for (const chip::GroupWear& group : wear) {
        units.push_back({{"unit", group.unit},
                         {"layers", group.layers},
                         {"resident", group.resident},
                         {"transposed", group.transposed},
                         {"cells", group.cells},
                         {"pulses", group.total},
                         {"most", group.most},
                         {"map", map_json(group.map)}});
    }
    const Json out = {
        {"steps", steps}, {"endurance", endurance > 0 ? Json(endurance) : Json(nullptr)}, {"units", units}};
    return out.dump() + "\n";
}

}  // namespace wagesim::inspect
