// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// QuantizeUpdatePins over one Verilated model. Not for inclusion by others than verilated_quantize_update.cpp.
#pragma once

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <type_traits>
#include <vector>

#include "rtl/verilated/model_ports.hpp"
#include "rtl/verilated/quantize_update_pins.hpp"

namespace wagesim::rtl {

template <class Model, int Lanes>
class VerilatedPins final : public QuantizeUpdatePins {
public:
    explicit VerilatedPins(int seed) : ports_(seed) {}

    [[nodiscard]] int lanes() const noexcept override { return Lanes; }
    [[nodiscard]] Model& model() noexcept { return ports_.pins(); }

    PinOutputs cycle(const PinInputs& inputs) override
    {
        drive(inputs);
        ports_.settle();
        PinOutputs outputs = look();
        ports_.clock();
        return outputs;
    }

private:
    using Ports = ModelPorts<Model, Lanes>;

    void drive(const PinInputs& inputs)
    {
        if (inputs.operands.size() > Ports::kLanes || inputs.side.size() > Ports::kLanes)
            throw std::invalid_argument("more operands than lanes");
        Model& pins = ports_.pins();
        pins.rst_ni = inputs.reset_n ? 1 : 0;
        pins.reg_we_i = inputs.register_write ? 1 : 0;
        pins.reg_re_i = inputs.register_read ? 1 : 0;
        pins.reg_addr_i = static_cast<std::uint16_t>(inputs.register_address & 0xFFFU);
        pins.reg_wdata_i = inputs.register_write_data;
        pins.in_valid_i = inputs.in_valid ? 1 : 0;
        pins.in_last_i = inputs.in_last ? 1 : 0;
        pins.out_ready_i = inputs.out_ready ? 1 : 0;
        using Keep = std::remove_reference_t<decltype(pins.in_keep_i)>;
        pins.in_keep_i = static_cast<Keep>(inputs.in_keep & (~std::uint64_t{0} >> (64U - Ports::kLanes)));

        std::int64_t operands[Ports::kLanes] = {};
        std::copy(inputs.operands.begin(), inputs.operands.end(), operands);
        typename Ports::Operands words;
        pack_operands<Lanes>(operands, words);
        ports_.set_operands(words);
        typename Ports::SideOperands side = {};
        std::copy(inputs.side.begin(), inputs.side.end(), side);
        ports_.set_side(side);
    }

    [[nodiscard]] PinOutputs look()
    {
        Model& pins = ports_.pins();
        typename Ports::Results data;
        typename Ports::SideResults side;
        ports_.get_results(data);
        ports_.get_side_results(side);
        PinOutputs outputs;
        outputs.register_read_data = pins.reg_rdata_o;
        outputs.in_ready = pins.in_ready_o != 0;
        outputs.out_valid = pins.out_valid_o != 0;
        outputs.data.assign(data, data + Ports::kLanes);
        outputs.side.assign(side, side + Ports::kLanes);
        outputs.error = ports_.error();
        outputs.predicted_class = pins.out_class_o;
        outputs.out_keep = pins.out_keep_o;
        outputs.out_last = pins.out_last_o != 0;
        outputs.idle = pins.idle_o != 0;
        return outputs;
    }

    Ports ports_;
};

}  // namespace wagesim::rtl
