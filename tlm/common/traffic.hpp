// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What a burst is for: the words by which memories count traffic and units count waits. Vocabulary only, SystemC-free.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace wagesim::chip {

/// The stream of a burst (docs/interfaces.md, `traffic_bytes`). Image bytes, labels, pool winners and flags count as
/// activations; weight steps, stored weights and codes as weights.
enum class TrafficClass : std::uint8_t { activations, errors, gradients, weights };
inline constexpr std::array<std::string_view, 4> kTrafficClassNames = {"activations", "errors", "gradients", "weights"};

/// The phase of training that a command serves (docs/architecture.md).
enum class Phase : std::uint8_t { forward, backward, gradient, update, programming, evaluation };
inline constexpr std::array<std::string_view, 6> kPhaseNames = {"forward", "backward",    "gradient",
                                                                "update",  "programming", "evaluation"};

/// How busy and waiting cycles are told apart (docs/interfaces.md, `waits_cycles`).
enum class Direction : std::uint8_t { forward, backward, other };
inline constexpr std::array<std::string_view, 3> kDirectionNames = {"forward", "backward", "other"};

[[nodiscard]] constexpr Direction direction_of(Phase phase) noexcept
{
    switch (phase) {
        case Phase::forward:
        case Phase::evaluation: return Direction::forward;
        case Phase::backward: return Direction::backward;
        case Phase::gradient:
        case Phase::update:
        case Phase::programming: break;
    }
    return Direction::other;
}

template <class Enum>
[[nodiscard]] constexpr std::size_t index_of(Enum value) noexcept
{
    return static_cast<std::size_t>(value);
}

struct BurstPurpose {
    TrafficClass traffic = TrafficClass::activations;
    Phase phase = Phase::forward;
    std::uint32_t layer = 0;
};

}  // namespace wagesim::chip
