// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A Verilated model that writes its signals to an FST file: stands where ModelPorts and VerilatedQuantizeUpdate expect
// a model. `Model` was made with --trace-fst. Knows the clock and reset pins, no other.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>

#include <verilated.h>
#include <verilated_fst_c.h>

namespace wagesim::rtl {

template <class Model>
class WaveModel : public Model {
public:
    WaveModel(VerilatedContext* context, const char* name) : Model(context, name) { context->traceEverOn(true); }
    ~WaveModel() override = default;

    /// As Model's. While it records, pins that were set since the last rising edge are seen to change with the falling
    /// edge between: around a rising edge all inputs stand still, and what moves at it are the flops.
    void eval()
    {
        if (!recording_) return Model::eval();
        if (this->clk_i == 0) {
            Model::eval();
            low_is_due_ = true;
            return;
        }
        this->clk_i = 0;
        Model::eval();
        dump(next_edge_fs_ - period_fs_ / 2);
        this->clk_i = 1;
        Model::eval();
        dump(next_edge_fs_);
        next_edge_fs_ += period_fs_;
    }

    void open_wave(const std::string& file, std::uint64_t period_fs)
    {
        if (file_) throw std::logic_error("a second wave file");
        if (period_fs < 4) throw std::invalid_argument("a clock period of less than 4 fs");
        file_ = std::make_unique<VerilatedFstC>();
        Model::trace(file_.get(), kAllLevels);
        file_->set_time_unit("1fs");
        file_->set_time_resolution("1fs");
        file_->open(file.c_str());
        if (!file_->isOpen()) {
            file_.reset();
            throw std::runtime_error(file + ": cannot be created");
        }
        period_fs_ = period_fs;
        next_edge_fs_ = period_fs;
    }

    void record_wave(bool on)
    {
        if (!file_) throw std::logic_error("no wave file is open");
        if (recording_ && !on) finish_cycle();
        recording_ = on;
    }

    void advance_wave(std::uint64_t time_fs)
    {
        if (recording_ && time_fs > next_edge_fs_) finish_cycle();
        next_edge_fs_ = std::max(next_edge_fs_, time_fs);
    }

    void close_wave()
    {
        if (!file_) return;
        if (recording_) finish_cycle();
        recording_ = false;
        file_->close();
        file_.reset();
    }

private:
    static constexpr int kAllLevels = 99;

    /// The last cycle's falling edge, which is otherwise written together with the pins of the next.
    void finish_cycle()
    {
        if (low_is_due_) dump(next_edge_fs_ - period_fs_ / 2);
        low_is_due_ = false;
    }

    void dump(std::uint64_t time_fs)
    {
        low_is_due_ = false;
        // Pins that move after the falling edge was written do so a femtosecond later.
        last_dump_fs_ = written_ ? std::max(time_fs, last_dump_fs_ + 1) : time_fs;
        file_->dump(last_dump_fs_);
        written_ = true;
    }

    std::unique_ptr<VerilatedFstC> file_;
    std::uint64_t period_fs_ = 0;
    std::uint64_t next_edge_fs_ = 0;
    std::uint64_t last_dump_fs_ = 0;
    bool written_ = false;
    bool recording_ = false;
    bool low_is_due_ = false;
};

}  // namespace wagesim::rtl
