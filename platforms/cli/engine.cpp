// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What all engines have in common. See the header.
#include "platforms/cli/engine.hpp"

#include <stdexcept>

namespace wagesim::cli {

void Engine::restore_counters(const Counters& counters)
{
    if (!counters.empty()) throw std::invalid_argument("got " + counters.begin()->first + ", allowed none");
}

void Engine::load_float_tensors(const FloatTensors& tensors)
{
    if (!tensors.empty()) throw std::invalid_argument("got " + tensors.begin()->first + ", allowed no float32 tensors");
}

void Engine::restore_state(const StateArrays& state)
{
    if (!state.empty()) throw std::invalid_argument("got " + state.begin()->first + ", allowed no state of devices");
}

std::size_t count_correct(Engine& engine, const BatchView& images)
{
    const std::vector<std::uint16_t> predictions = engine.predict(images);
    std::size_t correct = 0;
    for (std::size_t i = 0; i < images.samples; ++i) correct += predictions[i] == images.labels[i] ? 1U : 0U;
    return correct;
}

}  // namespace wagesim::cli
