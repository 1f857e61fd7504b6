// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "ref/record/recorder.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace wagesim {
namespace {

std::int64_t integer_of(const TensorView& scalar)
{
    return visit_element_type(scalar.type, [&](auto zero) {
        return static_cast<std::int64_t>(*static_cast<const decltype(zero)*>(scalar.data));
    });
}

/// Every tensor and scalar of every layer.
template <class Record, class Visitor>
void visit_entries(Record& record, Visitor&& visitor)
{
    for (std::size_t layer = 0; layer < record.layers.size(); ++layer) {
        for (auto& tensor : record.layers[layer].tensors) visitor(layer, tensor);
        for (auto& scalar : record.layers[layer].scalars) visitor(layer, scalar);
    }
}

}  // namespace

Recorder::Recorder(const std::vector<LayerGeometry>& layers, RunRecord empty, std::uint64_t end_step)
    : record_(std::move(empty)), end_step_(end_step), unclipped_(layers.size())
{
    for (const LayerGeometry& layer : layers) hidden_.push_back(layer.hidden);
}

bool Recorder::samples(std::uint64_t step) const noexcept
{
    return step == 0 || (step + 1) % record_.steps_per_epoch == 0 || step + 1 == end_step_;
}

bool Recorder::wants(const TensorId& id) const
{
    if (!samples(id.step) || id.layer >= record_.layers.size()) return false;
    if (id.name == TensorName::mask_unclipped) return hidden_[id.layer];
    const RecordedLayer& layer = record_.layers[id.layer];
    return layer.tensor(id.name) != nullptr || layer.scalar(id.name) != nullptr;
}

void Recorder::on_tensor(const TensorId& id, const TensorView& tensor)
{
    if (!wants(id)) return;
    std::vector<std::uint8_t>& unclipped = unclipped_[id.layer];
    if (id.name == TensorName::mask_unclipped) {
        const auto* flags = static_cast<const std::uint8_t*>(tensor.data);
        unclipped.assign(flags, flags + tensor.size());
        return;
    }
    RecordedLayer& layer = record_.layers[id.layer];
    if (RecordedScalar* scalar = layer.scalar(id.name)) {
        scalar->samples.push_back(integer_of(tensor));
        return;
    }
    RecordedTensor& recorded = *layer.tensor(id.name);
    // e of a hidden layer is 0 where the activation was clipped (docs/numerics.md section 6).
    const bool masked = id.name == TensorName::error_in && hidden_[id.layer];
    if (masked && unclipped.size() != tensor.size()) {
        throw std::logic_error("record: errors of layer " + std::to_string(id.layer) + " came before their mask");
    }
    recorded.samples.push_back(histogram_of(tensor, recorded.axis, masked ? unclipped.data() : nullptr));
    if (masked) unclipped = {};
}

void Recorder::end_step(double loss, std::uint64_t correct)
{
    const std::uint64_t step = record_.step_loss.size();
    record_.step_loss.push_back(loss);
    record_.step_correct.push_back(static_cast<std::uint32_t>(correct));
    if (!samples(step)) return;
    record_.samples.push_back(step);
    visit_entries(record_, [&](std::size_t layer, const auto& entry) {
        if (entry.samples.size() == record_.samples.size()) return;
        throw std::logic_error("record: step " + std::to_string(step) + " has " + std::to_string(entry.samples.size()) +
                               " of " + std::to_string(record_.samples.size()) + " samples of layer " +
                               std::to_string(layer) + "'s " + std::string(text_of(entry.name)));
    });
}

void Recorder::resume(RunRecord record, std::uint64_t step, const std::string& origin)
{
    if (record.config_hash != record_.config_hash) {
        throw DataError(origin + ": got a record of another configuration (" + record.config_hash + "), allowed " +
                        record_.config_hash);
    }
    if (record.step_loss.size() < step) {
        throw DataError(origin + ": got " + std::to_string(record.step_loss.size()) + " steps, allowed at least " +
                        std::to_string(step) + " as in the checkpoint");
    }
    record.config = record_.config;  // names and paths may have changed
    record_ = std::move(record);
    record_.step_loss.resize(step);
    record_.step_correct.resize(step);
    const std::vector<std::uint64_t> taken = record_.samples;
    for (std::size_t i = taken.size(); i-- > 0;) {
        // The last one stays, too, where this part takes no step: a later part may end where an earlier one did.
        if (taken[i] < step && (samples(taken[i]) || (taken[i] + 1 == step && step >= end_step_))) continue;
        const auto at = static_cast<std::ptrdiff_t>(i);
        record_.samples.erase(record_.samples.begin() + at);
        visit_entries(record_, [&](std::size_t, auto& entry) { entry.samples.erase(entry.samples.begin() + at); });
    }
}

const RunRecord& Recorder::record(const std::vector<EpochRow>& epochs)
{
    record_.epochs = epochs;
    return record_;
}

}  // namespace wagesim
