// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/report/record_of_config.hpp"

#include <algorithm>

#include "platforms/config/print_run.hpp"
#include "ref/network/layer_geometry.hpp"

namespace wagesim::report {

RunRecord empty_record(const config::RunConfig& config)
{
    RecordPlan plan;
    plan.widths = config.widths;
    plan.config = config::print_run(config);
    plan.largest_eta_exponent =
        std::max_element(config.training.eta.begin(), config.training.eta.end(), [](const auto& x, const auto& y) {
            return x.second < y.second;
        })->second;
    return make_record(make_geometry(config.network, config.widths), plan);
}

}  // namespace wagesim::report
