// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Files that appear whole or not at all: two writers, what a killed one left, and none.
#include "ref/data/atomic_file.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "ref/data/dataset.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/data/data_files.hpp"

namespace wagesim {
namespace {

using test::TemporaryDirectory;

TEST(AtomicFile, HasOneWriterAtATime)
{
    const TemporaryDirectory dir;
    const std::string path = dir.file("out");
    AtomicFile first(path);
    first.append(std::string(1 << 20, 'a'));
    try {
        AtomicFile second(path);
        FAIL() << "two writers";
    } catch (const DataError& error) {
        EXPECT_EQ(std::string(error.what()), path + ": cannot write: another process is writing it");
    }
    first.commit();
    EXPECT_EQ(test::read_bytes(path), std::string(1 << 20, 'a'));
    AtomicFile third(path);
    third.append("b");
    third.commit();
    EXPECT_EQ(test::read_bytes(path), "b");
}

TEST(AtomicFile, TakesOverWhatAKilledProcessLeft)
{
    const TemporaryDirectory dir;
    const std::string path = dir.file("out");
    test::write_bytes(path + ".tmp", "half a file, and longer than the next one");
    AtomicFile file(path);
    file.append("whole");
    file.commit();
    EXPECT_EQ(test::read_bytes(path), "whole");
    EXPECT_FALSE(std::filesystem::exists(path + ".tmp"));
}

TEST(AtomicFile, FollowsNoLink)
{
    const TemporaryDirectory dir;
    const std::string path = dir.file("out");
    test::write_bytes(dir.file("somebody's"), "dear");
    std::filesystem::create_symlink(dir.file("somebody's"), path + ".tmp");
    try {
        const AtomicFile file(path);
        FAIL() << "a link was followed";
    } catch (const DataError& error) {
        EXPECT_EQ(std::string(error.what()), path + ": cannot write: " + path + ".tmp is a link");
    }
    EXPECT_EQ(test::read_bytes(dir.file("somebody's")), "dear");
}

TEST(AtomicFile, LeavesWhatWasThereUntilItIsCommitted)
{
    const TemporaryDirectory dir;
    const std::string path = dir.file("out");
    test::write_bytes(path, "before");
    {
        AtomicFile file(path);
        file.append("never");
    }
    EXPECT_EQ(test::read_bytes(path), "before");
    EXPECT_FALSE(std::filesystem::exists(path + ".tmp"));
}

}  // namespace
}  // namespace wagesim
