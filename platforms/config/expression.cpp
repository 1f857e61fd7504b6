// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// muParser, with dots in names. See the header.
#include "platforms/config/expression.hpp"

#include <muParser.h>

#include <cmath>
#include <deque>
#include <map>
#include <stdexcept>
#include <utility>

namespace wagesim::config {

struct Expression::Parser {
    mu::Parser parser;
    std::map<std::string, double*> variables;
    std::deque<double> numbers;  ///< muParser keeps pointers into it
};

namespace {

constexpr const char* kNameCharacters = "0123456789_.abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

}  // namespace

Expression::Expression(const std::string& text) : parser_(std::make_unique<Parser>())
{
    mu::Parser& parser = parser_->parser;
    try {
        parser.DefineNameChars(kNameCharacters);
        parser.SetVarFactory(
            [](const mu::char_type* name, void* user) {
                auto& own = *static_cast<Parser*>(user);
                own.numbers.push_back(0.0);
                own.variables[name] = &own.numbers.back();
                return &own.numbers.back();
            },
            parser_.get());
        parser.SetExpr(text);
        parser.Eval();
        if (parser.GetNumResults() != 1) throw std::invalid_argument("more than one value");
    } catch (const mu::ParserError& error) {
        throw std::invalid_argument(error.GetMsg());
    }
    for (const auto& [name, number] : parser_->variables) names_.push_back(name);
}

Expression::~Expression() = default;
Expression::Expression(Expression&&) noexcept = default;
Expression& Expression::operator=(Expression&&) noexcept = default;

std::optional<double> Expression::value(const std::function<std::optional<double>(const std::string&)>& number_of) const
{
    for (const auto& [name, number] : parser_->variables) {
        const std::optional<double> found = number_of(name);
        if (!found) return std::nullopt;
        *number = *found;
    }
    try {
        const double value = parser_->parser.Eval();
        if (!std::isfinite(value)) return std::nullopt;
        return value;
    } catch (const mu::ParserError&) {
        return std::nullopt;
    }
}

}  // namespace wagesim::config
