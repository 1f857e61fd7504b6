// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What the benches of whole steps have in common: a batch of random bytes, a trainer's weights, a median.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "platforms/config/run_config.hpp"
#include "ref/numerics/random_words.hpp"
#include "ref/trainer/trainer.hpp"

namespace wagesim::bench {

inline double median(std::vector<double> values)
{
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

/// Random bytes and labels of the network's input size: no engine's time depends on data.
struct RandomBatch {
    std::vector<std::uint8_t> images;
    std::vector<std::uint16_t> labels;

    RandomBatch(const config::RunConfig& run, std::size_t samples)
    {
        const auto& input = run.network.input;
        images.resize(samples * static_cast<std::size_t>(input.channels * input.height * input.width));
        std::uint64_t state = 1;
        for (auto& byte : images) byte = static_cast<std::uint8_t>(state = numerics::mix64(state));
        const auto classes = static_cast<std::uint64_t>(run.network.layers.back().units);
        for (std::size_t i = 0; i < samples; ++i) {
            labels.push_back(static_cast<std::uint16_t>((state = numerics::mix64(state)) % classes));
        }
    }
    [[nodiscard]] BatchView view() const { return {labels.size(), images.data(), labels.data()}; }
};

inline std::vector<std::vector<std::int16_t>> weights_of(const ref::Trainer& trainer)
{
    std::vector<std::vector<std::int16_t>> out;
    for (std::size_t layer = 0; layer < trainer.geometry().size(); ++layer) {
        const auto& weights = trainer.stored_weights(layer);
        out.emplace_back(weights.begin(), weights.end());
    }
    return out;
}

}  // namespace wagesim::bench
