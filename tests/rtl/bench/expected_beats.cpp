// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/rtl/bench/expected_beats.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "ref/numerics/integer.hpp"
#include "ref/numerics/random_words.hpp"
#include "ref/numerics/update.hpp"
#include "ref/numerics/weight.hpp"

namespace wagesim::test {
namespace {

using Mode = QuantizeUpdateMode;

struct Element {
    std::int64_t data = 0;
    std::uint8_t side = 0;
};

void agree(std::int64_t by_formula, std::int64_t by_reference, const char* what)
{
    if (by_formula != by_reference)
        throw std::logic_error(std::string("tests: the formula of ") + what + " gives " + std::to_string(by_formula) +
                               ", ref/numerics " + std::to_string(by_reference));
}

Element activation(const Settings& settings, std::int64_t operand)
{
    const ActivationResult result = expected_activation(settings, operand);
    agree(result.code,
          numerics::quantize(std::max<std::int64_t>(operand, 0), settings.width_weight - 1 + settings.attenuation,
                             settings.width_activation),
          "activation codes");
    return {result.code, result.flags};
}

Element error(const Settings& settings, std::int64_t operand, std::uint16_t flags)
{
    const std::int64_t code = expected_error(settings, operand, static_cast<std::uint8_t>(flags));
    if (settings.exponent >= 0 && (flags & kFlagUnclipped) != 0)
        agree(code,
              numerics::quantize(operand, settings.exponent - settings.log2_gamma - (settings.width_error - 1),
                                 settings.width_error),
              "error codes");
    return {code, 0};
}

Element requantize(const Settings& settings, std::int64_t operand, std::uint16_t step)
{
    const RequantizeResult result = expected_requantize(settings, operand, static_cast<std::int16_t>(step));
    const Widths widths{settings.width_weight, settings.width_activation, settings.width_gradient,
                        settings.width_error};
    const WeightClip clip = settings.clip_to_weight_width ? WeightClip::kw : WeightClip::kg;
    agree(result.stored,
          numerics::clip(operand - static_cast<std::int16_t>(step), numerics::stored_weight_limit(widths, clip)),
          "stored weights");
    agree(result.code, numerics::weight_code(result.stored, widths), "weight codes");
    return {result.stored, static_cast<std::uint8_t>(result.code)};
}

/// Steps of one burst.
std::vector<Element> steps(const Settings& settings, const std::vector<std::int64_t>& gradients)
{
    const numerics::Speck32 cipher(settings.key);
    std::vector<Element> elements;
    for (const std::int64_t step : expected_steps(settings, gradients)) {
        const std::int64_t gradient = gradients[elements.size()];
        const std::uint64_t index = (settings.index + elements.size()) % (std::uint64_t{1} << 33U);
        // ref/numerics has no steps of gradients beyond their maximum, nor without a key.
        const bool covered = settings.key_expanded && settings.exponent >= 0 && gradient != 0 &&
                             numerics::exponent(static_cast<std::uint64_t>(std::abs(gradient))) <= settings.exponent;
        if (covered)
            agree(step, numerics::stochastic_step(gradient, settings.exponent, settings.eta, cipher.word16(index)),
                  "weight steps");
        elements.push_back({step, 0});
    }
    return elements;
}

std::vector<Element> elements_of(const Traffic& traffic, std::size_t first, std::size_t count,
                                 const RegisterShadow& registers)
{
    const Settings settings = registers.settings();
    const auto begin = traffic.operands.begin() + static_cast<std::ptrdiff_t>(first);
    if (registers.mode() == Mode::update) return steps(settings, {begin, begin + static_cast<std::ptrdiff_t>(count)});
    std::vector<Element> elements;
    for (std::size_t i = first; i < first + count; ++i) {
        const std::int64_t operand = traffic.operands[i];
        switch (registers.mode()) {
            case Mode::input: elements.push_back({registers.table(static_cast<std::uint8_t>(operand)), 0}); break;
            case Mode::activation: elements.push_back(activation(settings, operand)); break;
            case Mode::error: elements.push_back(error(settings, operand, traffic.side[i])); break;
            default: elements.push_back(requantize(settings, operand, traffic.side[i])); break;
        }
    }
    return elements;
}

void append_output_errors(const Traffic& traffic, std::size_t first, std::size_t count, const Settings& settings,
                          ExpectedBeats& expected)
{
    const auto begin = traffic.operands.begin() + static_cast<std::ptrdiff_t>(first);
    const auto result = expected_output_error(settings, {begin, begin + static_cast<std::ptrdiff_t>(count)},
                                              {traffic.side[first]}, count);
    for (std::size_t i = 0; i < count; ++i) {
        ExpectedBeat beat;
        beat.error = result.errors[i];
        beat.keep = 1;
        beat.last = i + 1 == count;
        beat.predicted_class = result.classes[0];
        expected.beats.push_back(std::move(beat));
    }
    expected.maximum = std::max(expected.maximum, result.maximum);
    expected.loss += result.loss;
}

void append_codes(const std::vector<Element>& elements, bool has_side, int lanes, ExpectedBeats& expected)
{
    const auto width = static_cast<std::size_t>(lanes);
    for (std::size_t first = 0; first < elements.size(); first += width) {
        const std::size_t count = std::min(width, elements.size() - first);
        ExpectedBeat beat;
        for (std::size_t i = first; i < first + count; ++i) {
            beat.data.push_back(static_cast<std::int16_t>(elements[i].data));
            if (has_side) beat.side.push_back(elements[i].side);
        }
        beat.keep = ~std::uint64_t{0} >> (64U - count);
        beat.last = first + count == elements.size();
        expected.beats.push_back(std::move(beat));
    }
}

}  // namespace

ExpectedBeats expected_beats(const Traffic& traffic, const RegisterShadow& registers, int lanes)
{
    const Mode mode = registers.mode();
    const bool has_side = mode == Mode::activation || mode == Mode::requantize;
    ExpectedBeats expected;
    std::size_t first = 0;
    for (const std::size_t count : traffic.lengths) {
        if (mode == Mode::output_error) {
            append_output_errors(traffic, first, count, registers.settings(), expected);
        } else if (mode == Mode::abs_max || mode == Mode::gradient_abs_max) {
            for (std::size_t i = first; i < first + count; ++i)
                if (mode == Mode::gradient_abs_max || (traffic.side[i] & kFlagUnclipped) != 0)
                    expected.maximum =
                        std::max(expected.maximum, static_cast<std::uint64_t>(std::abs(traffic.operands[i])));
        } else {
            append_codes(elements_of(traffic, first, count, registers), has_side, lanes, expected);
        }
        first += count;
    }
    return expected;
}

}  // namespace wagesim::test
