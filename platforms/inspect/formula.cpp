// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Texts are put together as values are computed.
#include "platforms/inspect/formula.hpp"

#include <algorithm>
#include <utility>

#include "platforms/inspect/exact_number.hpp"
#include "tlm/common/clock.hpp"

namespace wagesim::inspect {

Formula::Formula(std::string names, std::string numbers, std::uint64_t value, Binding binding)
    : names_(std::move(names)), numbers_(std::move(numbers)), value_(value), binding_(binding)
{
}

Formula::Formula(std::string name, std::uint64_t value)
    : names_(std::move(name)), numbers_(with_commas(value)), value_(value)
{
}

Formula::Formula(std::uint64_t value) : Formula(with_commas(value), value) {}

Formula Formula::call(const char* open, const Formula& x, const char* between, const Formula& y, const char* close,
                      std::uint64_t value)
{
    return {open + x.names_ + between + y.names_ + close, open + x.numbers_ + between + y.numbers_ + close, value,
            Binding::one};
}

std::string Formula::factor(const std::string& text) const
{
    return binding_ == Binding::sum ? "(" + text + ")" : text;
}

std::string Formula::divisor(const std::string& text) const
{
    return binding_ == Binding::one ? text : "(" + text + ")";
}

Formula operator+(const Formula& x, const Formula& y)
{
    return {x.names_ + " + " + y.names_, x.numbers_ + " + " + y.numbers_, x.value_ + y.value_, Formula::Binding::sum};
}

Formula operator-(const Formula& x, const Formula& y)
{
    return {x.names_ + " - " + y.factor(y.names_), x.numbers_ + " - " + y.factor(y.numbers_), x.value_ - y.value_,
            Formula::Binding::sum};
}

Formula operator*(const Formula& x, const Formula& y)
{
    return {x.factor(x.names_) + " * " + y.factor(y.names_), x.factor(x.numbers_) + " * " + y.factor(y.numbers_),
            x.value_ * y.value_, Formula::Binding::product};
}

Formula max(const Formula& x, const Formula& y)
{
    return Formula::call("max(", x, ", ", y, ")", std::max(x.value_, y.value_));
}

Formula min(const Formula& x, const Formula& y)
{
    return Formula::call("min(", x, ", ", y, ")", std::min(x.value_, y.value_));
}

Formula ceil_quotient(const Formula& x, const Formula& y)
{
    return {"ceil(" + x.factor(x.names_) + " / " + y.divisor(y.names_) + ")",
            "ceil(" + x.factor(x.numbers_) + " / " + y.divisor(y.numbers_) + ")", chip::ceil_divide(x.value_, y.value_),
            Formula::Binding::one};
}

Formula ceil_log2(const Formula& x)
{
    std::uint64_t levels = 0;
    while ((std::uint64_t{1} << levels) < x.value_) ++levels;
    return {"ceil(log2(" + x.names_ + "))", "ceil(log2(" + x.numbers_ + "))", levels, Formula::Binding::one};
}

std::string with_commas(std::uint64_t number)
{
    return grouped_digits(std::to_string(number));
}

}  // namespace wagesim::inspect
