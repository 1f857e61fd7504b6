// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The examples of docs/commands.md, run in order in one folder: what stands below a command is what it prints.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/doc_examples.hpp"
#include "tests/system/wagesim_command.hpp"

namespace wagesim::test {
namespace {

namespace fs = std::filesystem;

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
    const std::vector<DocExample> examples = examples_in(read_text(source / "docs/commands.md"));
    ASSERT_GT(examples.size(), 8U);

    const TemporaryFolder folder;
    fs::create_directory_symlink(source / "configs", folder.path() / "configs");
    const std::string place = "cd '" + folder.path().string() + "' && PATH='" +
                              fs::path(WAGESIM_BINARY).parent_path().string() + "':$PATH && ";
    for (const DocExample& example : examples) {
        const CommandResult result =
            run_command({"/bin/sh", "-c", place + "(" + example.command + ") 2>&1"}, wagesim_environment());
        EXPECT_TRUE(matches(result.out, example.expected)) << "$ " << example.command << "\n"
                                                           << result.out << "the page says\n"
                                                           << example.expected;
    }
}

}  // namespace
}  // namespace wagesim::test
