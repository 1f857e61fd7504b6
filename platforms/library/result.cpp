// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include <wagesim/result.hpp>

#include <utility>

#include <wagesim/error.hpp>

#include "platforms/sweep/run_result_file.hpp"

namespace wagesim {

Result::Result(std::string json) : json_(std::move(json)), figures_(std::make_shared<const sweep::Figures>(json_))
{
    if (!figures_->root().is_object()) throw Error(Error::Kind::data, "a result: got no JSON object");
}

std::optional<double> Result::figure(const std::string& path) const
{
    return figures_->number(path);
}

}  // namespace wagesim
