// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The engine of a run without a chip: the integer reference, or the trainer of float companions.
#pragma once

#include <memory>

#include "platforms/cli/engine.hpp"
#include "platforms/cli/session.hpp"
#include "ref/tensor/tensor_view.hpp"

namespace wagesim::cli {

/// `sink`, if any, is not owned and receives every step's tensors; float companions have none to give.
[[nodiscard]] std::unique_ptr<Engine> make_software_engine(const Session& session, TensorSink* sink = nullptr);

}  // namespace wagesim::cli
