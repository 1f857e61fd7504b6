// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The chip against the golden files: every tensor of every step and layer, with the C++ unit, with the Verilated RTL,
// and with both in lockstep. The reference trainer takes no part, so an error that it shared with the chip would show.
#include "tlm/chip/chip.hpp"

#include <gtest/gtest.h>

#include "platforms/verify/quantize_update_factory.hpp"
#include "platforms/verify/tensor_comparator.hpp"
#include "ref/data/batcher.hpp"
#include "rtl/verilated/verilated_quantize_update.hpp"
#include "tests/golden/chip_reference.hpp"

namespace wagesim::test {
namespace {

using chip::Quantizer;

struct Case {
    std::string file;
    Quantizer quantizer;
    int lanes;
    bool small = false;  ///< layers share arrays, and their accumulators come in groups of columns
};

std::string text_of(Quantizer quantizer)
{
    switch (quantizer) {
        case Quantizer::tlm: return "tlm";
        case Quantizer::rtl: return "rtl";
        case Quantizer::lockstep: break;
    }
    return "lockstep";
}

std::string name_of(const Case& c)
{
    return identifier_of(c.file) + "_" + text_of(c.quantizer) + "_" + std::to_string(c.lanes) +
           (c.small ? "_small" : "");
}

void PrintTo(const Case& c, std::ostream* out)
{
    *out << name_of(c);
}

chip::ChipConfig chip_of(const Case& c)
{
    chip::ChipConfig out;
    out.quantize_update = {c.quantizer, c.lanes};
    if (!c.small) return out;
    out.crossbar.rows = 512;
    out.crossbar.columns = 3;
    out.crossbar.active_lines = 512;
    out.partitions.count = 1;
    out.partitions.arrays = 2;
    out.sequencer.chunk_samples = 3;
    out.buffer.kib = 4;
    return out;
}

std::vector<std::vector<std::int16_t>> initial_weights(const GoldenTraining& golden)
{
    std::vector<std::vector<std::int16_t>> out;
    for (std::size_t layer = 0; layer < golden.layers(); ++layer) {
        const GoldenTensor stored = *golden.tensor(0, layer, TensorName::weight_stored);
        out.emplace_back(stored.values.begin(), stored.values.end());
    }
    return out;
}

class ChipAgainstGolden : public ::testing::TestWithParam<Case> {};

TEST_P(ChipAgainstGolden, ReproducesEveryInteger)
{
    const GoldenTraining golden(GetParam().file);
    const GoldenOptions& options = golden.options();
    const chip::ChipConfig config = chip_of(GetParam());
    const auto record = std::make_shared<verify::LockstepRecord>();
    chip::Chip chip(
        "chip", config, golden.network(),
        {golden.widths(), options.weight_clip, options.gamma_log2, options.seed, options.range, options.batch},
        verify::make_quantize_update_unit(config.quantize_update, record));

    const verify::ContractTensors contract(make_geometry(golden.network(), golden.widths()), golden.widths(),
                                           options.batch);
    verify::ReferenceTensors expected(contract);
    verify::TensorComparator comparator(contract, verify::OnDifference::stop);
    Batcher batcher(golden.data(), options.batcher());
    chip.load_weights(initial_weights(golden));
    for (std::uint64_t step = 0; step < golden.steps(); ++step) {
        deliver_golden_step(golden, step, expected);
        comparator.begin_step(expected);
        const BatchView batch = batcher.batch(step);
        ASSERT_EQ(batcher.positions(), golden.positions(step));
        const chip::StepOutcome outcome =
            chip.train_step({batch.samples, batch.images, batch.labels}, step, options.eta_exponent, &comparator);
        comparator.end_step();
        ASSERT_FALSE(comparator.stopped()) << comparator.result().first_difference->text();
        EXPECT_EQ(outcome.loss, golden.loss(step));
    }
    std::uint64_t elements = 0;
    for (const verify::ContractTensor& tensor : contract.all()) elements += tensor.shape.size();
    EXPECT_EQ(comparator.result().tensors_compared, contract.size() * golden.steps());
    EXPECT_EQ(comparator.result().elements_compared, elements * golden.steps());
    EXPECT_EQ(comparator.result().differences, 0U);
    if (GetParam().quantizer == Quantizer::lockstep) {
        EXPECT_GT(record->bursts, 0U);
        EXPECT_GT(record->register_reads, 0U);
        EXPECT_GT(record->elements, 0U);
    }
}

std::vector<Case> all_cases()
{
    std::vector<Case> out;
    for (const std::string& file : golden_trainings()) {
        for (const Quantizer quantizer : {Quantizer::tlm, Quantizer::rtl, Quantizer::lockstep}) {
            out.push_back({file, quantizer, 16});
        }
    }
    for (const int lanes : rtl::verilated_lane_counts()) {
        if (lanes != 16) out.push_back({"tiny_lenet", Quantizer::lockstep, lanes});
    }
    for (const char* file : {"tiny_lenet", "tiny_vgg", "widths_4-6-10-5"}) {
        out.push_back({file, Quantizer::lockstep, 16, true});
    }
    return out;
}

INSTANTIATE_TEST_SUITE_P(, ChipAgainstGolden, ::testing::ValuesIn(all_cases()),
                         [](const auto& at) { return name_of(at.param); });

}  // namespace
}  // namespace wagesim::test
