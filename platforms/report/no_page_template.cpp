// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What a build with WAGESIM_REPORT=OFF has instead of the pages.
#include "platforms/report/page.hpp"

namespace wagesim::report {

std::string_view page_template()
{
    return {};
}

std::string_view explore_template()
{
    return {};
}

}  // namespace wagesim::report
