// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The chip as its host sees it: cycles by hand, statistics, faults that taps put in, misuse.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <omp.h>
#include <tlm>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "tlm/chip/chip.hpp"
#include "tlm/quantize_update/quantize_update_twin.hpp"

namespace wagesim::chip {
namespace {

using testing::HasSubstr;

Network small_network()
{
    Network network;
    network.input = {2, 8, 8};
    Layer conv;
    conv.kind = Layer::Kind::conv;
    conv.units = 6;
    conv.kernel = 3;
    conv.pool = Pooling{};
    Layer hidden;
    hidden.units = 12;
    Layer last;
    last.units = 5;
    network.layers = {conv, hidden, last};
    return network;
}

class Host {
public:
    explicit Host(const ChipConfig& config = {}, const Network& network = small_network(), std::size_t batch = 8)
        : Host(config, network, batch, "chip")
    {
        chip->load_weights(weights_);
    }
    /// Hosts of several chips: all have to be there before the first one runs.
    [[nodiscard]] static std::vector<std::unique_ptr<Host>> several(const std::vector<ChipConfig>& configs,
                                                                    const Widths& widths = {})
    {
        std::vector<std::unique_ptr<Host>> hosts;
        for (const ChipConfig& config : configs) {
            const std::string name = "chip" + std::to_string(hosts.size());
            hosts.push_back(std::unique_ptr<Host>(new Host(config, small_network(), 8, name.c_str(), widths)));
        }
        for (const auto& host : hosts) host->chip->load_weights(host->weights_);
        return hosts;
    }
    [[nodiscard]] BatchView batch(std::size_t samples) const { return {samples, images.data(), labels.data()}; }

    std::unique_ptr<Chip> chip;
    std::vector<std::uint8_t> images;
    std::vector<std::uint16_t> labels;

private:
    Host(const ChipConfig& config, const Network& network, std::size_t batch, const char* name,
         const Widths& widths = {})
    {
        ChipOptions options;
        options.widths = widths;
        options.batch = batch;
        options.check_protocol = true;
        chip = std::make_unique<Chip>(name, config, network, options,
                                      std::make_unique<QuantizeUpdateTwin>(config.quantize_update.lanes));
        std::uint32_t state = 1;
        const auto next = [&state] { return (state = state * 1664525U + 1013904223U) >> 24U; };
        for (const LayerGeometry& g : chip->geometry()) {
            std::vector<std::int16_t>& layer = weights_.emplace_back(static_cast<std::size_t>(g.weights()));
            for (auto& weight : layer) weight = static_cast<std::int16_t>(static_cast<int>(next() % 241) - 120);
        }
        images.resize(batch * static_cast<std::size_t>(chip->geometry().front().inputs()));
        for (auto& byte : images) byte = static_cast<std::uint8_t>(next());
        labels.resize(batch);
        for (auto& label : labels) label = static_cast<std::uint16_t>(next() % 5);
    }

    std::vector<std::vector<std::int16_t>> weights_;
};

class OneTensor : public TensorTap {
public:
    using Change = std::function<void(const TensorRegion&)>;
    OneTensor(std::uint32_t layer, TensorName name, Change change)
        : layer_(layer), name_(name), change_(std::move(change))
    {
    }
    [[nodiscard]] bool wants(std::uint32_t layer, TensorName name) const override
    {
        return layer == layer_ && name == name_;
    }
    void on_region(const TensorRegion& region) override
    {
        ++regions;
        change_(region);
    }
    int regions = 0;

private:
    std::uint32_t layer_;
    TensorName name_;
    Change change_;
};

TEST(Chip, AnEvaluationTakesTheCyclesOfItsFormulas)
{
    Network network;
    network.input = {1, 4, 4};
    Layer dense;
    dense.units = 10;
    network.layers = {dense};
    const Host host({}, network, 1);
    EXPECT_EQ(host.chip->predict(host.batch(1)).size(), 1U);
    // All tensors lie in the buffer, where a burst alone takes 2 x 2 + max(link, 4 + port) cycles.
    constexpr std::uint64_t kIssue = 4;
    constexpr std::uint64_t kBurst = 4 + 4 + 1;            // of up to 64 bytes
    constexpr std::uint64_t kBurstBehindOne = kBurst + 1;  // asked for at the same time as another of one cycle
    constexpr std::uint64_t kInput = kIssue + 2 + kBurst + kBurst;  // WIDTHS, MODE; reading outlasts 1 + 2 beats
    // One position, which has to wait for its inputs; 8 pulses, 8 columns an ADC.
    constexpr std::uint64_t kForward = kIssue + kBurst + 8 * 1 * 8 + kBurst;
    constexpr std::uint64_t kOutput = kIssue + 3 + (10 + 6) + kBurstBehindOne;  // errors, then classes
    EXPECT_EQ(host.chip->evaluation_statistics().cycles, kInput + kForward + kOutput);
    EXPECT_EQ(host.chip->evaluation_statistics().macs_forward, 160U);
    EXPECT_EQ(host.chip->evaluation_statistics().buffer.weights, 0U);
    EXPECT_EQ(host.chip->evaluation_statistics().buffer.activations, 16U + 16 + 16 + 40 + 40 + 2 + 2);
    EXPECT_EQ(host.chip->evaluation_statistics().buffer.errors, 40U);
}

TEST(Chip, StepsTakeTheSameCyclesWhateverTheDataAndWhoeverLooks)
{
    const Host host;
    const std::uint64_t cycles = host.chip->train_step(host.batch(8), 0, 0).cycles;
    EXPECT_EQ(host.chip->train_step(host.batch(8), 1, 3).cycles, cycles);
    OneTensor tap(0, TensorName::acc, [](const TensorRegion&) {});
    EXPECT_EQ(host.chip->train_step(host.batch(8), 2, -4, &tap).cycles, cycles);
    EXPECT_EQ(tap.regions, 1);
    EXPECT_NE(host.chip->train_step(host.batch(5), 3, 0).cycles, cycles);
}

TEST(Chip, ThreadsDecideNothing)
{
    const Host host;
    std::vector<std::vector<std::int16_t>> start;
    for (std::size_t i = 0; i < 3; ++i) start.push_back(host.chip->stored_weights(i));
    const auto step_with = [&](int threads) {
        omp_set_num_threads(threads);
        host.chip->load_weights(start);
        const StepOutcome outcome = host.chip->train_step(host.batch(8), 0, 4);
        return std::make_tuple(outcome.loss, outcome.cycles, outcome.predictions, host.chip->stored_weights(0),
                               host.chip->stored_weights(1), host.chip->stored_weights(2));
    };
    const auto by_one = step_with(1);
    EXPECT_NE(std::get<3>(by_one), start[0]);
    EXPECT_EQ(step_with(2), by_one);
    EXPECT_EQ(step_with(5), by_one);
}

TEST(Chip, NothingThatIsCountedDependsOnThreadsOrQuantum)
{
    const Host host;
    std::vector<std::vector<std::int16_t>> start;
    for (std::size_t i = 0; i < 3; ++i) start.push_back(host.chip->stored_weights(i));
    // Every count of one step, energy's events among them; the peak is of all steps so far.
    const auto counts_of_step = [&](int threads, const sc_core::sc_time& quantum) {
        omp_set_num_threads(threads);
        tlm::tlm_global_quantum::instance().set(quantum);
        host.chip->load_weights(start);
        const NamedCounters before = counters_of(host.chip->training_statistics());
        host.chip->train_step(host.batch(8), 0, 4);
        NamedCounters after = counters_of(host.chip->training_statistics());
        for (std::size_t i = 0; i < after.size(); ++i) {
            if (after[i].first.rfind("peak.", 0) != 0) after[i].second -= before[i].second;
        }
        return after;
    };
    const NamedCounters expected = counts_of_step(1, sc_core::SC_ZERO_TIME);
    EXPECT_GT(expected.size(), 100U);
    EXPECT_EQ(counts_of_step(1, sc_core::sc_time(1, sc_core::SC_US)), expected);
    EXPECT_EQ(counts_of_step(3, sc_core::SC_ZERO_TIME), expected);
    EXPECT_EQ(counts_of_step(5, sc_core::sc_time(1, sc_core::SC_MS)), expected);
}

TEST(Chip, CountsWhatTheClosedFormsSay)
{
    const Host host;
    host.chip->train_step(host.batch(8), 0, 0);
    host.chip->train_step(host.batch(8), 1, 0);
    const ChipStatistics& counted = host.chip->training_statistics();
    std::uint64_t forward = 0;
    for (const LayerGeometry& g : host.chip->geometry()) forward += 16 * static_cast<std::uint64_t>(g.macs());
    const auto first = 16 * static_cast<std::uint64_t>(host.chip->geometry()[0].macs());
    EXPECT_EQ(counted.programs, 2U);
    EXPECT_EQ(counted.samples, 16U);
    EXPECT_EQ(counted.macs_forward, forward);
    EXPECT_EQ(counted.macs_backward, forward - first);
    EXPECT_EQ(counted.macs_gradient, forward);
    EXPECT_EQ(counted.layers[0].macs, 2 * first);
    EXPECT_GT(counted.cell_writes, 0U);
    EXPECT_EQ(counted.dram.total(), 0U) << "everything lies in the buffer";
    EXPECT_GT(counted.buffer.gradients, 0U);
    EXPECT_EQ(host.chip->evaluation_statistics().cycles, 0U);
    std::uint64_t busy = 0;
    std::uint64_t waits = 0;
    for (const UnitStatistics& unit : counted.units) {
        EXPECT_LE(unit.busy.total(), counted.cycles) << unit.name;
        for (const std::uint64_t wait : {unit.waits.forward, unit.waits.backward, unit.waits.other}) {
            EXPECT_LE(wait, unit.busy.total()) << unit.name;
            waits += wait;
        }
        busy += unit.busy.total();
    }
    EXPECT_GT(waits, 0U);
    std::uint64_t by_layer = 0;
    for (const LayerStatistics& layer : counted.layers) by_layer += layer.cycles;
    EXPECT_EQ(by_layer, busy);
}

/// Single cells' pulses that the ledgers counted.
std::uint64_t pulses_of(const Chip& chip)
{
    std::uint64_t sum = 0;
    for (const ChipStatistics* const counted : {&chip.training_statistics(), &chip.evaluation_statistics()}) {
        sum += counted->ledger.count(Event::cell_set) + counted->ledger.count(Event::cell_reset);
    }
    return sum;
}

std::uint64_t worn(const Chip& chip)
{
    std::uint64_t sum = 0;
    for (const GroupWear& group : chip.wear()) sum += group.total;
    return sum;
}

TEST(Chip, CellsAreWornByThePulsesOfTheLedger)
{
    std::vector<ChipConfig> configs(6);
    configs[1].backward = BackwardCells::dedicated;
    configs[2].mapping = {Replication::given, {2, 1, 3}};
    configs[3] = configs[2];  // no two cells alike, and several pulses for each change
    configs[3].fidelity = Fidelity::bit_serial;
    configs[3].device.program_sigma = 0.3;
    configs[3].device.write_pulses = 5;
    for (std::size_t i = 4; i < 6; ++i) {  // layers take turns
        configs[i].crossbar.rows = configs[i].crossbar.columns = 8;
        configs[i].partitions.count = 2;
        configs[i].partitions.arrays = 4;
    }
    configs[5].backward = BackwardCells::dedicated;
    Widths widths;
    widths.w = 4;  // three slices
    const auto hosts = Host::several(configs, widths);
    for (std::size_t i = 0; i < configs.size(); ++i) {
        const Host& host = *hosts[i];
        host.chip->train_step(host.batch(8), 0, 4);
        const std::uint64_t before = worn(*host.chip), counted = pulses_of(*host.chip);
        for (std::uint64_t step = 1; step < 4; ++step) host.chip->train_step(host.batch(8), step, 4);
        host.chip->predict(host.batch(8));
        EXPECT_EQ(worn(*host.chip) - before, pulses_of(*host.chip) - counted) << "chip " << i;
        EXPECT_GT(worn(*host.chip), before);
        for (const GroupWear& group : host.chip->wear(WearDetail::maps)) {
            EXPECT_TRUE(group.counted);
            EXPECT_EQ(group.resident, i < 4) << group.unit;
            EXPECT_TRUE(std::adjacent_find(group.layers.begin(), group.layers.end()) == group.layers.end());
            EXPECT_TRUE(group.resident || !group.transposed) << "these cells serve both directions";
            EXPECT_GE(group.most * group.cells, group.total);
            EXPECT_GT(group.most, 0U);
            std::uint64_t total = 0, most = 0, cells = 0;
            for (std::size_t bin = 0; bin < group.map.total.size(); ++bin) {
                total += group.map.total[bin];
                most = std::max(most, group.map.most[bin]);
                cells += group.map.cells[bin];
            }
            EXPECT_EQ(cells, group.cells) << group.unit;
            EXPECT_EQ(total, group.total) << group.unit;
            EXPECT_EQ(most, group.most) << group.unit;
        }
    }
}

TEST(Chip, CopiesOfCellsWearAlike)
{
    ChipConfig copied;
    copied.mapping = {Replication::given, {1, 2, 5}};
    const auto hosts = Host::several({ChipConfig{}, copied});
    const Host& one = *hosts[0];
    const Host& many = *hosts[1];
    for (std::uint64_t step = 0; step < 3; ++step) {
        one.chip->train_step(one.batch(8), step, 4);
        many.chip->train_step(many.batch(8), step, 4);
    }
    const std::vector<GroupWear> once = one.chip->wear(), often = many.chip->wear();
    const std::size_t copies[] = {1, 2, 5};
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(often[i].total, copies[i] * once[i].total);
        EXPECT_EQ(often[i].cells, copies[i] * once[i].cells);
        EXPECT_EQ(often[i].most, once[i].most);
    }
}

TEST(Chip, RowsThatDoNotChangeCanBeLeftOut)
{
    std::vector<ChipConfig> configs(2);
    for (ChipConfig& config : configs) config.crossbar.write_cycles = 1000;
    configs[1].crossbar.skip_unchanged_rows = true;
    const auto hosts = Host::several(configs);
    const Host& all = *hosts[0];
    const Host& skipping = *hosts[1];
    const auto cycles_of_step = [](const Host& host, std::uint64_t step) {
        return host.chip->train_step(host.batch(8), step, -6).cycles;  // so small a rate that few weights cross
    };
    for (std::uint64_t step = 0; step < 3; ++step) {
        EXPECT_LT(cycles_of_step(skipping, step), cycles_of_step(all, step));
    }
    const ChipStatistics& few = skipping.chip->training_statistics();
    const ChipStatistics& many = all.chip->training_statistics();
    EXPECT_EQ(few.cell_writes, many.cell_writes) << "the same weights, bit for bit";
    for (std::size_t layer = 0; layer < 3; ++layer) {
        EXPECT_EQ(skipping.chip->stored_weights(layer), all.chip->stored_weights(layer));
        EXPECT_EQ(few.layers[layer].rows_due, many.layers[layer].rows_due);
        EXPECT_EQ(few.layers[layer].rows_changed, many.layers[layer].rows_changed);
        EXPECT_LT(few.layers[layer].rows_changed, few.layers[layer].rows_due);
        EXPECT_EQ(few.layers[layer].cells_due, many.ledger.count(Event::cell_verify, Phase::programming, layer));
        const auto programming = [&](const ChipStatistics& of, Event event) {
            return of.ledger.count(event, Phase::programming, layer);
        };
        EXPECT_EQ(programming(few, Event::cell_set), programming(many, Event::cell_set));
        EXPECT_LT(programming(few, Event::cell_verify), programming(many, Event::cell_verify));
        // These matrices have less rows than an array, so that a row of an array is a row of the matrix.
        const LayerGeometry& g = all.chip->geometry()[layer];
        EXPECT_EQ(programming(few, Event::cell_verify),
                  few.layers[layer].rows_changed * static_cast<std::uint64_t>(g.out_c));
    }
}

TEST(Chip, WearGoesOnWhereItWas)
{
    const auto hosts = Host::several({ChipConfig{}, ChipConfig{}});
    const Host& host = *hosts[0];
    const Host& other = *hosts[1];
    host.chip->train_step(host.batch(8), 0, 4);
    const auto states = host.chip->wear_states();
    ASSERT_EQ(states.size(), 3U);
    other.chip->restore_wear(states);
    EXPECT_EQ(worn(*other.chip), worn(*host.chip));
    EXPECT_THROW(other.chip->restore_wear({states[0], states[1]}), std::invalid_argument);
    EXPECT_THROW(other.chip->restore_wear({states[0], states[1], {1, 0}}), std::invalid_argument);
}

TEST(Chip, StatisticsContinueWhereTheyWere)
{
    const Host host;
    host.chip->train_step(host.batch(8), 0, 0);
    host.chip->predict(host.batch(3));
    const NamedCounters training = counters_of(host.chip->training_statistics());
    const NamedCounters evaluation = counters_of(host.chip->evaluation_statistics());
    EXPECT_GT(training.size(), 40U);
    host.chip->train_step(host.batch(8), 1, 0);
    EXPECT_NE(counters_of(host.chip->training_statistics()), training);
    host.chip->restore_statistics(training, evaluation);
    EXPECT_EQ(counters_of(host.chip->training_statistics()), training);
    EXPECT_EQ(counters_of(host.chip->evaluation_statistics()), evaluation);
    NamedCounters shorter = training;
    shorter.pop_back();
    EXPECT_THROW(host.chip->restore_statistics(shorter, evaluation), std::invalid_argument);
    NamedCounters renamed = training;
    renamed[3].first += "x";
    EXPECT_THROW(host.chip->restore_statistics(renamed, evaluation), std::invalid_argument);
}

class Fault : public testing::TestWithParam<TensorName> {};

// One elaboration a process: the faultless weights come from the same chip, loaded again.
TEST_P(Fault, ReachesWhoReadsTheTensor)
{
    const Host host;
    std::vector<std::vector<std::int16_t>> start;
    for (std::size_t i = 0; i < 3; ++i) start.push_back(host.chip->stored_weights(i));
    const auto after = [&](TensorTap* tap) {
        host.chip->load_weights(start);
        const StepOutcome outcome = host.chip->train_step(host.batch(8), 0, 4, tap);
        std::vector<std::vector<std::int16_t>> weights;
        for (std::size_t i = 0; i < 3; ++i) weights.push_back(host.chip->stored_weights(i));
        return std::make_pair(weights, outcome.loss);
    };
    const auto clean = after(nullptr);
    EXPECT_EQ(after(nullptr), clean);
    int shown = 0;
    OneTensor flip(0, GetParam(), [&](const TensorRegion& region) {
        // A bit of every element, of whatever type.
        ++shown;
        auto* const bytes = static_cast<std::uint8_t*>(region.data);
        const std::size_t elements = region.order == RegionOrder::nhwc
                                         ? region.samples * region.height * region.width * region.channels
                                         : region.count;
        const std::size_t width = bytes_of(region.type);
        for (std::size_t i = 0; i < elements; ++i) {
            if (region.flag_mask != 0) {
                bytes[i] = static_cast<std::uint8_t>(bytes[i] ^ region.flag_mask);
            } else if (region.name == TensorName::weight_q) {
                bytes[i] = bytes[i] == 0 ? 1 : 0;
            } else if (region.name == TensorName::pool_winner) {
                bytes[i] = static_cast<std::uint8_t>(3 - bytes[i]);
            } else {
                // Maxima and gradients are known by their exponent: only a high bit shows.
                const bool large = region.name == TensorName::gradient || region.name == TensorName::max_error ||
                                   region.name == TensorName::max_gradient;
                bytes[i * width + (large ? 1 : 0)] ^= large ? 0x70U : 0x04U;
            }
        }
    });
    EXPECT_NE(after(&flip), clean);
    EXPECT_GT(shown, 0);
}

INSTANTIATE_TEST_SUITE_P(Tensors, Fault,
                         testing::Values(TensorName::weight_stored, TensorName::weight_q, TensorName::input,
                                         TensorName::acc, TensorName::pooled, TensorName::pool_winner,
                                         TensorName::output, TensorName::mask_active, TensorName::mask_unclipped,
                                         TensorName::error_in, TensorName::error_q, TensorName::error_mac,
                                         TensorName::gradient, TensorName::delta, TensorName::weight_stored_next,
                                         TensorName::attenuation, TensorName::max_error, TensorName::exponent_e,
                                         TensorName::max_gradient, TensorName::exponent_g, TensorName::loss),
                         [](const auto& tensor) { return std::string(text_of(tensor.param)); });

TEST(Chip, RefusesWhatItCannotTake)
{
    const Host host;
    std::vector<std::vector<std::int16_t>> weights;
    for (std::size_t i = 0; i < 3; ++i) weights.push_back(host.chip->stored_weights(i));
    const auto refused = [&](const std::vector<std::vector<std::int16_t>>& layers) {
        try {
            host.chip->load_weights(layers);
        } catch (const std::invalid_argument& fault) {
            return std::string(fault.what());
        }
        return std::string();
    };
    EXPECT_EQ(refused(weights), "");
    auto broken = weights;
    broken[1][7] = 128;
    EXPECT_THAT(refused(broken), HasSubstr("layer 1: got 128, allowed -127..127"));
    broken[1].pop_back();
    EXPECT_THAT(refused(broken), HasSubstr("layer 1: got 1151, allowed 1152"));
    broken.pop_back();
    EXPECT_THAT(refused(broken), HasSubstr("got 2 layers, allowed 3"));
    EXPECT_THROW(host.chip->train_step(host.batch(0), 0, 0), std::invalid_argument);
    EXPECT_THROW(host.chip->train_step({9, host.images.data(), host.labels.data()}, 0, 0), std::invalid_argument);
}

TEST(Chip, NoDataGoesAroundTheBursts)
{
    // One layer, forward only: what moves is what the layer's extents say, chunk by chunk.
    Network network;
    network.input = {1, 6, 6};
    Layer conv;
    conv.kind = Layer::Kind::conv;
    conv.units = 4;
    conv.kernel = 3;
    Layer dense;
    dense.units = 3;
    network.layers = {conv, dense};
    const Host host({}, network, 8);
    host.chip->predict(host.batch(8));
    const std::uint64_t images = 8 * 36;
    const std::uint64_t codes = 8 * 144;
    const std::uint64_t activations = images * 3 + codes * 4 * 2    // image, input codes twice; accumulators twice
                                      + codes * 3                   // codes written and read, flags written
                                      + 8 * 3 * 4 * 2 + 8 * 2 * 2;  // outputs twice, labels and classes
    EXPECT_EQ(host.chip->evaluation_statistics().buffer.activations, activations);
    EXPECT_EQ(host.chip->evaluation_statistics().buffer.errors, 8U * 3 * 4);
}

}  // namespace
}  // namespace wagesim::chip
