// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// RecordableUnit over one Verilated model made with --trace-fst: the bursts are VerilatedQuantizeUpdate's, the file is
// WaveModel's.
#pragma once

#include <cstdint>
#include <string>

#include "ref/quantize_update/recordable_unit.hpp"
#include "rtl/verilated/verilated_unit.hpp"
#include "rtl/verilated/wave_model.hpp"

namespace wagesim::rtl {

template <class Model, int Lanes>
class WaveUnit : public RecordableUnit {
public:
    [[nodiscard]] int lanes() const noexcept override { return Lanes; }
    void reset() override { unit_.reset(); }
    CycleCount write_register(std::uint32_t address, std::uint32_t value) override
    {
        return unit_.write_register(address, value);
    }
    [[nodiscard]] std::uint32_t read_register(std::uint32_t address) override { return unit_.read_register(address); }
    CycleCount run(const Burst& burst) override { return unit_.run(burst); }

    void open_wave(const std::string& file, std::uint64_t period_fs) override
    {
        unit_.model().open_wave(file, period_fs);
    }
    void record_wave(bool on) override { unit_.model().record_wave(on); }
    void advance_wave(std::uint64_t time_fs) override { unit_.model().advance_wave(time_fs); }
    void close_wave() override { unit_.model().close_wave(); }

private:
    VerilatedQuantizeUpdate<WaveModel<Model>, Lanes> unit_;
};

}  // namespace wagesim::rtl
