// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Convolution products: direct ones, digit by digit where errors are wider than bytes, as long as sums fit 32 bits;
// patches and integer_product elsewhere.
#include "ref/kernels/convolution.hpp"

#include <omp.h>

#include <algorithm>
#include <optional>
#include <type_traits>

#include "ref/kernels/patches.hpp"
#include "ref/kernels/scratch.hpp"
#include "ref/kernels/team_failure.hpp"

namespace wagesim::ref {
namespace {

// Patches of this many bytes at a time stay in a second-level cache beside what the product packs.
constexpr std::size_t kChunkBytes = 256 * 1024;

struct Chunks {
    std::size_t samples;  ///< in each, the last may have fewer
    std::size_t count;
};

Chunks chunks_of(std::size_t samples, std::size_t bytes_a_sample)
{
    const auto threads = static_cast<std::size_t>(omp_get_max_threads());
    const std::size_t fitting = std::max<std::size_t>(1, kChunkBytes / bytes_a_sample);
    const std::size_t fair = std::max<std::size_t>(1, (samples + threads - 1) / threads);
    const std::size_t size = std::min(fitting, fair);
    return {size, (samples + size - 1) / size};
}

ConvolutionShape turned(const ConvolutionShape& s)
{
    ConvolutionShape out;
    out.in_h = s.out_h;
    out.in_w = s.out_w;
    out.in_c = s.out_c;
    out.out_h = s.in_h;
    out.out_w = s.in_w;
    out.out_c = s.in_c;
    out.kernel_h = s.kernel_h;
    out.kernel_w = s.kernel_w;
    out.pad = s.kernel_h - 1 - s.pad;
    return out;
}

bool can_turn(const ConvolutionShape& s)
{
    return s.stride == 1 && s.kernel_h == s.kernel_w && s.pad < s.kernel_h;
}

/// Whole samples' sums of one thread: where the target keeps them, or in passing.
class SampleSums {
public:
    SampleSums(const SumTarget& target, ElementType type, std::size_t samples, std::size_t sums_of_sample)
        : target_(target),
          bytes_(sums_of_sample * bytes_of(type)),
          scratch_(type, target.sums == nullptr ? samples * sums_of_sample : 0)
    {
    }

    /// Of sample `first` and those that follow it.
    [[nodiscard]] void* at(std::size_t first)
    {
        if (target_.sums == nullptr) return scratch_.data();
        return static_cast<std::byte*>(target_.sums->data()) + first * bytes_;
    }

    void show(std::size_t first, std::size_t samples, std::size_t rows)
    {
        const auto* sums = static_cast<const std::byte*>(at(first));
        for (std::size_t n = 0; target_.consumer != nullptr && n < samples; ++n) {
            target_.consumer->take({first + n, 0, rows, scratch_.type(), sums + n * bytes_});
        }
    }

private:
    const SumTarget& target_;
    std::size_t bytes_;
    Buffer scratch_;
};

template <class Sum>
void add_all(const Sum* from, std::size_t n, Sum* to)
{
    for (std::size_t i = 0; i < n; ++i) to[i] += from[i];
}

/// all = 256 * all + digit, where there are higher digits. Modulo 2^bits: the last result is proven to fit.
template <class Sum>
void append_digit(const std::int32_t* digit, std::size_t n, bool first, Sum* all)
{
    using Unsigned = std::make_unsigned_t<Sum>;
    const Unsigned weight = first ? 0U : 256U;
#pragma omp parallel for schedule(static)
    for (std::size_t i = 0; i < n; ++i) {
        const Unsigned higher = static_cast<Unsigned>(all[i]) * weight;
        all[i] = static_cast<Sum>(higher + static_cast<Unsigned>(static_cast<Sum>(digit[i])));
    }
}

}  // namespace

Convolution::Convolution(const ConvolutionShape& shape, const ConvolutionBounds& bounds)
    : shape_(shape), bounds_(bounds), weights_(shape.weights()), error_digits_(bounds.error)
{
    if (DirectConvolution::is_exact(bounds.sum)) {
        direct_forward_ = std::make_unique<DirectConvolution>(shape, bounds.input_nonnegative, bounds.weight);
    }
    if (DirectConvolution::is_exact(bounds.error_sum) && can_turn(shape)) {
        direct_backward_ = std::make_unique<DirectConvolution>(turned(shape), false, bounds.weight);
    }
    if (error_digits_.count() == 1 ? DirectGradient::is_exact(bounds.input, bounds.error, bounds.gradient)
                                   : digits_have_exact_gradients(1)) {
        direct_gradient_ = std::make_unique<DirectGradient>(shape, bounds.input_nonnegative);
    }
}

void Convolution::set_weights(const std::int8_t* weights)
{
    weights_.assign(weights, weights + weights_.size());
    if (direct_forward_) direct_forward_->set_weights(weights);
    if (direct_backward_) set_turned_weights(weights);
}

void Convolution::set_turned_weights(const std::int8_t* weights)
{
    // o, kh, kw, i -> i, -kh, -kw, o
    const std::size_t taps = shape_.kernel_h * shape_.kernel_w;
    turned_weights_.resize(weights_.size());
#pragma omp parallel for schedule(static)
    for (std::size_t i = 0; i < shape_.in_c; ++i) {
        for (std::size_t tap = 0; tap < taps; ++tap) {
            std::int8_t* to = turned_weights_.data() + (i * taps + taps - 1 - tap) * shape_.out_c;
            const std::int8_t* from = weights + tap * shape_.in_c + i;
            for (std::size_t o = 0; o < shape_.out_c; ++o) to[o] = from[o * shape_.fan_in()];
        }
    }
    direct_backward_->set_weights(turned_weights_.data());
}

ConstMatrix Convolution::weight_matrix() const
{
    return {weights_.data(), ElementType::int8, shape_.out_c, shape_.fan_in(), shape_.fan_in(),
            false,           bounds_.weight,    false};
}

ConstMatrix Convolution::error_matrix(const Buffer& error, std::size_t sample, std::size_t samples) const
{
    const auto* data = static_cast<const std::byte*>(error.data());
    return {data + sample * shape_.outputs() * bytes_of(error.type()),
            error.type(),
            samples * shape_.positions(),
            shape_.out_c,
            shape_.out_c,
            false,
            bounds_.error,
            false};
}

ConstMatrix Convolution::patch_matrix(const std::int8_t* input, std::size_t sample, std::size_t samples,
                                      std::int8_t* patches) const
{
    const std::size_t size = shape_.positions() * shape_.fan_in();
    for (std::size_t n = 0; n < samples; ++n) {
        gather_patches(shape_, input + (sample + n) * shape_.inputs(), patches + n * size);
    }
    return {patches, ElementType::int8, samples * shape_.positions(), shape_.fan_in(), shape_.fan_in(),
            false,   bounds_.input,     bounds_.input_nonnegative};
}

void Convolution::forward(const std::int8_t* input, std::size_t samples, const SumTarget& target)
{
    if (direct_forward_) {
        direct_forward_->run(&input, 1, samples, target);
    } else {
        gathered_forward(input, samples, target);
    }
}

void Convolution::gathered_forward(const std::int8_t* input, std::size_t samples, const SumTarget& target) const
{
    ConstMatrix weights = weight_matrix();
    std::swap(weights.rows, weights.columns);
    weights.transposed = true;
    const Chunks chunks = chunks_of(samples, shape_.positions() * shape_.fan_in());
    const ElementType type = accumulator_for(bounds_.sum);
    TeamFailure failure;
#pragma omp parallel
    {
        thread_local Scratch<std::int8_t> scratch;
        std::int8_t* patches = nullptr;
        std::optional<SampleSums> sums;
        failure.guard([&] {
            patches = scratch.grown(chunks.samples * shape_.positions() * shape_.fan_in());
            sums.emplace(target, type, chunks.samples, shape_.outputs());
        });
#pragma omp for schedule(static)
        for (std::size_t chunk = 0; chunk < chunks.count; ++chunk) {
            failure.guard([&] {
                const std::size_t first = chunk * chunks.samples;
                const std::size_t count = std::min(chunks.samples, samples - first);
                const ConstMatrix left = patch_matrix(input, first, count, patches);
                integer_product(left, weights, {sums->at(first), type, left.rows, shape_.out_c, shape_.out_c});
                sums->show(first, count, shape_.out_h);
            });
        }
    }
    failure.rethrow();
}

// These are templates of the class, and no lambdas, because clang 14 loses what a parallel region in a generic lambda
// captures.
template <class Sum>
void Convolution::scattered_backward(const Buffer& error, std::size_t samples, const SumTarget& target) const
{
    const ConstMatrix weights = weight_matrix();
    const ElementType type = element_type_of<Sum>();
    TeamFailure failure;
#pragma omp parallel
    {
        thread_local Scratch<Sum> scratch;
        Sum* patches = nullptr;
        std::optional<SampleSums> sums;
        failure.guard([&] {
            patches = scratch.grown(shape_.positions() * shape_.fan_in());
            sums.emplace(target, type, 1, shape_.inputs());
        });
#pragma omp for schedule(static)
        for (std::size_t n = 0; n < samples; ++n) {
            failure.guard([&] {
                integer_product(error_matrix(error, n, 1), weights,
                                {patches, type, shape_.positions(), shape_.fan_in(), shape_.fan_in()});
                scatter_patches(shape_, patches, static_cast<Sum*>(sums->at(n)));
                sums->show(n, 1, shape_.in_h);
            });
        }
    }
    failure.rethrow();
}

template <class Sum>
void Convolution::gathered_gradient(const std::int8_t* input, const Buffer& error, std::size_t samples,
                                    Buffer& gradient) const
{
    const Chunks chunks = chunks_of(samples, shape_.positions() * shape_.fan_in());
    auto* out = gradient.as<Sum>();
    std::fill_n(out, shape_.weights(), Sum{0});
    TeamFailure failure;
#pragma omp parallel
    {
        thread_local Scratch<std::int8_t> patch_scratch;
        thread_local Scratch<Sum> part_scratch;
        std::int8_t* patches = nullptr;
        Sum* part = nullptr;
        failure.guard([&] {
            patches = patch_scratch.grown(chunks.samples * shape_.positions() * shape_.fan_in());
            part = part_scratch.grown(shape_.weights());
            std::fill_n(part, shape_.weights(), Sum{0});
        });
#pragma omp for schedule(static)
        for (std::size_t chunk = 0; chunk < chunks.count; ++chunk) {
            failure.guard([&] {
                const std::size_t first = chunk * chunks.samples;
                const std::size_t count = std::min(chunks.samples, samples - first);
                ConstMatrix left = error_matrix(error, first, count);
                std::swap(left.rows, left.columns);
                left.transposed = true;
                integer_product(left, patch_matrix(input, first, count, patches),
                                {part, gradient.type(), shape_.out_c, shape_.fan_in(), shape_.fan_in()}, true);
            });
        }
#pragma omp critical(wagesim_gradient_parts)
        if (part != nullptr) add_all(part, shape_.weights(), out);
    }
    failure.rethrow();
}

void Convolution::backward(const Buffer& error, std::size_t samples, const SumTarget& target)
{
    if (direct_backward_) {
        const auto& digits = error_digits_.of(error, samples * shape_.outputs());
        direct_backward_->run(digits.data(), digits.size(), samples, target);
    } else {
        visit_accumulator(accumulator_for(bounds_.error_sum),
                          [&](auto sum) { scattered_backward<decltype(sum)>(error, samples, target); });
    }
}

bool Convolution::digits_have_exact_gradients(std::size_t samples) const
{
    const std::int64_t products = static_cast<std::int64_t>(samples * shape_.positions());
    return DirectGradient::is_exact(bounds_.input, -INT8_MIN, products * bounds_.input * -INT8_MIN);
}

template <class Sum>
void Convolution::gradient_of_digits(const std::int8_t* input, const Buffer& error, std::size_t samples,
                                     Buffer& gradient)
{
    digit_gradient_.resize(shape_.weights());
    Sum* const out = gradient.as<Sum>();
    bool first = true;
    for (const std::int8_t* digit : error_digits_.of(error, samples * shape_.outputs())) {
        direct_gradient_->run(input, digit, samples, digit_gradient_.data());
        append_digit(digit_gradient_.data(), digit_gradient_.size(), first, out);
        first = false;
    }
}

void Convolution::weight_gradient(const std::int8_t* input, const Buffer& error, std::size_t samples, Buffer& gradient)
{
    if (direct_gradient_ && error_digits_.count() == 1) {
        direct_gradient_->run(input, error.as<std::int8_t>(), samples, gradient.as<std::int32_t>());
    } else if (direct_gradient_ && digits_have_exact_gradients(samples)) {
        visit_accumulator(gradient.type(),
                          [&](auto sum) { gradient_of_digits<decltype(sum)>(input, error, samples, gradient); });
    } else {
        visit_accumulator(gradient.type(),
                          [&](auto sum) { gathered_gradient<decltype(sum)>(input, error, samples, gradient); });
    }
}

}  // namespace wagesim::ref
