// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// QuantizeUpdateUnit over one Verilated model: a loop for each kind of stream, so that packing is straight-line code.
// For verilated_quantize_update.cpp and for rtl/library.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>

#include "ref/quantize_update/quantize_update_unit.hpp"
#include "rtl/verilated/burst_check.hpp"
#include "rtl/verilated/model_ports.hpp"

namespace wagesim::rtl {

template <class Model, int Lanes>
class VerilatedQuantizeUpdate final : public QuantizeUpdateUnit {
public:
    VerilatedQuantizeUpdate() { ports_.reset(); }

    /// For what records or watches the model.
    [[nodiscard]] Model& model() noexcept { return ports_.pins(); }

    [[nodiscard]] int lanes() const noexcept override { return Lanes; }
    void reset() override { ports_.reset(); }

    CycleCount write_register(std::uint32_t address, std::uint32_t value) override
    {
        check_register_address(address);
        return ports_.write_register(address, value);
    }

    [[nodiscard]] std::uint32_t read_register(std::uint32_t address) override
    {
        check_register_address(address);
        return ports_.read_register(address);
    }

    CycleCount run(const Burst& burst) override
    {
        const auto mode = static_cast<QuantizeUpdateMode>(
            ports_.read_register(static_cast<std::uint32_t>(QuantizeUpdateRegister::mode)));
        check_burst(mode, burst);
        if (burst.count == 0) return 0;
        if (mode == QuantizeUpdateMode::error) check_error_codes(burst);
        switch (mode) {
            case QuantizeUpdateMode::input: return run_input(burst);
            case QuantizeUpdateMode::requantize: return run_requantize(burst);
            default: break;
        }
        return burst.operand.type == ElementType::int32 ? run_wide<std::int32_t>(mode, burst)
                                                        : run_wide<std::int64_t>(mode, burst);
    }

private:
    void check_error_codes(const Burst& burst)
    {
        const std::uint32_t widths = ports_.read_register(static_cast<std::uint32_t>(QuantizeUpdateRegister::widths));
        if (burst.result.type == ElementType::int8 && (widths >> 24U) > 8)
            throw std::invalid_argument("quantize/update unit, mode error: codes of " + std::to_string(widths >> 24U) +
                                        " bits do not fit an int8 result");
    }

    using Ports = ModelPorts<Model, Lanes>;
    static constexpr std::size_t kLanes = Ports::kLanes;

    template <class Element>
    CycleCount run_wide(QuantizeUpdateMode mode, const Burst& burst)
    {
        const auto* operands = static_cast<const Element*>(burst.operand.data);
        const auto* flags = static_cast<const std::uint8_t*>(burst.auxiliary.data);
        const auto nothing = [](std::size_t, std::size_t) {};
        switch (mode) {
            case QuantizeUpdateMode::activation:
                return stream(burst.count, load_operands(operands),
                              store_results_and_side(static_cast<std::int8_t*>(burst.result.data),
                                                     static_cast<std::uint8_t*>(burst.auxiliary_result.data)));
            case QuantizeUpdateMode::abs_max:
                return flags == nullptr ? stream_unflagged(burst.count, load_operands(operands), nothing)
                                        : stream(burst.count, load_operands_and_side(operands, flags), nothing);
            case QuantizeUpdateMode::error:
                return burst.result.type == ElementType::int8
                           ? run_error(burst, operands, flags, static_cast<std::int8_t*>(burst.result.data))
                           : run_error(burst, operands, flags, static_cast<std::int16_t*>(burst.result.data));
            case QuantizeUpdateMode::output_error:
                return burst.result.type == ElementType::int32
                           ? run_output_error(burst, operands, static_cast<std::int32_t*>(burst.result.data))
                           : run_output_error(burst, operands, static_cast<std::int64_t*>(burst.result.data));
            case QuantizeUpdateMode::update:
                return stream(burst.count, load_operands(operands),
                              store_results(static_cast<std::int16_t*>(burst.result.data)));
            default: return stream(burst.count, load_operands(operands), nothing);  // gradient_abs_max
        }
    }

    CycleCount run_input(const Burst& burst)
    {
        return stream(burst.count, load_operands(static_cast<const std::uint8_t*>(burst.operand.data)),
                      store_results(static_cast<std::int8_t*>(burst.result.data)));
    }

    template <class Element, class Code>
    CycleCount run_error(const Burst& burst, const Element* operands, const std::uint8_t* flags, Code* codes)
    {
        return flags == nullptr ? stream_unflagged(burst.count, load_operands(operands), store_results(codes))
                                : stream(burst.count, load_operands_and_side(operands, flags), store_results(codes));
    }

    CycleCount run_requantize(const Burst& burst)
    {
        const auto* stored = static_cast<const std::int16_t*>(burst.operand.data);
        const auto* steps = static_cast<const std::int16_t*>(burst.auxiliary.data);
        const auto store = store_results_and_side(static_cast<std::int16_t*>(burst.result.data),
                                                  static_cast<std::int8_t*>(burst.auxiliary_result.data));
        if (steps != nullptr) return stream(burst.count, load_operands_and_side(stored, steps), store);
        fill_side(0);
        return stream(burst.count, load_operands(stored), store);
    }

    /// Streams with every flag set: the side port keeps its value over the burst.
    template <class Load, class Store>
    CycleCount stream_unflagged(std::size_t count, Load load, Store store)
    {
        fill_side(kFlagUnclipped);
        return stream(count, load, store);
    }

    void fill_side(std::uint16_t value)
    {
        typename Ports::SideOperands slots;
        std::fill_n(slots, kLanes, value);
        ports_.set_side(slots);
    }

    /// With one lane every beat is, which the compiler should know.
    static constexpr bool is_whole(std::size_t count) noexcept { return kLanes == 1 || count == kLanes; }

    // Loads put the `count` elements from `first` on into the operand ports; stores take them from the result ports.

    template <class Element>
    auto load_operands(const Element* operands)
    {
        return [this, operands](std::size_t first, std::size_t count) { set_operands(operands + first, count); };
    }

    template <class Element, class Side>
    auto load_operands_and_side(const Element* operands, const Side* side)
    {
        return [this, operands, side](std::size_t first, std::size_t count) {
            set_operands(operands + first, count);
            typename Ports::SideOperands slots{};
            if (is_whole(count))
                pack_side<Lanes>(side + first, slots);
            else
                std::copy_n(side + first, count, slots);
            ports_.set_side(slots);
        };
    }

    template <class Result>
    auto store_results(Result* results)
    {
        return [this, results](std::size_t first, std::size_t count) { get_results(results + first, count); };
    }

    template <class Result, class Side>
    auto store_results_and_side(Result* results, Side* side)
    {
        return [this, results, side](std::size_t first, std::size_t count) {
            get_results(results + first, count);
            typename Ports::SideResults values;
            ports_.get_side_results(values);
            if (is_whole(count))
                std::memcpy(side + first, values, kLanes);
            else
                std::memcpy(side + first, values, count);
        };
    }

    template <class Element>
    void set_operands(const Element* operands, std::size_t count)
    {
        if (is_whole(count)) return ports_.pack_beat(operands);
        Element padded[kLanes] = {};
        std::copy_n(operands, count, padded);
        ports_.pack_beat(padded);
    }

    template <class Result>
    void get_results(Result* results, std::size_t count)
    {
        typename Ports::Results values;
        ports_.get_results(values);
        if (is_whole(count))
            for (std::size_t lane = 0; lane < kLanes; ++lane) results[lane] = static_cast<Result>(values[lane]);
        else
            for (std::size_t lane = 0; lane < count; ++lane) results[lane] = static_cast<Result>(values[lane]);
    }

    /// One beat after the other, the result side always ready; returns the cycles until the unit is idle.
    template <class Load, class Store>
    CycleCount stream(std::size_t count, Load load, Store store)
    {
        Model& pins = ports_.pins();
        std::size_t loaded = 0;  // elements offered or accepted
        std::size_t stored = 0;
        const auto offer = [&] {
            const std::size_t elements = std::min(kLanes, count - loaded);
            load(loaded, elements);
            loaded += elements;
            if (loaded == count) {
                ports_.set_keep(elements);
                pins.in_last_i = 1;
            }
        };
        pins.in_valid_i = 1;
        pins.in_last_i = 0;
        ports_.set_keep(kLanes);
        offer();
        CycleCount cycles = 0;
        do {
            const bool accepted = pins.in_ready_o != 0;
            ports_.clock_ahead();
            ++cycles;
            if (accepted) {
                if (loaded < count)
                    offer();
                else
                    pins.in_valid_i = 0;
            }
            if (pins.out_valid_o != 0) {
                const std::size_t elements = std::min(kLanes, count - stored);
                store(stored, elements);
                stored += elements;
            }
        } while (pins.in_valid_i != 0 || pins.idle_o == 0);
        return cycles;
    }

    /// Segments of beats in, an element a cycle out.
    template <class Element, class Error>
    CycleCount run_output_error(const Burst& burst, const Element* accumulators, Error* errors)
    {
        const auto* labels = static_cast<const std::uint16_t*>(burst.auxiliary.data);
        auto* classes = static_cast<std::uint16_t*>(burst.auxiliary_result.data);
        Model& pins = ports_.pins();
        std::size_t loaded = 0;
        std::size_t stored = 0;
        std::size_t segments = 0;
        const auto offer = [&] {
            const std::size_t position = loaded % burst.segment;
            const std::size_t elements = std::min(kLanes, burst.segment - position);
            if (position == 0) fill_side(labels[loaded / burst.segment]);
            set_operands(accumulators + loaded, elements);
            ports_.set_keep(elements);
            pins.in_last_i = position + elements == burst.segment ? 1 : 0;
            loaded += elements;
        };
        pins.in_valid_i = 1;
        offer();
        CycleCount cycles = 0;
        do {
            const bool accepted = pins.in_ready_o != 0;
            ports_.clock_ahead();
            ++cycles;
            if (accepted) {
                if (loaded < burst.count)
                    offer();
                else
                    pins.in_valid_i = 0;
            }
            if (pins.out_valid_o != 0) {
                errors[stored++] = static_cast<Error>(ports_.error());
                if (pins.out_last_o != 0) classes[segments++] = pins.out_class_o;
            }
        } while (pins.in_valid_i != 0 || pins.idle_o == 0);
        return cycles;
    }

    Ports ports_;
};

}  // namespace wagesim::rtl
