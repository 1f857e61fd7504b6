// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The golden files can be read whole, and say what their README says. Their integers are tested by the engines.
#include "tests/support/golden.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "ref/network/layer_geometry.hpp"

namespace wagesim::test {
namespace {

TEST(Golden, EveryEntryOfEveryFileReads)
{
    std::size_t files = 0;
    std::size_t entries = 0;
    for (const auto& file : std::filesystem::directory_iterator(WAGESIM_GOLDEN_DIR)) {
        if (file.path().extension() != ".npz") continue;
        ++files;
        const NpzReader npz(file.path());
        for (const std::string& name : npz.names()) {
            const NpyArray array = npz.read(name);
            EXPECT_EQ(array.bytes.size(), array.header.bytes()) << array.origin;
            ++entries;
        }
    }
    EXPECT_EQ(files, golden_trainings().size() + 2);  // and rng, augment
    EXPECT_GT(entries, 2000U);
}

TEST(Golden, TensorsHaveTheGeometrysShapes)
{
    for (const std::string& name : golden_trainings()) {
        SCOPED_TRACE(name);
        const GoldenTraining golden(name);
        const std::vector<LayerGeometry> layers = make_geometry(golden.network(), golden.widths());
        ASSERT_GT(golden.steps(), 0U);
        for (std::uint64_t step = 0; step < golden.steps(); ++step) {
            EXPECT_EQ(golden.positions(step).size(), golden.options().batch);
            EXPECT_EQ(golden.prediction(step).size(), golden.options().batch);
            EXPECT_GT(golden.loss(step), 0.0);
            for (std::size_t i = 0; i < layers.size(); ++i) {
                const std::size_t batch = golden.options().batch;
                EXPECT_EQ(golden.tensor(step, i, TensorName::weight_stored).value().shape, layers[i].weight_shape());
                EXPECT_EQ(golden.tensor(step, i, TensorName::input).value().shape, layers[i].input_shape(batch));
                EXPECT_EQ(golden.tensor(step, i, TensorName::acc).value().shape, layers[i].acc_shape(batch));
                EXPECT_EQ(golden.tensor(step, i, TensorName::pooled).has_value(), layers[i].pool.has_value());
                EXPECT_EQ(golden.tensor(step, i, "output").has_value(), layers[i].hidden);
                EXPECT_EQ(golden.tensor(step, i, "sA").value().values.at(0), layers[i].attenuation);
                EXPECT_GE(golden.names(step, i).size(), 16U);
            }
        }
    }
}

TEST(Golden, OptionsAreThoseThatTheReadmeNames)
{
    EXPECT_EQ(GoldenTraining("gamma4").options().gamma_log2, 2);
    EXPECT_EQ(GoldenTraining("eta_eighth").options().eta_exponent, -3);
    EXPECT_EQ(GoldenTraining("clip_kw").options().weight_clip, WeightClip::kw);
    EXPECT_EQ(GoldenTraining("factor3").network().init.limit_factor, 3.0);
    EXPECT_EQ(GoldenTraining("tiny_vgg").options().range, InputRange::symmetric);
    EXPECT_EQ(GoldenTraining("tiny_vgg").network().layers.at(1).pool.value().size, 2);
    EXPECT_TRUE(GoldenTraining("tiny_mlp_shuffle").options().shuffle);
    EXPECT_EQ(GoldenTraining("widths_4-6-10-5").widths(), (Widths{4, 6, 10, 5}));
}

}  // namespace
}  // namespace wagesim::test
