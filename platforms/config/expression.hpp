// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A formula over named numbers: `chip.area_mm2 < 50 && chip.crossbar.rows * chip.crossbar.cols <= 65536`. Dotted names
// are variables. What they stand for, and what the value means, is its user's.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace wagesim::config {

class Expression {
public:
    /// Operators: + - * / ^, < <= > >= == !=, && || !, ?:, and muParser's functions. Throws std::invalid_argument with
    /// what is wrong in a few words.
    explicit Expression(const std::string& text);
    ~Expression();
    Expression(Expression&&) noexcept;
    Expression& operator=(Expression&&) noexcept;

    /// Each once, in alphabetical order.
    [[nodiscard]] const std::vector<std::string>& names() const noexcept { return names_; }

    /// The value with each name's number; nothing where a name has none, or the value is no number.
    [[nodiscard]] std::optional<double> value(
        const std::function<std::optional<double>(const std::string&)>& number_of) const;

private:
    struct Parser;
    std::unique_ptr<Parser> parser_;
    std::vector<std::string> names_;
};

}  // namespace wagesim::config
