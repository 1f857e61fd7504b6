// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Who may write in a run's folder: that is looked at before the data are read, and again when the folder is claimed.
#include "platforms/cli/run_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <string>

#include "platforms/cli/exit_code.hpp"
#include "tests/support/run_command.hpp"

namespace wagesim::cli {
namespace {

namespace fs = std::filesystem;
using test::write_text;
using ::testing::EndsWith;

std::string refusal(const std::function<void()>& work)
{
    try {
        work();
    } catch (const UsageError& error) {
        return error.what();
    }
    return "nothing was refused";
}

TEST(RunDirectory, ARunThatCameMeanwhileIsNotWrittenOver)
{
    const test::TemporaryFolder folder;
    const std::string path = folder / "run";
    RunDirectory late(path, false, true);
    fs::create_directory(path);
    write_text(path + "/config.yaml", "name: another\n");
    EXPECT_THAT(refusal([&] { late.claim(); }),
                EndsWith("run holds a run already (config.yaml); --resume goes on with it"));
    RunDirectory inference(folder / "other", false, false);
    fs::create_directory(folder / "other");
    write_text(folder / "other/result.json", "{}");
    EXPECT_THAT(refusal([&] { inference.claim(); }), EndsWith("other holds a run already (result.json)"));
}

/// Until it is whole a file has another name, under which nothing may be lost either.
TEST(WritablePlace, IsNoInputUnderEitherName)
{
    const test::TemporaryFolder folder;
    const std::string file = folder / "dump.npz";
    write_text(folder / "labels", "dear");
    EXPECT_NO_THROW(require_writable_place("--dump", file, {folder / "labels"}));
    EXPECT_EQ(refusal([&] { require_writable_place("--dump", file, {file}); }),
              "--dump: got " + file + ", which this run reads or writes itself");
    EXPECT_EQ(refusal([&] {
                  require_writable_place("--dump", file, {folder / "labels", file + ".tmp"});
              }),
              "--dump: got " + file + ", whose " + file + ".tmp this run reads or writes itself");
    fs::create_symlink(folder / "labels", file + ".tmp");
    EXPECT_EQ(refusal([&] { require_writable_place("--dump", file, {}); }),
              "--dump: got " + file + " beside " + file + ".tmp, allowed a new file or a regular one to replace");
}

TEST(RunDirectory, ACheckpointThatCameMeanwhileIsNotGoneOnWith)
{
    const test::TemporaryFolder folder;
    const std::string path = folder / "run";
    {
        RunDirectory late(path, true, true);
        fs::create_directory(path);
        write_text(path + "/checkpoint.npz", "of another\n");
        EXPECT_THAT(refusal([&] { late.claim(); }), EndsWith("run while this one began"));
    }
    RunDirectory next(path, true, true);
    next.claim();
}

TEST(RunDirectory, IsClaimedByOne)
{
    const test::TemporaryFolder folder;
    RunDirectory first(folder / "run", false, true);
    first.claim();
    RunDirectory second(folder / "run", false, true);
    EXPECT_THAT(refusal([&] { second.claim(); }), ::testing::HasSubstr("another run is writing in "));
}

}  // namespace
}  // namespace wagesim::cli
