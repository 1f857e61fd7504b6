// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What --record keeps of a run, as values: training curves (Fig. 3 of the paper) and layer-wise histograms of weights,
// activations, gradients and errors (Fig. 4 and 5). docs/record.md describes it; record_file.hpp stores it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ref/data/checkpoint.hpp"
#include "ref/network/layer_geometry.hpp"
#include "ref/numerics/widths.hpp"
#include "ref/record/histogram.hpp"
#include "ref/tensor/tensor_name.hpp"

namespace wagesim {

/// One tensor of one layer through the samples.
struct RecordedTensor {
    TensorName name;
    Axis axis;
    std::vector<Histogram> samples;
};

/// One integer of one layer through the samples: a maximum or an exponent.
struct RecordedScalar {
    TensorName name;
    std::vector<std::int64_t> samples;
};

struct RecordedLayer {
    std::vector<RecordedTensor> tensors;
    std::vector<RecordedScalar> scalars;

    [[nodiscard]] RecordedTensor* tensor(TensorName name);
    [[nodiscard]] const RecordedTensor* tensor(TensorName name) const;
    [[nodiscard]] RecordedScalar* scalar(TensorName name);
    [[nodiscard]] const RecordedScalar* scalar(TensorName name) const;
};

struct RunRecord {
    std::string config;       ///< the resolved run file
    std::string config_hash;  ///< of the run's results
    std::uint64_t steps_per_epoch = 0;
    std::vector<EpochRow> epochs;             ///< images_per_second is not part of a record
    std::vector<double> step_loss;            ///< sum over the batch, step 0 first
    std::vector<std::uint32_t> step_correct;  ///< predictions that equal their label
    std::vector<std::uint64_t> samples;       ///< ascending steps whose tensors were counted
    std::vector<RecordedLayer> layers;
};

/// What decides the axes of a record.
struct RecordPlan {
    Widths widths;
    int largest_eta_exponent = 0;  ///< of the whole run; bounds the weight steps
    std::uint64_t steps_per_epoch = 0;
    std::string config;
    std::string config_hash;
};

/// A record of no steps, with a place for every tensor and scalar of every layer.
[[nodiscard]] RunRecord make_record(const std::vector<LayerGeometry>& layers, const RecordPlan& plan);

}  // namespace wagesim
