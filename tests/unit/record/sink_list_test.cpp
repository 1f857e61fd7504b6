// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
#include "ref/tensor/sink_list.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace wagesim {
namespace {

/// Wants the tensors of one name and notes the steps they came from.
class OneName final : public TensorSink {
public:
    explicit OneName(TensorName name) : name_(name) {}
    [[nodiscard]] bool wants(const TensorId& id) const override { return id.name == name_; }
    void on_tensor(const TensorId& id, const TensorView& tensor) override
    {
        EXPECT_EQ(id.name, name_);
        EXPECT_EQ(tensor.size(), 1U);
        steps.push_back(id.step);
    }
    std::vector<std::uint64_t> steps;

private:
    TensorName name_;
};

TEST(SinkList, GivesEachSinkWhatItWants)
{
    OneName input(TensorName::input);
    OneName delta(TensorName::delta);
    SinkList list;
    EXPECT_EQ(list.or_none(), nullptr);
    list.add(nullptr);
    EXPECT_EQ(list.or_none(), nullptr);
    list.add(&input);
    list.add(&delta);
    ASSERT_EQ(list.or_none(), &list);
    EXPECT_TRUE(list.wants({0, 0, TensorName::input}));
    EXPECT_TRUE(list.wants({0, 0, TensorName::delta}));
    EXPECT_FALSE(list.wants({0, 0, TensorName::acc}));
    const std::int8_t element = 1;
    for (std::uint64_t step = 0; step < 3; ++step) {
        list.on_tensor({step, 0, TensorName::input}, {ElementType::int8, {}, &element});
        if (step == 1) list.on_tensor({step, 0, TensorName::delta}, {ElementType::int8, {}, &element});
    }
    EXPECT_THAT(input.steps, ::testing::ElementsAre(0, 1, 2));
    EXPECT_THAT(delta.steps, ::testing::ElementsAre(1));
}

}  // namespace
}  // namespace wagesim
