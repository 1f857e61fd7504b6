// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// docs/tutorials/verify-your-rtl.md from its first block to its last, with an installed wagesim in a folder of its own:
// files are written as the page has them, commands print what the page says.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/doc_examples.hpp"
#include "tests/system/wagesim_command.hpp"

namespace wagesim::test {
namespace {

namespace fs = std::filesystem;

TEST(RtlTutorial, DoesWhatItSays)
{
    const fs::path source = WAGESIM_SOURCE_DIR;
    const std::string page = read_text(source / "docs/tutorials/verify-your-rtl.md");
    const TemporaryFolder folder;
    const fs::path home = folder.path() / "home";
    const fs::path empty = folder.path() / "empty";
    fs::create_directories(home);
    fs::create_directories(empty);
    const std::vector<std::string> environment = wagesim_environment({"HOME=" + home.string()});
    std::string exports;  // of the first block, for all commands after it
    std::size_t commands = 0;
    std::size_t files = 0;
    for (const DocBlock& block : blocks_in(page)) {
        if (!block.file.empty()) {
            write_text(empty / block.file, block.text);
            ++files;
        } else if (block.language == "sh") {
            // The page means the release build in the source tree; this is the build under test.
            std::string install = block.text;
            const std::string release = "build/release";
            ASSERT_NE(install.find(release), std::string::npos) << install;
            install.replace(install.find(release), release.size(), WAGESIM_BUILD_DIR);
            const CommandResult result =
                run_command({"/bin/sh", "-c", "cd '" + source.string() + "' && " + install}, environment);
            ASSERT_EQ(result.status, 0) << result.err;
            exports = block.text.substr(block.text.find("export "));
        } else {
            ASSERT_EQ(block.language, "console") << block.text;
            for (const DocExample& example : examples_in_block(block.text)) {
                const std::string line = exports + "cd '" + empty.string() + "'\n(" + example.command + ") 2>&1";
                const CommandResult result = run_command({"/bin/sh", "-c", line}, environment);
                EXPECT_TRUE(matches(result.out, example.expected)) << "$ " << example.command << "\n"
                                                                   << result.out << "the page says\n"
                                                                   << example.expected;
                ++commands;
            }
        }
    }
    EXPECT_EQ(files, 3U);
    EXPECT_GT(commands, 10U);
    // Whoever writes a library in C has the header alone.
    write_text(empty / "alone.c",
               "#include <rtl/library/rtl_library.h>\nint main(void) { return wagesim_rtl_library() == 0; }\n");
    const CommandResult alone =
        run_command({"/bin/sh", "-c",
                     exports + "cd '" + empty.string() +
                         "'\nmkdir alone alone/rtl\ncp -r \"$PREFIX/include/wagesim/rtl/library\" alone/rtl/\n"
                         "gcc -std=c99 -Wall -Wextra -Wpedantic -Werror -I alone -c alone.c -o alone.o"},
                    environment);
    EXPECT_EQ(alone.status, 0) << alone.err;
}

}  // namespace
}  // namespace wagesim::test
