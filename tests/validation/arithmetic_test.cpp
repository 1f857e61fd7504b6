// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Arithmetic at 45 nm, 0.9 V: Wu 2018, Table 5, and int32 additions of Horowitz 2014.
#include <gtest/gtest.h>

#include "tests/validation/array_model.hpp"
#include "tests/validation/comparison.hpp"

namespace wagesim::test {
namespace {

constexpr double kAddInt8Pj = 0.03, kMultiplyInt8Pj = 0.2, kAddInt32Pj = 0.1, kAddInt8Um2 = 36.0;

TEST(ValidationArithmetic, DigitalOperationsAreThoseOfTable5)
{
    const ArrayModel model("baseline", 2, 8);
    compare({"digital-45nm: addition of 8 bits, pJ", model.event_pj(chip::Event::conversion), kAddInt8Pj,
             Kind::calibrated, 0.999, 1.001});
    compare({"digital-45nm: MAC of 8 x 8 bits, pJ", model.event_pj(chip::Event::gradient_mac),
             kMultiplyInt8Pj + kAddInt32Pj, Kind::calibrated, 0.999, 1.001});
    compare({"digital-45nm: addition of 8 bits, um2", model.part_um2(chip::Part::adc), kAddInt8Um2, Kind::calibrated,
             0.999, 1.001});
}

// A ternary weight needs no multiplier: an int8 MAC is a ceiling.
TEST(ValidationArithmetic, AMacOfACrossbarStaysBelowADigitalOne)
{
    const ArrayModel model("baseline", 2, 8);
    const double pj = (model.forward_analog_pj() + model.forward_pj(chip::Component::adc) +
                       model.forward_pj(chip::Component::shift_add)) /
                      model.macs();
    compare({"baseline: MAC of 2 x 8 bits, at most, pJ, beside int8", pj, kMultiplyInt8Pj + kAddInt8Pj, Kind::predicted,
             0.05, 1.0});
}

}  // namespace
}  // namespace wagesim::test
