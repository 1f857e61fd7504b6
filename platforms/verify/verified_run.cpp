// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The order of a verified step. See the header.
#include "platforms/verify/verified_run.hpp"

#include <stdexcept>
#include <vector>

namespace wagesim::verify {

VerifiedRun::VerifiedRun(ref::Trainer& reference, chip::Chip& chip, const ContractTensors& contract,
                         const VerifiedRunOptions& options)
    : reference_(reference),
      chip_(chip),
      options_(options),
      expected_(contract),
      comparator_(contract, options.on_difference)
{
    // The fault comes first, so that the comparison and a dump see what the chip goes on with.
    observers_.add(comparator_);
    if (options_.dump != nullptr) observers_.add(dump_.emplace(contract, *options_.dump));
    if (options_.fault) injector_.emplace(contract, *options_.fault, &observers_);

    std::vector<std::vector<std::int16_t>> weights;
    for (std::size_t layer = 0; layer < contract.layers(); ++layer) {
        const Tensor<std::int16_t>& stored = reference_.stored_weights(layer);
        weights.emplace_back(stored.begin(), stored.end());
    }
    chip_.load_weights(weights);
}

ref::StepResult VerifiedRun::step(const BatchView& batch, std::uint64_t step, int eta_exponent)
{
    if (abandoned_) throw std::logic_error("verify: a step after the chip gave up");
    const bool compared = step < options_.compare_steps && !stopped();
    expected_.begin_step(step);
    const ref::StepResult outcome = reference_.train_step(batch, step, eta_exponent, compared ? &expected_ : nullptr);
    if (compared) comparator_.begin_step(expected_);
    if (dump_) dump_->begin_step(step);
    if (injector_) injector_->begin_step(step);
    train_chip(batch, step, eta_exponent);
    if (compared) comparator_.end_step();
    if (dump_ && !abandoned_) dump_->end_step();
    ++steps_;
    last_step_ = step;
    return outcome;
}

void VerifiedRun::train_chip(const BatchView& batch, std::uint64_t step, int eta_exponent)
{
    chip::TensorTap* tap = injector_ ? static_cast<chip::TensorTap*>(&*injector_) : &observers_;
    try {
        chip_.train_step({batch.samples, batch.images, batch.labels}, step, eta_exponent, tap);
    } catch (const std::exception&) {
        // The simulation kernel passes exceptions on as its own reports; the record still knows what it was.
        if (options_.lockstep && options_.lockstep->failure) throw LockstepError(*options_.lockstep->failure);
        // A chip may refuse to go on with what already differed: the difference is the news.
        if (!stopped()) throw;
        abandoned_ = true;
    }
}

void VerifiedRun::finish()
{
    if (stopped()) return;
    const TensorName name = steps_ == 0 ? TensorName::weight_stored : TensorName::weight_stored_next;
    for (std::size_t layer = 0; layer < reference_.geometry().size(); ++layer) {
        const Tensor<std::int16_t>& expected = reference_.stored_weights(layer);
        const std::vector<std::int16_t> got = chip_.stored_weights(layer);
        if (got.size() != expected.size()) throw std::logic_error("verify: the chip read back a part of the weights");
        comparator_.compare_read_back({last_step_, static_cast<std::uint32_t>(layer), name}, expected.view(),
                                      {ElementType::int16, expected.shape(), got.data()});
    }
    if (result().elements_compared == 0) throw std::logic_error("verify: nothing was compared");
    if (injector_ && !injector_->reached()) {
        throw std::logic_error("verify: the chip never showed the place of the fault " + text_of(*options_.fault));
    }
}

}  // namespace wagesim::verify
