// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A figure of the model beside a published one: held to bounds, printed, and held to docs/validation.md, which shows
// the same line. Nothing is modelled here.
#pragma once

#include <string>

namespace wagesim::test {

enum class Kind {
    calibrated,  ///< the model was fitted to this figure: no evidence, only a check that it stays fitted
    parts,       ///< the sum of parts that were published with it: evidence of the adding up alone
    sources,     ///< two publications beside each other, one of them in a technology file: no figure of the model
    predicted
};

/// model / published has to lie in `low` .. `high`.
struct Comparison {
    std::string figure;  ///< with its unit
    double model = 0.0;
    double published = 0.0;
    Kind kind = Kind::predicted;
    double low = 1.0;
    double high = 1.0;

    [[nodiscard]] double ratio() const { return model / published; }
    /// The line of the page's table: figure, model, published, ratio, bounds, kind.
    [[nodiscard]] std::string line() const;
};

/// Prints the line; fails where the ratio is out of bounds or where the page has another line.
void compare(const Comparison& comparison);

[[nodiscard]] std::string validation_page();
/// VGG8 on neurosim-like, 50 000 images.
[[nodiscard]] std::string vgg8_run();

}  // namespace wagesim::test
