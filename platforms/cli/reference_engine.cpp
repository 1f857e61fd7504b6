// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// From the run's words to the trainer's. See the header.
#include "platforms/cli/reference_engine.hpp"

#include "ref/numerics/integer.hpp"

namespace wagesim::cli {

ref::TrainerOptions trainer_options(const config::RunConfig& config)
{
    ref::TrainerOptions options;
    options.widths = config.widths;
    options.weight_clip = config.training.weight_clip;
    options.gamma_log2 = numerics::floor_log2(static_cast<std::uint64_t>(config.training.gamma));
    options.seed = config.seed;
    options.range = config.data.range;
    options.batch = static_cast<std::size_t>(config.training.batch);
    options.loss = config.training.loss;
    return options;
}

StoredWeights stored_weights_of(const ref::Trainer& trainer)
{
    StoredWeights weights;
    for (std::size_t layer = 0; layer < trainer.geometry().size(); ++layer) {
        weights.push_back(trainer.stored_weights(layer));
    }
    return weights;
}

void load_weights_into(ref::Trainer& trainer, const StoredWeights& weights)
{
    for (std::size_t layer = 0; layer < weights.size(); ++layer) trainer.set_stored_weights(layer, weights[layer]);
}

StoredWeights initial_weights(const Session& session)
{
    if (session.initial_weights) return session.initial_weights->layers;
    ref::TrainerOptions options = trainer_options(session.config);
    options.batch = 1;
    return stored_weights_of(ref::Trainer(session.config.network, options));
}

ReferenceEngine::ReferenceEngine(const Session& session, TensorSink* sink)
    : ranks_(session.ranks),
      trainer_(session.config.network, trainer_options(session.config), ranks_.communicator()),
      sink_(sink)
{
    if (session.initial_weights) load_weights_into(trainer_, session.initial_weights->layers);
}

Engine::Outcome ReferenceEngine::train_step(const BatchView& batch, std::uint64_t step, int eta_exponent)
{
    const ref::StepResult result = trainer_.train_step(batch, step, eta_exponent, sink_);
    return {result.loss, result.correct};
}

std::vector<std::uint16_t> ReferenceEngine::predict(const BatchView& images)
{
    return trainer_.predict(images);
}

StoredWeights ReferenceEngine::stored_weights() const
{
    return stored_weights_of(trainer_);
}

void ReferenceEngine::load_weights(const StoredWeights& weights)
{
    load_weights_into(trainer_, weights);
}

}  // namespace wagesim::cli
