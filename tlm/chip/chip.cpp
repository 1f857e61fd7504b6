// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Instantiation, binding, and the host's side of a step: bytes in, program run, results out.
#include "tlm/chip/chip.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <utility>

#include "ref/numerics/weight.hpp"
#include "tlm/chip/chip_parts.hpp"

namespace wagesim::chip {
namespace {

__extension__ using Uint128 = unsigned __int128;  // the LOSS register; ISO C++17 has no such type

std::size_t size(int extent)
{
    return static_cast<std::size_t>(extent);
}

}  // namespace

Chip::Chip(const sc_core::sc_module_name& name, const ChipConfig& config, const Network& network,
           const ChipOptions& options, std::unique_ptr<QuantizeUpdateUnit> unit)
    : sc_module(name), parts_(std::make_unique<Parts>(Mapping(config, network, options), std::move(unit)))
{
}

Chip::~Chip() = default;

const std::vector<LayerGeometry>& Chip::geometry() const noexcept
{
    return parts_->geometry;
}

const Mapping& Chip::mapping() const noexcept
{
    return parts_->mapping;
}

void Chip::load_weights(const std::vector<std::vector<std::int16_t>>& layers)
{
    const std::vector<LayerPlan>& plans = parts_->mapping.layers();
    const ChipOptions& options = parts_->mapping.options();
    const std::int64_t limit = numerics::stored_weight_limit(options.widths, options.weight_clip);
    if (layers.size() != plans.size()) {
        throw std::invalid_argument("weights: got " + std::to_string(layers.size()) + " layers, allowed " +
                                    std::to_string(plans.size()));
    }
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const std::string where = "weights of layer " + std::to_string(i) + ": ";
        if (layers[i].size() != static_cast<std::size_t>(plans[i].geometry.weights())) {
            throw std::invalid_argument(where + "got " + std::to_string(layers[i].size()) + ", allowed " +
                                        std::to_string(plans[i].geometry.weights()));
        }
        const auto beyond =
            std::find_if(layers[i].begin(), layers[i].end(), [&](std::int16_t n) { return n > limit || n < -limit; });
        if (beyond != layers[i].end()) {
            throw std::invalid_argument(where + "got " + std::to_string(*beyond) + ", allowed -" +
                                        std::to_string(limit) + ".." + std::to_string(limit));
        }
        if (parts_->mapping.config().fidelity == Fidelity::timing) continue;
        const MemoryRegion& stored = parts_->mapping.memory().layers[i].stored;
        std::memcpy(parts_->storage.memory(stored), layers[i].data(), stored.bytes());
    }
    loaded_ = false;
    load();
}

void Chip::load()
{
    if (loaded_) return;
    parts_->begin_program();
    parts_->sequencer.run(parts_->mapping.load_program(), {});
    parts_->discard_counters();
    loaded_ = true;
}

void Chip::supply(const BatchView& batch, std::size_t first, std::size_t samples, bool labels)
{
    const LayerGeometry& g = parts_->mapping.layers().front().geometry;
    const MemoryPlan& memory = parts_->mapping.memory();
    const SampleRange range{0, samples};
    const std::size_t channels = size(g.in_c);
    const std::size_t places = size(g.in_h) * size(g.in_w);
    auto* const images = reinterpret_cast<std::uint8_t*>(parts_->storage.memory(memory.images.of(range)));
    for (std::size_t n = 0; n < samples; ++n) {
        const std::uint8_t* const from = batch.images + (first + n) * channels * places;
        std::uint8_t* const to = images + n * channels * places;
        if (channels == 1) {
            std::memcpy(to, from, places);
            continue;
        }
        for (std::size_t c = 0; c < channels; ++c) {
            for (std::size_t p = 0; p < places; ++p) to[p * channels + c] = from[c * places + p];
        }
    }
    std::byte* const label_bytes = parts_->storage.memory(memory.labels.of(range));
    if (labels) {
        std::memcpy(label_bytes, batch.labels + first, samples * sizeof(std::uint16_t));
    } else {
        std::memset(label_bytes, 0, samples * sizeof(std::uint16_t));
    }
}

void Chip::read_predictions(std::size_t samples, std::uint16_t* to) const
{
    const MemoryRegion region = parts_->mapping.memory().predictions.of({0, samples});
    std::memcpy(to, parts_->storage.memory(region), region.bytes());
}

StepOutcome Chip::train_step(const BatchView& batch, std::uint64_t step, int eta_exponent, TensorTap* tap)
{
    const ChipOptions& options = parts_->mapping.options();
    if (batch.samples == 0 || batch.samples > options.batch) {
        throw std::invalid_argument("batch: got " + std::to_string(batch.samples) + " samples, allowed 1.." +
                                    std::to_string(options.batch));
    }
    supply(batch, 0, batch.samples, true);
    StepOutcome out;
    std::optional<Observer> observer;
    if (tap != nullptr) observer.emplace(parts_->storage, *tap);
    parts_->set_tap(tap);
    parts_->begin_program();
    out.cycles = parts_->run(ProgramKind::training, parts_->training_program(batch.samples),
                             {options.seed, step, eta_exponent, observer ? &*observer : nullptr});
    parts_->set_tap(nullptr);
    parts_->collect(parts_->training, batch.samples, out.cycles);

    out.predictions.resize(batch.samples);
    read_predictions(batch.samples, out.predictions.data());
    for (std::size_t n = 0; n < batch.samples; ++n) out.correct += out.predictions[n] == batch.labels[n] ? 1U : 0U;
    out.loss = loss();
    return out;
}

/// The exact sum of squares, rounded once: the conversion rounds to nearest even, the scaling is exact.
double Chip::loss() const
{
    using Register = QuantizeUpdateRegister;
    Uint128 sum = 0;
    for (const Register word : {Register::loss_3, Register::loss_2, Register::loss_1, Register::loss_0}) {
        sum = (sum << 32U) | parts_->storage.read_register(word);
    }
    const Widths& widths = parts_->mapping.options().widths;
    const int s = (widths.a - 1) + (widths.w - 1) + parts_->mapping.layers().back().geometry.attenuation;
    return std::ldexp(static_cast<double>(sum), -(2 * s + 1));
}

std::vector<std::uint16_t> Chip::predict(const BatchView& batch)
{
    const std::size_t most = parts_->mapping.options().batch;
    std::vector<std::uint16_t> out(batch.samples);
    for (std::size_t first = 0; first < batch.samples; first += most) {
        const std::size_t samples = std::min(most, batch.samples - first);
        supply(batch, first, samples, false);
        parts_->begin_program();
        const std::uint64_t cycles =
            parts_->run(ProgramKind::evaluation, parts_->evaluation_program(samples), {0, 0, 0, nullptr});
        parts_->collect(parts_->evaluation, samples, cycles);
        read_predictions(samples, out.data() + first);
    }
    return out;
}

std::uint64_t Chip::time(ProgramKind kind, const Program& program, std::size_t samples, std::uint64_t count,
                         ChipStatistics& statistics)
{
    load();
    ChipStatistics last;
    std::uint64_t simulated = 0;
    while (simulated < count) {
        ChipStatistics step = parts_->empty_statistics();
        const std::uint64_t cycles = parts_->run(kind, program, {parts_->mapping.options().seed, 0, 0, nullptr});
        parts_->collect(step, samples, cycles);
        ++simulated;
        const bool steady = simulated > 1 && counters_of(step) == counters_of(last);
        add_statistics(statistics, step, steady ? count - simulated + 1 : 1);
        if (steady) break;
        last = std::move(step);
    }
    return simulated;
}

std::uint64_t Chip::time_training(std::size_t samples, std::uint64_t count)
{
    return time(ProgramKind::training, parts_->training_program(samples), samples, count, parts_->training);
}

std::uint64_t Chip::time_evaluation(std::size_t samples, std::uint64_t count)
{
    return time(ProgramKind::evaluation, parts_->evaluation_program(samples), samples, count, parts_->evaluation);
}

void Chip::set_listener(RunListener* listener)
{
    parts_->set_listener(listener);
}

std::vector<std::int16_t> Chip::stored_weights(std::size_t layer) const
{
    const MemoryRegion& stored = parts_->mapping.memory().layers.at(layer).stored;
    std::vector<std::int16_t> out(stored.count);
    std::memcpy(out.data(), parts_->storage.memory(stored), stored.bytes());
    return out;
}

const ChipStatistics& Chip::training_statistics() const noexcept
{
    return parts_->training;
}

const ChipStatistics& Chip::evaluation_statistics() const noexcept
{
    return parts_->evaluation;
}

void Chip::restore_statistics(const NamedCounters& training, const NamedCounters& evaluation)
{
    restore_counters(training, parts_->training);
    restore_counters(evaluation, parts_->evaluation);
}

std::vector<GroupWear> Chip::wear(WearDetail detail) const
{
    return parts_->wear(detail);
}

std::vector<std::vector<std::uint32_t>> Chip::wear_states() const
{
    std::vector<std::vector<std::uint32_t>> states;
    for (const auto& partition : parts_->partitions) {
        for (std::size_t i = 0; i < partition->worn_copies(); ++i)
            states.push_back(partition->copies()[i].wear().state());
    }
    return states;
}

void Chip::restore_wear(const std::vector<std::vector<std::uint32_t>>& states)
{
    std::size_t next = 0;
    for (const auto& partition : parts_->partitions) {
        for (std::size_t i = 0; i < partition->worn_copies(); ++i) {
            if (next == states.size()) throw std::invalid_argument("wear: got that of fewer cells than there are");
            partition->copies()[i].restore_wear(states[next++]);
        }
    }
    if (next != states.size()) throw std::invalid_argument("wear: got that of more cells than there are");
}

std::vector<DeviceState> Chip::device_states() const
{
    std::vector<DeviceState> states;
    for (const auto& partition : parts_->partitions) {
        for (const DeviceArrays* const devices : partition->devices()) states.push_back(devices->state());
    }
    return states;
}

void Chip::restore_devices(const std::vector<DeviceState>& states)
{
    std::size_t next = 0;
    for (const auto& partition : parts_->partitions) {
        for (DeviceArrays* const devices : partition->devices()) {
            if (next == states.size()) throw std::invalid_argument("devices: got states of fewer cells than there are");
            devices->restore(states[next++]);
        }
    }
    if (next != states.size()) throw std::invalid_argument("devices: got states of more cells than there are");
}

}  // namespace wagesim::chip
