// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A word that is too long for a line stays whole.
#include "platforms/inspect/wrapped_text.hpp"

#include <algorithm>
#include <sstream>

namespace wagesim::inspect {

std::string wrapped(const std::string& head, const std::string& text, std::size_t indent)
{
    std::string out;
    std::string line = head;
    bool fresh = true;
    for (std::size_t from = 0; from < text.size();) {
        const std::size_t end = std::min(text.find(' ', from), text.size());
        const std::string word = text.substr(from, end - from);
        if (!fresh && line.size() + 1 + word.size() > kTextColumns) {
            out += line + "\n";
            line = std::string(indent, ' ');
        }
        line += " " + word;
        fresh = false;
        from = end + 1;
    }
    return out + line + "\n";
}

std::string wrapped_lines(const std::string& text, std::size_t indent)
{
    std::string out;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        const std::size_t space = line.find(' ', line.find_first_not_of(' '));
        if (line.size() <= kTextColumns || space == std::string::npos) {
            out += line + "\n";
        } else {
            out += wrapped(line.substr(0, space), line.substr(space + 1), indent);
        }
    }
    return out;
}

}  // namespace wagesim::inspect
