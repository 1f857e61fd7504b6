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
#include "ref/network/layer_geometry.hpp"
#include "ref/network/loss.hpp"
#include "ref/network/network.hpp"
#include "ref/numerics/input_code.hpp"
#include "ref/numerics/widths.hpp"
#include "tlm/chip/chip_config.hpp"
#include "tlm/energy/activity_factors.hpp"
#include "tlm/energy/technology.hpp"

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
    std::vector<std::string> train, test;                              ///< cifar10, svhn
    std::string file;                                                  ///< npz
    std::string train_folder, test_folder;                             ///< folder
    std::optional<int> resize;                                         ///< folder; none: the network's input
    int cache_mib = 1024;                                              ///< folder; no result depends on it
    SyntheticData synthetic;
    InputRange range = InputRange::unit;
    Augment augment = Augment::none;
    bool shuffle = true;
};

/// Which operands stay in float32: their widths then mean nothing and keep their defaults. Any of them makes the run a
/// float companion, which always has float gradients.
struct FloatOperands {
    bool w = false, a = false, g = false, e = false;

    [[nodiscard]] constexpr bool any() const noexcept { return w || a || g || e; }
    friend constexpr bool operator==(const FloatOperands& x, const FloatOperands& y) noexcept
    {
        return x.w == y.w && x.a == y.a && x.g == y.g && x.e == y.e;
    }
};

/// What only float companions have.
struct FloatTraining {
    std::map<int, double> learning_rate;  ///< first epoch -> learning rate, instead of eta; empty, or with the key 0
    double momentum = 0.0;
    bool nesterov = false;
    double weight_decay = 0.0;
    bool batch_norm = false;
};

struct TrainingConfig {
    int batch = 0;
    int epochs = 0;
    std::map<int, int>
        eta;  ///< first epoch -> log2 of the learning rate; key 0 present, unless a learning_rate is given
    FloatTraining floating;
    WeightClip weight_clip = WeightClip::kg;
    int gamma = 1;
    Loss loss = Loss::sse;

    /// h in force in an epoch; 0 for runs with a learning_rate.
    [[nodiscard]] int eta_exponent(std::uint64_t epoch) const;
    /// learning_rate in force, or 2^h.
    [[nodiscard]] double learning_rate(std::uint64_t epoch) const;
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
    std::optional<chip::Technology> technology;  ///< what the chip's technology file says, where it names one
    chip::Activity activity;                     ///< likewise its file of recorded activity; empty without one
    Widths widths;
    FloatOperands floats;
    DataConfig data;
    TrainingConfig training;
    Origins origins;  ///< not part of the value: neither compared nor printed nor hashed
};

/// Every layer's geometry. Weights in float32 have no Eq. 7: their alpha is 1 unless a layer says otherwise. Throws as
/// make_geometry does.
[[nodiscard]] std::vector<LayerGeometry> geometry_of(const RunConfig& config);

/// The first width that is float, as a fault at its place: what a command that has integers only says.
[[nodiscard]] ConfigError float_fault(const RunConfig& config, const std::string& reason);

/// Equal in every key, names and paths included.
[[nodiscard]] bool operator==(const RunConfig& x, const RunConfig& y);
[[nodiscard]] inline bool operator!=(const RunConfig& x, const RunConfig& y)
{
    return !(x == y);
}

}  // namespace wagesim::config
