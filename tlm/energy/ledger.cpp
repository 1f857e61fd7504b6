// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Sums over the counts.
#include "tlm/energy/ledger.hpp"

namespace wagesim::chip {

void Ledger::add(const Ledger& other)
{
    for (std::size_t layer = 0; layer < counts_.size(); ++layer) {
        for (std::size_t phase = 0; phase < kPhaseNames.size(); ++phase) {
            for (std::size_t event = 0; event < kEventCount; ++event) {
                counts_[layer][phase][event] += other.counts_.at(layer)[phase][event];
            }
        }
    }
}

void Ledger::clear()
{
    counts_.assign(counts_.size(), Layer{});
}

std::uint64_t Ledger::count(Event event) const noexcept
{
    std::uint64_t sum = 0;
    for (const Layer& layer : counts_) {
        for (const auto& phase : layer) sum += phase[index_of(event)];
    }
    return sum;
}

}  // namespace wagesim::chip
