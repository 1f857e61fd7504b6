// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A command line carried out as far as all commands do alike: configuration read, folder checked, data and weights
// loaded. Nothing has been written yet.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "platforms/cli/options.hpp"
#include "platforms/cli/ranks.hpp"
#include "platforms/cli/run_directory.hpp"
#include "platforms/config/run_config.hpp"
#include "platforms/verify/rtl_library.hpp"
#include "ref/data/batch_loader.hpp"
#include "ref/data/batcher.hpp"
#include "ref/data/checkpoint.hpp"
#include "ref/data/image_source.hpp"
#include "ref/network/layer_geometry.hpp"

namespace wagesim::cli {

struct Session {
    const Options& options;
    config::RunConfig config;
    std::string config_hash;
    ImageSources data;
    std::vector<LayerGeometry> geometry;
    StoredWeightRules weight_rules;
    std::optional<Weights> initial_weights;   ///< --weights; rank 0's
    std::uint64_t end_step = 0;               ///< training ends before this one, by configuration or --steps
    std::unique_ptr<RunDirectory> directory;  ///< none without --out, and none on other ranks than 0
    Ranks ranks;
    std::shared_ptr<verify::RtlLibrary> rtl_library;  ///< none without --rtl-library
    std::string rtl_library_sha256;                   ///< of its file when it was loaded
};

/// The run file with everything that the command line changes in it. Throws ConfigError.
[[nodiscard]] config::RunConfig load_config(const Options& options);

/// Everything that can be refused before the work begins is refused here. Throws ConfigError, UsageError, DataError.
/// Keeps a reference to `options`. Not collective: what one rank refuses the others may have taken.
[[nodiscard]] Session open_session(const Options& options, const Ranks& ranks = {});

/// This rank's share of each batch. Keeps a reference to the session's data.
[[nodiscard]] Batcher make_batcher(const Session& session);

/// The test images, as many at a time as a training batch has, and of them this rank's part. Keeps a reference to the
/// session's data.
[[nodiscard]] EvaluationBatches make_evaluation_batches(const Session& session);

}  // namespace wagesim::cli
