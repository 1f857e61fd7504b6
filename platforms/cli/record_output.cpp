// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/cli/record_output.hpp"

#include <fmt/core.h>

#include <filesystem>

#include "platforms/cli/exit_code.hpp"
#include "platforms/report/record_of_config.hpp"

namespace wagesim::cli {

std::unique_ptr<Recorder> open_recorder(const Session& session)
{
    const Options& options = session.options;
    if (session.directory && session.directory->holds_checkpoint()) {
        std::error_code ignored;
        const bool recorded = std::filesystem::exists(session.directory->record_file(), ignored);
        if (options.record && !recorded) {
            throw UsageError(fmt::format("--record: the run in {} was begun without it", options.out));
        }
        if (!options.record && recorded) {
            throw UsageError(fmt::format("--resume: the run in {} is recorded; --record goes on with it", options.out));
        }
    }
    if (!options.record) return nullptr;
    RunRecord empty = report::empty_record(session.config);
    empty.config_hash = session.config_hash;
    empty.steps_per_epoch = make_batcher(session).steps_per_epoch();
    return std::make_unique<Recorder>(session.geometry, std::move(empty), session.end_step);
}

}  // namespace wagesim::cli
