// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A page of docs from its first block to its last, as a reader does it: its `sh` block installs, named blocks are
// files, and the commands of `console` blocks print what the page says. All in one empty folder.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/doc_examples.hpp"
#include "tests/system/wagesim_command.hpp"

namespace wagesim::test {

class InstalledPage {
public:
    /// `page` is a file in the source tree; `build` the build folder that the page calls build/release.
    InstalledPage(std::string page, std::string build) : page_(std::move(page)), build_(std::move(build))
    {
        std::filesystem::create_directories(home());
        std::filesystem::create_directories(folder());
    }

    [[nodiscard]] std::filesystem::path folder() const { return place_.path() / "empty"; }
    [[nodiscard]] std::size_t commands() const noexcept { return commands_; }
    [[nodiscard]] std::size_t files() const noexcept { return files_; }

    /// Expects every command to print what the page says.
    void run()
    {
        const std::filesystem::path source = WAGESIM_SOURCE_DIR;
        for (const DocBlock& block : blocks_in(read_text(source / page_))) {
            if (!block.file.empty()) {
                write_text(folder() / block.file, block.text);
                ++files_;
            } else if (block.language == "sh") {
                install(block.text);
            } else {
                ASSERT_EQ(block.language, "console") << block.text;
                for (const DocExample& example : examples_in_block(block.text)) try_out(example);
            }
        }
    }

    /// In the folder, with what the page has exported.
    [[nodiscard]] CommandResult shell(const std::string& command) const
    {
        return run_command({"/bin/sh", "-c", exports_ + "cd '" + folder().string() + "'\n" + command}, environment());
    }

private:
    [[nodiscard]] std::filesystem::path home() const { return place_.path() / "home"; }
    [[nodiscard]] std::vector<std::string> environment() const
    {
        return wagesim_environment({"HOME=" + home().string()});
    }

    void install(std::string block)
    {
        exports_ = block.substr(block.find("export "));
        const std::string release = "build/release";
        ASSERT_NE(block.find(release), std::string::npos) << block;
        block.replace(block.find(release), release.size(), build_);
        const CommandResult result =
            run_command({"/bin/sh", "-c", std::string("cd '") + WAGESIM_SOURCE_DIR + "' && " + block}, environment());
        ASSERT_EQ(result.status, 0) << result.err;
    }

    void try_out(const DocExample& example)
    {
        const CommandResult result = shell("(" + example.command + ") 2>&1");
        EXPECT_TRUE(matches(result.out, example.expected)) << "$ " << example.command << "\n"
                                                           << result.out << "the page says\n"
                                                           << example.expected;
        ++commands_;
    }

    std::string page_;
    std::string build_;
    TemporaryFolder place_;
    std::string exports_;  ///< of the sh block, for all commands after it
    std::size_t commands_ = 0;
    std::size_t files_ = 0;
};

}  // namespace wagesim::test
