// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Damaged files by the hundred, the same ones every time: a reader succeeds or throws DataError, and its memory stays
// small. It knows no right answers; those are in the other tests.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cstdlib>
#include <string>

#include "ref/data/checkpoint.hpp"
#include "ref/data/dataset_loader.hpp"
#include "ref/data/npz.hpp"
#include "ref/data/picture_file.hpp"
#include "ref/numerics/random_words.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/data/data_files.hpp"
#include "tests/unit/data/library_files.hpp"

namespace wagesim {
namespace {

using test::TemporaryDirectory;

/// WAGESIM_FUZZ_ROUNDS asks for longer campaigns than every run of the tests can have.
unsigned rounds()
{
    const char* const asked = std::getenv("WAGESIM_FUZZ_ROUNDS");
    return asked == nullptr ? 500U : static_cast<unsigned>(std::stoul(asked));
}

constexpr long kLargestMemoryKib = 1L << 20;

class Damage {
public:
    explicit Damage(std::uint64_t seed) : state_(seed) {}

    /// One to four bytes changed, or the end cut off, or a part doubled.
    std::string apply(std::string bytes)
    {
        const std::uint64_t kind = below(8);
        if (kind == 0) return bytes.substr(0, below(bytes.size()));
        if (kind == 1) return bytes.insert(below(bytes.size()), bytes.substr(below(bytes.size()), below(64)));
        for (std::uint64_t n = below(4) + 1; n > 0; --n) {
            // Headers are few bytes and decide most, so half of the damage goes to the first or the last 128.
            const std::uint64_t size = bytes.size();
            const std::uint64_t edge = std::min<std::uint64_t>(size, 128);
            const std::uint64_t where = below(4);
            const std::uint64_t at = where == 0 ? below(edge) : where == 1 ? size - 1 - below(edge) : below(size);
            bytes[at] = static_cast<char>(below(3) == 0 ? below(2) * 255
                                                        : static_cast<std::uint64_t>(bytes[at]) ^ 1U << below(8));
        }
        return bytes;
    }

private:
    std::uint64_t below(std::uint64_t n) { return numerics::mix64(state_++) % n; }
    std::uint64_t state_;
};

/// Gives `read` rounds() damaged copies of a file. Anything but DataError comes through and fails the test.
template <class Read>
void expect_no_harm(const std::string& whole, std::uint64_t seed, Read&& read)
{
    const TemporaryDirectory dir;
    const std::string path = dir.file("damaged");
    test::write_bytes(path, whole);
    ASSERT_NO_THROW(read(path));
    Damage damage(seed);
    unsigned refused = 0;
    for (unsigned round = 0; round < rounds(); ++round) {
        test::write_bytes(path, damage.apply(whole));
        try {
            read(path);
        } catch (const DataError&) {
            ++refused;
        }
    }
    EXPECT_GT(refused, rounds() / 50);
    rusage usage{};
    ASSERT_EQ(::getrusage(RUSAGE_SELF, &usage), 0);
    EXPECT_LT(usage.ru_maxrss, kLargestMemoryKib);
}

std::string archive(Compression compression)
{
    const TemporaryDirectory dir;
    NpzWriter writer(dir.file("a.npz"), compression);
    const std::vector<std::uint8_t> images(5 * 4, 9);
    writer.add("train_images", {ElementType::uint8, {5, 1, 2, 2}, images.data()});
    writer.add_vector("train_labels", std::vector<std::int64_t>{0, 1, 2, 3, 4});
    writer.add_text("config", "seed: 1");
    writer.finish();
    return test::read_bytes(dir.file("a.npz"));
}

void read_everything(const std::string& path)
{
    const NpzReader reader(path);
    for (const std::string& name : reader.names()) {
        const NpyArray array = reader.read(name);
        if (array.header.type == NpyType::text) {
            (void)array.text();
        } else if (array.header.type != NpyType::float64) {
            (void)array.values<std::int16_t>();
        }
    }
}

TEST(Fuzz, NpzDeflate)
{
    expect_no_harm(archive(Compression::deflate), 1, read_everything);
}

TEST(Fuzz, NpzStored)
{
    expect_no_harm(archive(Compression::stored), 2, read_everything);
}

TEST(Fuzz, NpzDataset)
{
    expect_no_harm(archive(Compression::stored), 3, [](const std::string& path) {
        DatasetOptions options;
        options.format = DatasetFormat::npz;
        options.file = path;
        (void)load_dataset(options, {{1, 2, 2}, 10});
    });
}

void fuzz_idx(const std::string& images, std::uint64_t seed)
{
    const TemporaryDirectory dir;
    const std::string labels = dir.file("labels");
    test::write_bytes(labels, test::idx_labels(20));
    expect_no_harm(images, seed, [&](const std::string& path) {
        DatasetOptions options;
        options.train_images = path;
        options.train_labels = labels;
        (void)load_dataset(options, {{1, 6, 5}, 10});
    });
}

TEST(Fuzz, IdxPlain)
{
    fuzz_idx(test::idx_images(20, 6, 5), 4);
}

TEST(Fuzz, IdxGzip)
{
    fuzz_idx(test::gzip(test::idx_images(20, 6, 5)), 5);
}

TEST(Fuzz, CifarXz)
{
    expect_no_harm(test::xz(test::cifar_records(3)), 6, [](const std::string& path) {
        DatasetOptions options;
        options.format = DatasetFormat::cifar10;
        options.train = {path};
        (void)load_dataset(options, {{3, 32, 32}, 10});
    });
}

void fuzz_svhn(bool compressed, std::uint64_t seed)
{
    const TemporaryDirectory dir;
    test::write_mat(dir.file("set.mat"), {test::svhn_images(3), test::svhn_labels(3)}, compressed);
    expect_no_harm(test::read_bytes(dir.file("set.mat")), seed, [](const std::string& path) {
        DatasetOptions options;
        options.format = DatasetFormat::svhn;
        options.train = {path};
        (void)load_dataset(options, {{3, 32, 32}, 10});
    });
}

TEST(Fuzz, SvhnPlain)
{
    fuzz_svhn(false, 8);
}

TEST(Fuzz, SvhnCompressed)
{
    fuzz_svhn(true, 9);
}

void fuzz_picture(const std::string& file, std::uint64_t seed)
{
    expect_no_harm(file, seed, [](const std::string& path) {
        std::vector<std::uint8_t> image(3 * 32 * 32);
        resize_to(with_channels(read_picture(path), 3), 32, 32, image.data());
    });
}

TEST(Fuzz, Jpeg)
{
    fuzz_picture(test::jpeg_file(24, 20, test::drawn_pixels(24, 20, 3, 1)), 10);
}

TEST(Fuzz, JpegProgressive)
{
    test::JpegOptions options;
    options.progressive = true;
    fuzz_picture(test::jpeg_file(24, 20, test::drawn_pixels(24, 20, 3, 1), options), 11);
}

TEST(Fuzz, JpegOfFourInks)
{
    test::JpegOptions options;
    options.colour = test::JpegColour::cmyk;
    fuzz_picture(test::jpeg_file(24, 20, test::drawn_pixels(24, 20, 4, 1), options), 12);
}

TEST(Fuzz, Png)
{
    fuzz_picture(test::png_file(24, 20, test::drawn_pixels(24, 20, 3, 1)), 13);
}

TEST(Fuzz, PngInterlacedPalette)
{
    const test::PngOptions options = {test::PngColour::palette, 8, true, test::drawn_pixels(1, 256, 3, 2), {1, 2, 3}};
    fuzz_picture(test::png_file(24, 20, test::drawn_pixels(24, 20, 1, 1), options), 14);
}

TEST(Fuzz, Checkpoint)
{
    const TemporaryDirectory dir;
    Checkpoint checkpoint;
    checkpoint.weights.layers = {Tensor<std::int16_t>({4, 1, 3, 3}), Tensor<std::int16_t>({10, 16})};
    checkpoint.config_hash = "abc";
    checkpoint.epochs = {{0, 1.0, 0.5, 0.5, 10.0}};
    checkpoint.counters = {{"cycles", 12}};
    save_checkpoint(dir.file("c.npz"), checkpoint);
    expect_no_harm(test::read_bytes(dir.file("c.npz")), 7, [](const std::string& path) {
        (void)load_checkpoint(path, {{{4, 1, 3, 3}, {10, 16}}, 127}, "abc");
    });
}

}  // namespace
}  // namespace wagesim
