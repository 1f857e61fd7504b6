// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Sums over samples and positions, as products with the positions inside. See the header.
#include "tlm/gradient_array/gradient_engine.hpp"

#include <omp.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "ref/numerics/integer.hpp"
#include "tlm/common/vector_clones.hpp"
#include "tlm/mac_partition/row_blocks.hpp"
#include "tlm/mac_partition/window_unit.hpp"

namespace wagesim::chip {
namespace {

template <class T>
T* grown(std::vector<T>& scratch, std::size_t count)
{
    if (scratch.size() < count) scratch.resize(count);
    return scratch.data();
}

/// Up to here every host thread keeps sums of its own; larger gradients are shared, and one product uses all threads.
constexpr std::size_t kPrivateSumsBytes = std::size_t{1} << 20;
constexpr std::size_t kSharedBlockBytes = std::size_t{8} << 20;
/// Each product goes through all sums once, so its block of windows is larger than a forward one.
constexpr std::size_t kPrivateBlockBytes = std::size_t{2} << 20;

template <class Sum>
void add(const std::byte* from, std::size_t count, std::byte* to)
{
    const auto* const source = reinterpret_cast<const Sum*>(from);
    auto* const target = reinterpret_cast<Sum*>(to);
    for (std::size_t i = 0; i < count; ++i) target[i] += source[i];
}

template <class Sum>
inline Sum largest_in(const Sum* sums, std::size_t count)
{
    Sum largest = 0;
    for (std::size_t i = 0; i < count; ++i) largest = std::max(largest, sums[i] < 0 ? -sums[i] : sums[i]);
    return largest;
}

WAGESIM_VECTOR_CLONES std::int32_t largest_magnitude(const std::int32_t* sums, std::size_t count)
{
    return largest_in(sums, count);
}

WAGESIM_VECTOR_CLONES std::int64_t largest_magnitude(const std::int64_t* sums, std::size_t count)
{
    return largest_in(sums, count);
}

template <class Sum>
void store_largest(const Sum* sums, std::size_t count, std::byte* to)
{
    constexpr std::size_t kShare = std::size_t{1} << 16;
    const auto shares = static_cast<std::int64_t>((count + kShare - 1) / kShare);
    Sum largest = 0;
#pragma omp parallel for schedule(static) reduction(max : largest) if (shares > 4)
    for (std::int64_t i = 0; i < shares; ++i) {
        const std::size_t first = static_cast<std::size_t>(i) * kShare;
        largest = std::max(largest, largest_magnitude(sums + first, std::min(kShare, count - first)));
    }
    std::memcpy(to, &largest, sizeof largest);
}

}  // namespace

struct GradientEngine::Job {
    const GradientCommand& command;
    const GradientLayer& layer;
    const std::byte* operands;
    std::byte* gradients;

    [[nodiscard]] ElementType type() const { return command.gradients.type; }
    [[nodiscard]] std::size_t outputs() const { return static_cast<std::size_t>(layer.geometry.out_c); }
    [[nodiscard]] std::size_t fan_in() const { return static_cast<std::size_t>(layer.geometry.fan_in()); }
    [[nodiscard]] std::size_t bytes() const { return outputs() * fan_in() * bytes_of(type()); }
    [[nodiscard]] std::size_t acc_h() const { return static_cast<std::size_t>(layer.geometry.acc_h); }
    [[nodiscard]] std::size_t acc_w() const { return static_cast<std::size_t>(layer.geometry.acc_w); }

    /// sums (+)= operands of some positions, transposed, times their windows.
    void multiply(std::size_t first_position, std::size_t positions, const std::int8_t* windows, std::byte* sums,
                  bool fresh) const
    {
        ConstMatrix errors;
        errors.type = command.operands.type;
        errors.data = operands + first_position * outputs() * bytes_of(errors.type);
        errors.rows = outputs();
        errors.columns = positions;
        errors.stride = outputs();
        errors.transposed = true;
        errors.bound = layer.operand_bound;
        ConstMatrix codes;
        codes.type = ElementType::int8;
        codes.data = windows;
        codes.rows = positions;
        codes.columns = fan_in();
        codes.stride = fan_in();
        codes.bound = numerics::max_code(layer.input_bits);
        codes.nonnegative = layer.input_nonnegative;
        integer_product(errors, codes, {sums, type(), outputs(), fan_in(), fan_in()}, !fresh);
    }
};

GradientEngine::GradientEngine(std::vector<GradientLayer> layers) : layers_(std::move(layers)) {}

void GradientEngine::accumulate(const GradientCommand& command, const std::int8_t* inputs, const std::byte* operands,
                                const Results& results)
{
    const Job job{command, layer(command.layer), operands, results.gradients};
    sum(job, inputs);
    if (!command.last) return;
    const std::size_t count = job.outputs() * job.fan_in();
    if (job.type() == ElementType::int32) {
        store_largest(reinterpret_cast<const std::int32_t*>(results.gradients), count, results.maximum);
    } else {
        store_largest(reinterpret_cast<const std::int64_t*>(results.gradients), count, results.maximum);
    }
}

void GradientEngine::sum(const Job& job, const std::int8_t* inputs)
{
    const bool dense = windows_are_contiguous(job.layer.geometry) && job.layer.geometry.positions() == 1;
    if (dense) return accumulate_dense(job, inputs);
    accumulate_windows(job, inputs);
    if (!job.command.last) return;
    if (job.type() == ElementType::int32) {
        deliver(job, reinterpret_cast<std::int32_t*>(job.gradients));
    } else {
        deliver(job, reinterpret_cast<std::int64_t*>(job.gradients));
    }
}

/// A dense layer's few inputs are put into the contract's order, rather than its many sums.
void GradientEngine::accumulate_dense(const Job& job, const std::int8_t* inputs)
{
    const auto channels = static_cast<std::size_t>(job.layer.geometry.in_c);
    const std::size_t places = job.fan_in() / channels;
    const auto samples = static_cast<std::int64_t>(job.command.samples);
    if (places > 1) {
        std::int8_t* const reordered = grown(reordered_, job.command.samples * job.fan_in());
#pragma omp parallel for schedule(static)
        for (std::int64_t i = 0; i < samples; ++i) {
            const std::int8_t* const from = inputs + static_cast<std::size_t>(i) * job.fan_in();
            std::int8_t* const to = reordered + static_cast<std::size_t>(i) * job.fan_in();
            for (std::size_t c = 0; c < channels; ++c) {
                for (std::size_t p = 0; p < places; ++p) to[c * places + p] = from[p * channels + c];
            }
        }
        inputs = reordered;
    }
    if (job.command.first && job.command.last) {
        job.multiply(0, job.command.samples, inputs, job.gradients, true);
        return;
    }
    std::byte* const sums = grown(sums_, job.bytes());
    job.multiply(0, job.command.samples, inputs, sums, job.command.first);
    if (job.command.last) std::memcpy(job.gradients, sums, job.bytes());
}

void GradientEngine::accumulate_windows(const Job& job, const std::int8_t* inputs)
{
    const WindowUnit unit(job.layer.geometry, RowIndex(0), RowIndex(job.fan_in()));
    const auto sample_inputs = static_cast<std::size_t>(job.layer.geometry.inputs());
    const bool contiguous = windows_are_contiguous(job.layer.geometry);
    const bool shared = job.bytes() > kPrivateSumsBytes;
    const auto threads = static_cast<std::size_t>(omp_get_max_threads());
    const RowBlocks blocks(job.command.samples, job.acc_h(), 1, job.acc_w() * job.fan_in(),
                           shared ? kSharedBlockBytes : kPrivateBlockBytes, shared ? 1 : threads);
    scratch_.resize(std::max(threads, scratch_.size()));
    std::byte* const sums = grown(sums_, job.bytes());

    const auto windows_of = [&](Scratch& scratch, std::size_t first, std::size_t end) -> const std::int8_t* {
        if (contiguous) return inputs + first * job.acc_w() * job.fan_in();
        std::int8_t* const windows =
            grown(scratch.windows, (end - first) * job.acc_w() * job.fan_in() + WindowUnit::kSlack);
        std::int8_t* to = windows;
        for_each_sample(first, end, job.acc_h(), [&](std::size_t sample, std::size_t y, std::size_t stop) {
            unit.gather(inputs + sample * sample_inputs, y, stop, to,
                        grown(scratch.padded, unit.padded_elements(stop - y)));
            to += (stop - y) * job.acc_w() * job.fan_in();
        });
        return windows;
    };
    if (shared) {
        for (std::size_t block = 0; block < blocks.count(); ++block) {
            const std::size_t first = blocks.first(block);
            const std::size_t end = blocks.end(block);
            job.multiply(first * job.acc_w(), (end - first) * job.acc_w(), windows_of(scratch_[0], first, end), sums,
                         job.command.first && block == 0);
        }
        return;
    }
    if (job.command.first) std::memset(sums, 0, job.bytes());
    const auto count = static_cast<std::int64_t>(blocks.count());
    const std::size_t gradients = job.outputs() * job.fan_in();
#pragma omp parallel
    {
        Scratch& scratch = scratch_[static_cast<std::size_t>(omp_get_thread_num())];
        std::byte* const own = grown(scratch.sums, job.bytes());
        bool fresh = true;
#pragma omp for schedule(dynamic)
        for (std::int64_t i = 0; i < count; ++i) {
            const std::size_t first = blocks.first(static_cast<std::size_t>(i));
            const std::size_t end = blocks.end(static_cast<std::size_t>(i));
            job.multiply(first * job.acc_w(), (end - first) * job.acc_w(), windows_of(scratch, first, end), own, fresh);
            fresh = false;
        }
#pragma omp critical(wagesim_gradient_sums)
        if (!fresh) {
            job.type() == ElementType::int32 ? add<std::int32_t>(own, gradients, sums)
                                             : add<std::int64_t>(own, gradients, sums);
        }
    }
}

template <class Sum>
void GradientEngine::deliver(const Job& job, Sum* gradients) const
{
    const auto* const sums = reinterpret_cast<const Sum*>(sums_.data());
    const auto channels = static_cast<std::size_t>(job.layer.geometry.in_c);
    const std::size_t fan_in = job.fan_in();
    const std::size_t places = fan_in / channels;
    const auto outputs = static_cast<std::int64_t>(job.outputs());
#pragma omp parallel for schedule(static)
    for (std::int64_t i = 0; i < outputs; ++i) {
        const Sum* const from = sums + static_cast<std::size_t>(i) * fan_in;
        Sum* const to = gradients + static_cast<std::size_t>(i) * fan_in;
        for (std::size_t c = 0; c < channels; ++c) {
            for (std::size_t p = 0; p < places; ++p) to[c * places + p] = from[p * channels + c];
        }
    }
}

}  // namespace wagesim::chip
