// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A golden training file (tests/golden/README.md) as the engines' own types: network, options, data, and every expected
// tensor of every step. It compares nothing; tests do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ref/data/batcher.hpp"
#include "ref/data/dataset.hpp"
#include "ref/data/npz.hpp"
#include "ref/network/network.hpp"
#include "ref/numerics/input_code.hpp"
#include "ref/numerics/widths.hpp"
#include "ref/tensor/shape.hpp"
#include "ref/tensor/tensor_name.hpp"

namespace wagesim::test {

/// What a golden training was done with, beyond its network and widths.
struct GoldenOptions {
    WeightClip weight_clip = WeightClip::kg;
    int gamma_log2 = 0;
    int eta_exponent = 0;
    std::uint64_t seed = 1;
    InputRange range = InputRange::unit;
    std::size_t batch = 0;
    bool shuffle = false;
    Augment augment = Augment::none;

    [[nodiscard]] Batcher::Options batcher() const { return {batch, seed, shuffle, augment}; }
};

/// Expected integers, widened.
struct GoldenTensor {
    Shape shape;
    std::vector<std::int64_t> values;
};

class GoldenTraining {
public:
    /// tests/golden/NAME.npz. Throws DataError or std::runtime_error for a file that is not one.
    explicit GoldenTraining(const std::string& name);

    [[nodiscard]] const Network& network() const noexcept { return network_; }
    [[nodiscard]] const Widths& widths() const noexcept { return widths_; }
    [[nodiscard]] const GoldenOptions& options() const noexcept { return options_; }
    /// The whole data set.
    [[nodiscard]] const LabelledImages& data() const noexcept { return data_; }
    [[nodiscard]] std::uint64_t steps() const noexcept { return steps_; }
    [[nodiscard]] std::size_t layers() const noexcept { return network_.layers.size(); }

    /// Nothing where the file has no such tensor (say, pooled of a layer without pooling).
    [[nodiscard]] std::optional<GoldenTensor> tensor(std::uint64_t step, std::size_t layer, TensorName name) const;
    [[nodiscard]] std::optional<GoldenTensor> tensor(std::uint64_t step, std::size_t layer,
                                                     std::string_view name) const;
    [[nodiscard]] double loss(std::uint64_t step) const;
    [[nodiscard]] std::vector<std::int64_t> prediction(std::uint64_t step) const;
    /// Data-set positions of the step's batch.
    [[nodiscard]] std::vector<std::uint32_t> positions(std::uint64_t step) const;
    /// Names of the tensors that the file has of a step and layer.
    [[nodiscard]] std::vector<TensorName> names(std::uint64_t step, std::size_t layer) const;

private:
    [[nodiscard]] std::optional<GoldenTensor> entry(const std::string& name) const;

    NpzReader file_;
    Network network_;
    Widths widths_;
    GoldenOptions options_;
    LabelledImages data_;
    std::uint64_t steps_ = 0;
};

/// The golden trainings that stand in tests/golden, by name; for parameterised tests.
[[nodiscard]] const std::vector<std::string>& golden_trainings();

/// The name with underscores for what a test's name may not contain.
[[nodiscard]] std::string identifier_of(std::string name);

/// Path of tests/golden/NAME.
[[nodiscard]] std::string golden_path(const std::string& name);

}  // namespace wagesim::test
