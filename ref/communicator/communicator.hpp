// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What the processes ("ranks") of one training say to one another. An interface and the case of a single process; what
// carries the words is a platform's business. Everything exchanged is an integer or a byte: no result can depend on the
// order in which ranks are added.
#pragma once

#include <cstddef>
#include <cstdint>

#include "ref/tensor/element_type.hpp"

namespace wagesim {

/// What a rank has handed to its communicator so far.
struct Traffic {
    std::uint64_t operations = 0;  ///< maxima, sums and broadcasts
    std::uint64_t bytes = 0;       ///< of this rank's operands; what a network carries for them is docs/scale-out.md's
    double seconds = 0.0;          ///< spent inside the communicator, waiting for slower ranks included
};

/// Every method but the first two and the last is collective: all ranks call it, in the same order. One thread calls.
class Communicator {
public:
    /// Names a sum under way.
    using Ticket = std::size_t;

    virtual ~Communicator() = default;
    Communicator() = default;
    Communicator(const Communicator&) = delete;
    Communicator& operator=(const Communicator&) = delete;

    /// 0..size() - 1.
    [[nodiscard]] virtual std::size_t rank() const noexcept = 0;
    [[nodiscard]] virtual std::size_t size() const noexcept = 0;

    /// The largest of all ranks' values.
    [[nodiscard]] virtual std::int64_t largest(std::int64_t value) = 0;

    /// Begins to replace each of n values, int32 or int64, by its sum over all ranks, which the type must hold. Returns
    /// at once; until finish_sum the values must be left alone.
    [[nodiscard]] virtual Ticket start_sum(ElementType type, void* values, std::size_t n) = 0;
    virtual void finish_sum(Ticket ticket) = 0;

    /// Rank `from`'s bytes, to all.
    virtual void broadcast(void* bytes, std::size_t n, std::size_t from) = 0;

    [[nodiscard]] virtual Traffic traffic() const noexcept { return {}; }
};

/// A process by itself: every sum and maximum is its own value.
class SingleProcess final : public Communicator {
public:
    [[nodiscard]] std::size_t rank() const noexcept override { return 0; }
    [[nodiscard]] std::size_t size() const noexcept override { return 1; }
    [[nodiscard]] std::int64_t largest(std::int64_t value) override { return value; }
    [[nodiscard]] Ticket start_sum(ElementType /*type*/, void* /*values*/, std::size_t /*n*/) override { return 0; }
    void finish_sum(Ticket /*ticket*/) override {}
    void broadcast(void* /*bytes*/, std::size_t /*n*/, std::size_t /*from*/) override {}
};

}  // namespace wagesim
