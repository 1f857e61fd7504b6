// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Loops over rows of channels. See the header.
#include "ref/floating/batch_norm.hpp"

#include <algorithm>
#include <cmath>

#include "ref/floating/parts.hpp"
#include "ref/kernels/multiversion.hpp"

namespace wagesim::floating {
namespace {

WAGESIM_MULTIVERSION void add_rows(const float* x, std::size_t rows, std::size_t channels, double* sums)
{
    for (std::size_t row = 0; row < rows; ++row, x += channels) {
        for (std::size_t c = 0; c < channels; ++c) sums[c] += static_cast<double>(x[c]);
    }
}

WAGESIM_MULTIVERSION void add_squares(const float* x, std::size_t rows, std::size_t channels, const double* mean,
                                      double* sums)
{
    for (std::size_t row = 0; row < rows; ++row, x += channels) {
        for (std::size_t c = 0; c < channels; ++c) {
            const double deviation = static_cast<double>(x[c]) - mean[c];
            sums[c] += deviation * deviation;
        }
    }
}

/// Sums of errors times normalized x.
WAGESIM_MULTIVERSION void add_products(const float* errors, const float* x, std::size_t rows, std::size_t channels,
                                       const float* mean, const float* inverse_deviation, double* sums)
{
    for (std::size_t row = 0; row < rows; ++row, x += channels, errors += channels) {
        for (std::size_t c = 0; c < channels; ++c) {
            const float normal = (x[c] - mean[c]) * inverse_deviation[c];
            sums[c] += static_cast<double>(errors[c]) * static_cast<double>(normal);
        }
    }
}

WAGESIM_MULTIVERSION void normalize(const float* x, std::size_t rows, std::size_t channels, const float* mean,
                                    const float* inverse_deviation, const float* scale, const float* shift, float* y)
{
    for (std::size_t row = 0; row < rows; ++row, x += channels, y += channels) {
        for (std::size_t c = 0; c < channels; ++c) {
            y[c] = (x[c] - mean[c]) * inverse_deviation[c] * scale[c] + shift[c];
        }
    }
}

WAGESIM_MULTIVERSION void pass_back(const float* x, std::size_t rows, std::size_t channels, const float* mean,
                                    const float* inverse_deviation, const float* scale, const float* mean_error,
                                    const float* mean_product, float* errors)
{
    for (std::size_t row = 0; row < rows; ++row, x += channels, errors += channels) {
        for (std::size_t c = 0; c < channels; ++c) {
            const float normal = (x[c] - mean[c]) * inverse_deviation[c];
            errors[c] = scale[c] * inverse_deviation[c] * (errors[c] - mean_error[c] - normal * mean_product[c]);
        }
    }
}

}  // namespace

BatchNorm::BatchNorm(std::size_t channels, std::size_t positions, std::size_t batch)
    : channels_(channels),
      positions_(positions),
      part_(samples_of_a_part(batch)),
      scale_(channels),
      shift_(channels),
      running_mean_(channels),
      running_variance_(channels),
      scale_gradient_(channels),
      shift_gradient_(channels),
      mean_(channels),
      inverse_deviation_(channels),
      mean_error_(channels),
      mean_product_(channels),
      partial_(kMostParts * channels),
      first_(channels),
      second_(channels)
{
    std::fill_n(scale_.data(), channels, 1.0F);
    std::fill_n(running_variance_.data(), channels, 1.0F);
}

/// total[c] = what sum(first row, rows, sums) adds up for all rows of the batch.
template <class Sum>
void BatchNorm::sum_over_parts(std::size_t samples, std::vector<double>& total, Sum&& sum)
{
    for_each_part(samples, part_, [&](std::size_t index, std::size_t first, std::size_t count) {
        double* sums = partial_.data() + index * channels_;
        std::fill_n(sums, channels_, 0.0);
        sum(first * positions_, count * positions_, sums);
    });
    std::fill(total.begin(), total.end(), 0.0);
    for (std::size_t part = 0; part < number_of_parts(samples, part_); ++part) {
        for (std::size_t c = 0; c < channels_; ++c) total[c] += partial_[part * channels_ + c];
    }
}

void BatchNorm::set_statistics(const std::vector<double>& mean, const std::vector<double>& variance)
{
    for (std::size_t c = 0; c < channels_; ++c) {
        mean_[c] = static_cast<float>(mean[c]);
        inverse_deviation_[c] = static_cast<float>(1.0 / std::sqrt(variance[c] + kVarianceFloor));
    }
}

void BatchNorm::measure(const float* x, std::size_t samples)
{
    const auto count = static_cast<double>(samples * positions_);
    sum_over_parts(samples, first_, [&](std::size_t first, std::size_t rows, double* sums) {
        add_rows(x + first * channels_, rows, channels_, sums);
    });
    for (double& mean : first_) mean /= count;
    sum_over_parts(samples, second_, [&](std::size_t first, std::size_t rows, double* sums) {
        add_squares(x + first * channels_, rows, channels_, first_.data(), sums);
    });
    for (double& variance : second_) variance /= count;
    set_statistics(first_, second_);
    const auto move = [](float& running, double batch) {
        running = static_cast<float>(kRunningDecay * static_cast<double>(running) + (1.0 - kRunningDecay) * batch);
    };
    for (std::size_t c = 0; c < channels_; ++c) {
        move(running_mean_[c], first_[c]);
        move(running_variance_[c], second_[c]);
    }
}

void BatchNorm::use_running()
{
    first_.assign(running_mean_.data(), running_mean_.data() + channels_);
    second_.assign(running_variance_.data(), running_variance_.data() + channels_);
    set_statistics(first_, second_);
}

void BatchNorm::forward(const float* x, std::size_t samples, float* y) const
{
    for_each_part(samples, part_, [&](std::size_t, std::size_t first, std::size_t count) {
        const std::size_t at = first * positions_ * channels_;
        normalize(x + at, count * positions_, channels_, mean_.data(), inverse_deviation_.data(), scale_.data(),
                  shift_.data(), y + at);
    });
}

void BatchNorm::backward(const float* x, std::size_t samples, float* errors)
{
    const auto count = static_cast<double>(samples * positions_);
    sum_over_parts(samples, first_, [&](std::size_t first, std::size_t rows, double* sums) {
        add_rows(errors + first * channels_, rows, channels_, sums);
    });
    sum_over_parts(samples, second_, [&](std::size_t first, std::size_t rows, double* sums) {
        const std::size_t at = first * channels_;
        add_products(errors + at, x + at, rows, channels_, mean_.data(), inverse_deviation_.data(), sums);
    });
    for (std::size_t c = 0; c < channels_; ++c) {
        shift_gradient_[c] = static_cast<float>(first_[c]);
        scale_gradient_[c] = static_cast<float>(second_[c]);
        mean_error_[c] = static_cast<float>(first_[c] / count);
        mean_product_[c] = static_cast<float>(second_[c] / count);
    }
    for_each_part(samples, part_, [&](std::size_t, std::size_t first, std::size_t rows) {
        const std::size_t at = first * positions_ * channels_;
        pass_back(x + at, rows * positions_, channels_, mean_.data(), inverse_deviation_.data(), scale_.data(),
                  mean_error_.data(), mean_product_.data(), errors + at);
    });
}

}  // namespace wagesim::floating
