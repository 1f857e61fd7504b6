// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Sums over the traffic table.
#include "tlm/common/statistics.hpp"

namespace wagesim::chip {

TrafficBytes& TrafficCounters::at(const BurstPurpose& purpose)
{
    if (purpose.layer >= layers_.size()) layers_.resize(purpose.layer + std::size_t{1});
    return layers_[purpose.layer][index_of(purpose.phase)][index_of(purpose.traffic)];
}

TrafficBytes TrafficCounters::bytes(const BurstPurpose& purpose) const noexcept
{
    if (purpose.layer >= layers_.size()) return {};
    return layers_[purpose.layer][index_of(purpose.phase)][index_of(purpose.traffic)];
}

TrafficBytes TrafficCounters::bytes(TrafficClass traffic) const noexcept
{
    TrafficBytes sum;
    for (const Layer& layer : layers_) {
        for (const auto& phase : layer) sum += phase[index_of(traffic)];
    }
    return sum;
}

TrafficBytes TrafficCounters::total() const noexcept
{
    TrafficBytes sum;
    for (const Layer& layer : layers_) {
        for (const auto& phase : layer) {
            for (const TrafficBytes& bytes : phase) sum += bytes;
        }
    }
    return sum;
}

}  // namespace wagesim::chip
