// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Whole steps of the reference trainer. OMP_NUM_THREADS sets the threads; items are images.
#include <benchmark/benchmark.h>

#include "ref/trainer/trainer.hpp"
#include "tests/bench/ref/networks.hpp"

namespace wagesim::bench {
namespace {

ref::TrainerOptions options_of(const benchmark::State& state, InputRange range)
{
    ref::TrainerOptions options;
    options.batch = static_cast<std::size_t>(state.range(0));
    options.range = range;
    return options;
}

void train(benchmark::State& state, const Network& network, InputRange range)
{
    const ref::TrainerOptions options = options_of(state, range);
    ref::Trainer trainer(network, options);
    const Images images(network, options.batch);
    std::uint64_t step = 0;
    for (auto _ : state) benchmark::DoNotOptimize(trainer.train_step(images.view(), step++, 0));
    state.SetItemsProcessed(state.iterations() * state.range(0));
}

void predict(benchmark::State& state, const Network& network, InputRange range)
{
    const ref::TrainerOptions options = options_of(state, range);
    ref::Trainer trainer(network, options);
    const Images images(network, options.batch);
    for (auto _ : state) benchmark::DoNotOptimize(trainer.predict(images.view()));
    state.SetItemsProcessed(state.iterations() * state.range(0));
}

BENCHMARK_CAPTURE(train, lenet, lenet(), InputRange::unit)->Arg(128)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(train, vgg8, vgg8(), InputRange::symmetric)->Arg(128)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(predict, lenet, lenet(), InputRange::unit)->Arg(128)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace wagesim::bench
