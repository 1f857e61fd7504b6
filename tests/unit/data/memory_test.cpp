// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What loading costs in memory: the most that a process had resident, less what it had before, against the bytes of the
// data set. Each measurement has a process of its own, since a peak never falls.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>

#include "ref/data/batcher.hpp"
#include "ref/data/dataset_loader.hpp"
#include "ref/data/npz.hpp"
#include "ref/numerics/random_words.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/data/data_files.hpp"
#include "tests/unit/data/library_files.hpp"

namespace wagesim {
namespace {

using test::TemporaryDirectory;

constexpr std::size_t kMebi = std::size_t{1} << 20U;
/// Decoders' states, and the one chunk that a reader holds besides the data.
constexpr std::size_t kConstant = 48 * kMebi;

std::size_t resident_bytes()
{
    std::ifstream statm("/proc/self/statm");
    std::size_t size = 0, resident = 0;
    statm >> size >> resident;
    return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

/// Growth of the peak while a child process runs `work`; 0 where that failed.
std::size_t peak_growth(const std::function<void()>& work)
{
    int ends[2] = {};
    if (::pipe(ends) != 0) return 0;
    const pid_t child = ::fork();
    if (child == 0) {
        std::size_t growth = 0;
        try {
            const std::size_t before = resident_bytes();
            work();
            rusage usage{};
            ::getrusage(RUSAGE_SELF, &usage);
            growth = static_cast<std::size_t>(usage.ru_maxrss) * 1024 - before;
        } catch (const std::exception& error) {
            std::fprintf(stderr, "%s\n", error.what());
        }
        ::_exit(::write(ends[1], &growth, sizeof(growth)) == sizeof(growth) ? 0 : 1);
    }
    ::close(ends[1]);
    std::size_t growth = 0;
    if (::read(ends[0], &growth, sizeof(growth)) != sizeof(growth)) growth = 0;
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    return growth;
}

void expect_twice_at_most(const DatasetOptions& options, const DatasetLimits& limits, std::size_t bytes)
{
#if defined(__SANITIZE_ADDRESS__)
    GTEST_SKIP() << "AddressSanitizer keeps what is freed";
#endif
    const std::size_t growth = peak_growth([&] {
        const ImageSources data = open_dataset(options, limits);
        if (data.train->count() == 0) throw DataError("no images");
    });
    std::printf("%zu MiB of data, %zu MiB at most\n", bytes / kMebi, growth / kMebi);
    EXPECT_GT(growth, bytes / 10 * 9) << "less than the data set itself: nothing was measured";
    EXPECT_LT(growth, 2 * bytes + kConstant);
}

/// Few different bytes, so that compressed files are quickly made; no two images alike.
std::string noise(std::size_t bytes)
{
    std::string out(bytes, '\0');
    for (std::size_t i = 0; i < bytes; i += 64) out[i] = static_cast<char>(numerics::mix64(i) & 0xFFU);
    return out;
}

TEST(Memory, IdxGzip)
{
    const TemporaryDirectory dir;
    constexpr std::uint32_t kCount = 100'000;
    const std::string images =
        test::idx_images(0, 28, 28).replace(4, 4, test::big_endian(kCount)) + noise(kCount * 784);
    test::write_bytes(dir.file("images"), test::gzip(images));
    test::write_bytes(dir.file("labels"), test::gzip(test::idx_labels(kCount)));
    DatasetOptions options;
    options.train_images = options.test_images = dir.file("images");
    options.train_labels = options.test_labels = dir.file("labels");
    expect_twice_at_most(options, {{1, 28, 28}, 10}, 2 * std::size_t{kCount} * 784);
}

TEST(Memory, Cifar10Xz)
{
    const TemporaryDirectory dir;
    DatasetOptions options;
    options.format = DatasetFormat::cifar10;
    constexpr std::size_t kFiles = 5, kRecords = 10'000;
    const std::string packed = test::xz(std::string(kRecords * 3073, '\1'));
    for (std::size_t i = 0; i < kFiles; ++i) {
        options.train.push_back(dir.file(std::to_string(i)));
        test::write_bytes(options.train.back(), packed);
    }
    expect_twice_at_most(options, {{3, 32, 32}, 10}, kFiles * kRecords * 3072);
}

TEST(Memory, Npz)
{
    const TemporaryDirectory dir;
    constexpr std::size_t kCount = 50'000;
    {
        NpzWriter writer(dir.file("set.npz"));
        const std::string images = noise(kCount * 3072);
        const std::vector<std::size_t> shape = {kCount, 3, 32, 32};
        writer.add("train_images", NpyType::uint8, shape, images.data());
        writer.add_vector("train_labels", std::vector<std::int64_t>(kCount, 3));
        writer.finish();
    }
    DatasetOptions options;
    options.format = DatasetFormat::npz;
    options.file = dir.file("set.npz");
    expect_twice_at_most(options, {{3, 32, 32}, 10}, kCount * 3072);
}

void expect_svhn_twice_at_most(bool compressed)
{
    const TemporaryDirectory dir;
    constexpr std::size_t kCount = 40'000;
    test::write_mat(dir.file("set.mat"), {test::svhn_images(kCount), test::svhn_labels(kCount)}, compressed);
    DatasetOptions options;
    options.format = DatasetFormat::svhn;
    options.train = {dir.file("set.mat"), dir.file("set.mat")};
    expect_twice_at_most(options, {{3, 32, 32}, 10}, 2 * kCount * 3072);
}

TEST(Memory, SvhnCompressed)
{
    expect_svhn_twice_at_most(true);
}

TEST(Memory, SvhnPlain)
{
    expect_svhn_twice_at_most(false);
}

TEST(Memory, Synthetic)
{
    DatasetOptions options;
    options.format = DatasetFormat::synthetic;
    options.synthetic = {40'000, 1000, 10, 1};
    expect_twice_at_most(options, {{3, 32, 32}, 10}, 41'000 * 3072);
}

TEST(Memory, AFolderHoldsItsIndexAndWhatItsCacheMay)
{
    const TemporaryDirectory dir;
    for (const char* part : {"train", "test"}) {
        for (int i = 0; i < 40; ++i) {
            const std::filesystem::path file = dir.path() / part / "a" / (std::to_string(i) + ".png");
            std::filesystem::create_directories(file.parent_path());
            test::write_bytes(file.string(), test::png_file(64, 64, test::drawn_pixels(64, 64, 3, 1)));
        }
    }
    // 40 images of 12 MiB each: 480 MiB in all.
    const std::size_t growth = peak_growth([&] {
        const ImageSources data =
            open_folders({dir.file("train"), dir.file("test"), 2048, 40 * kMebi}, {{3, 2048, 2048}, 10});
        Batcher batcher(*data.train, {2, 1, true, Augment::crop, 2});
        for (std::uint64_t step = 0; step < 20; ++step) (void)batcher.batch(step);
    });
    EXPECT_GT(growth, 40 * kMebi);
#if !defined(__SANITIZE_ADDRESS__)
    EXPECT_LT(growth, 240 * kMebi) << "two batches, two images under way, the cache";
#endif
}

}  // namespace
}  // namespace wagesim
