// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/cli/verify_engine.hpp"

#include <algorithm>
#include <cmath>
#include <new>
#include <stdexcept>
#include <string>

#include "platforms/cli/exit_code.hpp"
#include "platforms/cli/reference_engine.hpp"
#include "platforms/cli/rtl_options.hpp"

namespace wagesim::cli {
namespace {

constexpr const char* kTensors = "verify.tensors_compared";
constexpr const char* kElements = "verify.elements_compared";
constexpr const char* kDifferences = "verify.differences";

verify::VerifiedRunOptions run_options(const Session& session, const verify::ContractTensors& contract,
                                       const BuiltChip& built, TensorSink* sink)
{
    verify::VerifiedRunOptions options;
    if (session.options.compare_steps) options.compare_steps = *session.options.compare_steps;
    if (session.options.tolerate_deviation) options.on_difference = verify::OnDifference::measure;
    options.fault = requested_fault(session, contract);
    options.dump = sink;
    options.lockstep = built.lockstep;
    return options;
}

/// Adds `more`, which was compared after `sum`.
void add(verify::ComparisonResult& sum, const verify::ComparisonResult& more)
{
    sum.tensors_compared += more.tensors_compared;
    sum.elements_compared += more.elements_compared;
    sum.differences += more.differences;
    if (!sum.first_difference) sum.first_difference = more.first_difference;
    for (std::size_t name = 0; name < sum.by_name.size(); ++name) sum.by_name[name] += more.by_name[name];
    for (const auto& [tensor, deviation] : more.by_layer) sum.by_layer[tensor] += deviation;
}

std::uint64_t counter(const Counters& counters, const char* name)
{
    const auto found = counters.find(name);
    if (found == counters.end()) throw std::invalid_argument(std::string("no ") + name);
    return found->second;
}

}  // namespace

VerifyEngine::VerifyEngine(const Session& session, TensorSink* sink)
    : contract_(contract_tensors(session)),
      built_(build_chip(session.config, rtl_extras(session))),
      reference_(session.config.network, trainer_options(session.config)),
      options_(run_options(session, contract_, built_, sink))
{
    load_weights(initial_weights(session));
}

/// Whatever keeps a comparison from being complete is a failed verification, never a passed one.
template <class Work>
auto VerifyEngine::guarded(Work&& work)
{
    try {
        return work();
    } catch (const verify::LockstepError& error) {
        throw VerificationFailed(error.what());
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::exception& error) {
        if (const auto failure = built_.unit_failure()) throw VerificationFailed(*failure);
        if (dynamic_cast<const std::logic_error*>(&error) == nullptr) throw;
        throw VerificationFailed(error.what());
    }
}

Engine::Outcome VerifyEngine::train_step(const BatchView& batch, std::uint64_t step, int eta_exponent)
{
    if (waves() != nullptr) waves()->begin_step(step);
    const ref::StepResult result = guarded([&] { return run_->step(batch, step, eta_exponent); });
    if (waves() != nullptr) waves()->end_step(step);
    last_step_ = step;
    return {result.loss, result.correct};
}

void VerifyEngine::end_training()
{
    guarded([&] { run_->finish(); });
}

bool VerifyEngine::stopped() const
{
    return run_->stopped() ||
           (options_.on_difference == verify::OnDifference::stop && beside_.first_difference.has_value());
}

std::vector<std::uint16_t> VerifyEngine::predict(const BatchView& images)
{
    std::vector<std::uint16_t> expected = reference_.predict(images);
    const std::vector<std::uint16_t> got = guarded([&] { return built_.chip->predict(images); });
    ++beside_.tensors_compared;
    beside_.elements_compared += images.samples;
    verify::TensorDeviation deviation;
    deviation.elements_compared = images.samples;
    for (std::size_t i = 0; i < images.samples; ++i) {
        deviation.largest_expected = std::max(deviation.largest_expected, static_cast<double>(expected[i]));
        if (expected[i] == got[i]) continue;
        ++beside_.differences;
        ++deviation.differences;
        const double apart = std::abs(static_cast<double>(expected[i]) - static_cast<double>(got[i]));
        deviation.max_deviation = std::max(deviation.max_deviation, apart);
        deviation.sum_deviation += apart;
        if (beside_.first_difference) continue;
        beside_.first_difference = {last_step_,          0, TensorName::prediction,
                                    {images.samples},    i, std::int64_t{expected[i]},
                                    std::int64_t{got[i]}};
    }
    beside_.by_name[static_cast<std::size_t>(TensorName::prediction)] += deviation;
    beside_.by_layer[{TensorName::prediction, 0}] += deviation;
    return expected;
}

StoredWeights VerifyEngine::stored_weights() const
{
    return stored_weights_of(reference_);
}

void VerifyEngine::load_weights(const StoredWeights& weights)
{
    load_weights_into(reference_, weights);
    guarded([&] { run_.emplace(reference_, *built_.chip, contract_, options_); });
}

Counters VerifyEngine::counters() const
{
    Counters counters = chip_counters(*built_.chip);
    const verify::ComparisonResult compared = result();
    counters[kTensors] = compared.tensors_compared;
    counters[kElements] = compared.elements_compared;
    counters[kDifferences] = compared.differences;
    return counters;
}

void VerifyEngine::restore_counters(const Counters& counters)
{
    // Only --tolerate deviation gets this far with differences, and their places are not in the counters.
    if (counter(counters, kDifferences) > 0) throw std::invalid_argument("got tolerated differences, allowed none");
    beside_.tensors_compared = counter(counters, kTensors);
    beside_.elements_compared = counter(counters, kElements);
    restore_chip_counters(*built_.chip, counters);
}

verify::ComparisonResult VerifyEngine::result() const
{
    verify::ComparisonResult sum = run_->result();
    add(sum, beside_);
    return sum;
}

}  // namespace wagesim::cli
