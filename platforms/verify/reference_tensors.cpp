// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Copies of a step's reference tensors. See the header.
#include "platforms/verify/reference_tensors.hpp"

#include <cstring>
#include <stdexcept>

namespace wagesim::verify {
namespace {

[[noreturn]] void refuse(const TensorId& id, const std::string& what)
{
    throw std::logic_error("verify: reference tensor step" + std::to_string(id.step) + "/layer" +
                           std::to_string(id.layer) + "/" + std::string(text_of(id.name)) + ": " + what);
}

}  // namespace

ReferenceTensors::ReferenceTensors(const ContractTensors& contract) : contract_(contract), entries_(contract.size()) {}

void ReferenceTensors::begin_step(std::uint64_t step)
{
    step_ = step;
    for (Entry& entry : entries_) entry.delivered = false;
}

bool ReferenceTensors::wants(const TensorId& id) const
{
    return id.step == step_ && contract_.find(id.layer, id.name).has_value();
}

void ReferenceTensors::on_tensor(const TensorId& id, const TensorView& tensor)
{
    if (id.step != step_) refuse(id, "delivered in step " + std::to_string(step_));
    const std::optional<std::size_t> position = contract_.find(id.layer, id.name);
    if (!position) refuse(id, "not in the contract's list");
    const Shape& shape = contract_[*position].shape;
    if (tensor.shape != shape) refuse(id, "shape " + tensor.shape.text() + ", contract " + shape.text());
    Entry& entry = entries_[*position];
    if (entry.delivered) refuse(id, "delivered twice");
    entry.delivered = true;
    entry.type = tensor.type;
    entry.bytes.resize(tensor.bytes());
    std::memcpy(entry.bytes.data(), tensor.data, tensor.bytes());
}

void ReferenceTensors::check_complete() const
{
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        if (entries_[i].delivered) continue;
        throw std::logic_error("verify: the reference did not deliver step" + std::to_string(step_) + "/" +
                               contract_[i].path);
    }
}

std::optional<TensorView> ReferenceTensors::find(std::size_t position) const
{
    const Entry& entry = entries_.at(position);
    if (!entry.delivered) return std::nullopt;
    return TensorView{entry.type, contract_[position].shape, entry.bytes.data()};
}

}  // namespace wagesim::verify
