// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Regions put together to whole tensors: every element where the contract has it, whatever the chunks.
#include "platforms/verify/chip_dump.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "platforms/verify/tap_list.hpp"
#include "tests/lockstep/synthetic_step.hpp"

namespace wagesim::verify {
namespace {

using chip::TensorRegion;
using test::SyntheticStep;

/// Keeps what a TensorSink is given, widened; it can be made to want one name only.
class Collector : public TensorSink {
public:
    [[nodiscard]] bool wants(const TensorId& id) const override { return !only || *only == id.name; }
    void on_tensor(const TensorId& id, const TensorView& view) override
    {
        EXPECT_EQ(id.step, 7U);
        EXPECT_TRUE(seen.emplace(std::make_pair(id.layer, id.name), view.shape).second) << "delivered twice";
        if (view.type == ElementType::float64) {
            loss = *static_cast<const double*>(view.data);
            return;
        }
        auto& out = values[{id.layer, id.name}];
        visit_element_type(view.type, [&](auto zero) {
            const auto* data = static_cast<const decltype(zero)*>(view.data);
            for (std::size_t i = 0; i < view.size(); ++i) out.push_back(static_cast<std::int64_t>(data[i]));
        });
    }

    std::optional<TensorName> only;
    std::map<std::pair<std::uint32_t, TensorName>, Shape> seen;
    std::map<std::pair<std::uint32_t, TensorName>, std::vector<std::int64_t>> values;
    double loss = -1.0;
};

class Dumping : public ::testing::Test {
protected:
    ContractTensors contract{make_geometry(test::synthetic_network(), Widths{}), Widths{}, 6};
};

TEST_F(Dumping, DeliversEveryTensorInTheContractsLayout)
{
    for (const std::size_t group : {0U, 2U}) {
        SyntheticStep synthetic(contract, 7, 5, {4, 11, group, [](std::vector<TensorRegion>& regions) {
                                                     std::mt19937 random(3);
                                                     std::shuffle(regions.begin(), regions.end(), random);
                                                 }});
        Collector collector;
        ChipDump dump(contract, collector);
        dump.begin_step(7);
        synthetic.show(dump);
        dump.end_step();
        ASSERT_EQ(collector.seen.size(), contract.size());
        for (std::size_t i = 0; i < contract.size(); ++i) {
            const ContractTensor& tensor = contract[i];
            EXPECT_EQ(collector.seen.at({tensor.layer, tensor.name}), tensor.shape);
            if (tensor.name == TensorName::loss) {
                EXPECT_EQ(collector.loss, synthetic.loss());
                continue;
            }
            const std::vector<std::int64_t>& values = collector.values.at({tensor.layer, tensor.name});
            ASSERT_EQ(values.size(), tensor.shape.size());
            for (std::size_t k = 0; k < values.size(); ++k) {
                ASSERT_EQ(values[k], synthetic.expected(i, k)) << tensor.path << " " << k;
            }
        }
    }
}

TEST_F(Dumping, AsksOnlyForWhatTheSinkWants)
{
    SyntheticStep synthetic(contract, 7, 5);
    Collector collector;
    collector.only = TensorName::error_q;
    ChipDump dump(contract, collector);
    dump.begin_step(7);
    EXPECT_FALSE(dump.wants(0, TensorName::acc));
    EXPECT_TRUE(dump.wants(0, TensorName::error_q));
    synthetic.show(dump);
    dump.end_step();
    EXPECT_EQ(collector.seen.size(), contract.layers());
}

TEST_F(Dumping, IncompleteAndRepeatedTensorsAreFailures)
{
    Collector collector;
    ChipDump dump(contract, collector);
    dump.begin_step(7);
    EXPECT_THROW(dump.end_step(), std::logic_error);
    SyntheticStep missing(contract, 7, 5,
                          {4, 11, 0, [](std::vector<TensorRegion>& regions) { regions.erase(regions.begin() + 5); }});
    missing.show(dump);
    EXPECT_THROW(dump.end_step(), std::logic_error);
    SyntheticStep repeated(contract, 7, 5);
    EXPECT_THROW(repeated.show(dump), std::logic_error);
}

TEST(TapListTest, AsksAndShowsInOrder)
{
    struct Tap : chip::TensorTap {
        Tap(std::vector<int>& log, int number, bool wanting) : log_(log), number_(number), wanting_(wanting) {}
        [[nodiscard]] bool wants(std::uint32_t, TensorName) const override { return wanting_; }
        void on_region(const TensorRegion&) override { log_.push_back(number_); }
        std::vector<int>& log_;
        int number_;
        bool wanting_;
    };
    std::vector<int> log;
    Tap first(log, 1, true);
    Tap deaf(log, 2, false);
    Tap last(log, 3, true);
    TapList list({&first, &deaf});
    EXPECT_TRUE(list.wants(0, TensorName::acc));
    list.add(last);
    list.on_region({});
    EXPECT_THAT(log, ::testing::ElementsAre(1, 3));
    EXPECT_FALSE(TapList({&deaf}).wants(0, TensorName::acc));
    EXPECT_TRUE(TapList().empty());
}

}  // namespace
}  // namespace wagesim::verify
