// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/sweep/child_environment.hpp"

#include <unistd.h>

namespace wagesim::sweep {

std::vector<std::string> child_environment()
{
    std::vector<std::string> variables;
    for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
        const std::string text = *variable;
        const auto begins_with = [&text](const char* prefix) { return text.rfind(prefix, 0) == 0; };
        if (!begins_with("OMPI_") && !begins_with("PMIX_") && !begins_with("PMI_")) variables.push_back(text);
    }
    return variables;
}

}  // namespace wagesim::sweep
