// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Fenced blocks of a Markdown page, and whether a command printed what the page shows. It runs nothing.
#pragma once

#include <string>
#include <vector>

namespace wagesim::test {

/// A ``` block.
struct DocBlock {
    std::string language;
    std::string text;  ///< lines with their newlines
    std::string file;  ///< named in the line before, as in "`unit.cpp`:"; else empty
};
[[nodiscard]] std::vector<DocBlock> blocks_in(const std::string& markdown);

struct DocExample {
    std::string command;
    std::string expected;  ///< standard output, then standard error; "..." stands for anything
};
/// Of a ```console block: commands stand behind "$ ", below each what it prints.
[[nodiscard]] std::vector<DocExample> examples_in_block(const std::string& text);
/// Of all ```console blocks.
[[nodiscard]] std::vector<DocExample> examples_in(const std::string& markdown);

/// The pieces between "..." occur in order, the first at the start and the last at the end.
[[nodiscard]] bool matches(const std::string& text, const std::string& pattern);

}  // namespace wagesim::test
