// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Fills a RunRecord while a run goes on. It takes tensors as any engine delivers them to a TensorSink and computes
// nothing that the run uses; when the record is written is the caller's business.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ref/record/run_record.hpp"
#include "ref/tensor/tensor_view.hpp"

namespace wagesim {

class Recorder final : public TensorSink {
public:
    /// `empty` is a make_record of these layers. Sampled are the first step, the last of each epoch, and the last of
    /// the run, the one before `end_step`.
    Recorder(const std::vector<LayerGeometry>& layers, RunRecord empty, std::uint64_t end_step);

    /// Goes on from a record that has at least `step` steps, as if no later one had been recorded, nor one sampled only
    /// because a run ended there, unless this one ends there or before. `origin` begins the message. Throws DataError
    /// for a record of another run.
    void resume(RunRecord record, std::uint64_t step, const std::string& origin);

    [[nodiscard]] bool wants(const TensorId& id) const override;
    /// Tensors that it does not want are left out.
    void on_tensor(const TensorId& id, const TensorView& tensor) override;

    /// After each step. Throws std::logic_error where the engine left out a tensor that was wanted.
    void end_step(double loss, std::uint64_t correct);

    /// The record with these epochs for its curves.
    [[nodiscard]] const RunRecord& record(const std::vector<EpochRow>& epochs);

private:
    [[nodiscard]] bool samples(std::uint64_t step) const noexcept;

    std::vector<bool> hidden_;  ///< of each layer
    RunRecord record_;
    std::uint64_t end_step_;
    std::vector<std::vector<std::uint8_t>> unclipped_;  ///< of each hidden layer, until its errors come
};

}  // namespace wagesim
