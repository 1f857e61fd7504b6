// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Regions against the contract's shapes. See the header.
#include "platforms/verify/region_layout.hpp"

#include <stdexcept>

namespace wagesim::verify {
namespace {

using chip::RegionOrder;
using chip::TensorRegion;

[[noreturn]] void refuse(const ContractTensor& tensor, const std::string& what)
{
    throw std::logic_error("verify: the chip shows " + tensor.path + " as " + what + ", contract " +
                           tensor.shape.text());
}

/// A flattened contract tensor has the channels, rows and columns of a sample in one axis.
RegionLayout sample_layout(const TensorRegion& r, const ContractTensor& tensor)
{
    const Shape& shape = tensor.shape;
    const std::size_t all_channels = r.tensor_channels == 0 ? r.channels : r.tensor_channels;
    const bool fits = (shape.rank() == 4 && shape[1] == all_channels && shape[2] == r.height && shape[3] == r.width) ||
                      (shape.rank() == 2 && shape[1] == all_channels * r.height * r.width);
    if (!fits || r.channels == 0 || r.first_channel + r.channels > all_channels) {
        const Shape shown{r.samples, r.channels, r.height, r.width};
        refuse(tensor, "channel-last " + shown.text() + " at channel " + std::to_string(r.first_channel) + " of " +
                           std::to_string(all_channels));
    }
    const std::size_t positions = r.height * r.width;
    const std::size_t stride = all_channels * positions;
    return {r.first_sample * stride + r.first_channel * positions, r.samples, stride, r.channels, positions};
}

RegionLayout plain_layout(std::size_t first, std::size_t count)
{
    return {first, 1, count, 1, count};
}

RegionLayout shown_layout(const TensorRegion& region, const ContractTensor& tensor)
{
    switch (region.order) {
        case RegionOrder::nhwc: return sample_layout(region, tensor);
        case RegionOrder::row_major: return plain_layout(region.first, region.count);
        case RegionOrder::sample: return plain_layout(region.first_sample, region.samples);
        case RegionOrder::scalar: break;
    }
    return plain_layout(0, 1);
}

}  // namespace

bool RegionLayout::mark(Coverage& seen) const
{
    if (sample_size() == stride) return seen.add(first, end());
    for (std::size_t sample = 0; sample < samples; ++sample) {
        if (!seen.add(sample_first(sample), sample_first(sample) + sample_size())) return false;
    }
    return true;
}

RegionLayout layout_of(const TensorRegion& region, const ContractTensor& tensor)
{
    const RegionLayout layout = shown_layout(region, tensor);
    if (layout.size() == 0) refuse(tensor, "no elements");
    if (layout.end() > tensor.shape.size()) {
        refuse(tensor, "elements " + std::to_string(layout.first) + " to " + std::to_string(layout.end()));
    }
    if ((region.order == RegionOrder::scalar) != (tensor.shape.rank() == 0)) refuse(tensor, "another kind of region");
    const bool is_flag = tensor.bits == 1;
    if (is_flag != (region.flag_mask != 0)) refuse(tensor, is_flag ? "values, not flags" : "flags");
    if (region.type == ElementType::float64) refuse(tensor, "floating point");
    return layout;
}

}  // namespace wagesim::verify
