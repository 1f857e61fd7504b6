// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/cli/ranks.hpp"

#include <fmt/core.h>

#include "ref/data/dataset.hpp"

namespace wagesim::cli {

std::uint64_t Ranks::sum(std::uint64_t value) const
{
    auto sum = static_cast<std::int64_t>(value);
    communicator_->finish_sum(communicator_->start_sum(ElementType::int64, &sum, 1));
    return static_cast<std::uint64_t>(sum);
}

void Ranks::require_equal(const std::string& what, const std::string& value) const
{
    std::string expected = value;
    share(expected);
    together([&] {
        if (value == expected) return;
        throw DataError(fmt::format("{}: got {} on rank {}, allowed {} as on rank 0", what, value,
                                    communicator_->rank(), expected));
    });
}

void Ranks::agree(const std::optional<Failure>& failure) const
{
    // The lowest rank that failed has the largest number; 0: none did.
    const auto size = static_cast<std::int64_t>(count());
    const auto rank = static_cast<std::int64_t>(communicator_->rank());
    const std::int64_t lowest = communicator_->largest(failure ? size - rank : 0);
    if (lowest == 0) return;
    const auto from = static_cast<std::size_t>(size - lowest);
    Failure agreed = failure.value_or(Failure{});
    communicator_->broadcast(&agreed.code, sizeof agreed.code, from);
    send(agreed.line, from);
    if (from > 0) agreed.line = fmt::format("rank {}: {}", from, agreed.line);
    throw AgreedFailure(agreed);
}

void Ranks::send(std::string& text, std::size_t from) const
{
    std::uint64_t bytes = text.size();
    communicator_->broadcast(&bytes, sizeof bytes, from);
    text.resize(bytes);
    communicator_->broadcast(text.data(), bytes, from);
}

}  // namespace wagesim::cli
