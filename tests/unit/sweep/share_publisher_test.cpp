// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Copies of a database that is being written.
#include "platforms/sweep/share_publisher.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/run_command.hpp"
#include "tests/unit/sweep/sweep_values.hpp"

namespace wagesim::sweep {
namespace {

TEST(SharePublishers, ShowWhatHasChanged)
{
    const test::TemporaryFolder folder;
    const std::string copy = folder / "published.sqlite";
    const Identity identity{"hash", "train", std::nullopt, 1};
    Database database(folder / "sweep.sqlite", "tiny", SqliteConnection::Mode::create);
    database.describe(tiny_sweep(), "one");
    SharePublisher publisher(database, copy);
    publisher.publish();
    EXPECT_FALSE(Database(copy).find(identity));
    database.begin(identity, "", "1");
    EXPECT_FALSE(Database(copy).find(identity)) << "until it is published";
    publisher.publish();
    EXPECT_TRUE(Database(copy).find(identity));
}

TEST(SharePublishers, LeaveWhatHasNot)
{
    const test::TemporaryFolder folder;
    const std::string copy = folder / "published.sqlite";
    Database database(folder / "sweep.sqlite", "tiny", SqliteConnection::Mode::create);
    database.describe(tiny_sweep(), "one");
    SharePublisher publisher(database, copy);
    publisher.publish();
    std::filesystem::remove(copy);
    publisher.publish();
    EXPECT_FALSE(std::filesystem::exists(copy));
}

}  // namespace
}  // namespace wagesim::sweep
