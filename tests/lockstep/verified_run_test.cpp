// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Reference and chip side by side: what is counted, where a run stops, and that no failure gets lost on its way through
// the simulation. One elaboration a process: each test runs in its own.
#include "platforms/verify/verified_run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "platforms/verify/quantize_update_factory.hpp"
#include "tests/lockstep/synthetic_step.hpp"
#include "tlm/quantize_update/quantize_update_twin.hpp"

namespace wagesim::verify {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

constexpr std::size_t kBatch = 6;
constexpr int kEta = 2;

/// The twin, but for one bit of one result of one mode.
class BentTwin : public chip::QuantizeUpdateTwin {
public:
    using QuantizeUpdateTwin::QuantizeUpdateTwin;
    CycleCount run(const Burst& burst) override
    {
        const CycleCount cycles = QuantizeUpdateTwin::run(burst);
        const auto mode = read_register(static_cast<std::uint32_t>(QuantizeUpdateRegister::mode));
        if (mode == static_cast<std::uint32_t>(QuantizeUpdateMode::update)) {
            static_cast<std::int16_t*>(burst.result.data)[2] ^= 1;
        }
        return cycles;
    }
};

class VerifiedRunTest : public ::testing::Test {
protected:
    void start(const VerifiedRunOptions& options = {}, std::unique_ptr<QuantizeUpdateUnit> unit = nullptr)
    {
        chip::ChipConfig config;
        config.sequencer.chunk_samples = 4;
        chip::ChipOptions chip_options;
        chip_options.batch = kBatch;
        if (!unit) unit = make_quantize_update_unit(config.quantize_update);
        chip_ = std::make_unique<chip::Chip>("chip", config, network_, chip_options, std::move(unit));
        run_ = std::make_unique<VerifiedRun>(reference_, *chip_, contract_, options);
    }
    void step(std::uint64_t number) { run_->step(batch(number), number, kEta); }
    /// The view holds until the next call.
    [[nodiscard]] BatchView batch(std::uint64_t number)
    {
        std::mt19937 random(static_cast<std::uint32_t>(number) + 1);
        for (std::uint8_t& byte : images_) byte = static_cast<std::uint8_t>(random() % 100);
        for (std::uint16_t& label : labels_) label = static_cast<std::uint16_t>(random() % 4);
        return {kBatch, images_.data(), labels_.data()};
    }
    [[nodiscard]] std::uint64_t elements() const
    {
        std::uint64_t sum = 0;
        for (const ContractTensor& tensor : contract_.all()) sum += tensor.shape.size();
        return sum;
    }
    [[nodiscard]] std::uint64_t weights() const
    {
        std::uint64_t sum = 0;
        for (const LayerGeometry& layer : reference_.geometry()) sum += static_cast<std::uint64_t>(layer.weights());
        return sum;
    }
    [[nodiscard]] static ref::TrainerOptions trainer_options()
    {
        ref::TrainerOptions out;
        out.batch = kBatch;
        return out;
    }
    [[nodiscard]] static VerifiedRunOptions with_fault(const char* fault)
    {
        VerifiedRunOptions out;
        out.fault = parse_fault(fault);
        return out;
    }

    Network network_ = test::synthetic_network();
    ContractTensors contract_{make_geometry(network_, Widths{}), Widths{}, kBatch};
    ref::Trainer reference_{network_, trainer_options()};
    std::vector<std::uint8_t> images_ = std::vector<std::uint8_t>(kBatch * 2 * 6 * 7);
    std::vector<std::uint16_t> labels_ = std::vector<std::uint16_t>(kBatch);
    std::unique_ptr<chip::Chip> chip_;
    std::unique_ptr<VerifiedRun> run_;
};

TEST_F(VerifiedRunTest, ComparesEveryTensorOfEveryStepAndTheWeightsAtTheEnd)
{
    start();
    for (std::uint64_t i = 0; i < 3; ++i) step(i);
    run_->finish();
    EXPECT_EQ(run_->result().tensors_compared, 3 * contract_.size() + contract_.layers());
    EXPECT_EQ(run_->result().elements_compared, 3 * elements() + weights());
    EXPECT_EQ(run_->result().differences, 0U);
    EXPECT_FALSE(run_->stopped());
}

TEST_F(VerifiedRunTest, WithoutStepsTheLoadedWeightsAreCompared)
{
    start();
    run_->finish();
    EXPECT_EQ(run_->result().tensors_compared, contract_.layers());
    EXPECT_EQ(run_->result().elements_compared, weights());
}

TEST_F(VerifiedRunTest, StopsAtTheFault)
{
    start(with_fault("1:2:error_q:13:4"));
    step(0);
    EXPECT_FALSE(run_->stopped());
    step(1);
    ASSERT_TRUE(run_->stopped());
    run_->finish();
    EXPECT_EQ(run_->result().differences, 1U);
    const TensorDifference& found = *run_->result().first_difference;
    EXPECT_THAT(found.text(), ::testing::StartsWith("step 1, layer 2, error_q [1, 4]: expected "));
    EXPECT_EQ(found.index, 13U);
    EXPECT_EQ(std::get<std::int64_t>(found.expected) ^ std::get<std::int64_t>(found.got), 16);
}

TEST_F(VerifiedRunTest, AFaultThatTheChipRefusesIsReportedAsTheDifferenceItIs)
{
    start(with_fault("0:1:weight_q:5:6"));
    step(0);
    ASSERT_TRUE(run_->stopped());
    run_->finish();
    EXPECT_EQ(run_->result().first_difference->name, TensorName::weight_q);
    EXPECT_THROW(step(1), std::logic_error);
}

TEST_F(VerifiedRunTest, LaterStepsAreHeldToTheFinalWeights)
{
    VerifiedRunOptions options = with_fault("2:1:weight_stored_next:40:3");
    options.compare_steps = 1;
    start(options);
    for (std::uint64_t i = 0; i < 3; ++i) step(i);
    EXPECT_FALSE(run_->stopped());
    EXPECT_EQ(run_->result().tensors_compared, contract_.size());
    run_->finish();
    ASSERT_TRUE(run_->result().first_difference);
    EXPECT_EQ(run_->result().first_difference->name, TensorName::weight_stored_next);
    EXPECT_EQ(run_->result().first_difference->step, 2U);
    EXPECT_EQ(run_->result().first_difference->layer, 1U);
    EXPECT_EQ(run_->result().first_difference->index, 40U);
    EXPECT_EQ(run_->result().tensors_compared, contract_.size() + contract_.layers());
}

TEST_F(VerifiedRunTest, MeasuringGoesOnToTheEnd)
{
    VerifiedRunOptions options = with_fault("0:0:output:7:5");
    options.on_difference = OnDifference::measure;
    start(options);
    for (std::uint64_t i = 0; i < 2; ++i) step(i);
    run_->finish();
    EXPECT_FALSE(run_->stopped());
    EXPECT_EQ(run_->result().tensors_compared, 2 * contract_.size() + contract_.layers());
    EXPECT_GT(run_->result().differences, 2U) << "the output, the next layer's input, and what follows";
    EXPECT_EQ(run_->result().first_difference->name, TensorName::output);
    EXPECT_EQ(run_->result().by_name[static_cast<std::size_t>(TensorName::output)].max_deviation, 32.0);
}

TEST_F(VerifiedRunTest, AFaultThatIsNeverReachedIsAFailure)
{
    start(with_fault("5:0:output:7:5"));
    step(0);
    EXPECT_THAT([&] { run_->finish(); }, ThrowsMessage<std::logic_error>(HasSubstr("5:0:output:7:5")));
}

TEST_F(VerifiedRunTest, UnitsThatDisagreeEndTheRunAsLockstepError)
{
    VerifiedRunOptions options;
    const auto record = std::make_shared<LockstepRecord>();
    options.lockstep = record;
    start(options,
          std::make_unique<LockstepUnit>(LockstepUnit::Named{"twin", std::make_unique<chip::QuantizeUpdateTwin>(16)},
                                         LockstepUnit::Named{"bent", std::make_unique<BentTwin>(16)}, record));
    EXPECT_THAT([&] { step(0); }, ThrowsMessage<LockstepError>(HasSubstr("lockstep: update result element 2: twin ")));
}

/// Each tensor as the chip's dump has it, widened.
class WidenedDump : public TensorSink {
public:
    [[nodiscard]] bool wants(const TensorId&) const override { return true; }
    void on_tensor(const TensorId& id, const TensorView& view) override
    {
        auto& out = tensors[{id.step, id.layer, id.name}];
        visit_element_type(view.type, [&](auto zero) {
            const auto* data = static_cast<const decltype(zero)*>(view.data);
            for (std::size_t i = 0; i < view.size(); ++i) out.push_back(static_cast<double>(data[i]));
        });
    }
    std::map<std::tuple<std::uint64_t, std::uint32_t, TensorName>, std::vector<double>> tensors;
};

TEST_F(VerifiedRunTest, TheDumpIsTheChipsFaultIncluded)
{
    VerifiedRunOptions options = with_fault("1:0:gradient:11:9");
    options.on_difference = OnDifference::measure;
    WidenedDump chips;
    options.dump = &chips;
    start(options);
    ref::Trainer other(network_, trainer_options());
    WidenedDump references;
    for (std::uint64_t i = 0; i < 2; ++i) step(i);
    run_->finish();
    ASSERT_EQ(chips.tensors.size(), 2 * contract_.size());
    // The reference's own tensors of the same steps, from a second trainer.
    for (std::uint64_t i = 0; i < 2; ++i) {
        other.train_step(batch(i), i, kEta, &references);
    }
    for (const auto& [id, values] : references.tensors) {
        const auto& [number, layer, name] = id;
        ASSERT_EQ(chips.tensors.count(id), 1U);
        if (number == 1 && layer == 0 && name == TensorName::gradient) {
            std::vector<double> bent = chips.tensors.at(id);
            EXPECT_EQ(std::abs(bent[11] - values[11]), 512.0);
            bent[11] = values[11];
            EXPECT_EQ(bent, values);
        } else if (number == 0) {
            EXPECT_EQ(chips.tensors.at(id), values) << text_of(name);
        }
    }
}

}  // namespace
}  // namespace wagesim::verify
