// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/rtl/pin_bench.hpp"

#include <algorithm>
#include <limits>

namespace wagesim::test {

PinBench::PinBench(int lanes, int seed)
    : pins_(rtl::make_verilated_pins(lanes, seed)), random_(static_cast<std::uint64_t>(seed))
{
    reset();
}

void PinBench::reset()
{
    rtl::PinInputs inputs;
    inputs.reset_n = false;
    pins_->cycle(inputs);
    inputs.reset_n = true;
    pins_->cycle(inputs);
}

void PinBench::write(Register address, std::uint32_t value)
{
    rtl::PinInputs inputs;
    inputs.register_write = true;
    inputs.register_address = static_cast<std::uint32_t>(address);
    inputs.register_write_data = value;
    pins_->cycle(inputs);
    while (!pins_->cycle({}).idle) {
    }
}

std::uint32_t PinBench::read(Register address)
{
    rtl::PinInputs inputs;
    inputs.register_read = true;
    inputs.register_address = static_cast<std::uint32_t>(address);
    pins_->cycle(inputs);
    return pins_->cycle({}).register_read_data;
}

void PinBench::apply(Mode mode, const Settings& settings)
{
    for (const auto& [address, value] : register_values(mode, settings)) write(address, value);
}

std::vector<rtl::PinInputs> PinBench::beats_of(const PinStream& stream) const
{
    const auto lanes = static_cast<std::size_t>(pins_->lanes());
    std::vector<rtl::PinInputs> beats;
    std::size_t first = 0;
    for (const std::size_t length : stream.lengths) {
        for (const std::size_t end = first + length; first < end;) {
            const std::size_t count = std::min(lanes, end - first);
            rtl::PinInputs beat;
            beat.in_valid = true;
            beat.in_last = first + count == end;
            beat.in_keep = ~std::uint64_t{0} >> (64U - count);
            for (std::size_t i = first; i < first + count; ++i) {
                beat.operands.push_back(stream.operands[i]);
                if (!stream.side.empty()) beat.side.push_back(stream.side[i]);
            }
            // What lies in lanes without an element must not matter.
            while (beat.operands.size() < lanes) beat.operands.push_back(kSmallestOperand);
            while (beat.side.size() < lanes) beat.side.push_back(0xFFFF);
            beats.push_back(std::move(beat));
            first += count;
        }
    }
    return beats;
}

void PinBench::take(Mode mode, const rtl::PinOutputs& outputs, PinResults& results) const
{
    ++results.beats;
    if (outputs.out_last) ++results.lasts;
    EXPECT_NE(outputs.out_keep, 0U);
    EXPECT_EQ(outputs.out_keep & (outputs.out_keep + 1), 0U) << "a result beat with holes";
    if (mode == Mode::output_error) {
        EXPECT_EQ(outputs.out_keep, 1U);
        results.errors.push_back(outputs.error);
        if (outputs.out_last) results.classes.push_back(outputs.predicted_class);
        return;
    }
    for (std::size_t lane = 0; lane < outputs.data.size() && (outputs.out_keep >> lane & 1U) != 0; ++lane) {
        results.data.push_back(outputs.data[lane]);
        results.side.push_back(outputs.side[lane]);
    }
}

PinResults PinBench::run(Mode mode, const PinStream& stream, const Stalls& stalls)
{
    return run_for(mode, stream, stalls, std::numeric_limits<std::uint64_t>::max());
}

PinResults PinBench::run_for(Mode mode, const PinStream& stream, const Stalls& stalls, std::uint64_t cycles)
{
    const auto pauses = [&](double probability) { return std::bernoulli_distribution(probability)(random_); };
    const auto beats = beats_of(stream);
    PinResults results;
    std::size_t accepted = 0;
    bool offered = false;  // an offered beat is held until it is accepted
    bool was_stalled = false;
    rtl::PinOutputs stalled;
    while (results.cycles < cycles) {
        offered = accepted < beats.size() && (offered || !pauses(stalls.input));
        rtl::PinInputs inputs = offered ? beats[accepted] : rtl::PinInputs{};
        inputs.out_ready = !pauses(stalls.output);
        const rtl::PinOutputs outputs = pins_->cycle(inputs);
        if (accepted == beats.size() && outputs.idle) break;
        ++results.cycles;
        if (was_stalled) {
            EXPECT_TRUE(outputs.out_valid) << "a stalled result was withdrawn";
            EXPECT_EQ(outputs.data, stalled.data) << "a stalled result changed";
            EXPECT_EQ(outputs.error, stalled.error) << "a stalled result changed";
        }
        was_stalled = outputs.out_valid && !inputs.out_ready;
        if (was_stalled) stalled = outputs;
        if (outputs.out_valid && inputs.out_ready) take(mode, outputs, results);
        if (offered && outputs.in_ready) {
            ++accepted;
            offered = false;
        }
    }
    return results;
}

}  // namespace wagesim::test
