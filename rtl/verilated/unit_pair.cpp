// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Where a burst is cut, what the second unit is told before, and what the first one is told after it.
#include "rtl/verilated/unit_pair.hpp"

#include <algorithm>
#include <exception>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include <omp.h>

#include "rtl/verilated/burst_check.hpp"

namespace wagesim::rtl {
namespace {

using Register = QuantizeUpdateRegister;

constexpr std::uint32_t address_of(Register name) noexcept
{
    return static_cast<std::uint32_t>(name);
}

constexpr std::array<Register, 4> kLoss = {Register::loss_0, Register::loss_1, Register::loss_2, Register::loss_3};

void write(QuantizeUpdateUnit& unit, Register name, std::uint32_t value)
{
    unit.write_register(address_of(name), value);
}

std::uint32_t read(QuantizeUpdateUnit& unit, Register name)
{
    return unit.read_register(address_of(name));
}

/// A stream without its first `elements`.
template <class Stream>
Stream after(Stream stream, std::size_t elements)
{
    if (stream.data == nullptr) return stream;
    using Byte =
        std::conditional_t<std::is_const_v<std::remove_pointer_t<decltype(stream.data)>>, const std::byte, std::byte>;
    stream.data = static_cast<Byte*>(stream.data) + elements * bytes_of(stream.type);
    return stream;
}

std::array<Burst, 2> cut(QuantizeUpdateMode mode, const Burst& burst, std::size_t first)
{
    std::array<Burst, 2> shares = {burst, burst};
    shares[0].count = first;
    shares[1].count = burst.count - first;
    // Labels and classes come once a segment.
    const std::size_t beside = mode == QuantizeUpdateMode::output_error ? first / burst.segment : first;
    shares[1].operand = after(burst.operand, first);
    shares[1].result = after(burst.result, first);
    shares[1].auxiliary = after(burst.auxiliary, beside);
    shares[1].auxiliary_result = after(burst.auxiliary_result, beside);
    return shares;
}

}  // namespace

UnitPair::UnitPair(MakeUnit make, std::size_t worth_sharing)
    : make_(std::move(make)), worth_sharing_(worth_sharing), first_(make_())
{
}

void UnitPair::reset()
{
    first_->reset();
    if (second_) second_->reset();
    unwritten_.clear();
    keys_ = {};
}

CycleCount UnitPair::write_register(std::uint32_t address, std::uint32_t value)
{
    const CycleCount cycles = first_->write_register(address, value);
    switch (static_cast<Register>(address)) {
        case Register::lanes:
        case Register::exponent:  // read from the first unit: CONTROL writes it, too
        case Register::control:
        case Register::max_low:
        case Register::max_high:
        case Register::index_low:  // each share has its own
        case Register::index_high:
        case Register::loss_0:
        case Register::loss_1:
        case Register::loss_2:
        case Register::loss_3: break;
        case Register::key_0:
            keys_.written[0] = value;
            keys_.to_write = true;
            break;
        case Register::key_1:
            keys_.written[1] = value;
            keys_.expanded = keys_.written;
            keys_.to_expand = true;
            break;
        default: unwritten_[address] = value;
    }
    return cycles;
}

std::size_t UnitPair::first_share(QuantizeUpdateMode mode, const Burst& burst) const
{
    if (burst.count < std::max<std::size_t>(worth_sharing_, 2) || omp_get_max_threads() < 2 || omp_in_parallel() != 0)
        return 0;
    // Whole beats, so that the cycles add up; an even number, as an update's INDEX has to be.
    std::size_t grain = std::max<std::size_t>(static_cast<std::size_t>(lanes()), 2);
    if (mode == QuantizeUpdateMode::output_error) grain = burst.segment;
    return grain == 0 ? 0 : burst.count / 2 / grain * grain;
}

CycleCount UnitPair::run(const Burst& burst)
{
    const auto mode = static_cast<QuantizeUpdateMode>(read(*first_, Register::mode));
    check_burst(mode, burst);  // before any share of it begins
    const std::size_t share = first_share(mode, burst);
    return share == 0 ? first_->run(burst) : run_shared(mode, burst, share);
}

void UnitPair::prepare_second(QuantizeUpdateMode mode, std::size_t first_share)
{
    if (!second_) second_ = make_();
    for (const auto& [address, value] : unwritten_) second_->write_register(address, value);
    unwritten_.clear();
    if (keys_.to_expand) {
        write(*second_, Register::key_0, keys_.expanded[0]);
        write(*second_, Register::key_1, keys_.expanded[1]);
    }
    if (keys_.to_expand || keys_.to_write) write(*second_, Register::key_0, keys_.written[0]);
    keys_.to_expand = false;
    keys_.to_write = false;
    write(*second_, Register::exponent, read(*first_, Register::exponent));
    write(*second_, Register::control, kControlClearMax | kControlClearLoss);
    if (mode == QuantizeUpdateMode::update) {
        const std::uint64_t index =
            (std::uint64_t{read(*first_, Register::index_high)} << 32U | read(*first_, Register::index_low)) +
            first_share;
        write(*second_, Register::index_low, static_cast<std::uint32_t>(index));
        write(*second_, Register::index_high, static_cast<std::uint32_t>(index >> 32U & 1U));
    }
}

CycleCount UnitPair::run_shared(QuantizeUpdateMode mode, const Burst& burst, std::size_t first_share)
{
    prepare_second(mode, first_share);
    const std::array<Burst, 2> shares = cut(mode, burst, first_share);
    const std::array<QuantizeUpdateUnit*, 2> units = {first_.get(), second_.get()};
    std::array<CycleCount, 2> cycles{};
    std::array<std::exception_ptr, 2> faults;
#pragma omp parallel for num_threads(2) schedule(static)
    for (std::size_t i = 0; i < 2; ++i) {
        try {
            cycles[i] = units[i]->run(shares[i]);
        } catch (...) {
            faults[i] = std::current_exception();
        }
    }
    for (const std::exception_ptr& fault : faults)
        if (fault) std::rethrow_exception(fault);
    ++shared_bursts_;
    merge_maximum();
    if (mode == QuantizeUpdateMode::output_error) merge_loss();

    // A burst takes a cycle a beat (output_error: an element), and what fills and drains the pipeline, once.
    const std::size_t beat = mode == QuantizeUpdateMode::output_error ? 1 : static_cast<std::size_t>(lanes());
    const auto beats = [&](const Burst& share) { return share.count / beat + (share.count % beat == 0 ? 0 : 1); };
    if (cycles[0] - beats(shares[0]) != cycles[1] - beats(shares[1]))
        throw std::logic_error("quantize/update unit: two shares of a burst differ in the cycles besides their beats");
    return cycles[0] + beats(shares[1]);
}

void UnitPair::merge_maximum()
{
    const auto maximum = [](QuantizeUpdateUnit& unit) {
        return std::uint64_t{read(unit, Register::max_high)} << 32U | read(unit, Register::max_low);
    };
    const std::uint64_t found = maximum(*second_);
    if (found <= maximum(*first_)) return;
    write(*first_, Register::max_low, static_cast<std::uint32_t>(found));
    write(*first_, Register::max_high, static_cast<std::uint32_t>(found >> 32U));
}

void UnitPair::merge_loss()
{
    std::uint64_t sum = 0;  // of two words and a carry
    for (const Register word : kLoss) {
        sum += std::uint64_t{read(*first_, word)} + read(*second_, word);
        write(*first_, word, static_cast<std::uint32_t>(sum));
        sum >>= 32U;
    }
}

}  // namespace wagesim::rtl
