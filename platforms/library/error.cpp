// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include <wagesim/error.hpp>

namespace wagesim {

Error::~Error() = default;

}  // namespace wagesim
