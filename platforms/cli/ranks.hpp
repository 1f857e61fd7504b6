// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// How the processes of one command stay together: what one of them finds wrong ends them all, with one line. A process
// by itself is the case of one rank, in which everything here does nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "platforms/cli/failure.hpp"
#include "ref/communicator/communicator.hpp"

namespace wagesim::cli {

/// Thrown on every rank at once: nobody is waited for, and rank 0 alone reports it.
class AgreedFailure : public std::exception {
public:
    explicit AgreedFailure(Failure failure) : failure_(std::move(failure)) {}
    [[nodiscard]] const Failure& failure() const noexcept { return failure_; }
    [[nodiscard]] const char* what() const noexcept override { return failure_.line.c_str(); }

private:
    Failure failure_;
};

class Ranks {
public:
    /// One rank.
    Ranks() : communicator_(std::make_shared<SingleProcess>()) {}
    explicit Ranks(std::shared_ptr<Communicator> communicator) : communicator_(std::move(communicator)) {}

    [[nodiscard]] Communicator& communicator() const noexcept { return *communicator_; }
    [[nodiscard]] std::size_t count() const noexcept { return communicator_->size(); }
    [[nodiscard]] bool alone() const noexcept { return count() == 1; }
    /// The rank that prints, and writes files.
    [[nodiscard]] bool is_root() const noexcept { return communicator_->rank() == 0; }

    // What follows is collective.

    /// Does `work` on this rank and returns what it returns. Where it threw on any rank, all throw AgreedFailure with
    /// what the lowest of these threw; a rank alone just throws.
    template <class Work>
    auto together(Work&& work) const
    {
        if (alone()) return work();
        std::optional<Failure> failure;
        if constexpr (std::is_void_v<decltype(work())>) {
            try {
                work();
            } catch (...) {
                failure = current_failure();
            }
            agree(failure);
        } else {
            std::optional<decltype(work())> result;
            try {
                result.emplace(work());
            } catch (...) {
                failure = current_failure();
            }
            agree(failure);
            return std::move(*result);
        }
    }

    /// The largest of all ranks' values.
    [[nodiscard]] std::int64_t largest(std::int64_t value) const { return communicator_->largest(value); }
    [[nodiscard]] std::uint64_t sum(std::uint64_t value) const;

    /// Rank 0's, to all.
    template <class T>
    void share(T& value) const
    {
        static_assert(std::is_trivially_copyable_v<T>);
        communicator_->broadcast(&value, sizeof value, 0);
    }
    template <class T>
    void share(std::vector<T>& values) const
    {
        static_assert(std::is_trivially_copyable_v<T>);
        std::uint64_t count = values.size();
        share(count);
        values.resize(count);
        communicator_->broadcast(values.data(), count * sizeof(T), 0);
    }

    void share(std::string& text) const { send(text, 0); }

    /// A DataError on every rank where the ranks' values differ.
    void require_equal(const std::string& what, const std::string& value) const;

private:
    void agree(const std::optional<Failure>& failure) const;
    void send(std::string& text, std::size_t from) const;

    std::shared_ptr<Communicator> communicator_;
};

}  // namespace wagesim::cli
