// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What goes wrong inside a dense layer's parallel loops. Its numbers are in trainer_test.cpp.
#include <gtest/gtest.h>

#include <new>
#include <vector>

#include "ref/layers/weight_layer.hpp"
#include "ref/network/layer_geometry.hpp"

namespace wagesim::ref {
namespace {

/// Fails on one sample, on whichever thread meets it.
class FailingConsumer final : public SumConsumer {
public:
    [[nodiscard]] std::size_t rows_together() const override { return 1; }
    void take(const SumStrip& strip) override
    {
        if (strip.sample == 2) throw std::bad_alloc();
    }
};

TEST(DenseLayer, WhatFailsOnAThreadFailsTheCall)
{
    Network network;
    network.input = {12, 1, 1};
    Layer dense;
    dense.kind = Layer::Kind::dense;
    dense.units = 10;
    network.layers = {dense};
    const Widths widths;
    const std::size_t samples = 8;
    const std::vector<LayerGeometry> geometry = make_geometry(network, widths);
    const std::vector<LayerBounds> bounds = make_bounds(geometry, widths, samples);
    const auto layer = make_dense_layer(geometry.front(), bounds.front(), widths, true);
    const std::vector<std::int8_t> weights(120, 1);
    const std::vector<std::int8_t> input(samples * 12, 1);
    layer->set_weights(weights.data());
    FailingConsumer consumer;
    EXPECT_THROW(layer->forward(input.data(), samples, {nullptr, &consumer}), std::bad_alloc);
    const Buffer errors(ElementType::int8, samples * 10);
    EXPECT_THROW(layer->backward(errors, samples, {nullptr, &consumer}), std::bad_alloc);
}

}  // namespace
}  // namespace wagesim::ref
