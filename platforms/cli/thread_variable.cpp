// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/cli/thread_variable.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <string>

#include "platforms/cli/exit_code.hpp"
#include "platforms/cli/options.hpp"

namespace wagesim::cli {

void require_legal_thread_variable()
{
    const char* const set = std::getenv("OMP_NUM_THREADS");
    if (set == nullptr) return;
    std::string first = set;
    first.resize(std::min(first.size(), first.find(',')));
    first.erase(0, first.find_first_not_of(" \t"));
    first.erase(first.find_last_not_of(" \t") + 1);
    int threads = 0;
    const auto [end, error] = std::from_chars(first.data(), first.data() + first.size(), threads);
    const bool legal =
        error == std::errc() && end == first.data() + first.size() && threads >= 1 && threads <= kMaxThreads;
    if (!legal) throw UsageError(fmt::format("OMP_NUM_THREADS: got '{}', allowed 1..{}", set, kMaxThreads));
}

}  // namespace wagesim::cli
