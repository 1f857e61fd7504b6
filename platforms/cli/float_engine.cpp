// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// From the run's words to the trainer's. See the header.
#include "platforms/cli/float_engine.hpp"

#include <stdexcept>

#include "ref/numerics/integer.hpp"

namespace wagesim::cli {

floating::FloatOptions float_options(const config::RunConfig& config)
{
    const config::FloatTraining& training = config.training.floating;
    floating::FloatOptions options;
    options.bits.w = config.floats.w ? 0 : config.widths.w;
    options.bits.a = config.floats.a ? 0 : config.widths.a;
    options.bits.e = config.floats.e ? 0 : config.widths.e;
    options.bits.gamma_log2 = numerics::floor_log2(static_cast<std::uint64_t>(config.training.gamma));
    options.batch_norm = training.batch_norm;
    options.loss = config.training.loss;
    options.momentum = training.momentum;
    options.nesterov = training.nesterov;
    options.weight_decay = training.weight_decay;
    options.weight_clip = config.training.weight_clip;
    options.init = config.network.init;
    options.seed = config.seed;
    options.range = config.data.range;
    options.batch = static_cast<std::size_t>(config.training.batch);
    return options;
}

FloatEngine::FloatEngine(const Session& session)
    : training_(session.config.training),
      steps_per_epoch_(make_batcher(session).steps_per_epoch()),
      trainer_(session.geometry, float_options(session.config))
{
    if (!session.initial_weights) return;
    // Another run's velocities, of a checkpoint, are not this one's.
    FloatTensors tensors = session.initial_weights->floats;
    for (const auto& [name, shape] : session.weight_rules.float_state) tensors.erase(name);
    trainer_.set_tensors(tensors);
}

Engine::Outcome FloatEngine::train_step(const BatchView& batch, std::uint64_t step, int /*eta_exponent*/)
{
    const floating::StepResult result = trainer_.train_step(batch, training_.learning_rate(step / steps_per_epoch_));
    return {result.loss, result.correct};
}

std::vector<std::uint16_t> FloatEngine::predict(const BatchView& images)
{
    return trainer_.predict(images);
}

void FloatEngine::load_weights(const StoredWeights& weights)
{
    if (!weights.empty()) throw std::invalid_argument("got stored integers, allowed float32 tensors");
}

FloatTensors FloatEngine::float_tensors() const
{
    return trainer_.tensors();
}

void FloatEngine::load_float_tensors(const FloatTensors& tensors)
{
    trainer_.set_tensors(tensors);
}

}  // namespace wagesim::cli
