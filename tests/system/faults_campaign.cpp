// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// One process a fault. See the header.
#include "tests/system/faults_campaign.hpp"

#include <omp.h>
#include <sys/wait.h>
#include <unistd.h>

#include <random>
#include <stdexcept>

#include "platforms/verify/fault_injector.hpp"
#include "platforms/verify/quantize_update_factory.hpp"
#include "platforms/verify/tensor_comparator.hpp"
#include "ref/trainer/trainer.hpp"

namespace wagesim::test {
namespace {

constexpr std::size_t kBatch = 6;
constexpr int kEta = 3;
constexpr std::uint64_t kTrainingSeed = 5;

/// Overlapping windows in the first layer, so that operands of the backward MACs are sums.
Network fault_network()
{
    Network out;
    out.name = "faults";
    out.input = {2, 8, 8};
    Layer overlapping{Layer::Kind::conv, 6, 3, 1, std::nullopt, Pooling{3, 2}, std::nullopt};
    Layer plain{Layer::Kind::conv, 4, 3, 1, std::nullopt, std::nullopt, std::nullopt};
    Layer hidden;
    hidden.units = 8;
    Layer last;
    last.units = 4;
    out.layers = {overlapping, plain, hidden, last};
    return out;
}

/// Calls `run` in a fork of this process and returns what it returned; End::crashed where the child did not get there.
template <class Run>
FaultRun in_a_fork(const Run& run)
{
    int ends[2];
    if (pipe(ends) != 0) throw std::runtime_error("pipe");
    const pid_t child = fork();
    if (child < 0) throw std::runtime_error("fork");
    if (child == 0) {
        const FaultRun outcome = run();
        const ssize_t written = write(ends[1], &outcome, sizeof outcome);
        _exit(written == static_cast<ssize_t>(sizeof outcome) ? 0 : 1);
    }
    close(ends[1]);
    FaultRun outcome;
    const ssize_t got = read(ends[0], &outcome, sizeof outcome);
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    if (got != static_cast<ssize_t>(sizeof outcome)) return {};
    return outcome;
}

bool differs_in_bit(const verify::TensorDifference& difference, const verify::Fault& fault, int bits)
{
    const auto* expected = std::get_if<std::int64_t>(&difference.expected);
    const auto* got = std::get_if<std::int64_t>(&difference.got);
    if (expected == nullptr || got == nullptr) return difference.expected != difference.got;
    const std::uint64_t mask = bits >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1;
    return ((static_cast<std::uint64_t>(*expected) ^ static_cast<std::uint64_t>(*got)) & mask) == std::uint64_t{1}
                                                                                                      << fault.bit;
}

}  // namespace

FaultCampaign::FaultCampaign(std::uint32_t seed)
    : network_(fault_network()), contract_(make_geometry(network_, Widths{}), Widths{}, kBatch), steps_(kSteps + 1)
{
    // Threads do not survive a fork; one thread has none to lose.
    omp_set_num_threads(1);
    record_reference(seed);
    chip::ChipOptions options;
    options.seed = kTrainingSeed;
    options.range = InputRange::symmetric;
    options.batch = kBatch;
    chip::ChipConfig config;
    config.sequencer.chunk_samples = 4;
    chip_ = std::make_unique<chip::Chip>("chip", config, network_, options,
                                         verify::make_quantize_update_unit(config.quantize_update));
}

FaultCampaign::~FaultCampaign() = default;

void FaultCampaign::record_reference(std::uint32_t seed)
{
    ref::TrainerOptions options;
    options.seed = kTrainingSeed;
    options.range = InputRange::symmetric;
    options.batch = kBatch;
    ref::Trainer trainer(network_, options);
    std::mt19937 random(seed);
    for (std::uint64_t i = 0; i <= kSteps; ++i) {
        Step& step = steps_[i];
        for (std::size_t layer = 0; layer < network_.layers.size(); ++layer) {
            const Tensor<std::int16_t>& stored = trainer.stored_weights(layer);
            step.weights.emplace_back(stored.begin(), stored.end());
        }
        if (i == kSteps) return;
        // Around the middle of the range, so that codes are neither all clipped nor all zero: those would hide faults.
        for (std::size_t k = 0; k < kBatch * 2 * 8 * 8; ++k) {
            step.images.push_back(static_cast<std::uint8_t>(64 + random() % 128));
        }
        for (std::size_t k = 0; k < kBatch; ++k) step.labels.push_back(static_cast<std::uint16_t>(random() % 4));
        step.tensors = std::make_unique<verify::ReferenceTensors>(contract_);
        step.tensors->begin_step(i);
        trainer.train_step({kBatch, step.images.data(), step.labels.data()}, i, kEta, step.tensors.get());
    }
}

void FaultCampaign::train_chip(std::uint64_t step, chip::TensorTap& tap)
{
    const Step& given = steps_[step];
    chip_->train_step({kBatch, given.images.data(), given.labels.data()}, step, kEta, &tap);
}

std::string FaultCampaign::run_without_fault()
{
    verify::TensorComparator comparator(contract_, verify::OnDifference::stop);
    chip_->load_weights(steps_[0].weights);
    for (std::uint64_t step = 0; step < kSteps; ++step) {
        comparator.begin_step(*steps_[step].tensors);
        train_chip(step, comparator);
        comparator.end_step();
    }
    if (comparator.stopped()) return comparator.result().first_difference->text();
    for (std::size_t layer = 0; layer < network_.layers.size(); ++layer) {
        if (chip_->stored_weights(layer) != steps_[kSteps].weights[layer]) return "final weights";
    }
    return {};
}

FaultRun FaultCampaign::run_fault(const verify::Fault& fault)
{
    return in_a_fork([&] { return simulate(fault, true); });
}

FaultRun FaultCampaign::run_fault_unseen(const verify::Fault& fault)
{
    return in_a_fork([&] { return simulate(fault, false); });
}

FaultRun FaultCampaign::simulate(const verify::Fault& fault, bool seen)
{
    FaultRun out;
    verify::TensorComparator comparator(contract_, verify::OnDifference::stop);
    if (!seen) comparator.switch_off(fault.step, fault.layer, fault.name);
    verify::FaultInjector injector(contract_, fault, &comparator);
    try {
        chip_->load_weights(steps_[fault.step].weights);
        const std::uint64_t last = seen ? fault.step : kSteps - 1;
        for (std::uint64_t step = fault.step; step <= last && !comparator.stopped(); ++step) {
            comparator.begin_step(*steps_[step].tensors);
            injector.begin_step(step);
            train_chip(step, injector);
            comparator.end_step();
        }
        out.end = FaultRun::End::equal;
    } catch (const std::exception&) {
        out.end = FaultRun::End::refused;
    }
    out.reached = injector.reached();
    if (comparator.stopped()) {
        const verify::TensorDifference& first = *comparator.result().first_difference;
        out.end = FaultRun::End::difference;
        out.step = first.step;
        out.layer = first.layer;
        out.name = first.name;
        out.index = first.index;
        out.bit_differs = differs_in_bit(first, fault, contract_[*contract_.find(fault.layer, fault.name)].bits);
    } else if (out.end == FaultRun::End::equal && !seen) {
        for (std::size_t layer = 0; layer < network_.layers.size(); ++layer) {
            if (chip_->stored_weights(layer) == steps_[kSteps].weights[layer]) continue;
            out.end = FaultRun::End::difference;
            out.step = kSteps - 1;
            out.layer = static_cast<std::uint32_t>(layer);
            out.name = TensorName::weight_stored_next;
        }
    }
    return out;
}

}  // namespace wagesim::test
