// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// One Verilated model with its context: clock, reset, registers and flat ports. For verilated_quantize_update.cpp and
// for rtl/library, which alone see Verilated headers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include <verilated.h>
#include "rtl/verilated/operand_packing.hpp"

namespace wagesim::rtl {
namespace detail {

/// Whether Verilator's root of a model remembers the clock's last level under the name that version 5.006 gives it.
template <class Model, class = void>
inline constexpr bool kRemembersClock = false;
template <class Model>
inline constexpr bool
    kRemembersClock<Model, std::void_t<decltype(std::declval<Model&>().rootp->__Vtrigrprev__TOP__clk_i = 0)>> = true;

}  // namespace detail

template <class Model, int Lanes>
class ModelPorts {
public:
    static constexpr std::size_t kLanes = std::size_t{Lanes};
    using Operands = std::uint32_t[kOperandWords<Lanes>];
    using SideOperands = std::uint16_t[kLanes];
    using Results = std::int16_t[kLanes];
    using SideResults = std::uint8_t[kLanes];

    /// Flops start at 0; with a seed they start at random values, which a reset has to make harmless.
    explicit ModelPorts(int seed = 0)
    {
        context_->randReset(seed == 0 ? 0 : 2);
        if (seed != 0) context_->randSeed(seed);
        model_ = std::make_unique<Model>(context_.get(), "quantize_update");
        model_->clk_i = 0;
        model_->rst_ni = 1;
        model_->reg_we_i = 0;
        model_->reg_re_i = 0;
        model_->in_valid_i = 0;
        model_->out_ready_i = 1;
        model_->eval();
    }
    ~ModelPorts()
    {
        claim_thread();
        model_->final();
        model_.reset();
    }
    ModelPorts(const ModelPorts&) = delete;
    ModelPorts& operator=(const ModelPorts&) = delete;

    [[nodiscard]] Model& pins() noexcept { return *model_; }

    /// Rising and falling edge. Pins set before are seen by the logic first, then by the flops.
    void clock()
    {
        model_->clk_i = 1;
        model_->eval();
        model_->clk_i = 0;
        model_->eval();
    }

    /// The same where no output is looked at that pins change without a clock: no flop takes the falling edge, so that
    /// evaluating it would only tell the model that the clock is low. The model is told, where it can be.
    void clock_ahead()
    {
        if constexpr (detail::kRemembersClock<Model>) {
            model_->clk_i = 1;
            model_->eval();
            model_->clk_i = 0;
            model_->rootp->__Vtrigrprev__TOP__clk_i = 0;
        } else {
            clock();
        }
    }

    /// Lets logic settle after pins changed, without an edge.
    void settle()
    {
        claim_thread();
        model_->eval();
    }

    void reset()
    {
        claim_thread();
        model_->in_valid_i = 0;
        model_->rst_ni = 0;
        clock();
        model_->rst_ni = 1;
        clock();  // settings follow the registers by one cycle
    }

    /// Drives one write; returns the cycles until the unit is idle again.
    std::uint64_t write_register(std::uint32_t address, std::uint32_t value)
    {
        claim_thread();
        model_->reg_we_i = 1;
        model_->reg_addr_i = static_cast<std::uint16_t>(address);
        model_->reg_wdata_i = value;
        clock_ahead();
        model_->reg_we_i = 0;
        std::uint64_t cycles = 1;
        for (; model_->idle_o == 0; ++cycles) clock_ahead();
        return cycles;
    }

    [[nodiscard]] std::uint32_t read_register(std::uint32_t address)
    {
        claim_thread();
        model_->reg_re_i = 1;
        model_->reg_addr_i = static_cast<std::uint16_t>(address);
        clock_ahead();
        model_->reg_re_i = 0;
        return model_->reg_rdata_o;
    }

    void set_operands(const Operands& words) noexcept { copy(model_->in_data_i, words); }
    /// A beat of kLanes elements, packed where the model reads them.
    template <class Element>
    void pack_beat(const Element* operands) noexcept
    {
        static_assert(sizeof(Operands) == sizeof model_->in_data_i);
        if constexpr (Lanes == 1) {  // a port of 48 bits is a number, a wider one an array of words
            Operands words;
            pack_operands<Lanes>(operands, words);
            set_operands(words);
        } else {
            pack_operands<Lanes>(operands, &model_->in_data_i[0]);
        }
    }
    void set_side(const SideOperands& slots) noexcept { copy(model_->in_side_i, slots); }
    /// The first `count` lanes have an element, 0 <= count <= 64.
    void set_keep(std::size_t count) noexcept
    {
        using Keep = std::remove_reference_t<decltype(model_->in_keep_i)>;
        model_->in_keep_i = static_cast<Keep>(count == 0 ? 0 : ~std::uint64_t{0} >> (64U - count));
    }
    void get_results(Results& results) const noexcept { copy(results, model_->out_data_o); }
    void get_side_results(SideResults& results) const noexcept { copy(results, model_->out_side_o); }
    [[nodiscard]] std::int64_t error() const noexcept
    {
        constexpr unsigned kUnused = 64U - unsigned{kQuantizeUpdateOperandBits};
        return static_cast<std::int64_t>(model_->out_error_o << kUnused) >> kUnused;
    }

private:
    /// Verilator's library finds the context of messages and of dying models by a thread's last one, which may be
    /// another model's, long gone, or another thread's. Every operation begins here or in one of those that do.
    void claim_thread() { Verilated::threadContextp(context_.get()); }

    template <class To, class From>
    static void copy(To& to, const From& from) noexcept
    {
        static_assert(sizeof(To) == sizeof(From) && std::is_trivially_copyable_v<To> &&
                      std::is_trivially_copyable_v<From>);
        std::memcpy(&to, &from, sizeof to);
    }

    std::unique_ptr<VerilatedContext> context_ = std::make_unique<VerilatedContext>();
    std::unique_ptr<Model> model_;
};

}  // namespace wagesim::rtl
