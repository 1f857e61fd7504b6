// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The simulated chip and its host interface: instantiates and binds the parts. It has no behaviour of its own: the
// sequencer executes the mapping's programs, and every byte lives in modelled memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <systemc>
#include <vector>

#include "ref/network/layer_geometry.hpp"
#include "ref/network/network.hpp"
#include "ref/quantize_update/quantize_update_unit.hpp"
#include "ref/tensor/batch_view.hpp"
#include "tlm/chip/chip_config.hpp"
#include "tlm/chip/chip_options.hpp"
#include "tlm/chip/chip_statistics.hpp"
#include "tlm/chip/group_wear.hpp"
#include "tlm/chip/run_listener.hpp"
#include "tlm/common/tensor_tap.hpp"
#include "tlm/crossbar/device/device_state.hpp"
#include "tlm/mapping/mapping.hpp"

namespace wagesim::chip {

struct StepOutcome {
    double loss = 0.0;                       ///< sum over the batch: the exact LOSS register, rounded once
    std::size_t correct = 0;                 ///< predictions that equal their label
    std::vector<std::uint16_t> predictions;  ///< one a sample
    std::uint64_t cycles = 0;                ///< of this step
};

class Chip : public sc_core::sc_module {
public:
    /// Throws std::invalid_argument with all of chip_faults.
    Chip(const sc_core::sc_module_name& name, const ChipConfig& config, const Network& network,
         const ChipOptions& options, std::unique_ptr<QuantizeUpdateUnit> unit);
    ~Chip() override;

    [[nodiscard]] const std::vector<LayerGeometry>& geometry() const noexcept;
    /// What the chip was made from: layer plans, placement, memory plan.
    [[nodiscard]] const Mapping& mapping() const noexcept;

    /// Puts every layer's n_g (weight_shape(), |n| <= Nw) into modelled memory, then quantizes and programs all cells.
    /// Throws std::invalid_argument for a wrong number of layers, weights, or a value out of range.
    void load_weights(const std::vector<std::vector<std::int16_t>>& layers);
    /// One training step; 1 <= samples <= batch, labels below the last layer's units (the caller checked).
    StepOutcome train_step(const BatchView& batch, std::uint64_t step, int eta_exponent, TensorTap* tap = nullptr);
    /// Predicted class of each image, any number of them; forward only, counted as evaluation.
    std::vector<std::uint16_t> predict(const BatchView& batch);
    /// Fidelity `timing`: `count` training steps of `samples` samples without data, counted as training. Simulated
    /// until two in a row agree in every count; the others repeat them. Returns how many were simulated.
    std::uint64_t time_training(std::size_t samples, std::uint64_t count);
    /// The same for `count` evaluations.
    std::uint64_t time_evaluation(std::size_t samples, std::uint64_t count);
    /// Who is told of programs, commands and bursts from now on; nullptr: nobody. Not owned.
    void set_listener(RunListener* listener);
    /// n_g of a layer, read back from modelled memory, in its weight_shape().
    [[nodiscard]] std::vector<std::int16_t> stored_weights(std::size_t layer) const;

    [[nodiscard]] const ChipStatistics& training_statistics() const noexcept;
    [[nodiscard]] const ChipStatistics& evaluation_statistics() const noexcept;
    /// Continues counting from earlier values (a resumed run).
    void restore_statistics(const NamedCounters& training, const NamedCounters& evaluation);

    /// What programming has done to the cells, by group of partitions; no cells with fidelity `timing`.
    [[nodiscard]] std::vector<GroupWear> wear(WearDetail detail = WearDetail::sums) const;
    /// CellWear::state of each group's copies that have wear of their own.
    [[nodiscard]] std::vector<std::vector<std::uint32_t>> wear_states() const;
    /// Goes on with cells as worn as that, after load_weights. Throws std::invalid_argument for states of another chip.
    void restore_wear(const std::vector<std::vector<std::uint32_t>>& states);

    /// What the cells of each group of partitions, and of each copy in it, are like; empty where devices are ideal.
    [[nodiscard]] std::vector<DeviceState> device_states() const;
    /// Goes on with such cells, after load_weights and restore_statistics. Throws std::invalid_argument for states of
    /// another chip.
    void restore_devices(const std::vector<DeviceState>& states);

private:
    struct Parts;

    std::uint64_t time(ProgramKind kind, const Program& program, std::size_t samples, std::uint64_t count,
                       ChipStatistics& statistics);
    /// Quantizes the stored weights and programs all cells, once for each time that there are new ones.
    void load();
    void supply(const BatchView& batch, std::size_t first, std::size_t samples, bool labels);
    void read_predictions(std::size_t samples, std::uint16_t* to) const;
    [[nodiscard]] double loss() const;

    std::unique_ptr<Parts> parts_;
    bool loaded_ = false;
};

}  // namespace wagesim::chip
