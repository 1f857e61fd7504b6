// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Side-by-side execution. See the header.
#include "platforms/verify/lockstep_unit.hpp"

#include <array>
#include <cstdio>
#include <cstring>

namespace wagesim::verify {
namespace {

constexpr std::uint32_t kModeMask = 7;  // MODE stores bits 2:0
constexpr std::array<const char*, kModeMask + 1> kModeNames = {
    "input", "activation", "abs_max", "error", "output_error", "gradient_abs_max", "update", "requantize"};

std::string hex(std::uint32_t value)
{
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "0x%X", value);
    return text.data();
}

std::int64_t element_at(const void* data, ElementType type, std::size_t index)
{
    return visit_element_type(
        type, [&](auto zero) { return static_cast<std::int64_t>(static_cast<const decltype(zero)*>(data)[index]); });
}

}  // namespace

LockstepUnit::LockstepUnit(Named first, Named second, std::shared_ptr<LockstepRecord> record)
    : first_(std::move(first)),
      second_(std::move(second)),
      record_(record ? std::move(record) : std::make_shared<LockstepRecord>())
{
    if (first_.unit->lanes() != second_.unit->lanes()) {
        throw std::invalid_argument("lockstep: " + first_.name + " has " + std::to_string(first_.unit->lanes()) +
                                    " lanes, " + second_.name + " " + std::to_string(second_.unit->lanes()));
    }
}

int LockstepUnit::lanes() const noexcept
{
    return first_.unit->lanes();
}

void LockstepUnit::reset()
{
    first_.unit->reset();
    second_.unit->reset();
    mode_ = 0;
}

CycleCount LockstepUnit::write_register(std::uint32_t address, std::uint32_t value)
{
    const CycleCount cycles = first_.unit->write_register(address, value);
    compare_cycles("write of register " + hex(address), cycles, second_.unit->write_register(address, value));
    if (address == static_cast<std::uint32_t>(QuantizeUpdateRegister::mode)) mode_ = value & kModeMask;
    ++record_->register_writes;
    return cycles;
}

std::uint32_t LockstepUnit::read_register(std::uint32_t address)
{
    const std::uint32_t first = first_.unit->read_register(address);
    const std::uint32_t second = second_.unit->read_register(address);
    if (first != second) fail("register " + hex(address), hex(first), hex(second));
    ++record_->register_reads;
    return first;
}

CycleCount LockstepUnit::run(const Burst& burst)
{
    const bool classes = mode_ == static_cast<std::uint32_t>(QuantizeUpdateMode::output_error);
    const std::size_t auxiliaries = !classes ? burst.count : burst.segment == 0 ? 0 : burst.count / burst.segment;
    // A result may lie over the operand: the second unit writes elsewhere and goes first, while the operand is intact.
    Burst second = burst;
    if (burst.result.data != nullptr) {
        result_.resize(burst.count * bytes_of(burst.result.type));
        second.result.data = result_.data();
    }
    if (burst.auxiliary_result.data != nullptr) {
        auxiliary_result_.resize(auxiliaries * bytes_of(burst.auxiliary_result.type));
        second.auxiliary_result.data = auxiliary_result_.data();
    }
    const CycleCount second_cycles = second_.unit->run(second);
    const CycleCount cycles = first_.unit->run(burst);
    compare_stream(burst.result, result_, burst.count, "result");
    compare_stream(burst.auxiliary_result, auxiliary_result_, auxiliaries, "auxiliary result");
    compare_cycles(std::string(kModeNames[mode_]) + " burst of " + std::to_string(burst.count), cycles, second_cycles,
                   "; results are equal, and quantizer rtl compares them alone");
    ++record_->bursts;
    return cycles;
}

void LockstepUnit::compare_cycles(const std::string& where, CycleCount first, CycleCount second,
                                  const std::string& hint)
{
    if (first != second) fail(where, std::to_string(first) + " cycles", std::to_string(second) + " cycles" + hint);
    record_->cycles += first;
}

void LockstepUnit::compare_stream(const MutableStream& first, const std::vector<std::byte>& second, std::size_t count,
                                  const char* stream)
{
    if (first.data == nullptr || count == 0) return;
    if (std::memcmp(first.data, second.data(), count * bytes_of(first.type)) != 0) {
        std::size_t index = 0;
        while (element_at(first.data, first.type, index) == element_at(second.data(), first.type, index)) ++index;
        fail(std::string(kModeNames[mode_]) + " " + stream + " element " + std::to_string(index),
             std::to_string(element_at(first.data, first.type, index)),
             std::to_string(element_at(second.data(), first.type, index)));
    }
    record_->elements += count;
}

void LockstepUnit::fail(const std::string& where, const std::string& first, const std::string& second)
{
    record_->failure.emplace("lockstep: " + where + ": " + first_.name + " " + first + ", " + second_.name + " " +
                             second);
    throw *record_->failure;
}

}  // namespace wagesim::verify
