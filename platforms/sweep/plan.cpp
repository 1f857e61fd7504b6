// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/sweep/plan.hpp"

#include <nlohmann/json.hpp>

#include "ref/data/dataset.hpp"

namespace wagesim::sweep {

std::vector<std::vector<std::uint64_t>> split(const std::vector<MissingPoint>& points, std::uint64_t shares)
{
    std::vector<std::vector<std::uint64_t>> out(shares);
    for (const MissingPoint& point : points) out[point.run % shares].push_back(point.index);
    return out;
}

std::string plan_text(const Plan& plan)
{
    const nlohmann::ordered_json json = {{"sweep", plan.sweep},
                                         {"fingerprint", plan.fingerprint},
                                         {"stage", plan.stage},
                                         {"designs", plan.designs},
                                         {"shares", plan.shares}};
    return json.dump() + "\n";
}

Plan parse_plan(const std::string& text, const std::string& file)
{
    try {
        const nlohmann::json json = nlohmann::json::parse(text);
        Plan plan;
        plan.sweep = json.at("sweep").get<std::string>();
        plan.fingerprint = json.at("fingerprint").get<std::string>();
        plan.stage = json.at("stage").get<std::size_t>();
        plan.designs = json.at("designs").get<std::vector<std::uint64_t>>();
        plan.shares = json.at("shares").get<std::vector<std::vector<std::uint64_t>>>();
        return plan;
    } catch (const nlohmann::json::exception&) {
        // Said below, in our words.
    }
    throw DataError(file + ": got something else, allowed a plan as wagesim sweep slurm writes it");
}

}  // namespace wagesim::sweep
