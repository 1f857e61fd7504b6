// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/rtl/bench/pin_agent.hpp"

#include <string>

#include "tests/rtl/bench/bench_failure.hpp"

namespace wagesim::test {
namespace {

bool same_result(const rtl::PinOutputs& a, const rtl::PinOutputs& b)
{
    return a.data == b.data && a.side == b.side && a.error == b.error && a.predicted_class == b.predicted_class &&
           a.out_keep == b.out_keep && a.out_last == b.out_last;
}

}  // namespace

PinAgent::PinAgent(std::unique_ptr<rtl::QuantizeUpdatePins> pins, std::uint64_t seed,
                   std::function<void(const rtl::PinOutputs&)> watch)
    : pins_(std::move(pins)), random_(seed), watch_(std::move(watch))
{
}

rtl::PinOutputs PinAgent::cycle(const rtl::PinInputs& inputs)
{
    rtl::PinOutputs outputs = pins_->cycle(inputs);
    if (stalled_) {
        if (!outputs.out_valid) throw BenchFailure("a stalled result was withdrawn");
        if (!same_result(outputs, held_)) throw BenchFailure("a stalled result changed");
    }
    stalled_ = inputs.reset_n && outputs.out_valid && !inputs.out_ready;
    if (stalled_) held_ = outputs;
    if (inputs.reset_n && outputs.out_valid && inputs.out_ready) watch_(outputs);
    return outputs;
}

void PinAgent::reset(std::uint64_t cycles)
{
    stalled_ = false;
    rtl::PinInputs inputs;
    inputs.reset_n = false;
    for (std::uint64_t i = 0; i < cycles; ++i) {
        inputs.in_valid = chance(0.5);
        inputs.in_keep = 1;
        inputs.in_last = true;
        inputs.register_write = chance(0.5);
        inputs.register_address = static_cast<std::uint32_t>(random_() % 0x500);
        inputs.register_write_data = static_cast<std::uint32_t>(random_());
        inputs.out_ready = chance(0.5);
        const rtl::PinOutputs outputs = pins_->cycle(inputs);
        if (outputs.out_valid || !outputs.idle) throw BenchFailure("reset does not stop the unit");
    }
    cycle({});
}

void PinAgent::write(std::uint32_t address, std::uint32_t value)
{
    rtl::PinInputs inputs;
    inputs.register_write = true;
    inputs.register_address = address;
    inputs.register_write_data = value;
    cycle(inputs);
}

std::uint32_t PinAgent::read(std::uint32_t address)
{
    rtl::PinInputs inputs;
    inputs.register_read = true;
    inputs.register_address = address;
    cycle(inputs);
    // The value stands there until the next read, whatever the address says meanwhile.
    inputs.register_read = false;
    inputs.register_address = static_cast<std::uint32_t>(random_() % 0x1000);
    const std::uint32_t value = cycle(inputs).register_read_data;
    if (cycle({}).register_read_data != value) throw BenchFailure("a value that was read did not stay");
    return value;
}

std::uint64_t PinAgent::wait_until_idle(std::uint64_t limit)
{
    for (std::uint64_t cycles = 0; cycles <= limit; ++cycles)
        if (cycle({}).idle) return cycles;
    throw BenchFailure("the unit is not idle after " + std::to_string(limit) + " cycles");
}

PinAgent::Streamed PinAgent::stream(const std::vector<rtl::PinInputs>& beats, const Pauses& pauses,
                                    std::uint64_t give_up_after, std::uint32_t read_address, std::uint32_t read_value)
{
    // Pauses take most of the time at worst, and an element's square may take 48 cycles.
    std::uint64_t elements = 0;
    for (const rtl::PinInputs& beat : beats) elements += beat.operands.size();
    const std::uint64_t limit = 1000 + 200 * elements;

    Streamed streamed;
    std::size_t accepted = 0;
    bool offered = false;  // an offered beat is held until it is accepted
    bool was_read = false;
    bool was_accepted = false;
    for (;; ++streamed.cycles) {
        if (streamed.cycles == give_up_after) {
            streamed.whole = false;
            return streamed;
        }
        if (streamed.cycles > limit) throw BenchFailure("a stream does not end");
        offered = accepted < beats.size() && (offered || !chance(pauses.input));
        rtl::PinInputs inputs = offered ? beats[accepted] : rtl::PinInputs{};
        inputs.out_ready = !chance(pauses.output);
        inputs.register_read = chance(0.1);
        inputs.register_address = read_address;
        const rtl::PinOutputs outputs = cycle(inputs);
        if (was_read && outputs.register_read_data != read_value)
            throw BenchFailure("register " + std::to_string(read_address) + " read beside a stream: expected " +
                               std::to_string(read_value) + ", got " + std::to_string(outputs.register_read_data));
        was_read = inputs.register_read;
        if (was_accepted && outputs.idle) throw BenchFailure("the unit is idle although a beat was accepted");
        was_accepted = offered && outputs.in_ready;
        if (was_accepted) {
            ++accepted;
            offered = false;
        } else if (accepted == beats.size() && outputs.idle) {
            return streamed;
        }
    }
}

}  // namespace wagesim::test
