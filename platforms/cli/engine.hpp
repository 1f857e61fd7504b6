// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What runs a training: the reference, the chip, or both side by side. The loop around it (training_run.hpp) is one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "ref/data/checkpoint.hpp"
#include "ref/tensor/batch_view.hpp"

namespace wagesim::cli {

using Counters = std::map<std::string, std::uint64_t>;

/// What a checkpoint keeps of an engine beside its weights.
struct Progress {
    Counters counters;
    StateArrays state;
};

class Engine {
public:
    struct Outcome {
        double loss = 0.0;        ///< sum over the batch
        std::size_t correct = 0;  ///< predictions that equal their label
    };

    virtual ~Engine() = default;
    Engine() = default;
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    virtual Outcome train_step(const BatchView& batch, std::uint64_t step, int eta_exponent) = 0;
    /// After the last step of the run.
    virtual void end_training() {}
    /// A difference was found: there is no use in further steps, and nothing to keep.
    [[nodiscard]] virtual bool stopped() const { return false; }
    /// Predicted class of each image.
    [[nodiscard]] virtual std::vector<std::uint16_t> predict(const BatchView& images) = 0;

    [[nodiscard]] virtual StoredWeights stored_weights() const = 0;
    /// The weights fit the network: their file was read with its rules.
    virtual void load_weights(const StoredWeights& weights) = 0;

    /// What is kept in float32 instead; integers have nothing there.
    [[nodiscard]] virtual FloatTensors float_tensors() const { return {}; }
    virtual void load_float_tensors(const FloatTensors& tensors);

    /// What has been counted so far, for a checkpoint.
    [[nodiscard]] virtual Counters counters() const { return {}; }
    /// Goes on counting from there. Throws std::invalid_argument for anything that counters() did not return.
    virtual void restore_counters(const Counters& counters);

    /// What else it takes to go on: the cells of a chip, as worn as they are.
    [[nodiscard]] virtual StateArrays state() const { return {}; }
    /// After the weights and the counters. Throws std::invalid_argument for anything that state() did not return.
    virtual void restore_state(const StateArrays& state);

    [[nodiscard]] Progress progress() const { return {counters(), state()}; }
};

/// How many of the images the engine classifies as labelled.
[[nodiscard]] std::size_t count_correct(Engine& engine, const BatchView& images);

}  // namespace wagesim::cli
