// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Registers are 32-bit words; a tap sees the value that they make up. See the header.
#include "tlm/sequencer/observer.hpp"

#include <array>
#include <cstring>
#include <string>

#include "tlm/common/invariant.hpp"

namespace wagesim::chip {
namespace {

using Register = QuantizeUpdateRegister;

struct RegisterWords {
    std::array<Register, 4> words{};
    std::size_t count = 0;
};

/// The words that hold a tensor, lowest first.
RegisterWords words_of(TensorName name)
{
    switch (name) {
        case TensorName::attenuation: return {{Register::attenuation}, 1};
        case TensorName::exponent_e:
        case TensorName::exponent_g: return {{Register::exponent}, 1};
        case TensorName::max_error:
        case TensorName::max_gradient: return {{Register::max_low, Register::max_high}, 2};
        case TensorName::loss: return {{Register::loss_0, Register::loss_1, Register::loss_2, Register::loss_3}, 4};
        default: break;
    }
    throw InvariantError("sequencer", "a tensor that is in no register");
}

}  // namespace

void Observer::show(const Observation& observation)
{
    if (!tap_.wants(observation.region.layer, observation.region.name)) return;
    if (observation.place == Observation::Place::registers) return show_registers(observation.region);
    if (observation.place == Observation::Place::cells) return show_cells(observation);
    TensorRegion region = observation.region;
    region.data = storage_.memory(observation.memory);
    tap_.on_region(region);
}

void Observer::show_registers(TensorRegion region)
{
    const RegisterWords place = words_of(region.name);
    std::array<std::uint32_t, 4> words{};
    for (std::size_t i = 0; i < place.count; ++i) words[i] = storage_.read_register(place.words[i]);
    const std::array<std::uint32_t, 4> before = words;
    region.data = words.data();
    tap_.on_region(region);
    if (words == before) return;
    for (std::size_t i = 0; i < place.count; ++i) storage_.write_register(place.words[i], words[i]);
}

void Observer::show_cells(const Observation& observation)
{
    TensorRegion region = observation.region;
    codes_.resize(region.count);
    storage_.read_cells(observation.cells.front(), region.layer, codes_.data());
    for (std::size_t i = 1; i < observation.cells.size(); ++i) {
        shown_.resize(region.count);
        storage_.read_cells(observation.cells[i], region.layer, shown_.data());
        if (shown_ != codes_) {
            throw InvariantError("sequencer", "copies of layer " + std::to_string(region.layer) + " differ");
        }
    }
    shown_ = codes_;
    region.data = shown_.data();
    tap_.on_region(region);
    if (shown_ == codes_) return;
    for (const CellPlace& place : observation.cells) storage_.write_cells(place, region.layer, shown_.data());
}

}  // namespace wagesim::chip
