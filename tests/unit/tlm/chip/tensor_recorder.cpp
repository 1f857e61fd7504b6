// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/tlm/chip/tensor_recorder.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace wagesim::test {
namespace {

std::int64_t element(const chip::TensorRegion& region, std::size_t at)
{
    const std::int64_t value = visit_element_type(region.type, [&](auto zero) {
        return static_cast<std::int64_t>(static_cast<const decltype(zero)*>(region.data)[at]);
    });
    if (region.flag_mask == 0) return value;
    return (static_cast<std::uint8_t>(value) & region.flag_mask) != 0 ? 1 : 0;
}

}  // namespace

void TensorRecorder::put(Recorded& to, std::size_t at, std::int64_t value)
{
    to.values.at(at) = value;
    ++to.shown.at(at);
}

void TensorRecorder::on_region(const chip::TensorRegion& region)
{
    Recorded& to = tensors_[{region.layer, region.name}];
    const auto size = [&](std::size_t elements) {
        to.values.resize(elements);
        to.shown.resize(elements);
    };
    switch (region.order) {
        case chip::RegionOrder::scalar:
            size(region.name == TensorName::loss ? 2 : 1);
            for (std::size_t i = 0; i < to.values.size(); ++i) put(to, i, element(region, i));
            return;
        case chip::RegionOrder::sample:
            size(batch_);
            for (std::size_t n = 0; n < region.samples; ++n) put(to, region.first_sample + n, element(region, n));
            return;
        case chip::RegionOrder::row_major:
            size(std::max(to.values.size(), region.first + region.count));
            for (std::size_t i = 0; i < region.count; ++i) put(to, region.first + i, element(region, i));
            return;
        case chip::RegionOrder::nhwc: break;
    }
    const std::size_t channels = region.tensor_channels == 0 ? region.channels : region.tensor_channels;
    const std::size_t places = region.height * region.width;
    size(batch_ * channels * places);
    for (std::size_t n = 0; n < region.samples; ++n) {
        for (std::size_t p = 0; p < places; ++p) {
            for (std::size_t c = 0; c < region.channels; ++c) {
                put(to, ((region.first_sample + n) * channels + region.first_channel + c) * places + p,
                    element(region, (n * places + p) * region.channels + c));
            }
        }
    }
}

std::optional<std::vector<std::int64_t>> TensorRecorder::tensor(std::uint32_t layer, TensorName name) const
{
    const auto found = tensors_.find({layer, name});
    if (found == tensors_.end()) return std::nullopt;
    const auto& shown = found->second.shown;
    EXPECT_TRUE(std::all_of(shown.begin(), shown.end(), [](int times) { return times == 1; }))
        << "layer " << layer << " " << text_of(name) << ": an element was not shown exactly once";
    return found->second.values;
}

}  // namespace wagesim::test
