// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A small network trained by the reference with a recorder listening: 4 steps an epoch, 10 steps.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "ref/record/recorder.hpp"
#include "ref/tensor/sink_list.hpp"
#include "ref/trainer/trainer.hpp"

namespace wagesim::test {

inline Network small_network()
{
    Layer conv;
    conv.kind = Layer::Kind::conv;
    conv.units = 4;
    conv.kernel = 3;
    conv.pool = Pooling{2, 2};
    Layer dense;
    dense.units = 5;
    Network network;
    network.name = "small";
    network.input = {1, 6, 6};
    network.layers = {conv, dense};
    return network;
}

inline RunRecord small_record()
{
    RecordPlan plan;
    plan.steps_per_epoch = 4;
    plan.config = "name: small\n";
    plan.config_hash = "hash";
    plan.largest_eta_exponent = 1;
    return make_record(make_geometry(small_network(), plan.widths), plan);
}

struct RecordedTraining {
    static constexpr std::size_t kBatch = 6;

    explicit RecordedTraining(std::uint64_t end = 10)
        : end_step(end),
          trainer(small_network(), {Widths{}, WeightClip::kg, 0, 3, InputRange::unit, kBatch}),
          recorder(trainer.geometry(), small_record(), end)
    {
    }

    /// Trains the steps up to `end`; the recorder hears of them unless `listening` is false.
    void run_to(std::uint64_t end, bool listening = true)
    {
        for (; step < end; ++step) {
            std::mt19937 random(static_cast<unsigned>(step));
            std::vector<std::uint8_t> images(kBatch * 36);
            std::vector<std::uint16_t> labels(kBatch);
            for (std::uint8_t& pixel : images) pixel = static_cast<std::uint8_t>(random());
            for (std::uint16_t& label : labels) label = static_cast<std::uint16_t>(random() % 5);
            SinkList sinks;
            const bool records = listening && listens;
            if (records) sinks.add(&recorder);
            sinks.add(also);
            const ref::StepResult result =
                trainer.train_step({kBatch, images.data(), labels.data()}, step, 1, sinks.or_none());
            if (records) recorder.end_step(result.loss, result.correct);
        }
    }

    std::uint64_t end_step;
    ref::Trainer trainer;
    Recorder recorder;
    TensorSink* also = nullptr;
    bool listens = true;
    std::uint64_t step = 0;
};

/// In everything that a file holds.
inline bool equal(const RunRecord& x, const RunRecord& y)
{
    if (x.config != y.config || x.config_hash != y.config_hash || x.steps_per_epoch != y.steps_per_epoch) return false;
    if (x.step_loss != y.step_loss || x.step_correct != y.step_correct || x.samples != y.samples) return false;
    if (x.epochs.size() != y.epochs.size() || x.layers.size() != y.layers.size()) return false;
    for (std::size_t i = 0; i < x.epochs.size(); ++i) {
        const EpochRow& a = x.epochs[i];
        const EpochRow& b = y.epochs[i];
        if (a.epoch != b.epoch || a.loss != b.loss || a.train_error != b.train_error || a.test_error != b.test_error) {
            return false;
        }
    }
    for (std::size_t l = 0; l < x.layers.size(); ++l) {
        for (std::size_t i = 0; i < x.layers[l].tensors.size(); ++i) {
            if (x.layers[l].tensors[i].samples != y.layers[l].tensors[i].samples) return false;
        }
        for (std::size_t i = 0; i < x.layers[l].scalars.size(); ++i) {
            if (x.layers[l].scalars[i].samples != y.layers[l].scalars[i].samples) return false;
        }
    }
    return true;
}

}  // namespace wagesim::test
