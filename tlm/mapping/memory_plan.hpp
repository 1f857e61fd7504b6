// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Where every tensor lies: an address in the buffer while there is room, else in DRAM. Plain C++.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tlm/chip/chip_config.hpp"
#include "tlm/common/address_map.hpp"
#include "tlm/mac_partition/mac_partition_command.hpp"
#include "tlm/mapping/layer_plan.hpp"
#include "tlm/mapping/placement.hpp"

namespace wagesim::chip {

/// A tensor of the batch, or a ring of chunks of it where no more has to exist at one time.
class BatchTensor {
public:
    BatchTensor() = default;
    /// `region`: of `slots` chunks; slots 0: of all samples.
    BatchTensor(const MemoryRegion& region, std::uint64_t per_sample, std::size_t chunk, std::size_t slots)
        : region_(region), per_sample_(per_sample), chunk_(chunk), slots_(slots)
    {
    }
    [[nodiscard]] const MemoryRegion& region() const noexcept { return region_; }
    [[nodiscard]] std::size_t slots() const noexcept { return slots_; }
    /// Some samples of one chunk.
    [[nodiscard]] MemoryRegion of(const SampleRange& samples) const noexcept
    {
        const std::size_t first = slots_ == 0 ? samples.first : samples.first / chunk_ % slots_ * chunk_;
        return {region_.address + first * per_sample_ * bytes_of(region_.type), region_.type,
                samples.count * per_sample_};
    }

private:
    MemoryRegion region_;
    std::uint64_t per_sample_ = 0;
    std::size_t chunk_ = 1;
    std::size_t slots_ = 0;
};

struct LayerMemory {
    BatchTensor input;          ///< codes; the output of the layer below, or the input codes
    BatchTensor sums;           ///< pooled accumulators
    BatchTensor winners;        ///< pooled layers
    BatchTensor output, flags;  ///< hidden layers
    BatchTensor error_in, error_q;
    BatchTensor operands;                          ///< error_mac; the last layer's are its error_q
    MemoryRegion gradients, steps, stored, codes;  ///< g, d, n_g, n_w
    MemoryRegion maximum;                          ///< max |g|, one element
    MemoryRegion spilled;                          ///< `accumulate: image`: g between images, as bytes
};

struct MemoryPlan {
    BatchTensor images, labels, predictions;
    MemoryRegion partial;  ///< accumulators between row passes, of one layer at a time; int8 elements
    std::vector<LayerMemory> layers;
    std::uint64_t buffer_bytes = 0, dram_bytes = 0;  ///< used
};

/// Throws std::invalid_argument where the tensors do not fit the DRAM.
[[nodiscard]] MemoryPlan plan_memory(const std::vector<LayerPlan>& layers, const Placement& placement,
                                     const ChipConfig& config, std::size_t batch);

[[nodiscard]] std::string to_text(const MemoryPlan& plan);
/// "buffer+0x40" or "dram+0x40".
[[nodiscard]] std::string address_text(std::uint64_t address);

}  // namespace wagesim::chip
