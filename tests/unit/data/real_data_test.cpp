// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The original data sets, where they are at hand: Fashion-MNIST from its Debian package, MNIST and CIFAR-10 from the
// directory that WAGESIM_DATA names. Skipped without them.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <numeric>

#include "ref/data/dataset_loader.hpp"

namespace wagesim {
namespace {

constexpr const char* kFashion = "/usr/share/datasets/fashion-mnist";

DatasetOptions mnist_in(const std::string& folder)
{
    DatasetOptions out;
    out.train_images = folder + "/train-images-idx3-ubyte.gz";
    out.train_labels = folder + "/train-labels-idx1-ubyte.gz";
    out.test_images = folder + "/t10k-images-idx3-ubyte.gz";
    out.test_labels = folder + "/t10k-labels-idx1-ubyte.gz";
    return out;
}

/// The directory, or "" where the variable or the directory is missing.
std::string data_folder(const std::string& name)
{
    const char* root = std::getenv("WAGESIM_DATA");
    const std::string folder = root == nullptr ? "" : std::string(root) + "/" + name;
    return std::filesystem::is_directory(folder) ? folder : "";
}

std::vector<std::size_t> images_by_class(const LabelledImages& images)
{
    std::vector<std::size_t> out(10);
    for (const std::uint16_t label : images.labels) ++out.at(label);
    return out;
}

double mean_byte(const LabelledImages& images)
{
    const auto sum = std::accumulate(images.images.begin(), images.images.end(), std::uint64_t{0});
    return static_cast<double>(sum) / static_cast<double>(images.images.size());
}

// The expected means are the published ones of the pixel values: 0.2860, 0.1307, and 0.4914 0.4822 0.4465 by channel.
constexpr double kTolerance = 0.00005 * 255;

TEST(RealData, FashionMnist)
{
    if (!std::filesystem::is_directory(kFashion)) GTEST_SKIP() << "no " << kFashion;
    const Dataset data = load_dataset(mnist_in(kFashion), {{1, 28, 28}, 10});
    EXPECT_EQ(images_by_class(data.train), std::vector<std::size_t>(10, 6000));
    EXPECT_EQ(images_by_class(data.test), std::vector<std::size_t>(10, 1000));
    EXPECT_NEAR(mean_byte(data.train), 0.2860 * 255, kTolerance);
}

TEST(RealData, Mnist)
{
    const std::string folder = data_folder("mnist");
    if (folder.empty()) GTEST_SKIP() << "WAGESIM_DATA names no directory with mnist/";
    const Dataset data = load_dataset(mnist_in(folder), {{1, 28, 28}, 10});
    ASSERT_EQ(data.train.count(), 60'000U);
    EXPECT_EQ(data.test.count(), 10'000U);
    EXPECT_EQ(images_by_class(data.train),
              (std::vector<std::size_t>{5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949}));
    EXPECT_EQ(data.train.labels.front(), 5);
    EXPECT_NEAR(mean_byte(data.train), 0.1307 * 255, kTolerance);
}

TEST(RealData, Cifar10)
{
    const std::string folder = data_folder("cifar10");
    if (folder.empty()) GTEST_SKIP() << "WAGESIM_DATA names no directory with cifar10/";
    DatasetOptions options;
    options.format = DatasetFormat::cifar10;
    for (int i = 1; i <= 5; ++i) options.train.push_back(folder + "/data_batch_" + std::to_string(i) + ".bin.xz");
    options.test = {folder + "/test_batch.bin.xz"};
    const Dataset data = load_dataset(options, {{3, 32, 32}, 10});
    EXPECT_EQ(images_by_class(data.train), std::vector<std::size_t>(10, 5000));
    EXPECT_EQ(images_by_class(data.test), std::vector<std::size_t>(10, 1000));
    EXPECT_EQ(data.train.labels.front(), 6);  // a frog
    for (std::size_t channel = 0; channel < 3; ++channel) {
        std::uint64_t sum = 0;
        for (std::size_t n = 0; n < data.train.count(); ++n) {
            const auto plane = data.train.images.begin() + static_cast<std::ptrdiff_t>((n * 3 + channel) * 1024);
            sum = std::accumulate(plane, plane + 1024, sum);
        }
        constexpr double kMeans[] = {0.4914, 0.4822, 0.4465};
        EXPECT_NEAR(static_cast<double>(sum) / 51'200'000.0, kMeans[channel] * 255, kTolerance) << channel;
    }
}

}  // namespace
}  // namespace wagesim
