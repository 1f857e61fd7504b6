// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Which tensors are recorded, on which axes. See the header.
#include "ref/record/run_record.hpp"

#include <algorithm>
#include <cmath>

#include "ref/numerics/integer.hpp"

namespace wagesim {
namespace {

/// Every magnitude below 2^63.
constexpr std::size_t kHalfOctavesOfIntegers = 126;

/// |d| <= floor(sqrt(2) 2^h) + 1 (docs/numerics.md section 7).
std::int64_t largest_weight_step(int eta_exponent)
{
    return static_cast<std::int64_t>(std::floor(std::ldexp(std::sqrt(2.0), eta_exponent))) + 1;
}

template <class Entries>
auto find_name(Entries& entries, TensorName name)
{
    const auto found = std::find_if(entries.begin(), entries.end(), [&](const auto& e) { return e.name == name; });
    return found == entries.end() ? nullptr : &*found;
}

}  // namespace

RecordedTensor* RecordedLayer::tensor(TensorName name)
{
    return find_name(tensors, name);
}

const RecordedTensor* RecordedLayer::tensor(TensorName name) const
{
    return find_name(tensors, name);
}

RecordedScalar* RecordedLayer::scalar(TensorName name)
{
    return find_name(scalars, name);
}

const RecordedScalar* RecordedLayer::scalar(TensorName name) const
{
    return find_name(scalars, name);
}

RunRecord make_record(const std::vector<LayerGeometry>& layers, const RecordPlan& plan)
{
    const auto codes = [](int bits) { return Axis::linear(numerics::max_code(bits)); };
    const Axis sums = Axis::log2(0, kHalfOctavesOfIntegers);
    const Axis steps = Axis::linear(largest_weight_step(plan.largest_eta_exponent));
    RecordedLayer layer;
    layer.tensors = {{TensorName::weight_stored, codes(plan.widths.g), {}},
                     {TensorName::weight_q, codes(plan.widths.w), {}},
                     {TensorName::input, codes(plan.widths.a), {}},
                     {TensorName::error_in, sums, {}},
                     {TensorName::error_q, codes(plan.widths.e), {}},
                     {TensorName::gradient, sums, {}},
                     {TensorName::delta, steps, {}}};
    layer.scalars = {{TensorName::max_error, {}},
                     {TensorName::exponent_e, {}},
                     {TensorName::max_gradient, {}},
                     {TensorName::exponent_g, {}}};
    RunRecord record;
    record.config = plan.config;
    record.config_hash = plan.config_hash;
    record.steps_per_epoch = plan.steps_per_epoch;
    record.layers.assign(layers.size(), layer);
    return record;
}

}  // namespace wagesim
