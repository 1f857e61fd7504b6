// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Two chips in one simulation, one with data and one without: the same cycles, the same waits, the same traffic, and
// the same events but for those that depend on data, which recorded activity estimates.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/unit/tlm/chip/random_chip.hpp"
#include "tlm/chip/chip.hpp"
#include "tlm/quantize_update/quantize_update_twin.hpp"

namespace wagesim::test {
namespace {

class ChipWithoutData : public testing::TestWithParam<int> {};

bool depends_on_data(const std::string& counter)
{
    if (counter == "cell_writes" || counter.find(".rows_changed") != std::string::npos) return true;
    for (const chip::EventDescription& each : chip::kEvents) {
        const std::string suffix = "." + std::string(each.name);
        const bool ends = counter.size() > suffix.size() &&
                          counter.compare(counter.size() - suffix.size(), suffix.size(), suffix) == 0;
        if (ends && each.depends_on_data) return true;
    }
    return false;
}

void expect_same(const chip::ChipStatistics& with_data, const chip::ChipStatistics& without)
{
    const chip::NamedCounters expected = counters_of(with_data);
    const chip::NamedCounters got = counters_of(without);
    ASSERT_EQ(expected.size(), got.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        ASSERT_EQ(expected[i].first, got[i].first);
        if (!depends_on_data(expected[i].first)) {
            EXPECT_EQ(got[i].second, expected[i].second) << expected[i].first;
        }
    }
}

TEST_P(ChipWithoutData, TakesTheSameCyclesAndEvents)
{
    RandomChip with(static_cast<std::uint64_t>(GetParam()));
    chip::ChipConfig timing = with.config;
    timing.fidelity = chip::Fidelity::timing;
    chip::Chip full("full", with.config, with.network, with.options,
                    std::make_unique<chip::QuantizeUpdateTwin>(with.config.quantize_update.lanes));
    chip::Chip empty("empty", timing, with.network, with.options,
                     std::make_unique<chip::QuantizeUpdateTimingUnit>(timing.quantize_update.lanes));

    std::vector<std::vector<std::int16_t>> weights;
    for (const LayerGeometry& layer : full.geometry()) {
        auto& codes = weights.emplace_back(static_cast<std::size_t>(layer.weights()));
        for (auto& code : codes) code = static_cast<std::int16_t>(with.between(-1, 1));
    }
    full.load_weights(weights);
    const auto bytes = static_cast<std::size_t>(full.geometry().front().inputs());
    const std::size_t samples = with.options.batch;
    std::vector<std::uint8_t> images(samples * bytes);
    std::vector<std::uint16_t> labels(samples);
    constexpr std::uint64_t kSteps = 3;
    for (std::uint64_t step = 0; step < kSteps; ++step) {
        for (auto& byte : images) byte = static_cast<std::uint8_t>(with.between(0, 255));
        full.train_step({samples, images.data(), labels.data()}, step, 0);
    }
    (void)full.predict({samples, images.data(), nullptr});

    EXPECT_LE(empty.time_training(samples, kSteps), 2U) << "steps do not repeat";
    (void)empty.time_evaluation(samples, 1);
    expect_same(full.training_statistics(), empty.training_statistics());
    expect_same(full.evaluation_statistics(), empty.evaluation_statistics());
}

INSTANTIATE_TEST_SUITE_P(Seeds, ChipWithoutData, testing::Range(100, 120));

/// Two units that ask for a memory in the same cycle are served in the order in which the simulation wakes them, and
/// one event for each vector may turn that order around: some cycles of waiting, and nothing else, may differ.
void expect_alike(const chip::ChipStatistics& burst, const chip::ChipStatistics& vector)
{
    const auto cycles = static_cast<double>(burst.cycles);
    EXPECT_GT(cycles, 0.0);
    EXPECT_NEAR(static_cast<double>(vector.cycles), cycles, 0.01 * cycles);
    const chip::NamedCounters expected = counters_of(burst);
    const chip::NamedCounters got = counters_of(vector);
    ASSERT_EQ(expected.size(), got.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const std::string& name = expected[i].first;
        const bool counts_cycles =
            name == "cycles" || name.find(".busy") != std::string::npos || name.find("_busy") != std::string::npos ||
            name.find(".waits") != std::string::npos || name.find(".cycles") != std::string::npos;
        if (!counts_cycles) {
            EXPECT_EQ(got[i].second, expected[i].second) << name;
        }
    }
}

class EveryVector : public testing::TestWithParam<int> {};

TEST_P(EveryVector, TakesTheCyclesOfOneEventForAll)
{
    RandomChip with(static_cast<std::uint64_t>(GetParam()));
    with.config.fidelity = chip::Fidelity::timing;
    const auto make = [&](const char* name, chip::Granularity granularity) {
        chip::ChipConfig config = with.config;
        config.granularity = granularity;
        return std::make_unique<chip::Chip>(
            name, config, with.network, with.options,
            std::make_unique<chip::QuantizeUpdateTimingUnit>(config.quantize_update.lanes));
    };
    const auto burst = make("burst", chip::Granularity::burst);
    const auto vector = make("vector", chip::Granularity::vector);
    for (const auto& each : {burst.get(), vector.get()}) {
        (void)each->time_training(with.options.batch, 1);
        (void)each->time_evaluation(with.options.batch, 1);
    }
    expect_alike(burst->training_statistics(), vector->training_statistics());
    expect_alike(burst->evaluation_statistics(), vector->evaluation_statistics());
}

INSTANTIATE_TEST_SUITE_P(Seeds, EveryVector, testing::Range(200, 220));

TEST(RecordedActivity, EstimatesWhatDependsOnData)
{
    RandomChip with(7);
    with.config.fidelity = chip::Fidelity::functional;
    with.options.batch = 7;
    chip::Chip full("full", with.config, with.network, with.options,
                    std::make_unique<chip::QuantizeUpdateTwin>(with.config.quantize_update.lanes));
    std::vector<std::vector<std::int16_t>> weights;
    for (const LayerGeometry& layer : full.geometry()) {
        auto& codes = weights.emplace_back(static_cast<std::size_t>(layer.weights()));
        for (auto& code : codes) code = static_cast<std::int16_t>(with.between(-1, 1));
    }
    full.load_weights(weights);
    std::vector<std::uint8_t> images(7 * static_cast<std::size_t>(full.geometry().front().inputs()));
    std::vector<std::uint16_t> labels(7);
    for (auto& byte : images) byte = static_cast<std::uint8_t>(with.between(0, 255));
    full.train_step({7, images.data(), labels.data()}, 0, 3);
    const chip::Ledger& ledger = full.training_statistics().ledger;
    const chip::Activity activity = chip::measured_activity(
        ledger, full.evaluation_statistics().ledger, std::vector<chip::ProgrammingCounts>(full.geometry().size()));
    std::uint64_t seen = 0;
    for (std::size_t layer = 0; layer < activity.size(); ++layer) {
        const auto lines = ledger.count(chip::Event::line_pulse, chip::Phase::forward, layer);
        const auto driven = ledger.count(chip::Event::driver_pulse, chip::Phase::forward, layer);
        EXPECT_LE(driven, lines);
        EXPECT_LE(ledger.count(chip::Event::cell_read, chip::Phase::forward, layer),
                  ledger.count(chip::Event::cell_pulse, chip::Phase::forward, layer));
        EXPECT_NEAR(activity[layer].forward.driven * static_cast<double>(lines), static_cast<double>(driven), 0.5);
        seen += driven;
    }
    EXPECT_GT(seen, 0U);
}

}  // namespace
}  // namespace wagesim::test
