// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Comparison and bookkeeping of one step after another. See the header.
#include "platforms/verify/tensor_comparator.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <stdexcept>

namespace wagesim::verify {

TensorComparator::TensorComparator(const ContractTensors& contract, OnDifference mode)
    : contract_(contract), mode_(mode), seen_(contract.size())
{
}

void TensorComparator::begin_step(const ReferenceTensors& reference)
{
    reference.check_complete();
    reference_ = &reference;
    for (Coverage& seen : seen_) seen.clear();
    elements_in_step_ = 0;
}

void TensorComparator::end_step()
{
    if (reference_ == nullptr) throw std::logic_error("verify: end_step without begin_step");
    const std::string step = "step" + std::to_string(reference_->step());
    for (std::size_t i = 0; i < contract_.size() && !stopped(); ++i) {
        if (is_off(i) || seen_[i].is_exactly(contract_[i].shape.size())) continue;
        throw std::logic_error("verify: the chip " +
                               std::string(seen_[i].empty() ? "did not show " : "showed a part of ") + step + "/" +
                               contract_[i].path + " (" + contract_[i].shape.text() + ")");
    }
    reference_ = nullptr;
    if (elements_in_step_ == 0) throw std::logic_error("verify: nothing was compared in " + step);
}

bool TensorComparator::is_off(std::size_t position) const noexcept
{
    return std::any_of(off_.begin(), off_.end(),
                       [&](const Switch& off) { return off.position == position && off.step == reference_->step(); });
}

bool TensorComparator::wants(std::uint32_t layer, TensorName name) const
{
    if (reference_ == nullptr) return false;
    if (stopped()) {
        const TensorDifference& first = *result_.first_difference;
        return first.step == reference_->step() && first.layer == layer && first.name == name;
    }
    const std::optional<std::size_t> position = contract_.find(layer, name);
    return !position || !is_off(*position);
}

void TensorComparator::on_region(const chip::TensorRegion& region)
{
    if (!wants(region.layer, region.name)) return;
    const std::optional<std::size_t> position = contract_.find(region.layer, region.name);
    if (!position) {
        throw std::logic_error("verify: the chip shows layer" + std::to_string(region.layer) + "/" +
                               std::string(text_of(region.name)) + ", which the contract has not");
    }
    const ContractTensor& tensor = contract_[*position];
    const RegionLayout layout = layout_of(region, tensor);
    Coverage& seen = seen_[*position];
    if (!layout.mark(seen)) {
        throw std::logic_error("verify: the chip shows step" + std::to_string(reference_->step()) + "/" + tensor.path +
                               " again, elements from " + std::to_string(layout.first) + " to " +
                               std::to_string(layout.end()));
    }
    elements_in_step_ += layout.size();
    if (seen.is_exactly(tensor.shape.size())) {
        ++result_.tensors_compared;
        note_range(tensor, *reference_->find(*position));
    }
    compare(reference_->step(), region, layout, tensor, *reference_->find(*position));
}

void TensorComparator::compare_read_back(const TensorId& id, const TensorView& expected, const TensorView& got)
{
    const std::optional<std::size_t> position = contract_.find(id.layer, id.name);
    if (!position || expected.shape != contract_[*position].shape || got.shape != expected.shape) {
        throw std::logic_error("verify: read back as " + got.shape.text() + ", reference " + expected.shape.text());
    }
    // A tap may change what it is shown; a comparison does not.
    chip::TensorRegion region;
    region.layer = id.layer;
    region.name = id.name;
    region.order = chip::RegionOrder::row_major;
    region.type = got.type;
    region.data = const_cast<void*>(got.data);
    region.count = got.size();
    ++result_.tensors_compared;
    note_range(contract_[*position], expected);
    compare(id.step, region, layout_of(region, contract_[*position]), contract_[*position], expected);
}

void TensorComparator::compare(std::uint64_t step, const chip::TensorRegion& region, const RegionLayout& layout,
                               const ContractTensor& tensor, const TensorView& expected)
{
    result_.elements_compared += layout.size();
    TensorDeviation seen;
    seen.elements_compared = layout.size();
    add(tensor.layer, tensor.name, seen);
    std::optional<Finding> finding;
    if (tensor.name == TensorName::loss) {
        finding = compare_loss(region, expected);
    } else if (const auto mismatch = compare_region(region, layout, expected)) {
        finding.emplace();
        finding->first.index = mismatch->first;
        finding->first.expected = mismatch->expected;
        finding->first.got = mismatch->got;
        finding->count = mismatch->count;
        finding->max_deviation = mismatch->max_deviation;
        finding->sum_deviation = mismatch->sum_deviation;
    }
    if (!finding) return;
    finding->first.step = step;
    finding->first.layer = tensor.layer;
    finding->first.name = tensor.name;
    finding->first.shape = tensor.shape;
    note(*finding);
}

std::optional<TensorComparator::Finding> TensorComparator::compare_loss(const chip::TensorRegion& region,
                                                                        const TensorView& expected) const
{
    if (expected.type != ElementType::float64) throw std::logic_error("verify: the reference's loss is no binary64");
    std::uint64_t halves[2];
    std::memcpy(halves, region.data, sizeof halves);
    const double got = contract_.loss(halves[0], halves[1]);
    const double wanted = *static_cast<const double*>(expected.data);
    if (got == wanted) return std::nullopt;
    Finding out;
    out.first.expected = wanted;
    out.first.got = got;
    out.count = 1;
    out.max_deviation = out.sum_deviation = std::abs(got - wanted);
    return out;
}

void TensorComparator::note(const Finding& finding)
{
    std::optional<TensorDifference>& first = result_.first_difference;
    const TensorDifference& found = finding.first;
    // Chunks may be shown in any order: within the tensor that differed first, the lowest index is what is reported.
    const bool lower = first && first->step == found.step && first->layer == found.layer && first->name == found.name &&
                       found.index < first->index;
    if (!first || lower) first = found;
    TensorDeviation deviation;
    deviation.differences = finding.count;
    deviation.max_deviation = finding.max_deviation;
    deviation.sum_deviation = finding.sum_deviation;
    add(found.layer, found.name, deviation);
    result_.differences += finding.count;
}

void TensorComparator::note_range(const ContractTensor& tensor, const TensorView& expected)
{
    if (mode_ != OnDifference::measure) return;
    TensorDeviation range;
    range.largest_expected = largest_magnitude(expected);
    add(tensor.layer, tensor.name, range);
}

void TensorComparator::add(std::uint32_t layer, TensorName name, const TensorDeviation& deviation)
{
    result_.by_name[static_cast<std::size_t>(name)] += deviation;
    result_.by_layer[{name, layer}] += deviation;
}

void TensorComparator::switch_off(std::uint64_t step, std::uint32_t layer, TensorName name)
{
    const std::optional<std::size_t> position = contract_.find(layer, name);
    if (!position) throw std::logic_error("verify: switched off what the contract has not");
    off_.push_back({step, *position});
}

void TensorComparator::reset()
{
    reference_ = nullptr;
    off_.clear();
    result_ = {};
}

}  // namespace wagesim::verify
