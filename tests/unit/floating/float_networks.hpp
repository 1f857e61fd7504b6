// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Small networks, random images and random floats for the tests of float companions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "ref/network/layer_geometry.hpp"
#include "ref/tensor/batch_view.hpp"

namespace wagesim::floating::test {

inline Layer conv(int filters, int kernel, std::optional<Pooling> pool = {}, int stride = 1,
                  std::optional<int> padding = {})
{
    Layer layer;
    layer.kind = Layer::Kind::conv;
    layer.units = filters;
    layer.kernel = kernel;
    layer.stride = stride;
    layer.padding = padding;
    layer.pool = pool;
    return layer;
}

inline Layer dense(int units)
{
    Layer layer;
    layer.units = units;
    return layer;
}

/// Every kind of layer, overlapping windows and a padding among them; two input channels.
inline Network small_network()
{
    return {"", {2, 10, 9}, {}, {conv(6, 3, Pooling{3, 2}), conv(5, 3, Pooling{2, 2}), dense(12), dense(4)}};
}

struct Batch {
    Batch(const Network& network, std::size_t samples, std::uint64_t seed)
    {
        std::mt19937_64 engine(seed);
        const InputShape& in = network.input;
        const auto bytes = static_cast<std::size_t>(in.channels * in.height * in.width) * samples;
        for (std::size_t i = 0; i < bytes; ++i) images.push_back(static_cast<std::uint8_t>(engine()));
        const auto classes = static_cast<std::uint64_t>(network.layers.back().units);
        for (std::size_t n = 0; n < samples; ++n) labels.push_back(static_cast<std::uint16_t>(engine() % classes));
    }
    [[nodiscard]] BatchView view(std::size_t samples) const { return {samples, images.data(), labels.data()}; }
    [[nodiscard]] BatchView view() const { return view(labels.size()); }

    std::vector<std::uint8_t> images;
    std::vector<std::uint16_t> labels;
};

inline std::vector<float> random_floats(std::size_t n, std::mt19937_64& engine, float deviation = 1.0F)
{
    std::normal_distribution<float> value(0.0F, deviation);
    std::vector<float> out(n);
    for (float& each : out) each = value(engine);
    return out;
}

}  // namespace wagesim::floating::test
