// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Every tensor of the golden trainings that the unit makes, made by the Verilated unit from the golden tensor before
// it: activations and masks, maxima and exponents, errors, loss and classes, steps, stored weights and their codes.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "ref/numerics/random_words.hpp"
#include "rtl/verilated/verilated_quantize_update.hpp"
#include "tests/support/golden.hpp"
#include "tests/unit/rtl/unit_driver.hpp"

namespace wagesim::test {
namespace {

template <class T>
std::vector<T> narrowed(const std::vector<std::int64_t>& values)
{
    return {values.begin(), values.end()};
}

std::vector<std::int64_t> widened(const std::vector<std::int16_t>& values)
{
    return {values.begin(), values.end()};
}
std::vector<std::int64_t> widened(const std::vector<std::int8_t>& values)
{
    return {values.begin(), values.end()};
}

class GoldenTrainings : public testing::TestWithParam<std::tuple<int, std::string>> {
protected:
    using Values = std::vector<std::int64_t>;

    [[nodiscard]] Values values(const char* name) const
    {
        const auto tensor = training_.tensor(step_, layer_, name);
        EXPECT_TRUE(tensor.has_value()) << name;
        return tensor ? tensor->values : Values{};
    }
    [[nodiscard]] bool has(const char* name) const { return training_.tensor(step_, layer_, name).has_value(); }
    [[nodiscard]] std::int64_t scalar(const char* name) const { return values(name).at(0); }

    void expect(const Values& expected, const Values& got, const char* what)
    {
        scoreboard_.compare(expected, got, [&] {
            return std::string(what) + " of step " + std::to_string(step_) + " layer " + std::to_string(layer_);
        });
    }
    void expect(std::int64_t expected, std::int64_t got, const char* what)
    {
        expect(Values{expected}, Values{got}, what);
    }

    [[nodiscard]] Settings settings() const
    {
        Settings settings;
        settings.width_weight = training_.widths().w;
        settings.width_activation = training_.widths().a;
        settings.width_gradient = training_.widths().g;
        settings.width_error = training_.widths().e;
        settings.attenuation = static_cast<int>(scalar("sA"));
        settings.log2_gamma = training_.options().gamma_log2;
        settings.eta = training_.options().eta_exponent;
        settings.clip_to_weight_width = training_.options().weight_clip == WeightClip::kw;
        settings.key = numerics::stream_key(training_.options().seed, numerics::RandomDomain::rounding, step_, layer_);
        return settings;
    }

    [[nodiscard]] std::int64_t exponent()
    {
        write(*unit_, Register::control, kControlSetExponent);
        return static_cast<std::int32_t>(read(*unit_, Register::exponent));
    }

    void activation();
    void output_error();
    void error();
    void update();
    void requantize();

    GoldenTraining training_{std::get<1>(GetParam())};
    std::unique_ptr<QuantizeUpdateUnit> unit_ = rtl::make_verilated_unit(std::get<0>(GetParam()));
    Scoreboard scoreboard_;
    std::uint64_t step_ = 0;
    std::size_t layer_ = 0;
};

void GoldenTrainings::activation()
{
    const Values accumulators = values(has("pooled") ? "pooled" : "acc");
    std::vector<std::int8_t> codes(accumulators.size());
    std::vector<std::uint8_t> flags(accumulators.size());
    apply(*unit_, Mode::activation, settings());
    (void)unit_->run({accumulators.size(),
                      0,
                      {accumulators.data(), ElementType::int64},
                      {},
                      {codes.data(), ElementType::int8},
                      {flags.data(), ElementType::uint8}});
    Values active;
    Values unclipped;
    for (const std::uint8_t flag : flags) {
        active.push_back(flag & kFlagActive);
        unclipped.push_back((flag & kFlagUnclipped) / kFlagUnclipped);
    }
    expect(values("output"), widened(codes), "output");
    expect(values("mask_active"), active, "mask_active");
    expect(values("mask_unclipped"), unclipped, "mask_unclipped");
}

void GoldenTrainings::output_error()
{
    const auto accumulators = narrowed<std::int32_t>(values("acc"));
    std::vector<std::uint16_t> labels;
    for (const std::uint32_t position : training_.positions(step_)) labels.push_back(training_.data().labels[position]);
    const std::size_t classes = accumulators.size() / labels.size();
    Values errors(accumulators.size());
    std::vector<std::uint16_t> predictions(labels.size());
    const Settings settings = this->settings();
    apply(*unit_, Mode::output_error, settings);
    write(*unit_, Register::control, kControlClearMax | kControlClearLoss);
    (void)unit_->run({accumulators.size(),
                      classes,
                      {accumulators.data(), ElementType::int32},
                      {labels.data(), ElementType::uint16},
                      {errors.data(), ElementType::int64},
                      {predictions.data(), ElementType::uint16}});
    expect(values("error_in"), errors, "error_in");
    expect(training_.prediction(step_), {predictions.begin(), predictions.end()}, "prediction");
    const int s = settings.width_activation + settings.width_weight - 2 + settings.attenuation;
    scoreboard_.compare(training_.loss(step_), std::ldexp(static_cast<double>(loss_of(*unit_)), -(2 * s + 1)),
                        [&] { return "loss of step " + std::to_string(step_); });
    expect(scalar("max_error"), static_cast<std::int64_t>(maximum_of(*unit_)), "max_error");
}

void GoldenTrainings::error()
{
    const Values errors = values("error_in");
    Settings settings = this->settings();
    std::vector<std::uint8_t> flags;
    if (has("mask_unclipped"))
        for (const std::int64_t unclipped : values("mask_unclipped"))
            flags.push_back(static_cast<std::uint8_t>(unclipped * kFlagUnclipped));
    const ConstStream mask{flags.empty() ? nullptr : flags.data(), ElementType::uint8};

    apply(*unit_, Mode::abs_max, settings);
    write(*unit_, Register::control, kControlClearMax);
    (void)unit_->run({errors.size(), 0, {errors.data(), ElementType::int64}, mask, {}, {}});
    expect(scalar("max_error"), static_cast<std::int64_t>(maximum_of(*unit_)), "max_error");
    settings.exponent = static_cast<int>(exponent());
    expect(scalar("exponent_e"), settings.exponent, "exponent_e");

    std::vector<std::int16_t> codes(errors.size());
    apply(*unit_, Mode::error, settings);
    (void)unit_->run(
        {errors.size(), 0, {errors.data(), ElementType::int64}, mask, {codes.data(), ElementType::int16}, {}});
    expect(values("error_q"), widened(codes), "error_q");
}

void GoldenTrainings::update()
{
    const auto gradients = narrowed<std::int32_t>(values("gradient"));
    Settings settings = this->settings();
    apply(*unit_, Mode::gradient_abs_max, settings);
    write(*unit_, Register::control, kControlClearMax);
    (void)unit_->run({gradients.size(), 0, {gradients.data(), ElementType::int32}, {}, {}, {}});
    expect(scalar("max_gradient"), static_cast<std::int64_t>(maximum_of(*unit_)), "max_gradient");
    settings.exponent = static_cast<int>(exponent());
    expect(scalar("exponent_g"), settings.exponent, "exponent_g");

    std::vector<std::int16_t> steps(gradients.size());
    apply(*unit_, Mode::update, settings);
    (void)unit_->run(
        {gradients.size(), 0, {gradients.data(), ElementType::int32}, {}, {steps.data(), ElementType::int16}, {}});
    expect(values("delta"), widened(steps), "delta");
}

void GoldenTrainings::requantize()
{
    const auto stored = narrowed<std::int16_t>(values("weight_stored"));
    const auto steps = narrowed<std::int16_t>(values("delta"));
    std::vector<std::int16_t> next(stored.size());
    std::vector<std::int8_t> codes(stored.size());
    apply(*unit_, Mode::requantize, settings());
    const auto run = [&](const std::int16_t* subtracted) {
        (void)unit_->run({stored.size(),
                          0,
                          {stored.data(), ElementType::int16},
                          {subtracted, ElementType::int16},
                          {next.data(), ElementType::int16},
                          {codes.data(), ElementType::int8}});
    };
    run(nullptr);
    expect(values("weight_q"), widened(codes), "weight_q");
    run(steps.data());
    expect(values("weight_stored_next"), widened(next), "weight_stored_next");
}

TEST_P(GoldenTrainings, AreReproduced)
{
    for (step_ = 0; step_ < training_.steps(); ++step_) {
        for (layer_ = 0; layer_ < training_.layers(); ++layer_) {
            if (layer_ + 1 < training_.layers())
                activation();
            else
                output_error();
            error();
            update();
            requantize();
            if (HasFatalFailure()) return;
        }
    }
    EXPECT_GE(scoreboard_.compared(), 8 * training_.steps() * training_.layers());
}

INSTANTIATE_TEST_SUITE_P(Lanes, GoldenTrainings,
                         testing::Combine(testing::ValuesIn(rtl::verilated_lane_counts()),
                                          testing::ValuesIn(golden_trainings())),
                         [](const auto& row) {
                             return std::to_string(std::get<0>(row.param)) + "_" +
                                    identifier_of(std::get<1>(row.param));
                         });

}  // namespace
}  // namespace wagesim::test
