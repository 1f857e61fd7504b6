// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What goes into the database comes out of it, also after it was closed; other files are refused.
#include "platforms/sweep/database.hpp"

#include <gmock/gmock.h>

#include <stdexcept>

#include "platforms/config/config_error.hpp"
#include "platforms/sweep/folder_lock.hpp"
#include "ref/data/dataset.hpp"
#include "tests/support/run_command.hpp"
#include "tests/unit/sweep/sweep_values.hpp"

namespace wagesim::sweep {
namespace {

using ::testing::HasSubstr;
using Mode = SqliteConnection::Mode;

const Identity kOne{"aaaa", "train", std::nullopt, 1};

class SweepDatabase : public ::testing::Test {
protected:
    [[nodiscard]] std::string file() const { return folder_ / "sweep.sqlite"; }
    [[nodiscard]] Database open(Mode mode = Mode::create) const { return {file(), "tiny", mode}; }

    test::TemporaryFolder folder_;
};

TEST_F(SweepDatabase, KeepsWhatWasRecorded)
{
    const Record done{State::done, "1+model.1", "", R"({"final_test_error":0.5})", 1.5, std::nullopt};
    const Identity steps{"aaaa", "train", 5, 1};
    {
        Database database = open();
        EXPECT_FALSE(database.find(kOne));
        database.begin(kOne, "folder", "1+model.1");
        EXPECT_EQ(database.find(kOne)->state, State::begun);
        database.finish(kOne, done);
        database.begin(steps, "folder", "1+model.1");
    }
    Database database = open(Mode::existing);
    const Record found = database.find(kOne).value();
    EXPECT_EQ(found.state, State::done);
    EXPECT_EQ(found.version, done.version);
    EXPECT_EQ(found.result, done.result);
    EXPECT_EQ(found.wall_seconds, 1.5);
    EXPECT_EQ(found.images_per_second, std::nullopt);
    EXPECT_EQ(database.find(steps)->state, State::begun);
    for (const Identity& other : {Identity{"aaab", "train", {}, 1}, Identity{"aaaa", "simulate", {}, 1},
                                  Identity{"aaaa", "train", 0, 1}, Identity{"aaaa", "train", {}, 2}}) {
        EXPECT_FALSE(database.find(other)) << other.folder_name();
    }
}

TEST_F(SweepDatabase, ForgetsFailuresAndNothingElse)
{
    Database database = open();
    const Identity other{"bbbb", "train", std::nullopt, 1};
    for (const Identity& each : {kOne, other}) database.begin(each, "folder", "1");
    database.finish(kOne, {State::failed, "1", "line with 'quotes'", "", {}, {}});
    database.finish(other, {State::done, "1", "", "{}", {}, {}});
    EXPECT_EQ(database.find(kOne)->error, "line with 'quotes'");
    database.forget_failures();
    EXPECT_EQ(database.find(kOne)->state, State::begun);
    EXPECT_EQ(database.find(other)->state, State::done);
}

TEST_F(SweepDatabase, ResultsWithoutAFolderAreCompressed)
{
    const std::string result = R"({"x": ")" + std::string(10'000, 'y') + "\"}";
    const Identity other{"bbbb", "simulate", std::nullopt, 1};
    Database database = open();
    database.begin(kOne, "folder", "1");
    database.begin(other, "", "1");
    for (const Identity& each : {kOne, other}) {
        database.finish(each, {State::done, "1", "", result, {}, {}});
        EXPECT_EQ(database.find(each)->result, result);
    }
    SqliteConnection reader(file(), Mode::existing);
    SqliteStatement sizes(reader, "SELECT length(result) FROM points ORDER BY config_hash");
    ASSERT_TRUE(sizes.step());
    EXPECT_EQ(sizes.integer(0), static_cast<std::int64_t>(result.size()));
    ASSERT_TRUE(sizes.step());
    EXPECT_LT(sizes.integer(0), 200);
}

Point point_at(std::uint64_t index, std::uint64_t design)
{
    return {index, design, 0, {{"widths.g", config::parse_document(std::to_string(design), no_file(), "")}}};
}

TEST_F(SweepDatabase, KnowsWhatStandsWhere)
{
    const config::SweepConfig sweep = tiny_sweep();
    Database database = open();
    database.describe(sweep, "one");
    database.begin(kOne, "folder", "1");
    database.place(0, point_at(3, 7), kOne);
    database.place(0, point_at(1, 8), std::nullopt);
    database.place(1, point_at(3, 9), kOne);
    database.finish(kOne, {State::done, "1", "", "{}", {}, {}});
    std::vector<Member> members;
    database.visit_members(0, [&](const Member& member) { members.push_back(member); });
    ASSERT_EQ(members.size(), 2U);
    EXPECT_EQ(members[0].index, 1U);
    EXPECT_TRUE(members[0].excluded);
    EXPECT_EQ(members[1].design, 7U);
    EXPECT_TRUE(members[1].identity == kOne);
    EXPECT_EQ(members[1].record.result, "{}");
    EXPECT_EQ(members[1].folder, "folder");
    database.visit_states(1, [&](const Member& member) {
        EXPECT_EQ(member.design, 9U);
        EXPECT_EQ(member.record.state, State::done);
        EXPECT_EQ(member.record.result, "");
    });
    EXPECT_EQ(database.member(0, 3)->record.result, "{}");
    EXPECT_FALSE(database.member(0, 2));
}

TEST_F(SweepDatabase, ForgetsPlacesOfOtherPointsAndKeepsTheirResults)
{
    const config::SweepConfig sweep = tiny_sweep();
    Database database = open();
    database.describe(sweep, "one");
    database.begin(kOne, "folder", "1");
    database.place(0, point_at(0, 0), kOne);
    database.describe(sweep, "one");
    EXPECT_TRUE(database.member(0, 0));
    EXPECT_EQ(database.fingerprint(), "one");
    database.describe(sweep, "two");
    EXPECT_FALSE(database.member(0, 0));
    EXPECT_TRUE(database.find(kOne));
}

TEST_F(SweepDatabase, WritesAllOfATransactionOrNothing)
{
    Database database = open();
    EXPECT_THROW(database.transaction([&] {
        database.begin(kOne, "folder", "1");
        throw std::runtime_error("no");
    }),
                 std::runtime_error);
    EXPECT_FALSE(database.find(kOne));
    database.transaction([&] { database.begin(kOne, "folder", "1"); });
    EXPECT_TRUE(database.find(kOne));
}

TEST_F(SweepDatabase, TakesOverWhatIsKnownElsewhere)
{
    const Identity begun{"bbbb", "train", std::nullopt, 1};
    const Identity here{"cccc", "train", std::nullopt, 1};
    const std::string other = folder_ / "other.sqlite";
    {
        Database elsewhere(other, "tiny", Mode::create);
        for (const Identity& each : {kOne, begun, here}) elsewhere.begin(each, "there", "1");
        elsewhere.finish(kOne, {State::done, "1", "", "{}", 1.0, {}});
        elsewhere.finish(here, {State::done, "1", "", "{}", 1.0, {}});
    }
    Database database = open();
    database.begin(kOne, "folder", "1");
    database.begin(here, "folder", "1");
    database.finish(here, {State::done, "2", "", "{}", 2.0, {}});
    database.merge(other);
    database.merge(other);
    EXPECT_EQ(database.find(kOne)->state, State::done);
    EXPECT_EQ(database.find(begun)->state, State::begun);
    EXPECT_EQ(database.find(here)->version, "2") << "what has ended here stays";
}

TEST_F(SweepDatabase, IsDescribedAnewEachTime)
{
    config::SweepConfig sweep = tiny_sweep();
    Database database = open();
    for (const char* key : {"widths.g", "widths.e"}) {
        sweep.axes = {axis(key, {"8"}), axis("seed", {"1"}, config::Role::seed)};
        database.describe(sweep, "fingerprint");
    }
    SqliteConnection reader(file(), Mode::existing);
    SqliteStatement variables(reader, "SELECT key, role FROM variables ORDER BY position");
    ASSERT_TRUE(variables.step());
    EXPECT_EQ(variables.text(0), "widths.e");
    EXPECT_EQ(variables.text(1), "free");
    ASSERT_TRUE(variables.step());
    EXPECT_EQ(variables.text(1), "seed");
    EXPECT_FALSE(variables.step());
}

TEST_F(SweepDatabase, OfAnotherSweepIsRefused)
{
    static_cast<void>(open());
    try {
        const Database other(file(), "other", Mode::create);
        ADD_FAILURE() << "accepted";
    } catch (const config::ConfigError& error) {
        EXPECT_EQ(error.what(), file() + ": got the sweep tiny, allowed other, the name in the sweep file");
    }
}

TEST_F(SweepDatabase, WhatIsNoneIsADataError)
{
    const auto fault = [&] {
        try {
            static_cast<void>(open(Mode::existing));
        } catch (const DataError& error) {
            return std::string(error.what());
        }
        return std::string("accepted");
    };
    EXPECT_THAT(fault(), HasSubstr("unable to open database file"));
    test::write_text(file(), std::string(4096, 'x'));
    EXPECT_EQ(fault(), file() + ": file is not a database");
    std::filesystem::remove(file());
    {
        SqliteConnection foreign(file(), Mode::create);
        foreign.execute("CREATE TABLE something (x)");
    }
    EXPECT_EQ(fault(), file() + ": got a database of something else, allowed a sweep's");
    std::filesystem::remove(file());
    static_cast<void>(open());
    SqliteConnection(file(), Mode::existing).execute("PRAGMA user_version = 99");
    EXPECT_EQ(fault(), file() + ": got tables of version 99, allowed 2");
}

TEST_F(SweepDatabase, WithoutTablesKnowsNoPoint)
{
    test::write_text(file(), "");
    Database database = open(Mode::existing);
    EXPECT_FALSE(database.find(kOne));
}

/// Two databases of one sweep.
class SweepMerge : public SweepDatabase {
protected:
    SweepMerge()
    {
        sweep_.axes = {axis("seed", {"1", "2", "3"})};
        for (Database* const each : {&here_, &there_}) each->describe(sweep_, "fingerprint");
    }
    [[nodiscard]] std::string other() const { return folder_ / "other.sqlite"; }

    static void put(Database& database, const std::string& hash, State state, const std::string& result = "")
    {
        const Identity identity{hash, "train", std::nullopt, 1};
        database.begin(identity, "", "1");
        if (state != State::begun) database.finish(identity, {state, "1", "", result, {}, {}});
    }
    [[nodiscard]] Record of(const std::string& hash) { return here_.find({hash, "train", std::nullopt, 1}).value(); }

    config::SweepConfig sweep_ = tiny_sweep();
    Database here_ = open();
    Database there_{other(), "tiny", Mode::create};
};

TEST_F(SweepMerge, TakesWhatHasGotFurther)
{
    const std::vector<State> states = {State::begun, State::failed, State::done};
    for (const State mine : states) {
        for (const State theirs : states) {
            const std::string hash = std::to_string(static_cast<int>(mine)) + std::to_string(static_cast<int>(theirs));
            put(here_, hash, mine, "mine");
            put(there_, hash, theirs, "theirs");
        }
    }
    put(there_, "new", State::done, "theirs");
    here_.merge(other());
    const auto rank = [](State state) { return state == State::begun ? 0 : state == State::failed ? 1 : 2; };
    for (const State mine : states) {
        for (const State theirs : states) {
            const std::string hash = std::to_string(static_cast<int>(mine)) + std::to_string(static_cast<int>(theirs));
            const State further = rank(theirs) > rank(mine) ? theirs : mine;
            EXPECT_EQ(of(hash).state, further) << hash;
            const std::string result = further != State::done ? "" : mine == State::done ? "mine" : "theirs";
            EXPECT_TRUE(further != State::done || of(hash).result == result) << hash;
        }
    }
    EXPECT_EQ(of("new").result, "theirs");
}

TEST_F(SweepMerge, TakesPlacesAlong)
{
    const DesignGrid grid(sweep_);
    put(here_, "other", State::done);  // so that the same point has another number in each
    put(there_, "a", State::done, "theirs");
    there_.place(0, grid.point(1, 0, 1), Identity{"a", "train", std::nullopt, 1});
    there_.place(0, grid.point(2, 0, 2), std::nullopt);
    for (int i = 0; i < 2; ++i) {
        here_.merge(other());
        EXPECT_EQ(here_.member(0, 1)->identity.config_hash, "a");
        EXPECT_EQ(here_.member(0, 1)->record.result, "theirs");
        EXPECT_TRUE(here_.member(0, 2)->excluded);
        EXPECT_FALSE(here_.member(0, 0));
    }
    here_.describe(sweep_, "another");
    here_.merge(other());
    EXPECT_FALSE(here_.member(0, 1)) << "places of another sweep";
}

TEST_F(SweepMerge, LooksAtAFileAgainOnlyWhenItHasChanged)
{
    put(there_, "a", State::failed);
    here_.merge(other());
    here_.forget_failures();
    here_.merge(other());
    EXPECT_EQ(of("a").state, State::begun);
    put(there_, "b", State::done);
    here_.merge(other());
    EXPECT_EQ(of("b").state, State::done);
}

TEST_F(SweepMerge, OfACopyIsTheSame)
{
    put(there_, "a", State::done, "theirs");
    const std::string copy = folder_ / "copy.sqlite";
    for (const char* const hash : {"b", "c"}) {
        put(there_, hash, State::begun);
        there_.publish(copy);
        here_.merge(copy);
        EXPECT_EQ(of("a").result, "theirs");
        EXPECT_EQ(of(hash).state, State::begun);
    }
    EXPECT_FALSE(std::filesystem::exists(copy + "-wal")) << "a copy is one file";
}

TEST_F(SweepMerge, RefusesWhatIsNoDatabaseOfTheSweep)
{
    Database{folder_ / "foreign.sqlite", "foreign", Mode::create}.describe(sweep_, "fingerprint");
    EXPECT_THROW(here_.merge(folder_ / "foreign.sqlite"), config::ConfigError);
    test::write_text(folder_ / "text", "this is no database at all, but a text that is long enough");
    EXPECT_THROW(here_.merge(folder_ / "text"), DataError);
    put(there_, "a", State::done);
    here_.merge(other());
    EXPECT_EQ(of("a").state, State::done) << "a refusal leaves nothing in the way";
}

TEST(Lock, IsHeldOnceAndFallsAway)
{
    const test::TemporaryFolder folder;
    const std::string path = folder.path().string();
    {
        const std::optional<FolderLock> lock = FolderLock::try_claim(path);
        EXPECT_TRUE(lock);
        EXPECT_FALSE(FolderLock::try_claim(path));
    }
    EXPECT_TRUE(FolderLock::try_claim(path));
    {
        constexpr auto kShared = FolderLock::Kind::shared;
        const std::optional<FolderLock> one = FolderLock::try_claim(path, kShared);
        EXPECT_TRUE(FolderLock::try_claim(path, kShared));
        EXPECT_FALSE(FolderLock::try_claim(path));
    }
    EXPECT_THROW(static_cast<void>(FolderLock::try_claim(path + "/none")), DataError);
}

}  // namespace
}  // namespace wagesim::sweep
