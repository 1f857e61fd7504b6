// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A quantize/update unit that can write its signals to a file, as its surroundings ask for it: a clock, on and off.
// What signals there are is the unit's business; which steps are wanted, the platform's.
#pragma once

#include <cstdint>
#include <string>

#include "ref/quantize_update/quantize_update_unit.hpp"

namespace wagesim {

class RecordableUnit : public QuantizeUpdateUnit {
public:
    /// Opens an FST file; nothing is recorded yet. Rising edges will be `period_fs` femtoseconds apart, 4 or more.
    /// Throws std::runtime_error where the file cannot be created.
    virtual void open_wave(const std::string& file, std::uint64_t period_fs) = 0;
    virtual void record_wave(bool on) = 0;
    /// The next rising edge comes at `time_fs`, or where the clock stands already if that is later.
    virtual void advance_wave(std::uint64_t time_fs) = 0;
    /// Completes the file. All that was recorded is in it.
    virtual void close_wave() = 0;
};

}  // namespace wagesim
