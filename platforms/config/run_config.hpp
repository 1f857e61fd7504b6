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

#include "platforms/config/config_error.hpp"
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

/// Paths are absolute after loading. Only the members of the format in use are filled.
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

enum class Loss { sse, softmax };

struct TrainingConfig {
    int batch = 0;
    int epochs = 0;
    std::map<int, int> eta;  ///< first epoch -> log2 of the learning rate; key 0 present
    WeightClip weight_clip = WeightClip::kg;
    int gamma = 1;
    Loss loss = Loss::sse;

    /// h in force in an epoch.
    [[nodiscard]] int eta_exponent(std::uint64_t epoch) const;
};

/// Where each key was written, so that a check which needs more than the configuration (the number of images, say) can
/// still blame file, line and column.
class Origins {
public:
    /// `where` is "file:line:col" or "--set"; faults name the key without `mount`, the key of the file's own root
    /// (`network` for a network file), or `root` where nothing is left of it.
    struct Origin {
        std::string where;
        std::string mount;
        std::string root;
    };
    void record(const std::string& key, Origin origin) { origins_[key] = std::move(origin); }
    /// The fault of `key` ("training.batch"), at the key's value or at the nearest map around it that was written.
    [[nodiscard]] ConfigError fault(const std::string& key, const std::string& got, const std::string& allowed) const;

private:
    std::map<std::string, Origin> origins_;
};

struct RunConfig {
    std::string name;
    std::uint64_t seed = 1;
    Network network;
    std::optional<chip::ChipConfig> chip;
    Widths widths;
    DataConfig data;
    TrainingConfig training;
    Origins origins;  ///< not part of the value: neither compared nor printed nor hashed
};

/// Equal in every key, names and paths included.
[[nodiscard]] bool operator==(const RunConfig& x, const RunConfig& y);
[[nodiscard]] inline bool operator!=(const RunConfig& x, const RunConfig& y)
{
    return !(x == y);
}

}  // namespace wagesim::config
