// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What a group of partitions computes, without time: cells, window unit, adder tree and pooling put together, on bytes
// that somebody else leased. Blocks of windows sized for the host's caches go through its threads; integers, so the
// result depends on neither.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "ref/network/layer_geometry.hpp"
#include "tlm/common/tensor_tap.hpp"
#include "tlm/crossbar/crossbar_grid.hpp"
#include "tlm/mac_partition/line_activity.hpp"
#include "tlm/mac_partition/mac_partition_command.hpp"

namespace wagesim::chip {

/// What a group has to know of a layer that it executes.
struct PartitionLayer {
    LayerGeometry geometry;
    int input_bits = 0;              ///< kA
    bool input_nonnegative = false;  ///< proven: behind a ReLU, or image bytes of range unit
    int operand_bits = 0;            ///< kE + growth
    std::int64_t operand_bound = 0;  ///< LayerBounds::error_mac
};

class MacEngine {
public:
    /// `copies` of the same cells, at least one. `layers` is indexed by layer; entries of layers that the group does
    /// not execute are not used.
    MacEngine(std::vector<CrossbarGrid> copies, std::vector<PartitionLayer> layers);

    [[nodiscard]] const PartitionLayer& layer(std::uint32_t index) const { return layers_.at(index); }
    /// Copies whose cells have wear of their own: ideal ones all wear like the first, which alone counts.
    [[nodiscard]] std::size_t worn_copies() const noexcept { return devices_.empty() ? 1 : copies_.size(); }
    [[nodiscard]] const std::vector<CrossbarGrid>& copies() const noexcept { return copies_; }
    [[nodiscard]] std::vector<CrossbarGrid>& copies() noexcept { return copies_; }
    /// What cells are really like; null where they are ideal.
    [[nodiscard]] const std::vector<DeviceArrays*>& devices() const noexcept { return devices_; }

    /// Programs the command's block of every copy from n_w in O, I, kh, kw order. Returns what that did to all copies.
    CellChanges program(const PartitionProgram& command, const std::int8_t* codes, bool wears = true);
    /// The layer's codes in O, I, kh, kw order, read back from the cells. Throws InvariantError where they do not hold
    /// all of the layer, or where copies differ.
    void read_codes(std::uint32_t layer, std::int8_t* codes) const;

    /// Where a forward command's tensors lie; unused ones are nullptr.
    struct ForwardPlaces {
        const std::int8_t* input = nullptr;
        const std::byte* earlier = nullptr;  ///< partial sums of earlier rows
        std::byte* partial = nullptr;        ///< the same with this block's added; may be the same bytes
        std::byte* sums = nullptr;
        std::byte* winners = nullptr;
    };
    /// `tap` is shown the accumulators before pooling where it wants them.
    void forward(const PartitionForward& command, const ForwardPlaces& places, TensorTap* tap);
    void unpool(const PartitionUnpool& command, const std::byte* codes, const std::byte* flags,
                const std::byte* winners, std::byte* operands) const;
    void backward(const PartitionBackward& command, const std::byte* operands, std::byte* errors);

    /// What the command's inputs or operands drive.
    [[nodiscard]] LineActivity activity(const PartitionForward& command, const std::int8_t* input);
    [[nodiscard]] LineActivity activity(const PartitionBackward& command, const std::byte* operands);

private:
    /// Of one host thread; grows to its largest use and stays.
    struct Scratch {
        std::vector<std::int8_t> windows, padded;
        std::vector<std::byte> sums, ring, operands;
    };
    struct ForwardJob;
    struct BackwardJob;

    [[nodiscard]] Scratch& scratch_of_thread();
    [[nodiscard]] const PulseCounter& counter(int bits);
    /// Before a block is read: throws InvariantError where the cells hold another.
    void begin_read(CellLayout layout, const CellBlock& block);
    void forward_blocks(const ForwardJob& job, std::byte* accumulators);
    void multiply(const ForwardJob& job, std::size_t first_row, std::size_t end_row, void* sums, std::size_t stride);
    void complete(const ForwardJob& job, std::size_t first_row, std::size_t end_row, const std::byte* sums) const;
    void show(const ForwardJob& job, std::byte* sums, TensorTap& tap) const;
    template <class Sum>
    void backward_rows(const BackwardJob& job, std::size_t first_row, std::size_t end_row);
    void backward_transposed(const PartitionBackward& command, const std::byte* operands, std::byte* errors);

    std::vector<CrossbarGrid> copies_;
    std::vector<DeviceArrays*> devices_;  ///< of the copies; none where devices are ideal
    std::vector<PartitionLayer> layers_;
    std::uint32_t programmed_layer_ = 0;
    CellLayout programmed_layout_ = CellLayout::shared;
    std::vector<Scratch> scratch_;
    std::vector<std::uint32_t> places_;     ///< scratch of activity
    std::map<int, PulseCounter> counters_;  ///< of values of as many bits
    std::vector<std::byte> chunk_;          ///< accumulators of a whole command, where they have to exist
};

}  // namespace wagesim::chip
