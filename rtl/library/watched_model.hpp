// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A Verilated model of somebody's own RTL that is watched while it is clocked: results that nobody ordered or that
// never come, and a unit that never becomes idle, end in an exception instead of in memory that is written over or in a
// loop without end. Checks the ports' protocol, no value.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>

#include "ref/quantize_update/quantize_update_unit.hpp"

namespace wagesim::rtl {

template <class Model, int Lanes>
class WatchedModel : public Model {
public:
    using Model::Model;
    ~WatchedModel() override = default;

    /// After so many cycles in which a busy unit moves no beat it counts as stuck.
    static constexpr std::uint64_t kMostStillCycles = 1'000'000;

    /// What is latched while the clock is low, as clock gates are, sees the pins before the edge.
    void eval()
    {
        if (this->clk_i != 0) {
            this->clk_i = 0;
            Model::eval();
            this->clk_i = 1;
        }
        Model::eval();
        if (this->clk_i != 0) look();
    }

    /// Register accesses follow: no results are due.
    void expect_nothing() { expect(0, 0, 0); }
    /// A burst of that mode follows.
    void expect(QuantizeUpdateMode mode, const Burst& burst)
    {
        const bool maximum = mode == QuantizeUpdateMode::abs_max || mode == QuantizeUpdateMode::gradient_abs_max;
        if (maximum) return expect_nothing();
        if (mode == QuantizeUpdateMode::output_error) return expect(burst.count, 1, burst.segment);
        expect(burst.count, Lanes, burst.count);
    }
    /// After the burst.
    void require_all() const
    {
        if (handed_over_ != due_)
            fail("was idle after " + std::to_string(handed_over_) + " of " + std::to_string(due_) + " results");
    }

private:
    void expect(std::size_t results, std::size_t a_beat, std::size_t a_segment)
    {
        due_ = results;
        a_beat_ = a_beat;
        a_segment_ = a_segment;
        handed_over_ = 0;
        still_cycles_ = 0;
        cycles_ = 0;
    }

    void look()
    {
        ++cycles_;
        const bool result = this->out_valid_o != 0 && this->out_ready_i != 0 && this->rst_ni != 0;
        const bool operand = this->in_valid_i != 0 && this->in_ready_o != 0;
        const bool busy = this->in_valid_i != 0 || this->idle_o == 0;
        still_cycles_ = busy && !result && !operand ? still_cycles_ + 1 : 0;
        if (still_cycles_ > kMostStillCycles)
            fail("is stuck: no beat has moved for " + std::to_string(kMostStillCycles) + " cycles");
        if (result) take_result();
    }

    void take_result()
    {
        const std::size_t left = due_ - handed_over_;
        if (left == 0) fail("hands over a result that no operand asked for");
        const std::size_t elements = std::min(a_beat_, left);
        const std::uint64_t keep = ~std::uint64_t{0} >> (64U - elements);
        if (std::uint64_t{this->out_keep_o} != keep)
            fail("hands over a beat whose out_keep_o is not that of its operands");
        handed_over_ += elements;
        if ((this->out_last_o != 0) != (handed_over_ % a_segment_ == 0))
            fail(this->out_last_o != 0 ? "sets out_last_o before the last beat"
                                       : "does not set out_last_o with the last beat");
    }

    [[noreturn]] void fail(const std::string& what) const
    {
        throw std::runtime_error("the unit " + what + ", " + std::to_string(cycles_) +
                                 " cycles after the operation began");
    }

    std::size_t due_ = 0;  ///< results of this burst
    std::size_t a_beat_ = 0;
    std::size_t a_segment_ = 0;
    std::size_t handed_over_ = 0;
    std::uint64_t still_cycles_ = 0;
    std::uint64_t cycles_ = 0;
};

}  // namespace wagesim::rtl
