// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The recorder on the reference trainer, against the tensors themselves; what it samples; how it goes on after a kill.
#include "ref/record/recorder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>
#include <utility>

#include "ref/record/record_file.hpp"
#include "ref/tensor/sink_list.hpp"
#include "tests/unit/record/recorded_training.hpp"

namespace wagesim {
namespace {

using test::equal;
using test::RecordedTraining;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// Keeps every tensor as integers.
class Keeper final : public TensorSink {
public:
    [[nodiscard]] bool wants(const TensorId& id) const override { return !belongs_to_step(id.name); }
    void on_tensor(const TensorId& id, const TensorView& tensor) override
    {
        auto& values = tensors[{id.step, {id.layer, id.name}}];
        visit_element_type(tensor.type, [&](auto zero) {
            const auto* data = static_cast<const decltype(zero)*>(tensor.data);
            for (std::size_t i = 0; i < tensor.size(); ++i) values.push_back(static_cast<std::int64_t>(data[i]));
        });
    }
    [[nodiscard]] const std::vector<std::int64_t>& at(std::uint64_t step, std::uint32_t layer, TensorName name) const
    {
        return tensors.at({step, {layer, name}});
    }
    std::map<std::pair<std::uint64_t, std::pair<std::uint32_t, TensorName>>, std::vector<std::int64_t>> tensors;
};

/// Of `values`, counted one by one into the edges of the axis.
Histogram direct_counts(const std::vector<std::int64_t>& values, const Axis& axis)
{
    const std::vector<double> edges = axis.edges();
    Histogram out;
    out.bins.assign(axis.bins(), 0);
    for (const std::int64_t value : values) {
        const auto real = static_cast<double>(axis.scale() == Axis::Scale::log2 ? std::abs(value) : value);
        std::size_t bins_holding = 0;
        for (std::size_t bin = 0; bin < axis.bins(); ++bin) {
            if (edges[bin] > real || real >= edges[bin + 1]) continue;
            ++out.bins[bin];
            ++bins_holding;
        }
        if (axis.scale() == Axis::Scale::log2 && value == 0) ++out.zero;
        EXPECT_EQ(bins_holding, axis.scale() == Axis::Scale::log2 && value == 0 ? 0U : 1U) << value;
    }
    return out;
}

TEST(Recorder, CountsEveryElementOfEveryTensorOnce)
{
    RecordedTraining training;
    Keeper keeper;
    training.also = &keeper;
    training.run_to(training.end_step);
    const RunRecord& record = training.recorder.record({});
    ASSERT_THAT(record.samples, ElementsAre(0, 3, 7, 9));
    std::size_t compared = 0;
    for (std::uint32_t layer = 0; layer < record.layers.size(); ++layer) {
        for (const RecordedTensor& tensor : record.layers[layer].tensors) {
            ASSERT_EQ(tensor.samples.size(), record.samples.size());
            for (std::size_t i = 0; i < record.samples.size(); ++i) {
                std::vector<std::int64_t> values = keeper.at(record.samples[i], layer, tensor.name);
                if (tensor.name == TensorName::error_in && layer + 1 < record.layers.size()) {
                    const auto& unclipped = keeper.at(record.samples[i], layer, TensorName::mask_unclipped);
                    for (std::size_t n = 0; n < values.size(); ++n) values[n] *= unclipped[n];
                }
                EXPECT_TRUE(tensor.samples[i] == direct_counts(values, tensor.axis)) << text_of(tensor.name);
                EXPECT_EQ(tensor.samples[i].total(), values.size());
                ++compared;
            }
        }
        for (const RecordedScalar& scalar : record.layers[layer].scalars) {
            for (std::size_t i = 0; i < record.samples.size(); ++i) {
                EXPECT_EQ(scalar.samples.at(i), keeper.at(record.samples[i], layer, scalar.name).at(0));
            }
        }
    }
    EXPECT_EQ(compared, 2U * 7U * 4U);
}

TEST(Recorder, NoErrorLiesBeyondTheRecordedMaximum)
{
    RecordedTraining training;
    training.run_to(training.end_step);
    const RunRecord& record = training.recorder.record({});
    for (const RecordedLayer& layer : record.layers) {
        const RecordedTensor& errors = *layer.tensor(TensorName::error_in);
        for (std::size_t i = 0; i < record.samples.size(); ++i) {
            const std::int64_t largest = layer.scalar(TensorName::max_error)->samples[i];
            ASSERT_GT(largest, 0);
            const auto last = static_cast<std::size_t>(errors.axis.position(largest));
            EXPECT_GT(errors.samples[i].bins[last], 0U);
            for (std::size_t bin = last + 1; bin < errors.axis.bins(); ++bin)
                EXPECT_EQ(errors.samples[i].bins[bin], 0U);
        }
    }
}

TEST(Recorder, AsksForNoTensorOfOtherSteps)
{
    const RecordedTraining training;
    for (std::uint64_t step = 0; step < training.end_step; ++step) {
        const bool sampled = step == 0 || step == 3 || step == 7 || step == 9;
        for (const TensorName name : {TensorName::input, TensorName::error_in, TensorName::max_error}) {
            EXPECT_EQ(training.recorder.wants({step, 0, name}), sampled) << step;
        }
        EXPECT_FALSE(training.recorder.wants({step, 0, TensorName::acc}));
        EXPECT_FALSE(training.recorder.wants({step, 2, TensorName::input}));
    }
    EXPECT_TRUE(training.recorder.wants({0, 0, TensorName::mask_unclipped}));
    EXPECT_FALSE(training.recorder.wants({0, 1, TensorName::mask_unclipped})) << "the last layer clips nothing";
}

TEST(Recorder, ARecorderThatListensChangesNoWeight)
{
    RecordedTraining recorded;
    RecordedTraining alone;
    recorded.run_to(recorded.end_step);
    alone.listens = false;
    alone.run_to(alone.end_step);
    for (std::size_t layer = 0; layer < 2; ++layer) {
        const Tensor<std::int16_t>& weights = recorded.trainer.stored_weights(layer);
        const Tensor<std::int16_t>& expected = alone.trainer.stored_weights(layer);
        EXPECT_TRUE(std::equal(weights.begin(), weights.end(), expected.begin(), expected.end()));
    }
}

class ResumedRecord : public ::testing::TestWithParam<std::pair<std::uint64_t, std::uint64_t>> {};

/// Killed after `first` steps, with a checkpoint of `second`, or ended there by --steps.
TEST_P(ResumedRecord, EqualsTheUndisturbedOne)
{
    RecordedTraining whole;
    whole.run_to(whole.end_step);

    const auto [killed, saved] = GetParam();
    RecordedTraining before(/*end=*/killed);
    before.run_to(killed);
    RecordedTraining after;
    after.run_to(saved, /*listening=*/false);
    after.recorder.resume(before.recorder.record({}), saved, "record.npz");
    after.run_to(after.end_step);
    EXPECT_TRUE(equal(after.recorder.record({}), whole.recorder.record({})));
}

INSTANTIATE_TEST_SUITE_P(Kills, ResumedRecord,
                         ::testing::Values(std::pair{1, 0}, std::pair{1, 1}, std::pair{4, 3}, std::pair{4, 4},
                                           std::pair{6, 4}, std::pair{6, 6}, std::pair{9, 2}, std::pair{10, 10}),
                         [](const auto& one) {
                             return "After" + std::to_string(one.param.first) + "From" +
                                    std::to_string(one.param.second);
                         });

template <class Exception, class Work>
std::string message_of(Work&& work)
{
    try {
        work();
    } catch (const Exception& error) {
        return error.what();
    }
    return "nothing was thrown";
}

TEST(Recorder, RefusesARecordThatIsBehindTheCheckpointOrOfAnotherRun)
{
    RecordedTraining before;
    before.run_to(2);
    RecordedTraining after;
    EXPECT_EQ(message_of<DataError>([&] { after.recorder.resume(before.recorder.record({}), 3, "r.npz"); }),
              "r.npz: got 2 steps, allowed at least 3 as in the checkpoint");
    RunRecord other = before.recorder.record({});
    other.config_hash = "another";
    EXPECT_EQ(message_of<DataError>([&] { after.recorder.resume(other, 1, "r.npz"); }),
              "r.npz: got a record of another configuration (another), allowed hash");
}

TEST(Recorder, NoticesATensorThatWasLeftOut)
{
    RecordedTraining training;
    training.listens = false;
    training.run_to(1);
    EXPECT_THAT(message_of<std::logic_error>([&] { training.recorder.end_step(1.0, 1); }),
                HasSubstr("record: step 0 has 0 of 1 samples of layer 0's weight_stored"));
}

TEST(Recorder, NoticesErrorsBeforeTheirMask)
{
    RecordedTraining training;
    const std::int32_t error = 1;
    EXPECT_THAT(message_of<std::logic_error>([&] {
                    training.recorder.on_tensor({0, 0, TensorName::error_in}, {ElementType::int32, {}, &error});
                }),
                HasSubstr("errors of layer 0 came before their mask"));
}

}  // namespace
}  // namespace wagesim
