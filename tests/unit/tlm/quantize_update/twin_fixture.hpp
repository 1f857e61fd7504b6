// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A twin and short words for its registers and streams. No expectations.
#pragma once

#include <cstdint>
#include <vector>

#include "ref/numerics/widths.hpp"
#include "tlm/quantize_update/quantize_update_twin.hpp"

namespace wagesim::chip::testing {

using Mode = QuantizeUpdateMode;
using Register = QuantizeUpdateRegister;

template <class T>
[[nodiscard]] ConstStream in(const std::vector<T>& values)
{
    return {values.data(), element_type_of<T>()};
}
template <class T>
[[nodiscard]] MutableStream out(std::vector<T>& values)
{
    return {values.data(), element_type_of<T>()};
}

class Unit {
public:
    void set(Register which, std::int64_t value)
    {
        twin.write_register(static_cast<std::uint32_t>(which), static_cast<std::uint32_t>(value));
    }
    void set(const Widths& widths)
    {
        set(Register::widths, widths.w | widths.a << 8 | widths.g << 16 | std::int64_t{widths.e} << 24);
    }
    [[nodiscard]] std::uint64_t get(Register low, Register high)
    {
        return get(low) | static_cast<std::uint64_t>(get(high)) << 32U;
    }
    [[nodiscard]] std::uint32_t get(Register which) { return twin.read_register(static_cast<std::uint32_t>(which)); }
    CycleCount run(Mode mode, const Burst& burst)
    {
        set(Register::mode, static_cast<std::int64_t>(mode));
        return twin.run(burst);
    }

    QuantizeUpdateTwin twin{16};
};

}  // namespace wagesim::chip::testing
