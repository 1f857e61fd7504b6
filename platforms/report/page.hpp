// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// One self-contained HTML page: a built template (page/, docs/report.md) with data for its script. What the data mean
// is the business of run_json.hpp and sweep_json.hpp, how they are drawn the page's.
#pragma once

#include <string>
#include <string_view>

#include "platforms/report/json.hpp"

namespace wagesim::report {

/// The template for runs of this build; empty where it was built without one (WAGESIM_REPORT=OFF).
[[nodiscard]] std::string_view page_template();
/// That for sweeps.
[[nodiscard]] std::string_view explore_template();

/// The template with `data` in place of its mark. Whatever texts the data hold, they stay data: no character of theirs
/// ends the element that they stand in. Bytes that are no UTF-8 become U+FFFD.
[[nodiscard]] std::string render_page(std::string_view page, const Json& data);

}  // namespace wagesim::report
