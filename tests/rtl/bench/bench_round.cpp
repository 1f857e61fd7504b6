// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/rtl/bench/bench_round.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "tests/rtl/bench/bench_failure.hpp"
#include "tests/rtl/bench/sweeps.hpp"

namespace wagesim::test {
namespace {

using Mode = QuantizeUpdateMode;
using Register = QuantizeUpdateRegister;

constexpr int kPhases = 12;
constexpr std::uint64_t kLongestWait = 40;  // a key schedule takes 22 cycles
constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

constexpr std::uint32_t address_of(Register named)
{
    return static_cast<std::uint32_t>(named);
}

std::vector<std::pair<Register, std::uint32_t>> values_of(Mode mode, const Settings& settings)
{
    const auto bits = [](auto value) { return static_cast<std::uint32_t>(value); };
    const auto widths = bits(settings.width_weight) | bits(settings.width_activation) << 8U |
                        bits(settings.width_gradient) << 16U | bits(settings.width_error) << 24U;
    return {{Register::mode, bits(mode)},
            {Register::widths, widths},
            {Register::attenuation, bits(settings.attenuation)},
            {Register::gamma, bits(settings.log2_gamma)},
            {Register::eta, bits(settings.eta)},
            {Register::weight_clip, settings.clip_to_weight_width ? 1U : 0U},
            {Register::exponent, bits(settings.exponent)},
            {Register::index_low, bits(settings.index)},
            {Register::index_high, bits(settings.index >> 32U)}};
}

}  // namespace

BenchRound::BenchRound(std::unique_ptr<rtl::QuantizeUpdatePins> pins, std::uint64_t seed, BenchCounts& counts)
    : lanes_(pins->lanes()),
      random_(seed),
      counts_(counts),
      registers_(lanes_),
      agent_(std::move(pins), seed + 1, [this](const rtl::PinOutputs& outputs) { scoreboard_.take(outputs); })
{
}

void BenchRound::run()
{
    reset();
    check_registers();
    for (int phase = 0; phase < kPhases; ++phase) {
        switch (drawn(0, 9)) {
            case 0: scramble_registers(); break;
            case 1: exercise_control(); break;
            default: stream_bursts(); break;
        }
    }
    check_registers();
    for (const auto& [mode, elements] : scoreboard_.compared()) counts_.elements[mode] += elements;
}

void BenchRound::run_sweeps()
{
    reset();
    write(address_of(Register::key_0), 0x0908'0100);
    write(address_of(Register::key_1), 0x1918'1110);
    for (const auto& steps : {settings_sweep(), rounding_sweep(), stochastic_sweep(), comparison_sweep(lanes_)})
        for (const SweepStep& step : steps) {
            write(address_of(Register::control), kControlClearMax);
            for (const auto& [name, value] : values_of(step.mode, step.settings))
                if (registers_.read(address_of(name)) != value) write(address_of(name), value);
            if (step.mode == Mode::update && registers_.settings().key != step.settings.key) {
                write(address_of(Register::key_0), static_cast<std::uint32_t>(step.settings.key));
                write(address_of(Register::key_1), static_cast<std::uint32_t>(step.settings.key >> 32U));
            }
            (void)stream(step.traffic, {}, false);
        }
    write(address_of(Register::mode), static_cast<std::uint32_t>(Mode::input));
    for (const auto& table : table_sweep()) {
        for (std::uint32_t word = 0; word < table.size(); ++word)
            write(address_of(Register::table) + 4 * word, table[word]);
        (void)stream(all_bytes(), {}, false);
    }
    const auto& there = RegisterShadow::addresses();
    for (std::uint32_t address = 0; address < 0x1000; ++address)
        if (std::find(there.begin(), there.end(), address) == there.end()) write(address, 0xFFFF'FFFFU);
    for (const std::uint32_t address : there) write(address, 0x5A5A'5A5AU + address);
    for (std::uint32_t address = 0; address < 0x1000; ++address) check_register(address);
    for (const std::uint64_t maximum : maximum_sweep()) check_exponent_of(maximum, kControlSetExponent);
    for (const auto& [mode, elements] : scoreboard_.compared()) counts_.elements[mode] += elements;
}

void BenchRound::run_segment(std::size_t length)
{
    reset();
    Settings settings = drawn_settings(Mode::output_error, random_);
    configure(Mode::output_error, settings);
    Traffic traffic = drawn_traffic(Mode::output_error, settings, {length}, random_);
    traffic.operands[length - 2] = *std::max_element(traffic.operands.begin(), traffic.operands.end());
    std::fill(traffic.side.begin(), traffic.side.end(), static_cast<std::uint16_t>(length - 1));
    for (std::size_t i = 0; i + 2 < length; ++i)
        traffic.operands[i] = std::min(traffic.operands[i], traffic.operands[length - 2] - 1);
    (void)stream(traffic, {}, false);
    for (const auto& [mode, elements] : scoreboard_.compared()) counts_.elements[mode] += elements;
}

void BenchRound::reset()
{
    agent_.reset(static_cast<std::uint64_t>(drawn(1, 3)));
    scoreboard_.forget();
    registers_.reset();
    maximum_of_.reset();
}

void BenchRound::write(std::uint32_t address, std::uint32_t value)
{
    agent_.write(address, value);
    registers_.write(address, value);
    const bool takes_longer = address == address_of(Register::key_1) ||
                              (address == address_of(Register::control) && (value & kControlSetExponent) != 0);
    if (takes_longer) agent_.wait_until_idle(kLongestWait);
}

void BenchRound::check_register(std::uint32_t address)
{
    const std::uint32_t got = agent_.read(address);
    ++counts_.registers;
    if (got != registers_.read(address))
        throw BenchFailure("register " + std::to_string(address) + ": expected " +
                           std::to_string(registers_.read(address)) + ", got " + std::to_string(got));
}

void BenchRound::check_registers()
{
    for (const std::uint32_t address : RegisterShadow::addresses()) check_register(address);
}

void BenchRound::scramble_registers()
{
    for (int i = drawn(1, 40); i > 0; --i) {
        const auto& addresses = RegisterShadow::addresses();
        const std::uint32_t address =
            chance(80) ? addresses[random_() % addresses.size()] : static_cast<std::uint32_t>(random_() % 0x1000);
        std::uint32_t value = chance(10) ? 0U : chance(10) ? 0xFFFF'FFFFU : static_cast<std::uint32_t>(random_());
        if (address == address_of(Register::widths) && chance(50)) value &= 0x1F1F'1F1FU;  // beside the legal ones
        write(address, value);
        if (chance(30)) check_register(address);
        if (chance(10)) check_register(static_cast<std::uint32_t>(random_() % 0x1000));
    }
    check_registers();
}

void BenchRound::exercise_control()
{
    for (int i = drawn(1, 20); i > 0; --i) {
        const int f = drawn(0, 47);
        const double base = chance(50) ? std::sqrt(2.0) : 1.0;
        const auto edge = static_cast<std::int64_t>(std::ldexp(base, f)) + drawn(-1, 1);
        const std::int64_t maximum = chance(10) ? 0 : std::clamp<std::int64_t>(edge, 0, (std::int64_t{1} << 48) - 1);
        if (chance(50)) write(address_of(Register::loss_0) + 4 * static_cast<std::uint32_t>(drawn(0, 3)), 7);
        check_exponent_of(static_cast<std::uint64_t>(maximum),
                          chance(80) ? static_cast<std::uint32_t>(drawn(0, 7)) | kControlSetExponent
                                     : static_cast<std::uint32_t>(random_()));
    }
}

void BenchRound::check_exponent_of(std::uint64_t maximum, std::uint32_t control)
{
    write(address_of(Register::max_low), static_cast<std::uint32_t>(maximum));
    write(address_of(Register::max_high), static_cast<std::uint32_t>(maximum >> 32U));
    write(address_of(Register::control), control);
    for (const Register changed : {Register::exponent, Register::max_low, Register::max_high, Register::loss_0})
        check_register(address_of(changed));
}

void BenchRound::configure(Mode mode, const Settings& settings)
{
    auto values = values_of(mode, settings);
    std::shuffle(values.begin(), values.end(), random_);
    const bool all = chance(30);
    const auto write_others = [&] {
        for (const auto& [name, value] : values) {
            const bool stands = registers_.read(address_of(name)) == value;
            if (all || !stands || name == Register::index_low) write(address_of(name), value);
        }
    };
    const bool with_key = mode == Mode::update && chance(80);
    const bool key_first = chance(50);
    if (!key_first) write_others();
    if (with_key) {
        write(address_of(Register::key_0), static_cast<std::uint32_t>(settings.key));
        // Not waited for: the first operands may be offered while the round keys are being made.
        const auto high = static_cast<std::uint32_t>(settings.key >> 32U);
        if (key_first) {
            write(address_of(Register::key_1), high);
        } else {
            agent_.write(address_of(Register::key_1), high);
            registers_.write(address_of(Register::key_1), high);
            ready_ = false;
        }
    }
    if (key_first) write_others();
}

void BenchRound::write_table()
{
    const bool whole = chance(30);
    for (std::uint32_t word = 0; word < 64; ++word)
        if (whole || chance(10)) write(address_of(Register::table) + 4 * word, static_cast<std::uint32_t>(random_()));
}

std::vector<std::size_t> BenchRound::drawn_lengths(Mode mode)
{
    const auto lanes = static_cast<std::size_t>(lanes_);
    std::vector<std::size_t> lengths(static_cast<std::size_t>(drawn(1, mode == Mode::output_error ? 6 : 4)));
    for (std::size_t& length : lengths) {
        switch (drawn(0, 6)) {
            case 0: length = 1; break;
            case 1: length = lanes; break;
            case 2: length = lanes + 1; break;
            case 3: length = std::max<std::size_t>(lanes - 1, 1); break;
            case 4: length = 2 * lanes; break;
            default: length = 1 + random_() % (6 * lanes); break;
        }
        if (chance(3)) length += 300;
    }
    return lengths;
}

Pauses BenchRound::drawn_pauses()
{
    constexpr double kChances[] = {0, 0, 0.1, 0.5, 0.9};
    if (chance(40)) return {};
    return {kChances[random_() % std::size(kChances)], kChances[random_() % std::size(kChances)]};
}

void BenchRound::stream_bursts()
{
    auto mode = static_cast<Mode>(drawn(0, 7));
    Settings settings = drawn_settings(mode, random_);
    const bool follows_maximum = maximum_of_ && chance(70);
    if (follows_maximum) {
        // The chip's way: the same elements again, with the exponent of their maximum.
        mode = chance(50) ? Mode::error : Mode::update;
        write(address_of(Register::control), kControlSetExponent | (chance(50) ? kControlClearMax : 0U));
        settings.exponent = static_cast<std::int32_t>(registers_.read(address_of(Register::exponent)));
    }
    // A maximum shows only where it passes the one that stands.
    if (chance(80)) write(address_of(Register::control), kControlClearMax);
    configure(mode, settings);
    if (mode == Mode::input) write_table();
    Traffic traffic = follows_maximum ? *maximum_of_ : drawn_traffic(mode, settings, drawn_lengths(mode), random_);
    maximum_of_.reset();
    if (!stream(traffic, drawn_pauses(), true)) return;
    if (mode == Mode::abs_max || mode == Mode::gradient_abs_max) maximum_of_ = std::move(traffic);
}

bool BenchRound::stream(const Traffic& traffic, const Pauses& pauses, bool resets)
{
    const Mode mode = registers_.mode();
    ExpectedBeats expected = expected_beats(traffic, registers_, lanes_);
    const bool was_ready = ready_;
    ready_ = true;
    const auto beats = beats_of(traffic, lanes_, random_);
    const std::uint64_t give_up_after = resets && chance(8) ? 1 + random_() % (3 * beats.size() + 20) : kNever;
    const Register read[] = {Register::lanes, Register::mode, Register::widths, Register::exponent, Register::key_1};
    const std::uint32_t read_address = address_of(read[random_() % std::size(read)]);
    scoreboard_.expect(mode, std::move(expected.beats));
    const auto streamed = agent_.stream(beats, pauses, give_up_after, read_address, registers_.read(read_address));
    ++counts_.streams;
    if (!streamed.whole) {
        ++counts_.resets;
        reset();
        check_registers();
        return false;
    }
    scoreboard_.expect_nothing_left();
    const bool finds = mode == Mode::abs_max || mode == Mode::gradient_abs_max;
    if (finds && expected.maximum > registers_.maximum()) scoreboard_.count(mode, traffic.operands.size());
    registers_.accumulate(expected.maximum, expected.loss);
    if (traffic.lengths.size() == 1 && pauses.input == 0 && pauses.output == 0 && was_ready) {
        ++counts_.cycles;
        const auto on_the_page = expected_cycles(static_cast<int>(mode), traffic.operands.size(), lanes_);
        if (streamed.cycles != on_the_page)
            throw BenchFailure("a burst took " + std::to_string(streamed.cycles) + " cycles, the page says " +
                               std::to_string(on_the_page));
    }
    for (const Register accumulated : {Register::max_low, Register::max_high, Register::loss_0, Register::loss_1,
                                       Register::loss_2, Register::loss_3, Register::exponent, Register::index_low})
        check_register(address_of(accumulated));
    return true;
}

}  // namespace wagesim::test
