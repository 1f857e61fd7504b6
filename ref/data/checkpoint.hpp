// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What a run leaves to be continued or evaluated: checkpoint.npz and weights.npz (docs/data.md). A checkpoint is a
// weights file with more in it, so it can stand wherever weights are asked for. Files only: who saves when, and whether
// a checkpoint's configuration is this run's, is the caller's business.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ref/data/dataset.hpp"
#include "ref/network/layer_geometry.hpp"
#include "ref/tensor/float_tensors.hpp"
#include "ref/tensor/tensor.hpp"

namespace wagesim {

/// n_g of every layer, in weight_shape().
using StoredWeights = std::vector<Tensor<std::int16_t>>;

/// What an engine needs beside weights and counters to go on: arrays by name.
using StateArrays = std::map<std::string, std::vector<std::uint32_t>>;

struct Weights {
    StoredWeights layers;    ///< empty in a float companion's files
    FloatTensors floats;     ///< empty in all others
    std::string config;      ///< the resolved run file; empty in files that do not say
    std::uint64_t step = 0;  ///< training steps behind them
};

/// A finished epoch; errors are fractions.
struct EpochRow {
    std::uint64_t epoch = 0;
    double loss = 0.0;
    double train_error = 0.0;
    std::optional<double> test_error;  ///< nothing without a test set
    double images_per_second = 0.0;
};

struct Checkpoint {
    Weights weights;
    std::string config_hash;
    double epoch_loss = 0.0;          ///< sum over the current epoch's steps so far
    std::uint64_t epoch_correct = 0;  ///< likewise
    std::uint64_t epoch_samples = 0;  ///< likewise
    std::vector<EpochRow> epochs;
    std::map<std::string, std::uint64_t> counters;  ///< the chip's statistics, by name
    StateArrays state;                              ///< of the chip's cells; empty without a chip
};

/// What weights must be to be used: the network's shapes, and magnitudes up to Nw. Of a float companion, the float32
/// tensors that its files hold, and nothing else.
struct StoredWeightRules {
    std::vector<Shape> shapes;
    std::int64_t largest = 0;
    FloatExtents floats = {};
    FloatExtents float_state = {};   ///< what a checkpoint has besides
    bool needs_float_state = false;  ///< in a checkpoint that is to be continued

    [[nodiscard]] bool floating() const noexcept { return !floats.empty(); }
};
[[nodiscard]] StoredWeightRules stored_weight_rules(const std::vector<LayerGeometry>& layers, const Widths& widths,
                                                    WeightClip clip);

/// A checkpoint that a run of another configuration left.
class OtherConfiguration : public DataError {
public:
    OtherConfiguration(std::string path, const std::string& got_hash, const std::string& allowed_hash,
                       std::string config);
    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    /// The other one, resolved, as YAML.
    [[nodiscard]] const std::string& config() const noexcept { return config_; }

private:
    std::string path_;
    std::string config_;
};

/// Each writes the whole file or leaves the old one. Throws DataError where it cannot.
void save_weights(const std::string& path, const Weights& weights);
void save_checkpoint(const std::string& path, const Checkpoint& checkpoint);

/// Throws DataError, naming file and entry, for anything missing, corrupt, or against the rules.
[[nodiscard]] Weights load_weights(const std::string& path, const StoredWeightRules& rules);
/// A checkpoint whose config_hash is another is refused, as OtherConfiguration, before its weights are looked at.
[[nodiscard]] Checkpoint load_checkpoint(const std::string& path, const StoredWeightRules& rules,
                                         const std::string& config_hash);

}  // namespace wagesim
