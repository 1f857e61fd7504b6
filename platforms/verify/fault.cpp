// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Strict reading of fault places. See the header.
#include "platforms/verify/fault.hpp"

#include <array>
#include <charconv>
#include <limits>
#include <stdexcept>

namespace wagesim::verify {
namespace {

constexpr std::size_t kFields = 5;

[[noreturn]] void refuse(const std::string& got, const std::string& allowed)
{
    throw std::invalid_argument("inject: got " + got + ", allowed " + allowed);
}

std::array<std::string_view, kFields> fields_of(std::string_view text)
{
    std::array<std::string_view, kFields> out;
    std::string_view rest = text;
    for (std::size_t i = 0; i < kFields; ++i) {
        const std::size_t colon = rest.find(':');
        const bool last = i + 1 == kFields;
        if ((colon == std::string_view::npos) != last) refuse(std::string(text), "STEP:LAYER:TENSOR:INDEX:BIT");
        out[i] = rest.substr(0, colon);
        if (!last) rest.remove_prefix(colon + 1);
    }
    return out;
}

template <class T>
T number_from(std::string_view text, const char* field, T largest)
{
    T value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool digits = !text.empty() && text.front() != '-' && end == text.data() + text.size();
    if (!digits || error != std::errc{} || value > largest) {
        refuse(std::string(field) + " '" + std::string(text) + "'", "0.." + std::to_string(largest));
    }
    return value;
}

TensorName name_from(std::string_view text)
{
    if (const auto name = tensor_name_from(text)) return *name;
    std::string allowed;
    for (const std::string_view name : kTensorNames) allowed += (allowed.empty() ? "" : " | ") + std::string(name);
    refuse("TENSOR '" + std::string(text) + "'", allowed);
}

}  // namespace

Fault parse_fault(std::string_view text)
{
    constexpr std::uint64_t kLastStep = (std::uint64_t{1} << 40) - 1;
    constexpr std::uint32_t kLastLayer = (std::uint32_t{1} << 16) - 1;
    const auto [step, layer, tensor, index, bit] = fields_of(text);
    Fault fault;
    fault.step = number_from(step, "STEP", kLastStep);
    fault.layer = number_from(layer, "LAYER", kLastLayer);
    fault.name = name_from(tensor);
    fault.index = number_from(index, "INDEX", std::numeric_limits<std::uint64_t>::max());
    fault.bit = number_from(bit, "BIT", 127);
    return fault;
}

std::string text_of(const Fault& fault)
{
    return std::to_string(fault.step) + ':' + std::to_string(fault.layer) + ':' +
           std::string(wagesim::text_of(fault.name)) + ':' + std::to_string(fault.index) + ':' +
           std::to_string(fault.bit);
}

void check_fault(const Fault& fault, const ContractTensors& contract, std::uint64_t first_step, std::uint64_t last_step)
{
    if (first_step >= last_step) refuse(text_of(fault), "no fault in a run without training steps");
    if (fault.step < first_step || fault.step >= last_step) {
        refuse("STEP " + std::to_string(fault.step), std::to_string(first_step) + ".." + std::to_string(last_step - 1));
    }
    if (fault.layer >= contract.layers()) {
        refuse("LAYER " + std::to_string(fault.layer), "0.." + std::to_string(contract.layers() - 1));
    }
    const std::optional<std::size_t> position = contract.find(fault.layer, fault.name);
    if (!position) {
        refuse("TENSOR " + std::string(wagesim::text_of(fault.name)) + " of layer " + std::to_string(fault.layer),
               belongs_to_step(fault.name) ? "layer 0" : "a tensor that this layer has");
    }
    const ContractTensor& tensor = contract[*position];
    if (fault.index >= tensor.shape.size()) {
        refuse("INDEX " + std::to_string(fault.index), "0.." + std::to_string(tensor.shape.size() - 1) + " (" +
                                                           tensor.path + " is " + tensor.shape.text() + ")");
    }
    if (fault.bit >= tensor.bits) {
        refuse("BIT " + std::to_string(fault.bit),
               "0.." + std::to_string(tensor.bits - 1) + " (stored width of " + tensor.path + ")");
    }
}

}  // namespace wagesim::verify
