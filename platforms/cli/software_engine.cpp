// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/cli/software_engine.hpp"

#include "platforms/cli/float_engine.hpp"
#include "platforms/cli/reference_engine.hpp"

namespace wagesim::cli {

std::unique_ptr<Engine> make_software_engine(const Session& session, TensorSink* sink)
{
    if (session.config.floats.any()) return std::make_unique<FloatEngine>(session);
    return std::make_unique<ReferenceEngine>(session, sink);
}

}  // namespace wagesim::cli
