// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/cli/shared_checkpoint.hpp"

namespace wagesim::cli {

void share(const Ranks& ranks, StoredWeights& weights, const StoredWeightRules& rules)
{
    if (ranks.alone()) return;
    for (std::size_t layer = 0; layer < rules.shapes.size(); ++layer) {
        if (weights.size() == layer) weights.emplace_back(rules.shapes[layer]);
        Tensor<std::int16_t>& tensor = weights[layer];
        ranks.communicator().broadcast(tensor.data(), tensor.size() * sizeof(std::int16_t), 0);
    }
}

void share(const Ranks& ranks, Checkpoint& checkpoint, const StoredWeightRules& rules)
{
    if (ranks.alone()) return;
    share(ranks, checkpoint.weights.layers, rules);
    ranks.share(checkpoint.weights.step);
    ranks.share(checkpoint.epoch_loss);
    ranks.share(checkpoint.epoch_correct);
    ranks.share(checkpoint.epoch_samples);
    ranks.share(checkpoint.epochs);
    std::vector<std::string> names;
    for (const auto& [name, value] : checkpoint.counters) names.push_back(name);
    std::uint64_t count = names.size();
    ranks.share(count);
    names.resize(count);
    for (std::string& name : names) {
        ranks.share(name);
        ranks.share(checkpoint.counters[name]);
    }
}

}  // namespace wagesim::cli
