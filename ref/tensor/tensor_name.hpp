// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The tensors of a training step, by the names that dump files and `verify` use (docs/interfaces.md, "Dump files").
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace wagesim {

enum class TensorName : std::uint8_t {
    weight_stored,
    weight_q,
    input,
    acc,
    pooled,
    pool_winner,
    output,
    mask_active,
    mask_unclipped,
    error_in,
    error_q,
    error_mac,
    error_out,
    gradient,
    delta,
    weight_stored_next,
    attenuation,  // "sA"
    max_error,
    exponent_e,
    max_gradient,
    exponent_g,
    loss,        // of the step, not of a layer
    prediction,  // of the step, not of a layer
};

inline constexpr std::array<std::string_view, 23> kTensorNames = {
    "weight_stored", "weight_q",           "input",    "acc",       "pooled",     "pool_winner",  "output",
    "mask_active",   "mask_unclipped",     "error_in", "error_q",   "error_mac",  "error_out",    "gradient",
    "delta",         "weight_stored_next", "sA",       "max_error", "exponent_e", "max_gradient", "exponent_g",
    "loss",          "prediction"};

[[nodiscard]] constexpr std::string_view text_of(TensorName name) noexcept
{
    return kTensorNames[static_cast<std::size_t>(name)];
}

[[nodiscard]] constexpr std::optional<TensorName> tensor_name_from(std::string_view text) noexcept
{
    for (std::size_t i = 0; i < kTensorNames.size(); ++i) {
        if (kTensorNames[i] == text) return static_cast<TensorName>(i);
    }
    return std::nullopt;
}

/// True for tensors that belong to the step as a whole.
[[nodiscard]] constexpr bool belongs_to_step(TensorName name) noexcept
{
    return name == TensorName::loss || name == TensorName::prediction;
}

}  // namespace wagesim
