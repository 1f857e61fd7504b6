// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/cli/argument_counts.hpp"

#include <fmt/core.h>

#include <string_view>

namespace wagesim::cli {

std::optional<std::string> describe_count(const CLI::App& command, const CLI::ArgumentMismatch& refused)
{
    const std::string_view words = refused.what();
    for (const CLI::Option* const option : command.get_options()) {
        const std::string start = option->get_name() + ":";
        if (words.substr(0, start.size()) != start) continue;
        // An option without a value is refused before it counts as given.
        const std::size_t got = option->results().size();
        if (got == 0) return fmt::format("{} got nothing, allowed {}", start, option->get_type_name());
        const int most = option->get_items_expected_max();
        return fmt::format("{} got {} {}, allowed {}", start, got, got == 1 ? "value" : "values", most);
    }
    return std::nullopt;
}

}  // namespace wagesim::cli
