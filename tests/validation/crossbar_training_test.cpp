// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Crossbars that train: constants of the PUMA simulator with PANTHER and PipeLayer, for one 128 x 128 array.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include "tests/validation/array_model.hpp"
#include "tests/validation/comparison.hpp"

namespace wagesim::test {
namespace {

constexpr double kProductPj = 170.0, kProductNs = 100.0;
constexpr double kOuterProductPj = 290.0, kOuterProductNs = 256.0;
constexpr double kSerialPj = 113e3, kSerialNs = 475.0;
constexpr double kWritePj = 22.6e3, kWriteNs = 10970.0;
constexpr int kColumns = 128, kBits = 8, kPulses = 8;
constexpr double kBatch = 128.0;

/// A converter for 128 columns: 0.225 b mW for 12.5 b ns.
double published_conversions_pj(int bits)
{
    return 0.225 * bits * 12.5 * bits;
}

TEST(ValidationCrossbarTraining, PantherConstantsAreInItsFiles)
{
    const ArrayModel model("panther-like", 3, kBits);
    compare({"panther-like: inner product without converters, pJ", model.forward_analog_pj() / kPulses, kProductPj,
             Kind::calibrated, 0.999, 1.001});
    compare(
        {"panther-like: inner product, ns", model.forward_ns() / kPulses, kProductNs, Kind::calibrated, 0.999, 1.001});
    compare({"panther-like: 8-bit conversions of 128 columns, pJ", kColumns * model.event_pj(chip::Event::conversion),
             published_conversions_pj(kBits), Kind::calibrated, 0.999, 1.001});
    compare({"panther-like: an array written, pJ", model.programming_pj(), kWritePj, Kind::calibrated, 0.999, 1.001});
    compare({"panther-like: an array written, ns", model.programming_ns(), kWriteNs, Kind::calibrated, 0.99, 1.01});
}

// Two sources of one thing. They differ most for few bits, where ISAAC's converter keeps a part that does not shrink.
TEST(ValidationCrossbarTraining, IsaacsPartsBesidePanthers)
{
    for (const int bits : {4, 6, 8, 10}) {
        const double pj = ArrayModel("isaac-like", 3, kBits, "", bits).event_pj(chip::Event::conversion);
        compare({fmt::format("isaac-32nm beside PANTHER: {}-bit conversions of 128 columns, pJ", bits), kColumns * pj,
                 published_conversions_pj(bits), Kind::sources, 1.0, 2.5});
    }
    compare({"isaac-32nm beside PANTHER: inner product without converters, pJ",
             ArrayModel("isaac-like", 3, kBits).forward_analog_pj() / kPulses, kProductPj, Kind::sources, 0.4, 1.0});
}

// By design: a conversion takes a cycle at any width; there 12.5 ns a bit for 128 columns.
TEST(ValidationCrossbarTraining, ConversionTimeIgnoresBits)
{
    constexpr double kNsOfABit = 12.5;
    for (const int bits : {4, 10}) {
        const ArrayModel model("panther-like", 3, kBits, "", bits);
        compare({fmt::format("panther-like: {}-bit conversions of 128 columns, ns", bits), model.forward_ns() / kPulses,
                 kNsOfABit * bits, Kind::predicted, 0.79, 2.01});
    }
}

// PANTHER has a crossbar for backward, read once; shared cells are read in two phases.
TEST(ValidationCrossbarTraining, BackwardOnSharedCellsCostsTwice)
{
    const ArrayModel shared("isaac-like", 3, kBits, "panther-32nm");
    compare({"panther-32nm, shared cells in two phases: backward product, pJ", shared.backward_analog_pj() / kPulses,
             kProductPj, Kind::predicted, 1.99, 2.01});
}

// By design: PANTHER adds an outer product to cells for every image, PipeLayer writes serially; ours sums gradients in
// digital MACs and writes once a batch.
TEST(ValidationCrossbarTraining, UpdatesAreDigital)
{
    const ArrayModel model("panther-like", 3, kBits);
    const double pj = model.macs() * model.event_pj(chip::Event::gradient_mac) + model.programming_pj() / kBatch;
    compare({"panther-like: update of an array for an image, batch 128, pJ", pj, kOuterProductPj, Kind::predicted, 10.0,
             25.0});
    compare({"pipelayer-like: the same beside serial updates, pJ", pj, kSerialPj, Kind::predicted, 0.02, 0.1});
    const double ns = model.programming_ns() / kBatch;
    compare({"panther-like: writes of an array for an image, batch 128, ns", ns, kOuterProductNs, Kind::predicted, 0.2,
             0.5});
    compare({"pipelayer-like: the same beside serial updates, ns", ns, kSerialNs, Kind::predicted, 0.1, 0.3});
}

}  // namespace
}  // namespace wagesim::test
