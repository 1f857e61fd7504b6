// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The one file that sees the Verilated headers of the serial models.
#include "tests/unit/rtl/serial_pins.hpp"

#include <stdexcept>
#include <string>

#include <Vquantize_update_serial_1.h>
#include <Vquantize_update_serial_2.h>
#include <verilated.h>

namespace wagesim::test {
namespace {

template <class Model>
class ModelPins final : public SerialPins {
public:
    explicit ModelPins(int seed)
    {
        context_->randReset(2);
        context_->randSeed(seed);
        model_ = std::make_unique<Model>(context_.get(), "quantize_update_serial");
        model_->clk_i = 0;
        model_->rst_ni = 0;
        model_->in_valid_i = 0;
        model_->in_byte_i = 0;
        model_->out_ready_i = 0;
        for (int i = 0; i < 2; ++i) clock();
        model_->rst_ni = 1;
        clock();  // settings follow the registers by one cycle
    }
    ~ModelPins() override
    {
        Verilated::threadContextp(context_.get());
        model_->final();
        model_.reset();
    }

    SerialCycle cycle(bool offered, std::uint8_t byte, bool ready) override
    {
        Verilated::threadContextp(context_.get());
        model_->in_valid_i = offered ? 1 : 0;
        model_->in_byte_i = byte;
        model_->out_ready_i = ready ? 1 : 0;
        model_->eval();
        const SerialCycle moved{offered && model_->in_ready_o != 0, ready && model_->out_valid_o != 0,
                                static_cast<std::uint8_t>(model_->out_byte_o)};
        clock();
        return moved;
    }

private:
    void clock()
    {
        Verilated::threadContextp(context_.get());
        model_->clk_i = 1;
        model_->eval();
        model_->clk_i = 0;
        model_->eval();
    }

    std::unique_ptr<VerilatedContext> context_ = std::make_unique<VerilatedContext>();
    std::unique_ptr<Model> model_;
};

}  // namespace

std::unique_ptr<SerialPins> make_serial_pins(int lanes, int seed)
{
    switch (lanes) {
        case 1: return std::make_unique<ModelPins<Vquantize_update_serial_1>>(seed);
        case 2: return std::make_unique<ModelPins<Vquantize_update_serial_2>>(seed);
        default: throw std::invalid_argument("no serial model of " + std::to_string(lanes) + " lanes");
    }
}

}  // namespace wagesim::test
