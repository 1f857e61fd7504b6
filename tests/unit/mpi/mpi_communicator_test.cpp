// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Every operation of a communicator against what it says, on as many ranks as mpirun started.
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

#include "ref/communicator/share.hpp"
#include "tests/support/ranks.hpp"

namespace wagesim {
namespace {

std::int64_t own_rank()
{
    return static_cast<std::int64_t>(test::ranks().rank());
}

std::int64_t rank_count()
{
    return static_cast<std::int64_t>(test::ranks().size());
}

TEST(Share, CoversTheBatchInRankOrderWithPartsThatDifferByOne)
{
    for (const std::size_t n : {0U, 1U, 2U, 7U, 8U, 127U, 128U}) {
        for (std::size_t size = 1; size <= 9; ++size) {
            std::size_t next = 0;
            for (std::size_t rank = 0; rank < size; ++rank) {
                const Share share = share_of(n, rank, size);
                EXPECT_EQ(share.first, next);
                EXPECT_GE(share.count, n / size);
                EXPECT_LE(share.count, share_of(n, 0, size).count);
                EXPECT_LE(share_of(n, 0, size).count, n / size + 1);
                next += share.count;
            }
            EXPECT_EQ(next, n);
        }
    }
}

TEST(Communicator, LargestIsThatOfAllRanks)
{
    Communicator& ranks = test::ranks();
    EXPECT_EQ(ranks.largest(own_rank()), rank_count() - 1);
    EXPECT_EQ(ranks.largest(-own_rank()), 0);
    const std::int64_t huge = std::int64_t{1} << 61;
    for (std::int64_t from = 0; from < rank_count(); ++from) {
        EXPECT_EQ(ranks.largest(own_rank() == from ? huge + from : from), huge + from);
    }
}

TEST(Communicator, SumsKeepEveryBit)
{
    Communicator& ranks = test::ranks();
    // Together exactly the ends of the range, by parts that differ.
    const auto ends = [](auto zero) {
        using T = decltype(zero);
        const T top = std::numeric_limits<T>::max();
        const T part = static_cast<T>(top / static_cast<T>(rank_count()));
        const T rest = static_cast<T>(top - part * static_cast<T>(rank_count()));
        const T own = own_rank() == 0 ? static_cast<T>(part + rest) : part;
        return std::vector<T>{own, static_cast<T>(-own), T{1}, T{0}};
    };
    auto narrow = ends(std::int32_t{});
    ranks.finish_sum(ranks.start_sum(ElementType::int32, narrow.data(), narrow.size()));
    EXPECT_EQ(narrow, (std::vector<std::int32_t>{INT32_MAX, -INT32_MAX, static_cast<std::int32_t>(rank_count()), 0}));
    auto wide = ends(std::int64_t{});
    ranks.finish_sum(ranks.start_sum(ElementType::int64, wide.data(), wide.size()));
    EXPECT_EQ(wide, (std::vector<std::int64_t>{INT64_MAX, -INT64_MAX, rank_count(), 0}));
    ranks.finish_sum(ranks.start_sum(ElementType::int32, nullptr, 0));
}

TEST(Communicator, SumsUnderWayDoNotMix)
{
    Communicator& ranks = test::ranks();
    constexpr std::size_t kLong = 100000;
    std::vector<std::int32_t> first(kLong);
    std::iota(first.begin(), first.end(), static_cast<std::int32_t>(own_rank()));
    std::vector<std::int64_t> second(3, own_rank());
    const Communicator::Ticket one = ranks.start_sum(ElementType::int32, first.data(), first.size());
    const Communicator::Ticket two = ranks.start_sum(ElementType::int64, second.data(), second.size());
    EXPECT_EQ(ranks.largest(own_rank()), rank_count() - 1);
    ranks.finish_sum(two);
    ranks.finish_sum(one);
    const std::int64_t of_ranks = rank_count() * (rank_count() - 1) / 2;
    EXPECT_EQ(second, std::vector<std::int64_t>(3, of_ranks));
    for (std::size_t i = 0; i < kLong; ++i) {
        ASSERT_EQ(first[i], of_ranks + rank_count() * static_cast<std::int64_t>(i));
    }
}

TEST(Communicator, BroadcastsFromAnyRank)
{
    Communicator& ranks = test::ranks();
    for (std::size_t from = 0; from < ranks.size(); ++from) {
        std::vector<std::uint8_t> bytes(1000, static_cast<std::uint8_t>(ranks.rank() + 1));
        ranks.broadcast(bytes.data(), bytes.size(), from);
        EXPECT_EQ(bytes, std::vector<std::uint8_t>(1000, static_cast<std::uint8_t>(from + 1)));
    }
    ranks.broadcast(nullptr, 0, 0);
}

TEST(Communicator, CountsWhatItIsGiven)
{
    Communicator& ranks = test::ranks();
    const Traffic before = ranks.traffic();
    std::vector<std::int32_t> narrow(10);
    std::vector<std::int64_t> wide(10);
    ranks.finish_sum(ranks.start_sum(ElementType::int32, narrow.data(), narrow.size()));
    ranks.finish_sum(ranks.start_sum(ElementType::int64, wide.data(), wide.size()));
    (void)ranks.largest(1);
    ranks.broadcast(narrow.data(), 3, 0);
    const Traffic after = ranks.traffic();
    if (dynamic_cast<SingleProcess*>(&ranks) != nullptr) {
        EXPECT_EQ(after.operations + after.bytes, 0U) << "a single process exchanges nothing";
        return;
    }
    EXPECT_EQ(after.operations - before.operations, 4U);
    EXPECT_EQ(after.bytes - before.bytes, 40U + 80U + 8U + 3U);
    EXPECT_GT(after.seconds, before.seconds);
}

}  // namespace
}  // namespace wagesim
