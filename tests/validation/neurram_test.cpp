// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// NeuRRAM (Wan 2022, 130 nm): energy of a MAC by part, throughput and efficiency by bits. What one pulse costs and
// takes is calibrated at (4, 2) bits of outputs and inputs; other widths are predicted as that many pulses. Its
// operations are MACs: 1 / 24.62 fJ is its 40.33 TOPS/W. (3, 1) is left out: our narrowest activations have two bits.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include "tests/validation/array_model.hpp"
#include "tests/validation/comparison.hpp"

namespace wagesim::test {
namespace {

struct NeuRramPoint {
    int output_bits, input_bits;
    double tops, tops_per_w;
    double word_lines_fj, neurons_fj, inputs_fj;  ///< of a MAC; 0 where not published
};
constexpr NeuRramPoint kPoints[] = {{4, 2, 1.793, 40.33, 8.27, 12.39, 3.96},
                                    {5, 3, 1.165, 23.09, 15.46, 20.12, 7.73},
                                    {6, 4, 0.744, 15.95, 21.76, 29.11, 11.51},
                                    {7, 5, 0.4516, 11.33, 0.0, 0.0, 0.0},
                                    {8, 6, 0.2608, 9.12, 37.22, 52.48, 19.24}};

struct Bounds {
    double low, high;
};

/// Of the calibrated point, the rounding of what was entered.
Bounds bounds_of(const NeuRramPoint& point, double low, double high)
{
    constexpr double kRounding = 0.01;
    return point.input_bits == 2 ? Bounds{1.0 - kRounding, 1.0 + kRounding} : Bounds{low, high};
}

Kind kind_of(const NeuRramPoint& point)
{
    return point.input_bits == 2 ? Kind::calibrated : Kind::predicted;
}

std::string name_of(const NeuRramPoint& point, const char* figure)
{
    return fmt::format("neurram-like ({}, {}): {}", point.output_bits, point.input_bits, figure);
}

// Pulses of a magnitude: one for each bit but the sign. Lines settle in less time when several pulses follow each
// other.
TEST(ValidationNeuRram, EnergyOfAMacByPartGrowsWithPulses)
{
    for (const NeuRramPoint& point : kPoints) {
        if (point.neurons_fj == 0.0) continue;
        const ArrayModel model("neurram-like", 4, point.input_bits);
        const auto femtojoules = [&](chip::Component component) {
            return 1e3 * model.forward_pj(component) / model.macs();
        };
        const Bounds lines = bounds_of(point, 0.9, 1.2);
        compare({name_of(point, "word lines, fJ a MAC"), femtojoules(chip::Component::crossbar), point.word_lines_fj,
                 kind_of(point), lines.low, lines.high});
        const Bounds inputs = bounds_of(point, 0.95, 1.05);
        compare({name_of(point, "input pulses, fJ a MAC"), femtojoules(chip::Component::drivers), point.inputs_fj,
                 kind_of(point), inputs.low, inputs.high});
        // Converted once there, after all pulses; here once a pulse.
        const Bounds neurons = bounds_of(point, 1.0, 1.35);
        compare({name_of(point, "neurons, fJ a MAC"), femtojoules(chip::Component::adc), point.neurons_fj,
                 kind_of(point), neurons.low, neurons.high});
    }
}

TEST(ValidationNeuRram, EfficiencyFollows)
{
    for (const NeuRramPoint& point : kPoints) {
        const ArrayModel model("neurram-like", 4, point.input_bits);
        const double pj = model.forward_analog_pj() + model.forward_pj(chip::Component::adc) +
                          model.forward_pj(chip::Component::shift_add);
        const Bounds bounds = bounds_of(point, 0.75, 1.0);
        compare(
            {name_of(point, "TOPS/W"), model.macs() / pj, point.tops_per_w, kind_of(point), bounds.low, bounds.high});
    }
}

// A conversion takes as long at any width here, and longer for more bits there: too slow for few pulses, too fast for
// wide outputs.
TEST(ValidationNeuRram, ThroughputFollowsPulsesAlone)
{
    for (const NeuRramPoint& point : kPoints) {
        const ArrayModel model("neurram-like", 4, point.input_bits);
        const double cores = model.chip().partitions.count;
        const Bounds bounds = bounds_of(point, 0.7, 1.45);
        compare({name_of(point, "TOPS"), cores * model.macs() / model.forward_ns() * 1e-3, point.tops, kind_of(point),
                 bounds.low, bounds.high});
    }
}

}  // namespace
}  // namespace wagesim::test
