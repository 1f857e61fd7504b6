// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The parts of a step, layer by layer, with the extents that LeNet and VGG8 have at batch 128. OMP_NUM_THREADS sets the
// threads; items are multiply-accumulates for products, elements for the rest.
#include <benchmark/benchmark.h>

#include <memory>
#include <vector>

#include "ref/kernels/buffer.hpp"
#include "ref/layers/hidden_output.hpp"
#include "ref/layers/weight_layer.hpp"
#include "ref/numerics/integer.hpp"
#include "ref/quantizers/random_words.hpp"
#include "ref/quantizers/update.hpp"
#include "tests/bench/ref/networks.hpp"

namespace wagesim::bench {
namespace {

constexpr std::size_t kBatch = 128;

/// One layer with its operands, all in bounds.
struct Fixture {
    Fixture(const Network& network, std::size_t layer)
    {
        const Widths widths;
        const auto all = make_geometry(network, widths);
        geometry = all[layer];
        bounds = make_bounds(all, widths, kBatch)[layer];
        const bool nonnegative = layer > 0;
        products = geometry.kind == Layer::Kind::conv
                       ? ref::make_convolution_layer(geometry, bounds, widths, nonnegative)
                       : ref::make_dense_layer(geometry, bounds, widths, nonnegative);
        input.assign(kBatch * static_cast<std::size_t>(geometry.inputs()), 3);
        weights.assign(static_cast<std::size_t>(geometry.weights()), 1);
        products->set_weights(weights.data());
        const auto accumulators = kBatch * static_cast<std::size_t>(geometry.accumulators());
        sums = ref::Buffer(ref::accumulator_for(bounds.acc), accumulators);
        operands = ref::Buffer(signed_type_for(bounds.error_mac), accumulators);
        errors =
            ref::Buffer(ref::accumulator_for(bounds.error_in), kBatch * static_cast<std::size_t>(geometry.outputs()));
        error_out = ref::Buffer(ref::accumulator_for(bounds.error_out), input.size());
        gradient = ref::Buffer(ref::accumulator_for(bounds.gradient), weights.size());
        if (geometry.hidden) output = std::make_unique<ref::HiddenOutput>(geometry, bounds, widths, kBatch);
    }

    void count_macs(benchmark::State& state) const
    {
        state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kBatch) * geometry.macs());
    }
    void count_accumulators(benchmark::State& state) const
    {
        state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kBatch) * geometry.accumulators());
    }

    LayerGeometry geometry;
    LayerBounds bounds{};
    std::unique_ptr<ref::WeightLayer> products;
    std::unique_ptr<ref::HiddenOutput> output;
    std::vector<std::int8_t> input;
    std::vector<std::int8_t> weights;
    ref::Buffer sums, errors, operands, error_out, gradient;
};

Fixture fixture_of(const benchmark::State& state)
{
    return {state.range(0) == 0 ? lenet() : vgg8(), static_cast<std::size_t>(state.range(1))};
}

void forward(benchmark::State& state)
{
    Fixture f = fixture_of(state);
    for (auto _ : state) f.products->forward(f.input.data(), kBatch, {&f.sums, nullptr});
    f.count_macs(state);
}

void backward(benchmark::State& state)
{
    Fixture f = fixture_of(state);
    for (auto _ : state) f.products->backward(f.operands, kBatch, {&f.error_out, nullptr});
    f.count_macs(state);
}

void weight_gradient(benchmark::State& state)
{
    Fixture f = fixture_of(state);
    for (auto _ : state) f.products->weight_gradient(f.input.data(), f.operands, kBatch, f.gradient);
    f.count_macs(state);
}

void set_weights(benchmark::State& state)
{
    Fixture f = fixture_of(state);
    for (auto _ : state) f.products->set_weights(f.weights.data());
    state.SetItemsProcessed(state.iterations() * f.geometry.weights());
}

/// The products with pooling, ReLU and Q_A behind them.
void output_forward(benchmark::State& state)
{
    Fixture f = fixture_of(state);
    for (auto _ : state) f.products->forward(f.input.data(), kBatch, {nullptr, f.output.get()});
    f.count_macs(state);
}

void output_backward(benchmark::State& state)
{
    Fixture f = fixture_of(state);
    const ref::ErrorRule rule = ref::error_rule(1000, f.bounds.error_in, 0, 8);
    for (auto _ : state) {
        f.output->backward(rule, f.errors, kBatch, f.operands);
    }
    f.count_accumulators(state);
}

/// One row of 4096 weights: words, steps, requantization.
void update(benchmark::State& state)
{
    constexpr std::size_t kWeights = 4096;
    const numerics::Speck32 cipher(1);
    ref::RandomWords words(cipher);
    const std::vector<std::int32_t> gradients(kWeights, 700);
    std::vector<std::int16_t> stored(kWeights);
    std::vector<std::int8_t> codes(kWeights);
    const ref::UpdateRule rule = ref::update_rule(1000, 0, Widths{}, WeightClip::kg);
    for (auto _ : state) {
        ref::update_weights(rule, gradients.data(), words.run(0, kWeights), kWeights, stored.data(), codes.data(),
                            nullptr);
        benchmark::DoNotOptimize(codes.data());
        benchmark::ClobberMemory();
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kWeights));
}

/// Networks 0 (LeNet) and 1 (VGG8), and their layers first .. last-1.
void layers(benchmark::internal::Benchmark* bench, int lenet_end, int vgg_end, int first)
{
    for (int layer = first; layer < lenet_end; ++layer) bench->Args({0, layer});
    for (int layer = first; layer < vgg_end; ++layer) bench->Args({1, layer});
    bench->UseRealTime()->Unit(benchmark::kMicrosecond)->ArgNames({"network", "layer"});
}
void all_layers(benchmark::internal::Benchmark* bench)
{
    layers(bench, 4, 8, 0);
}
void hidden_layers(benchmark::internal::Benchmark* bench)
{
    layers(bench, 3, 7, 0);
}
void later_layers(benchmark::internal::Benchmark* bench)
{
    layers(bench, 4, 8, 1);
}

BENCHMARK(forward)->Apply(all_layers);
BENCHMARK(backward)->Apply(later_layers);
BENCHMARK(weight_gradient)->Apply(all_layers);
BENCHMARK(set_weights)->Apply(all_layers);
BENCHMARK(output_forward)->Apply(hidden_layers);
BENCHMARK(output_backward)->Apply(hidden_layers);
BENCHMARK(update);

}  // namespace
}  // namespace wagesim::bench
