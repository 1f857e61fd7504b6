// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/report/record_json.hpp"

#include <fmt/core.h>

#include <cmath>
#include <cstddef>
#include <vector>

#include "platforms/report/settings.hpp"
#include "ref/numerics/integer.hpp"

namespace wagesim::report {
namespace {

constexpr std::size_t kMostWindows = 120;
constexpr std::size_t kMostSamples = 32;

/// Which of n samples are shown: all, or evenly spaced ones with the first and the last.
std::vector<std::size_t> shown_samples(std::size_t n)
{
    std::vector<std::size_t> shown;
    if (n <= kMostSamples) {
        for (std::size_t i = 0; i < n; ++i) shown.push_back(i);
    } else {
        for (std::size_t i = 0; i < kMostSamples; ++i) shown.push_back(i * (n - 1) / (kMostSamples - 1));
    }
    return shown;
}

/// Without the empty bins at both ends.
Json histogram_json(const Histogram& histogram)
{
    std::size_t first = 0;
    std::size_t last = histogram.bins.size();
    while (first < last && histogram.bins[first] == 0) ++first;
    while (last > first && histogram.bins[last - 1] == 0) --last;
    const auto begin = histogram.bins.begin();
    return {{"first", first},
            {"counts", std::vector<std::uint64_t>(begin + static_cast<std::ptrdiff_t>(first),
                                                  begin + static_cast<std::ptrdiff_t>(last))},
            {"zero", histogram.zero},
            {"below", histogram.below},
            {"above", histogram.above}};
}

Json tensor_json(const RecordedTensor& tensor, const std::vector<std::size_t>& shown)
{
    Json samples = Json::array();
    for (const std::size_t i : shown) samples.push_back(histogram_json(tensor.samples[i]));
    return {{"scale", tensor.axis.scale() == Axis::Scale::linear ? "linear" : "log2"},
            {"edges", tensor.axis.edges()},
            {"samples", samples}};
}

/// Q_E of one sample: what exceeds `largest` / gamma is clipped, what stays below `least` rounds to 0; null where every
/// error is 0.
Json error_limits(const RecordedLayer& layer, std::size_t sample, const config::RunConfig& config)
{
    const std::int64_t largest = layer.scalar(TensorName::max_error)->samples[sample];
    if (largest == 0) return nullptr;
    const std::int64_t exponent = layer.scalar(TensorName::exponent_e)->samples[sample];
    const int gamma_log2 = numerics::floor_log2(static_cast<std::uint64_t>(config.training.gamma));
    // Half a unit of the last place: rne(e, t - (kE - 1)) is 0 up to there.
    const auto least_log2 = static_cast<int>(exponent) - gamma_log2 - config.widths.e;
    return {{"largest", largest},
            {"clipped_from", static_cast<double>(largest) / config.training.gamma},
            {"least", std::ldexp(1.0, least_log2)}};
}

/// Q_G of one sample: `step` moves a weight by exactly one; null where every gradient is 0.
Json gradient_limits(const RecordedLayer& layer, std::size_t sample, int eta_exponent)
{
    const std::int64_t largest = layer.scalar(TensorName::max_gradient)->samples[sample];
    if (largest == 0) return nullptr;
    const std::int64_t exponent = layer.scalar(TensorName::exponent_g)->samples[sample];
    return {{"largest", largest}, {"step", std::ldexp(1.0, static_cast<int>(exponent) - eta_exponent)}};
}

}  // namespace

Json steps_json(const RunRecord& record, const config::RunConfig& config)
{
    const std::size_t steps = record.step_loss.size();
    const std::size_t window = (steps + kMostWindows - 1) / kMostWindows;
    Json loss = Json::array();
    Json train_error = Json::array();
    for (std::size_t first = 0; first < steps; first += window) {
        const std::size_t end = std::min(first + window, steps);
        const double images = static_cast<double>(end - first) * config.training.batch;
        double sum = 0.0;
        double correct = 0.0;
        for (std::size_t i = first; i < end; ++i) {
            sum += record.step_loss[i];
            correct += record.step_correct[i];
        }
        loss.push_back(sum / images);
        train_error.push_back(1.0 - correct / images);
    }
    return {{"steps", steps},
            {"per_window", window},
            {"steps_per_epoch", record.steps_per_epoch},
            {"loss", loss},
            {"train_error", train_error}};
}

Json histograms_json(const RunRecord& record, const config::RunConfig& config)
{
    const std::vector<std::size_t> shown = shown_samples(record.samples.size());
    Json samples = Json::array();
    for (const std::size_t i : shown) {
        const std::uint64_t step = record.samples[i];
        samples.push_back(
            {{"step", step}, {"epoch", static_cast<double>(step + 1) / static_cast<double>(record.steps_per_epoch)}});
    }
    Json layers = Json::array();
    for (std::size_t l = 0; l < record.layers.size(); ++l) {
        const RecordedLayer& layer = record.layers[l];
        Json tensors = Json::object();
        for (const RecordedTensor& tensor : layer.tensors) {
            tensors[std::string(text_of(tensor.name))] = tensor_json(tensor, shown);
        }
        Json errors = Json::array();
        Json gradients = Json::array();
        for (const std::size_t i : shown) {
            const int eta_exponent = config.training.eta_exponent(record.samples[i] / record.steps_per_epoch);
            errors.push_back(error_limits(layer, i, config));
            gradients.push_back(gradient_limits(layer, i, eta_exponent));
        }
        layers.push_back({{"name", fmt::format("layer {}", l)},
                          {"text", layer_text(config.network.layers[l], l + 1 == record.layers.size())},
                          {"tensors", tensors},
                          {"errors", errors},
                          {"gradients", gradients}});
    }
    return {{"samples", samples}, {"layers", layers}};
}

}  // namespace wagesim::report
