// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/report/page.hpp"

#include <stdexcept>

namespace wagesim::report {
namespace {

constexpr std::string_view kMark = "@WAGESIM_DATA@";

/// JSON in which no < > & can end a script element or begin a comment or an entity.
std::string script_safe(const Json& data)
{
    std::string safe;
    for (const char c : data.dump(-1, ' ', false, Json::error_handler_t::replace)) {
        switch (c) {
            case '<': safe += "\\u003c"; break;
            case '>': safe += "\\u003e"; break;
            case '&': safe += "\\u0026"; break;
            default: safe += c;
        }
    }
    return safe;
}

}  // namespace

std::string render_page(std::string_view page, const Json& data)
{
    const std::size_t mark = page.find(kMark);
    if (mark == std::string_view::npos || page.find(kMark, mark + 1) != std::string_view::npos) {
        throw std::logic_error("report: the page's template does not have its mark exactly once");
    }
    std::string out(page.substr(0, mark));
    out += script_safe(data);
    out += page.substr(mark + kMark.size());
    return out;
}

}  // namespace wagesim::report
