// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Loops over strips and samples; the passes of each follow one another in cache. See the header.
#include "ref/layers/hidden_output.hpp"

#include <algorithm>

#include "ref/kernels/pooling.hpp"
#include "ref/kernels/scratch.hpp"
#include "ref/kernels/team_failure.hpp"
#include "ref/numerics/integer.hpp"

namespace wagesim::ref {
namespace {

template <class Visitor>
void visit_winner(ElementType type, Visitor&& visitor)
{
    if (type == ElementType::uint8)
        visitor(std::uint8_t{});
    else
        visitor(std::int32_t{});
}

template <class Visitor>
void visit_code(ElementType type, Visitor&& visitor)
{
    if (type == ElementType::int8)
        visitor(std::int8_t{});
    else
        visitor(std::int16_t{});
}

}  // namespace

HiddenOutput::HiddenOutput(const LayerGeometry& geometry, const LayerBounds& bounds, const Widths& widths,
                           std::size_t samples)
    : inputs_(static_cast<std::size_t>(geometry.accumulators())),
      row_(static_cast<std::size_t>(geometry.out_w * geometry.out_c)),
      outputs_(static_cast<std::size_t>(geometry.outputs())),
      code_type_(signed_type_for(numerics::max_code(widths.e))),
      pool_(pool_shape_of(geometry)),
      codes_(samples * outputs_),
      flags_(samples * outputs_)
{
    rule_.shift = widths.w - 1 + geometry.attenuation;
    rule_.limit = static_cast<std::int32_t>(numerics::max_code(widths.a));
    rule_.bound = bounds.acc;
    if (pool_) {
        const ElementType type = winners_fit_byte(pool_->size) ? ElementType::uint8 : ElementType::int32;
        winners_ = Buffer(type, samples * outputs_);
    }
}

std::size_t HiddenOutput::rows_together() const
{
    if (!pool_) return 1;
    return pool_->overlaps() ? 0 : pool_->stride;
}

template <class Sum, class Winner>
void HiddenOutput::take_as(const SumStrip& acc)
{
    const Sum* sums = acc.as<Sum>();
    std::size_t first_row = acc.first_row;
    std::size_t rows = acc.rows;
    if (pool_) {
        thread_local Scratch<Sum> scratch;
        PoolShape windows = *pool_;
        windows.h = acc.rows;
        first_row = std::min(acc.first_row / pool_->stride, pool_->out_h);
        rows = std::min((acc.first_row + acc.rows + pool_->stride - 1) / pool_->stride, pool_->out_h) - first_row;
        windows.out_h = rows;
        Sum* pooled = scratch.grown(rows * row_);
        max_pool(windows, sums, pooled, winners_.as<Winner>() + acc.sample * outputs_ + first_row * row_);
        sums = pooled;
    }
    const std::size_t at = acc.sample * outputs_ + first_row * row_;
    activate(rule_, sums, rows * row_, codes_.data() + at, flags_.data() + at);
}

void HiddenOutput::take(const SumStrip& acc)
{
    visit_accumulator(acc.type, [&](auto sum) {
        visit_winner(pool_ ? winners_.type() : ElementType::uint8,
                     [&](auto winner) { take_as<decltype(sum), decltype(winner)>(acc); });
    });
}

void HiddenOutput::pool(const Buffer& acc, std::size_t samples, Buffer& pooled) const
{
    visit_accumulator(acc.type(), [&](auto zero) {
        using Sum = decltype(zero);
        std::vector<std::int32_t> winners(outputs_);
        for (std::size_t n = 0; n < samples; ++n) {
            max_pool(*pool_, acc.as<Sum>() + n * inputs_, pooled.as<Sum>() + n * outputs_, winners.data());
        }
    });
}

void HiddenOutput::quantize_where(const ErrorRule& rule, const Buffer& errors, std::uint8_t required,
                                  std::size_t samples, Buffer& codes) const
{
    visit_accumulator(errors.type(), [&](auto sum) {
        visit_code(code_type_, [&](auto code) {
            const auto* from = errors.as<decltype(sum)>();
            auto* to = codes.as<decltype(code)>();
#pragma omp parallel for schedule(static)
            for (std::size_t n = 0; n < samples; ++n) {
                quantize_error(rule, from + n * outputs_, flags_.data() + n * outputs_, required, outputs_,
                               to + n * outputs_);
            }
        });
    });
}

void HiddenOutput::quantize(const ErrorRule& rule, const Buffer& errors, std::size_t samples, Buffer& codes) const
{
    quantize_where(rule, errors, kUnclipped, samples, codes);
}

template <class Sum, class Code, class Winner, class Operand>
void HiddenOutput::backward_pooled(const ErrorRule& rule, const Buffer& errors, std::size_t samples,
                                   Buffer& operands) const
{
    const Sum* from = errors.as<Sum>();
    const Winner* winners = winners_.as<Winner>();
    Operand* to = operands.as<Operand>();
    TeamFailure failure;
#pragma omp parallel
    {
        thread_local Scratch<Code> scratch;
        Code* codes = nullptr;
        failure.guard([&] { codes = scratch.grown(outputs_); });
#pragma omp for schedule(static)
        for (std::size_t n = 0; n < samples; ++n) {
            failure.guard([&] {
                quantize_error(rule, from + n * outputs_, flags_.data() + n * outputs_, kUnclipped | kActive, outputs_,
                               codes);
                unpool(*pool_, codes, winners + n * outputs_, to + n * inputs_);
            });
        }
    }
    failure.rethrow();
}

void HiddenOutput::backward(const ErrorRule& rule, const Buffer& errors, std::size_t samples, Buffer& operands) const
{
    if (!pool_) {
        quantize_where(rule, errors, kUnclipped | kActive, samples, operands);
        return;
    }
    visit_accumulator(errors.type(), [&](auto sum) {
        visit_code(code_type_, [&](auto code) {
            visit_winner(winners_.type(), [&](auto winner) {
                visit_operand(operands.type(), [&](auto operand) {
                    backward_pooled<decltype(sum), decltype(code), decltype(winner), decltype(operand)>(
                        rule, errors, samples, operands);
                });
            });
        });
    });
}

}  // namespace wagesim::ref
