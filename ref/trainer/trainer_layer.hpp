// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// One weight layer of the reference with everything that it keeps: weights, products, output passes, and the tensors
// of the batch in work. It runs its own part of a step and reports its tensors; the order of layers is the trainer's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "ref/communicator/communicator.hpp"
#include "ref/kernels/buffer.hpp"
#include "ref/layers/error_maximum.hpp"
#include "ref/layers/hidden_output.hpp"
#include "ref/layers/weight_layer.hpp"
#include "ref/trainer/step_report.hpp"
#include "ref/trainer/weight_store.hpp"

namespace wagesim::ref {

/// What all layers of a trainer share.
struct LayerContext {
    Widths widths;
    WeightClip weight_clip = WeightClip::kg;
    int gamma_log2 = 0;
    std::uint64_t seed = 1;
    std::size_t samples = 0;  ///< the largest number that this process works on at once
    numerics::Initialisation init;
    Communicator* communicator = nullptr;  ///< not owned; outlives the layers
};

class TrainerLayer {
public:
    /// `nonnegative`: no input code is below 0.
    TrainerLayer(std::size_t index, const LayerGeometry& geometry, const LayerBounds& bounds,
                 const LayerContext& context, bool nonnegative);

    [[nodiscard]] const Tensor<std::int16_t>& stored_weights() const { return weights_.stored(); }
    void set_stored_weights(const Tensor<std::int16_t>& weights);

    /// Accumulators, and of a hidden layer the output codes. A hidden layer keeps its accumulators only where the
    /// report wants them: else they are made and used some rows at a time, in cache.
    void forward(const StepReport& report, const std::int8_t* input, std::size_t samples);
    /// Forward's tensors of a training step.
    void report_forward(const StepReport& report, const std::int8_t* input, std::size_t samples);

    [[nodiscard]] const std::int8_t* output() const { return hidden_->codes(); }
    [[nodiscard]] const Buffer& sums() const { return sums_; }
    /// e as delivered, of the last layer: the loss writes it.
    [[nodiscard]] Buffer& errors() { return errors_; }
    /// e as delivered, of a hidden layer: where the next layer's backward sends it, once a step.
    [[nodiscard]] SumTarget expect_errors();

    /// Q_E of e, whose maximum is over all ranks, and the way back to this layer's accumulators; then, where there is
    /// one, to the layer before. `samples` may be 0 where other ranks have some.
    void backward(const StepReport& report, std::size_t samples, TrainerLayer* previous);
    /// This rank's weight gradient, whose sum over all ranks is begun. After backward.
    void accumulate(const std::int8_t* input, std::size_t samples);
    /// Waits for the gradient's sum, then updates. After accumulate; other layers may work in between.
    void update(const StepReport& report, std::uint64_t step, int eta_exponent);

private:
    [[nodiscard]] bool keeps_sums(const StepReport& report) const;
    [[nodiscard]] std::int64_t largest_error(std::size_t samples) const;
    void report_weights(const StepReport& report) const;
    void report_masks(const StepReport& report, std::size_t samples) const;
    void report_errors(const StepReport& report, const ErrorRule& rule, std::size_t samples) const;
    void report_update(const StepReport& report, std::int64_t largest, const std::int16_t* steps) const;
    template <class T>
    void report_weight_tensor(const StepReport& report, TensorName name, const T* kernel_order) const;

    std::size_t index_;
    LayerGeometry geometry_;
    LayerBounds bounds_;
    LayerContext context_;
    WeightStore weights_;
    std::unique_ptr<WeightLayer> products_;
    std::optional<HiddenOutput> hidden_;
    std::optional<ErrorMaximum> error_maximum_;  ///< hidden layers
    Buffer sums_;                                ///< where they are kept
    Buffer errors_;
    Buffer operands_;
    Buffer gradient_;
    Communicator::Ticket gradient_sum_ = 0;
};

}  // namespace wagesim::ref
