// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A run file with image folders or digits beside it, small enough to train in seconds.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/system/wagesim_command.hpp"
#include "tests/unit/data/data_files.hpp"
#include "tests/unit/data/library_files.hpp"

namespace wagesim::test {

inline constexpr const char* kFolderRun = R"(name: folder
network:
  name: tiny
  input: {channels: 3, height: 12, width: 12}
  layers:
    - conv: {filters: 4, kernel: 3, pool: 2}
    - dense: {units: 4}
data: {format: folder, train: train, test: test, resize: 16, range: symmetric, augment: crop_flip}
training: {batch: 8, epochs: 4, eta: {0: 0}}
)";

/// A folder with a run file and its data beside it.
class DataPlace {
public:
    explicit DataPlace(const char* run) { write_text(folder_.path() / "run.yaml", run); }

    [[nodiscard]] std::string operator/(const std::string& name) const { return folder_ / name; }
    void put(const std::string& name, const std::string& bytes) const
    {
        const std::filesystem::path path = folder_.path() / name;
        std::filesystem::create_directories(path.parent_path());
        write_bytes(path.string(), bytes);
    }
    /// Four classes that differ in colour, JPEG and PNG in turn.
    void put_images(unsigned each) const
    {
        for (const char* part : {"train/", "test/"}) {
            for (unsigned c = 0; c < 4; ++c) {
                for (unsigned i = 0; i < each; ++i) {
                    const unsigned height = 15 + i % 5, width = 13 + i % 7;
                    std::vector<std::uint8_t> pixels = drawn_pixels(height, width, 3, i);
                    for (std::size_t at = c % 3; at < pixels.size(); at += 3) {
                        pixels[at] = static_cast<std::uint8_t>(c == 3 ? 0 : 255);
                    }
                    const std::string name = std::string(part) + "class" + std::to_string(c) + "/" + std::to_string(i);
                    if (i % 2 == 0) {
                        put(name + ".jpg", jpeg_file(height, width, pixels));
                    } else {
                        put(name + ".png", png_file(height, width, pixels));
                    }
                }
            }
        }
    }
    void put_digits() const
    {
        write_mat(*this / "train.mat", {svhn_images(60), svhn_labels(60)}, true);
        write_mat(*this / "extra.mat", {svhn_images(45), svhn_labels(45)}, false);
        write_mat(*this / "test.mat", {svhn_images(30), svhn_labels(30)}, true);
    }
    [[nodiscard]] std::vector<std::string> arguments(const std::string& command,
                                                     const std::vector<std::string>& more = {}) const
    {
        std::vector<std::string> all = {command, "-c", *this / "run.yaml"};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }
    [[nodiscard]] CommandResult run(const std::string& command, const std::vector<std::string>& more = {},
                                    const std::vector<std::string>& environment = {}) const
    {
        return wagesim(arguments(command, more), environment);
    }

private:
    TemporaryFolder folder_;
};

}  // namespace wagesim::test
