// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The examples of docs/commands.md, run in order in one folder: what stands below a command is what it prints.
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "tests/system/wagesim_command.hpp"

namespace wagesim::test {
namespace {

namespace fs = std::filesystem;

struct Example {
    std::string command;
    std::string expected;  ///< standard output, then standard error; "..." stands for anything
};

/// Of all ```console blocks.
std::vector<Example> examples_in(const std::string& markdown)
{
    std::vector<Example> examples;
    bool inside = false;
    std::istringstream lines(markdown);
    for (std::string line; std::getline(lines, line);) {
        if (line.rfind("```", 0) == 0) {
            inside = line == "```console";
        } else if (inside && line.rfind("$ ", 0) == 0) {
            examples.push_back({line.substr(2), ""});
        } else if (inside) {
            examples.back().expected += line + "\n";
        }
    }
    return examples;
}

/// The pieces between "..." occur in order, the first at the start and the last at the end.
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

TEST(CommandsPage, MatchingKnowsItsDots)
{
    EXPECT_TRUE(matches("abc", "abc"));
    EXPECT_TRUE(matches("abc", "a...c"));
    EXPECT_TRUE(matches("abc", "...c"));
    EXPECT_TRUE(matches("abc", "a..."));
    EXPECT_FALSE(matches("abc", "ab"));
    EXPECT_FALSE(matches("abc", "b...c"));
    EXPECT_FALSE(matches("abc", "a...b"));
    EXPECT_FALSE(matches("ab", "ab...b"));
}

TEST(CommandsPage, ExamplesPrintWhatThePageSays)
{
    const fs::path source = WAGESIM_SOURCE_DIR;
    const std::vector<Example> examples = examples_in(read_text(source / "docs/commands.md"));
    ASSERT_GT(examples.size(), 8U);

    const TemporaryFolder folder;
    fs::create_directory_symlink(source / "configs", folder.path() / "configs");
    const std::string place = "cd '" + folder.path().string() + "' && PATH='" +
                              fs::path(WAGESIM_BINARY).parent_path().string() + "':$PATH && ";
    for (const Example& example : examples) {
        const CommandResult result =
            run_command({"/bin/sh", "-c", place + "(" + example.command + ") 2>&1"}, wagesim_environment());
        EXPECT_TRUE(matches(result.out, example.expected)) << "$ " << example.command << "\n"
                                                           << result.out << "the page says\n"
                                                           << example.expected;
    }
}

}  // namespace
}  // namespace wagesim::test
