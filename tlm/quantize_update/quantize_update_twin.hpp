// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The quantize/update unit in C++: the RTL's registers, results and cycles at the host's speed. SystemC-free; it knows
// no memory, and results do not depend on the number of threads.
#pragma once

#include "ref/quantize_update/quantize_update_unit.hpp"
#include "tlm/quantize_update/quantize_update_registers.hpp"
#include "tlm/quantize_update/quantize_update_timing.hpp"

namespace wagesim::chip {

class QuantizeUpdateTwin : public QuantizeUpdateUnit {
public:
    /// `lanes`: 4, 8, 16, 32 or 64; std::invalid_argument otherwise.
    explicit QuantizeUpdateTwin(int lanes);

    [[nodiscard]] int lanes() const noexcept override { return registers_.lanes(); }
    void reset() override;
    CycleCount write_register(std::uint32_t address, std::uint32_t value) override;
    [[nodiscard]] std::uint32_t read_register(std::uint32_t address) override;
    /// Also throws std::invalid_argument while WIDTHS holds widths that numerics.md section 1 does not allow.
    CycleCount run(const Burst& burst) override;

private:
    void input(const Burst& burst) const;
    void activation(const Burst& burst) const;
    void abs_max(const Burst& burst);
    void error(const Burst& burst) const;
    void output_error(const Burst& burst);
    void update(const Burst& burst) const;
    void requantize(const Burst& burst) const;

    QuantizeUpdateRegisters registers_;
    QuantizeUpdateTiming timing_;
};

/// Registers and cycles without streams, for chips that carry no data: bursts only take their time.
class QuantizeUpdateTimingUnit : public QuantizeUpdateUnit {
public:
    explicit QuantizeUpdateTimingUnit(int lanes);

    [[nodiscard]] int lanes() const noexcept override { return registers_.lanes(); }
    void reset() override;
    CycleCount write_register(std::uint32_t address, std::uint32_t value) override;
    [[nodiscard]] std::uint32_t read_register(std::uint32_t address) override;
    CycleCount run(const Burst& burst) override;

private:
    QuantizeUpdateRegisters registers_;
    QuantizeUpdateTiming timing_;
};

}  // namespace wagesim::chip
