// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A formula that knows its names, its numbers and its value: what is printed is what was evaluated.
#pragma once

#include <cstdint>
#include <string>

namespace wagesim::inspect {

class Formula {
public:
    /// A quantity with a name.
    Formula(std::string name, std::uint64_t value);
    /// A number that is its own name.
    explicit Formula(std::uint64_t value);

    /// "adder_cycles * ceil(log2(row_tiles))"
    [[nodiscard]] const std::string& names() const noexcept { return names_; }
    /// "1 * ceil(log2(9))"
    [[nodiscard]] const std::string& numbers() const noexcept { return numbers_; }
    [[nodiscard]] std::uint64_t value() const noexcept { return value_; }

    friend Formula operator+(const Formula& x, const Formula& y);
    friend Formula operator*(const Formula& x, const Formula& y);
    /// x >= y.
    friend Formula operator-(const Formula& x, const Formula& y);
    friend Formula max(const Formula& x, const Formula& y);
    friend Formula min(const Formula& x, const Formula& y);
    /// ceil(x / y); y > 0.
    friend Formula ceil_quotient(const Formula& x, const Formula& y);
    /// ceil(log2(x)); x > 0.
    friend Formula ceil_log2(const Formula& x);

private:
    enum class Binding { sum, product, one };

    Formula(std::string names, std::string numbers, std::uint64_t value, Binding binding);
    static Formula call(const char* open, const Formula& x, const char* between, const Formula& y, const char* close,
                        std::uint64_t value);
    /// In parentheses where a product would tear it apart.
    [[nodiscard]] std::string factor(const std::string& text) const;
    /// Likewise a divisor: anything that is no single quantity.
    [[nodiscard]] std::string divisor(const std::string& text) const;

    std::string names_, numbers_;
    std::uint64_t value_;
    Binding binding_ = Binding::one;
};

/// 1234567 -> "1,234,567".
[[nodiscard]] std::string with_commas(std::uint64_t number);

}  // namespace wagesim::inspect
