// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Dump files: names, filter, contents, and the size that is refused.
#include "ref/data/dump.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "ref/tensor/tensor.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/data/data_files.hpp"

namespace wagesim {
namespace {

using test::GoldenTraining;
using test::refusal;
using test::TemporaryDirectory;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(DumpFilter, GlobOverTheEntryName)
{
    const TensorId acc = {12, 3, TensorName::acc};
    const TensorId loss = {12, 0, TensorName::loss};
    EXPECT_EQ(dump_entry_name(acc), "step12/layer3/acc");
    EXPECT_EQ(dump_entry_name(loss), "step12/loss");
    EXPECT_EQ(dump_entry_name({0, 1, TensorName::attenuation}), "step0/layer1/sA");
    for (const char* glob : {"", "*", "*/acc", "step1?/layer3/*", "step12/*", "*[a-c]cc"}) {
        EXPECT_TRUE(DumpFilter(glob).matches(acc)) << glob;
    }
    for (const char* glob : {"acc", "step1/*", "*/layer2/*", "*/acc/"}) {
        EXPECT_FALSE(DumpFilter(glob).matches(acc)) << glob;
    }
    EXPECT_TRUE(DumpFilter("*/loss").matches(loss));
    EXPECT_FALSE(DumpFilter("*/layer*").matches(loss));
}

TEST(TensorDump, WritesWhatTheFilterTakes)
{
    const TemporaryDirectory dir;
    Tensor<std::int32_t> acc({2, 3});
    for (std::size_t i = 0; i < acc.size(); ++i) acc[i] = static_cast<std::int32_t>(i) - 3;
    const double loss = 0.375;
    TensorDump dump(dir.file("d.npz"), DumpFilter("step[01]/*"));
    EXPECT_TRUE(dump.wants({1, 4, TensorName::acc}));
    EXPECT_FALSE(dump.wants({2, 4, TensorName::acc}));
    dump.on_tensor({1, 4, TensorName::acc}, acc.view());
    dump.on_tensor({2, 4, TensorName::acc}, acc.view());
    dump.on_tensor({0, 0, TensorName::loss}, {ElementType::float64, {}, &loss});
    dump.finish();
    const NpzReader reader(dir.file("d.npz"));
    EXPECT_THAT(reader.names(), ElementsAre("step1/layer4/acc", "step0/loss"));
    EXPECT_THAT(reader.read("step1/layer4/acc").values<int>(), ElementsAre(-3, -2, -1, 0, 1, 2));
    EXPECT_THAT(reader.header("step1/layer4/acc").shape, ElementsAre(2, 3));
    EXPECT_EQ(reader.read("step0/loss").scalar<double>(), loss);
}

TEST(TensorDump, LeavesNothingWithoutFinish)
{
    const TemporaryDirectory dir;
    {
        TensorDump dump(dir.file("d.npz"));
        const Tensor<std::int8_t> input({100, 100});
        dump.on_tensor({0, 0, TensorName::input}, input.view());
    }
    EXPECT_TRUE(std::filesystem::is_empty(dir.path()));
}

TEST(TensorDump, StopsBeforeTwoGibibytes)
{
    const TemporaryDirectory dir;
    TensorDump dump(dir.file("d.npz"));
    // The bytes are counted before they are looked at.
    const std::int8_t byte = 0;
    EXPECT_THAT(refusal([&] {
                    dump.on_tensor({0, 0, TensorName::acc}, {ElementType::int8, {std::size_t{1} << 31U}, &byte});
                }),
                HasSubstr("allowed 2147483648"));
}

class ExtentsOfGolden : public ::testing::TestWithParam<std::string> {};

TEST_P(ExtentsOfGolden, ExistAndHaveTheShapesOfTheFile)
{
    const GoldenTraining golden(GetParam());
    const std::size_t batch = golden.options().batch;
    const auto layers = make_geometry(golden.network(), golden.widths());
    const auto bounds = make_bounds(layers, golden.widths(), static_cast<std::int64_t>(batch));
    for (std::size_t layer = 0; layer < layers.size(); ++layer) {
        for (std::size_t i = 0; i < kTensorNames.size(); ++i) {
            const auto name = static_cast<TensorName>(i);
            if (belongs_to_step(name)) continue;
            SCOPED_TRACE(kTensorNames[i]);
            const auto found = tensor_extent(layers, bounds, layer, name, batch);
            const auto expected = golden.tensor(0, layer, name);
            ASSERT_EQ(found.has_value(), expected.has_value());
            if (!found) continue;
            EXPECT_EQ(found->shape, expected->shape);
            if (found->type == ElementType::uint16) continue;
            const auto bits = 8 * bytes_of(found->type) - (found->type == ElementType::uint8 ? 0 : 1);
            for (const std::int64_t value : expected->values) {
                EXPECT_TRUE(bits == 63 || std::abs(value) >> bits == 0) << value;
            }
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Files, ExtentsOfGolden, ::testing::ValuesIn(test::golden_trainings()),
                         [](const auto& file) { return test::identifier_of(file.param); });

TEST(DumpEstimate, IsWhatADumpTakes)
{
    const GoldenTraining golden("tiny_lenet");
    const auto layers = make_geometry(golden.network(), golden.widths());
    const auto bounds = make_bounds(layers, golden.widths(), 16);
    const auto estimate = [&](std::uint64_t steps, const char* glob) {
        return estimate_dump_bytes(layers, bounds, 16, steps, DumpFilter(glob));
    };
    // Bytes counted by hand: 16 samples x 8 channels x 12 x 12 int32 accumulators; a scalar; 256 around each entry.
    EXPECT_EQ(estimate(1, "*/layer0/acc"), 16U * 8 * 12 * 12 * 4 + 256);
    EXPECT_EQ(estimate(3, "step2/loss"), 8U + 256);
    EXPECT_EQ(estimate(3, "*/prediction"), 3 * (16U * 2 + 256));
    EXPECT_EQ(estimate(0, ""), 0U);
    EXPECT_EQ(estimate(5, ""), estimate(5, "step*"));
    EXPECT_EQ(estimate(5, "*"), 5 * estimate(1, "*"));
    EXPECT_EQ(estimate(7, "nothing"), 0U);
    EXPECT_GT(estimate(std::uint64_t{1} << 40U, ""), kLargestDump);
    EXPECT_EQ(estimate(~std::uint64_t{0}, ""), ~std::uint64_t{0});
    EXPECT_GT(estimate(std::uint64_t{1} << 40U, "*/acc"), kLargestDump);
}

}  // namespace
}  // namespace wagesim
