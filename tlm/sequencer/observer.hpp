// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Shows a tap what an observation names, where it really lies: in modelled memory, in the quantize/update unit's
// registers, in crossbar cells; and puts back what the tap changed. Takes no simulated time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ref/quantize_update/registers.hpp"
#include "tlm/common/address_map.hpp"
#include "tlm/common/tensor_tap.hpp"
#include "tlm/mapping/program.hpp"

namespace wagesim::chip {

/// The chip's storage as observers reach it, untimed.
class StorageAccess {
public:
    virtual ~StorageAccess() = default;
    /// The modelled bytes themselves.
    [[nodiscard]] virtual std::byte* memory(const MemoryRegion& region) = 0;
    [[nodiscard]] virtual std::uint32_t read_register(QuantizeUpdateRegister address) = 0;
    virtual void write_register(QuantizeUpdateRegister address, std::uint32_t value) = 0;
    /// A layer's codes in O, I, kh, kw order, from and to cells.
    virtual void read_cells(const CellPlace& place, std::uint32_t layer, std::int8_t* codes) = 0;
    virtual void write_cells(const CellPlace& place, std::uint32_t layer, const std::int8_t* codes) = 0;
};

class Observer {
public:
    Observer(StorageAccess& storage, TensorTap& tap) : storage_(storage), tap_(tap) {}

    void show(const Observation& observation);

private:
    void show_registers(TensorRegion region);
    void show_cells(const Observation& observation);

    StorageAccess& storage_;
    TensorTap& tap_;
    std::vector<std::int8_t> codes_, shown_;
};

}  // namespace wagesim::chip
