// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A run file, resolved: everything that decides a run's results, as values. The one product of platforms/config.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ref/data/batcher.hpp"
#include "ref/network/network.hpp"
#include "ref/numerics/input_code.hpp"
#include "ref/numerics/widths.hpp"
#include "tlm/chip/chip_config.hpp"

namespace wagesim::config {

enum class DataFormat { idx, cifar10, svhn, npz, folder, synthetic };

struct SyntheticData {
    int count = 0;
    int test_count = 0;
    int classes = 0;
};

/// Paths are absolute after loading.
struct DataConfig {
    DataFormat format = DataFormat::idx;
    std::string train_images, train_labels, test_images, test_labels;  ///< idx
    std::vector<std::string> train, test;                              ///< cifar10
    std::string file;                                                  ///< npz
    SyntheticData synthetic;
    InputRange range = InputRange::unit;
    Augment augment = Augment::none;
    bool shuffle = true;
};

struct TrainingConfig {
    int batch = 0;
    int epochs = 0;
    std::map<int, int> eta;  ///< first epoch -> log2 of the learning rate; key 0 present
    WeightClip weight_clip = WeightClip::kg;
    int gamma = 1;

    /// h in force in an epoch.
    [[nodiscard]] int eta_exponent(std::uint64_t epoch) const;
};

struct RunConfig {
    std::string name;
    std::uint64_t seed = 1;
    Network network;
    std::optional<chip::ChipConfig> chip;
    Widths widths;
    DataConfig data;
    TrainingConfig training;
};

}  // namespace wagesim::config
