// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A tap that puts regions together to whole tensors in the contract's layout, and checks that every element is shown
// exactly once. It compares nothing.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ref/network/layer_geometry.hpp"
#include "tlm/common/tensor_tap.hpp"

namespace wagesim::test {

class TensorRecorder : public chip::TensorTap {
public:
    using Key = std::pair<std::uint32_t, TensorName>;
    struct Recorded {
        std::vector<std::int64_t> values;  ///< N, C, H, W; O, I, kh, kw; loss: low and high half
        std::vector<int> shown;            ///< how often each element was
    };

    explicit TensorRecorder(std::size_t batch) : batch_(batch) {}

    [[nodiscard]] bool wants(std::uint32_t, TensorName) const override { return true; }
    void on_region(const chip::TensorRegion& region) override;

    [[nodiscard]] const std::map<Key, Recorded>& tensors() const noexcept { return tensors_; }
    /// The tensor, or nothing where it was not shown. Fails the test where an element was not shown exactly once.
    [[nodiscard]] std::optional<std::vector<std::int64_t>> tensor(std::uint32_t layer, TensorName name) const;
    void clear() { tensors_.clear(); }

private:
    void put(Recorded& to, std::size_t at, std::int64_t value);

    std::size_t batch_;
    std::map<Key, Recorded> tensors_;
};

}  // namespace wagesim::test
