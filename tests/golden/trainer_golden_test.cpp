// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The reference trainer against every golden training: each tensor that a file has, element by element. Run by mpirun,
// the ranks share the batch, and each compares its own samples of what has samples and all of the rest.
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "ref/communicator/share.hpp"
#include "ref/data/batcher.hpp"
#include "ref/trainer/trainer.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/ranks.hpp"

namespace wagesim {
namespace {

using test::GoldenTensor;
using test::GoldenTraining;

/// Keeps every tensor of a step, or those of one name, widened.
class Collector final : public TensorSink {
public:
    Collector() = default;
    explicit Collector(TensorName only) : only_(only) {}

    [[nodiscard]] bool wants(const TensorId& id) const override { return !only_ || id.name == *only_; }

    void on_tensor(const TensorId& id, const TensorView& tensor) override
    {
        if (id.name == TensorName::loss) {
            loss = *static_cast<const double*>(tensor.data);
            return;
        }
        GoldenTensor out{tensor.shape, {}};
        visit_element_type(tensor.type, [&](auto zero) {
            const auto* data = static_cast<const decltype(zero)*>(tensor.data);
            for (std::size_t i = 0; i < tensor.size(); ++i) out.values.push_back(static_cast<std::int64_t>(data[i]));
        });
        const bool first = tensors.emplace(std::make_pair(id.layer, id.name), std::move(out)).second;
        EXPECT_TRUE(first) << "delivered twice: layer " << id.layer << " " << text_of(id.name);
        EXPECT_EQ(id.step, step);
    }

    std::uint64_t step = 0;
    double loss = -1.0;
    std::map<std::pair<std::uint32_t, TensorName>, GoldenTensor> tensors;

private:
    std::optional<TensorName> only_;
};

void compare(const GoldenTensor& expected, const GoldenTensor& got, const std::string& what)
{
    ASSERT_EQ(expected.shape.text(), got.shape.text()) << what;
    ASSERT_EQ(expected.values.size(), got.values.size()) << what;
    for (std::size_t i = 0; i < expected.values.size(); ++i) {
        ASSERT_EQ(expected.values[i], got.values[i]) << what << " at " << i;
    }
}

/// Whether the first extent of a step's tensor counts samples.
bool has_samples(TensorName name)
{
    switch (name) {
        case TensorName::input:
        case TensorName::acc:
        case TensorName::pooled:
        case TensorName::pool_winner:
        case TensorName::output:
        case TensorName::mask_active:
        case TensorName::mask_unclipped:
        case TensorName::error_in:
        case TensorName::error_q:
        case TensorName::error_mac:
        case TensorName::error_out:
        case TensorName::prediction: return true;
        default: return false;
    }
}

/// The samples of `own` alone.
GoldenTensor part_of(const GoldenTensor& whole, const Share& own)
{
    const std::size_t sample = whole.values.size() / whole.shape[0];
    const auto first = whole.values.begin() + static_cast<std::ptrdiff_t>(own.first * sample);
    GoldenTensor out{whole.shape, {first, first + static_cast<std::ptrdiff_t>(own.count * sample)}};
    const Shape& s = whole.shape;
    switch (s.rank()) {
        case 1: out.shape = {own.count}; break;
        case 2: out.shape = {own.count, s[1]}; break;
        default: out.shape = {own.count, s[1], s[2], s[3]}; break;
    }
    return out;
}

ref::TrainerOptions options_of(const GoldenTraining& golden)
{
    ref::TrainerOptions options;
    options.widths = golden.widths();
    options.weight_clip = golden.options().weight_clip;
    options.gamma_log2 = golden.options().gamma_log2;
    options.seed = golden.options().seed;
    options.range = golden.options().range;
    options.batch = golden.options().batch;
    return options;
}

/// This rank's part of each batch.
Batcher::Options batches_of(const GoldenTraining& golden, const Share& own)
{
    Batcher::Options out = golden.options().batcher();
    out.first = own.first;
    out.count = own.count;
    return out;
}

class TrainerGolden : public testing::TestWithParam<std::string> {};

TEST_P(TrainerGolden, ReproducesEveryTensor)
{
    const GoldenTraining golden(GetParam());
    const ref::TrainerOptions options = options_of(golden);
    const Share own = share_of(options.batch, test::ranks());
    ref::Trainer trainer(golden.network(), options, test::ranks());
    Batcher batcher(golden.data(), batches_of(golden, own));

    ASSERT_GT(golden.steps(), 0U);
    std::size_t compared = 0;
    for (std::uint64_t step = 0; step < golden.steps(); ++step) {
        const auto all = golden.positions(step);
        const BatchView batch = batcher.batch(step);
        const auto first = all.begin() + static_cast<std::ptrdiff_t>(own.first);
        ASSERT_EQ(batcher.positions(),
                  std::vector<std::uint32_t>(first, first + static_cast<std::ptrdiff_t>(own.count)));
        Collector got;
        got.step = step;
        const ref::StepResult result = trainer.train_step(batch, step, golden.options().eta_exponent, &got);
        EXPECT_EQ(result.loss, golden.loss(step));
        EXPECT_EQ(got.loss, golden.loss(step));
        const GoldenTensor predictions{Shape{options.batch}, golden.prediction(step)};
        EXPECT_EQ(got.tensors.at({0, TensorName::prediction}).values, part_of(predictions, own).values);
        std::size_t in_file = 1;  // prediction
        for (std::size_t layer = 0; layer < golden.layers(); ++layer) {
            for (const TensorName name : golden.names(step, layer)) {
                const std::string what = "step " + std::to_string(step) + " layer " + std::to_string(layer) + " " +
                                         std::string(text_of(name));
                const auto found = got.tensors.find({static_cast<std::uint32_t>(layer), name});
                ASSERT_NE(found, got.tensors.end()) << what;
                GoldenTensor expected = *golden.tensor(step, layer, name);
                if (has_samples(name)) expected = part_of(expected, own);
                ASSERT_NO_FATAL_FAILURE(compare(expected, found->second, what));
                ++compared;
                ++in_file;
            }
        }
        EXPECT_EQ(got.tensors.size(), in_file) << "the trainer delivers tensors that the file does not have";
    }
    EXPECT_GT(compared, 0U);
}

/// As `wagesim train` runs: nobody asks for sums, which never leave a strip.
TEST_P(TrainerGolden, ReproducesWeightsWhereNothingElseIsKept)
{
    const GoldenTraining golden(GetParam());
    const ref::TrainerOptions options = options_of(golden);
    const Share own = share_of(options.batch, test::ranks());
    ref::Trainer trainer(golden.network(), options, test::ranks());
    Batcher batcher(golden.data(), batches_of(golden, own));
    for (std::uint64_t step = 0; step < golden.steps(); ++step) {
        Collector got(TensorName::weight_stored_next);
        got.step = step;
        const ref::StepResult result =
            trainer.train_step(batcher.batch(step), step, golden.options().eta_exponent, &got);
        EXPECT_EQ(result.loss, golden.loss(step));
        ASSERT_EQ(got.tensors.size(), golden.layers());
        for (const auto& [id, weights] : got.tensors) {
            const std::string what = "step " + std::to_string(step) + " layer " + std::to_string(id.first);
            const auto expected = golden.tensor(step, id.first, id.second);
            ASSERT_TRUE(expected) << what;
            ASSERT_NO_FATAL_FAILURE(compare(*expected, weights, what));
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Files, TrainerGolden, testing::ValuesIn(test::golden_trainings()), [](const auto& file) {
    std::string name = file.param;
    for (char& c : name) {
        if (c == '-') c = '_';
    }
    return name;
});

}  // namespace
}  // namespace wagesim
