// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Digital bit-serial MACs: Colonnade (JSSC 2021, 65 nm) at 0.8 V. Ours cost a pulse for each input bit and an array for
// each magnitude bit of a weight, so that energy grows with the product of both; Colonnade's grows less. Its inputs and
// weights of one bit have no counterpart: ours have two or more.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include "tests/validation/array_model.hpp"
#include "tests/validation/comparison.hpp"

namespace wagesim::test {
namespace {

double femtojoules_a_mac(int bits)
{
    const ArrayModel model("baseline", bits, bits);
    return 1e3 *
           (model.forward_analog_pj() + model.forward_pj(chip::Component::adc) +
            model.forward_pj(chip::Component::shift_add)) /
           model.macs();
}

struct ColonnadePoint {
    int bits;
    double femtojoules;
};
constexpr ColonnadePoint kNarrow = {2, 161.6};
constexpr ColonnadePoint kWider[] = {{4, 423.4}, {8, 1169.7}};

// 45 nm beside 65 nm, an adder's bit beside a cell with its wires: below, and not by more than 17 times.
TEST(ValidationDigitalMac, EnergyIsBelowThatOfColonnade)
{
    for (const ColonnadePoint& point : {kNarrow, kWider[0], kWider[1]}) {
        compare({fmt::format("baseline beside Colonnade: MAC of {0} x {0} bits, at most, fJ", point.bits),
                 femtojoules_a_mac(point.bits), point.femtojoules, Kind::predicted, 0.06, 1.0});
    }
}

// Two magnitude bits and more: (kW - 1) kA beside what was measured.
TEST(ValidationDigitalMac, EnergyGrowsFasterWithBits)
{
    for (const ColonnadePoint& point : kWider) {
        compare({fmt::format("baseline beside Colonnade: MAC of {0} x {0} bits over one of 2 x 2", point.bits),
                 femtojoules_a_mac(point.bits) / femtojoules_a_mac(kNarrow.bits),
                 point.femtojoules / kNarrow.femtojoules, Kind::predicted, 1.0, 4.0});
    }
}

}  // namespace
}  // namespace wagesim::test
