// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Two quantize/update units run side by side as one: every register read, every element of every burst and every cycle
// count is compared. It computes nothing; the first unit's answers are passed on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "ref/quantize_update/quantize_update_unit.hpp"

namespace wagesim::verify {

/// The two units disagree. `what()` is one line: which operation, where, and both values.
class LockstepError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// What was compared. It outlives the unit, and keeps a failure that the simulation kernel turned into a report.
struct LockstepRecord {
    std::uint64_t register_writes = 0;
    std::uint64_t register_reads = 0;
    std::uint64_t bursts = 0;
    std::uint64_t elements = 0;  ///< results and auxiliary results
    std::uint64_t cycles = 0;
    std::optional<LockstepError> failure;
};

class LockstepUnit : public QuantizeUpdateUnit {
public:
    struct Named {
        std::string name;  ///< for messages
        std::unique_ptr<QuantizeUpdateUnit> unit;
    };
    /// Throws std::invalid_argument where the units differ in lanes.
    LockstepUnit(Named first, Named second, std::shared_ptr<LockstepRecord> record = nullptr);

    [[nodiscard]] const LockstepRecord& record() const noexcept { return *record_; }

    [[nodiscard]] int lanes() const noexcept override;
    void reset() override;
    CycleCount write_register(std::uint32_t address, std::uint32_t value) override;
    [[nodiscard]] std::uint32_t read_register(std::uint32_t address) override;
    CycleCount run(const Burst& burst) override;

private:
    [[noreturn]] void fail(const std::string& where, const std::string& first, const std::string& second);
    void compare_cycles(const std::string& where, CycleCount first, CycleCount second, const std::string& hint = "");
    void compare_stream(const MutableStream& first, const std::vector<std::byte>& second, std::size_t count,
                        const char* stream);

    Named first_;
    Named second_;
    std::shared_ptr<LockstepRecord> record_;
    std::uint32_t mode_ = 0;  ///< as last written, for messages and for the length of the class stream
    std::vector<std::byte> result_;
    std::vector<std::byte> auxiliary_result_;
};

}  // namespace wagesim::verify
