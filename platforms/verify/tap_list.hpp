// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Several taps in place of one, in order. It looks at nothing itself.
#pragma once

#include <utility>
#include <vector>

#include "tlm/common/tensor_tap.hpp"

namespace wagesim::verify {

class TapList : public chip::TensorTap {
public:
    /// Not owned; none is null.
    explicit TapList(std::vector<chip::TensorTap*> taps = {}) : taps_(std::move(taps)) {}

    void add(chip::TensorTap& tap) { taps_.push_back(&tap); }
    [[nodiscard]] bool empty() const noexcept { return taps_.empty(); }

    [[nodiscard]] bool wants(std::uint32_t layer, TensorName name) const override
    {
        for (const chip::TensorTap* tap : taps_) {
            if (tap->wants(layer, name)) return true;
        }
        return false;
    }
    void on_region(const chip::TensorRegion& region) override
    {
        for (chip::TensorTap* tap : taps_) {
            if (tap->wants(region.layer, region.name)) tap->on_region(region);
        }
    }

private:
    std::vector<chip::TensorTap*> taps_;
};

}  // namespace wagesim::verify
