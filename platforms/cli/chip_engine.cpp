// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/cli/chip_engine.hpp"

#include <algorithm>
#include <new>
#include <stdexcept>
#include <string>

#include "platforms/cli/exit_code.hpp"
#include "platforms/cli/reference_engine.hpp"
#include "platforms/cli/rtl_options.hpp"
#include "ref/data/dataset.hpp"

namespace wagesim::cli {

ChipEngine::ChipEngine(const Session& session, TensorSink* sink)
    : contract_(contract_tensors(session)), built_(build_chip(session.config, rtl_extras(session)))
{
    // The fault comes first: a dump shows what the chip goes on with.
    if (sink != nullptr) observers_.add(dump_.emplace(contract_, *sink));
    fault_ = requested_fault(session, contract_);
    if (fault_) injector_.emplace(contract_, *fault_, &observers_);
    load_weights(initial_weights(session));
}

/// The simulation kernel passes exceptions on as its own reports; the unit's records still know what it was.
template <class Work>
auto ChipEngine::guarded(Work&& work)
{
    try {
        return work();
    } catch (const DataError&) {
        throw;
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::exception& error) {
        if (const auto failure = built_.unit_failure()) throw VerificationFailed(*failure);
        // A chip may refuse what a fault made of a value; without one it is the program's own mistake.
        if (!injector_ || !injector_->reached()) throw;
        throw VerificationFailed("the chip refused the faulted " + verify::text_of(*fault_) + ": " + error.what());
    }
}

Engine::Outcome ChipEngine::train_step(const BatchView& batch, std::uint64_t step, int eta_exponent)
{
    if (dump_) dump_->begin_step(step);
    if (injector_) injector_->begin_step(step);
    chip::TensorTap* tap = observers_.empty() ? nullptr : &observers_;
    if (injector_) tap = &*injector_;
    if (waves() != nullptr) waves()->begin_step(step);
    const chip::StepOutcome outcome = guarded([&] { return built_.chip->train_step(batch, step, eta_exponent, tap); });
    if (waves() != nullptr) waves()->end_step(step);
    if (dump_) dump_->end_step();
    return {outcome.loss, outcome.correct};
}

void ChipEngine::end_training()
{
    if (!injector_ || injector_->reached()) return;
    throw VerificationFailed("the chip never showed the place of the fault " + verify::text_of(*fault_));
}

std::vector<std::uint16_t> ChipEngine::predict(const BatchView& images)
{
    return guarded([&] { return built_.chip->predict(images); });
}

StoredWeights ChipEngine::stored_weights() const
{
    return stored_weights_of(*built_.chip);
}

void ChipEngine::load_weights(const StoredWeights& weights)
{
    std::vector<std::vector<std::int16_t>> layers;
    for (const Tensor<std::int16_t>& layer : weights) layers.emplace_back(layer.begin(), layer.end());
    guarded([&] { built_.chip->load_weights(layers); });
}

Counters ChipEngine::counters() const
{
    return chip_counters(*built_.chip);
}

void ChipEngine::restore_counters(const Counters& counters)
{
    restore_chip_counters(*built_.chip, counters);
}

std::optional<verify::Fault> requested_fault(const Session& session, const verify::ContractTensors& contract)
{
    if (session.options.inject.empty()) return std::nullopt;
    try {
        const verify::Fault fault = verify::parse_fault(session.options.inject);
        verify::check_fault(fault, contract, 0, session.end_step);
        return fault;
    } catch (const std::invalid_argument& error) {
        throw UsageError(std::string("--") + error.what());
    }
}

verify::ContractTensors contract_tensors(const Session& session)
{
    return {session.geometry, session.config.widths, static_cast<std::size_t>(session.config.training.batch)};
}

StoredWeights stored_weights_of(const chip::Chip& chip)
{
    StoredWeights weights;
    for (std::size_t layer = 0; layer < chip.geometry().size(); ++layer) {
        const std::vector<std::int16_t> values = chip.stored_weights(layer);
        Tensor<std::int16_t>& tensor = weights.emplace_back(chip.geometry()[layer].weight_shape());
        std::copy(values.begin(), values.end(), tensor.begin());
    }
    return weights;
}

}  // namespace wagesim::cli
