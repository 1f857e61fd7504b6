// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "tests/support/doc_examples.hpp"

#include <sstream>

namespace wagesim::test {

std::vector<DocBlock> blocks_in(const std::string& markdown)
{
    std::vector<DocBlock> blocks;
    bool inside = false;
    std::string before;  // the last line that was not empty
    std::istringstream lines(markdown);
    for (std::string line; std::getline(lines, line);) {
        if (line.rfind("```", 0) == 0) {
            inside = !inside;
            if (!inside) continue;
            DocBlock& block = blocks.emplace_back();
            block.language = line.substr(3);
            if (before.size() > 3 && before.front() == '`' && before.substr(before.size() - 2) == "`:") {
                block.file = before.substr(1, before.size() - 3);
            }
            before.clear();
        } else if (inside) {
            blocks.back().text += line + "\n";
        } else if (!line.empty()) {
            before = line;
        }
    }
    return blocks;
}

std::vector<DocExample> examples_in_block(const std::string& text)
{
    std::vector<DocExample> examples;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        if (line.rfind("$ ", 0) == 0) {
            examples.push_back({line.substr(2), ""});
        } else {
            examples.back().expected += line + "\n";
        }
    }
    return examples;
}

std::vector<DocExample> examples_in(const std::string& markdown)
{
    std::vector<DocExample> examples;
    for (const DocBlock& block : blocks_in(markdown)) {
        if (block.language != "console") continue;
        for (DocExample& example : examples_in_block(block.text)) examples.push_back(std::move(example));
    }
    return examples;
}

bool matches(const std::string& text, const std::string& pattern)
{
    std::size_t at = 0;
    std::size_t from = 0;
    while (true) {
        const std::size_t dots = pattern.find("...", from);
        const std::string piece = pattern.substr(from, dots == std::string::npos ? dots : dots - from);
        if (dots == std::string::npos) {
            if (from == 0) return text == piece;
            return text.size() >= at + piece.size() &&
                   text.compare(text.size() - piece.size(), piece.size(), piece) == 0;
        }
        const std::size_t found = text.find(piece, at);
        if (found == std::string::npos || (from == 0 && found != 0)) return false;
        at = found + piece.size();
        from = dots + 3;
    }
}

}  // namespace wagesim::test
