// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Who is whose child.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace wagesim::test {

/// Processes whose parent is `parent`.
inline std::vector<pid_t> children_of(pid_t parent)
{
    std::vector<pid_t> children;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator("/proc", ignored)) {
        const std::string name = entry.path().filename().string();
        if (name.find_first_not_of("0123456789") != std::string::npos) continue;
        std::ifstream stream(entry.path() / "stat");
        std::string text;
        std::getline(stream, text);
        // pid (name) state parent: the name may hold anything, a parenthesis, too.
        const std::size_t end = text.rfind(')');
        if (end == std::string::npos || end + 4 >= text.size()) continue;
        if (std::stol(text.substr(end + 4)) == parent) children.push_back(static_cast<pid_t>(std::stol(name)));
    }
    return children;
}

/// They and their children, and so on.
inline std::vector<pid_t> descendants_of(pid_t ancestor)
{
    std::vector<pid_t> all = children_of(ancestor);
    for (std::size_t i = 0; i < all.size(); ++i) {
        const std::vector<pid_t> next = children_of(all[i]);
        all.insert(all.end(), next.begin(), next.end());
    }
    return all;
}

}  // namespace wagesim::test
