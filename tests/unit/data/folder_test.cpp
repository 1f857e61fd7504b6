// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Image folders: which folders are taken, what bytes a batch has, and that no byte depends on threads, order or cache.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "ref/data/batcher.hpp"
#include "ref/data/dataset_loader.hpp"
#include "ref/data/folder_images.hpp"
#include "ref/data/picture.hpp"
#include "ref/numerics/random_words.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/data/data_files.hpp"
#include "tests/unit/data/library_files.hpp"

namespace wagesim {
namespace {

namespace fs = std::filesystem;
using namespace test;  // data_files.hpp, library_files.hpp: every line here makes a file
using ::testing::ElementsAre;
using ::testing::StartsWith;
using Bytes = std::vector<std::uint8_t>;

constexpr DatasetLimits kLimits = {{3, 12, 10}, 10};
constexpr std::size_t kResize = 16;

class Folder : public ::testing::Test {
protected:
    void put(const std::string& name, const std::string& bytes) const
    {
        const fs::path path = dir_.path() / name;
        fs::create_directories(path.parent_path());
        write_bytes(path.string(), bytes);
    }
    void put_png(const std::string& name, unsigned seed) const
    {
        put(name, png_file(16, 16, drawn_pixels(16, 16, 3, seed)));
    }
    /// `classes` classes of `each` images, JPEG and PNG of several sizes in turn, and one test image a class.
    void put_set(unsigned classes, unsigned each) const
    {
        for (unsigned c = 0; c < classes; ++c) {
            const std::string name = "/n" + std::to_string(100 + c) + "/";
            for (unsigned i = 0; i < each; ++i) {
                const unsigned seed = c * each + i;
                const unsigned height = 11 + seed % 9, width = 14 + seed % 7;
                const Bytes pixels = drawn_pixels(height, width, 3, seed);
                if (seed % 2 == 0) {
                    put("train" + name + std::to_string(100 + i) + ".JPEG", jpeg_file(height, width, pixels));
                } else {
                    put("train" + name + std::to_string(100 + i) + ".png", png_file(height, width, pixels));
                }
            }
            put_png("test" + name + "t.png", 1000 + c);
        }
    }
    [[nodiscard]] FolderOptions options(std::size_t cache_bytes = 0) const
    {
        return {dir_.file("train"), dir_.file("test"), kResize, cache_bytes};
    }
    [[nodiscard]] std::string refusal_of(const DatasetLimits& limits = kLimits) const
    {
        return refusal([&] { (void)open_folders(options(), limits); });
    }
    TemporaryDirectory dir_;
};

TEST_F(Folder, ClassesAreNumberedInTheOrderOfTheirNames)
{
    put_png("train/b/2.png", 1);
    put_png("train/b/10.png", 2);
    put_png("train/B/x.PNG", 3);
    put_png("train/a b/y.png", 4);
    put("train/.hidden", "not looked at");
    put("train/b/.DS_Store", "nor this");
    put_png("test/b/1.png", 5);
    const FolderIndex index(dir_.file("train/"));
    EXPECT_THAT(index.classes(), ElementsAre("B", "a b", "b"));
    ASSERT_EQ(index.count(), 4U);
    EXPECT_EQ(index.name(0), "B/x.PNG");
    EXPECT_EQ(index.name(1), "a b/y.png");
    EXPECT_EQ(index.name(2), "b/10.png");
    EXPECT_EQ(index.path(3), dir_.file("train") + "/b/2.png");
    const ImageSources data = open_folders(options(), kLimits);
    EXPECT_THAT(data.train->labels(), ElementsAre(0, 1, 2, 2));
    EXPECT_THAT(data.test->labels(), ElementsAre(2)) << "the number that the class has in training";
}

TEST_F(Folder, WithoutATestSet)
{
    put_png("train/a/1.png", 1);
    FolderOptions one = options();
    one.test.clear();
    const ImageSources data = open_folders(one, kLimits);
    EXPECT_EQ(data.test->count(), 0U);
}

TEST_F(Folder, LinksAreFollowed)
{
    put_png("elsewhere/1.png", 1);
    put_png("single.png", 2);
    fs::create_directories(dir_.path() / "train/b");
    put_png("test/a/1.png", 1);
    fs::create_directory_symlink(dir_.path() / "elsewhere", dir_.path() / "train/a");
    fs::create_symlink(dir_.path() / "single.png", dir_.path() / "train/b/link.png");
    const ImageSources data = open_folders(options(), kLimits);
    EXPECT_THAT(data.train->labels(), ElementsAre(0, 1));
    Bytes image(kResize * kResize * 3);
    EXPECT_NO_THROW(data.train->read(1, image.data()));
}

TEST_F(Folder, RefusesWhatIsNoFolderOfClassFolders)
{
    const std::string train = dir_.file("train");
    const std::string test = dir_.file("test");
    EXPECT_EQ(refusal_of(), train + ": no such folder");
    put("train", "a file");
    EXPECT_EQ(refusal_of(), train + ": got a file, allowed a folder of class folders");
    fs::remove(train);
    fs::create_directory(train);
    EXPECT_EQ(refusal_of(), train + ": got 0 class folders, allowed 1..65536");
    put_png("train/1.png", 1);
    EXPECT_EQ(refusal_of(), train + "/1.png: got a file beside the class folders, allowed class folders alone");
    fs::remove(dir_.path() / "train/1.png");
    fs::create_directory(dir_.path() / "train/a");
    EXPECT_EQ(refusal_of(), train + "/a: got a class folder without images, allowed one or more");
    put("train/a/notes.txt", "text");
    EXPECT_EQ(refusal_of(), train +
                                "/a/notes.txt: got a file of another type in a class folder, allowed .jpg, .jpeg "
                                "and .png files");
    fs::remove(dir_.path() / "train/a/notes.txt");
    put_png("train/a/deeper/1.png", 1);
    EXPECT_EQ(refusal_of(), train + "/a/deeper: got a folder in a class folder, allowed .jpg, .jpeg and .png files");
    fs::remove_all(dir_.path() / "train/a/deeper");
    fs::create_symlink("nowhere", dir_.path() / "train/a/1.png");
    EXPECT_EQ(refusal_of(),
              train + "/a/1.png: got a link to nothing in a class folder, allowed .jpg, .jpeg and .png files");
    fs::remove(dir_.path() / "train/a/1.png");
    put_png("train/a/1.png", 1);
    EXPECT_EQ(refusal_of(), test + ": no such folder");
    put_png("test/b/1.png", 1);
    EXPECT_EQ(refusal_of(),
              test + "/b: got a class without a folder in " + train + ", allowed classes of the training set");
    put_png("train/b/1.png", 1);
    EXPECT_EQ(refusal_of({{3, 12, 10}, 1}), train + ": got 2 class folders, allowed 1..1, the last layer's units");
    EXPECT_NO_THROW((void)open_folders(options(), kLimits));
}

TEST_F(Folder, RefusesLoopsOfLinks)
{
    put_png("train/a/1.png", 1);
    put_png("test/a/1.png", 1);
    fs::create_directory_symlink(dir_.path() / "train", dir_.path() / "train/b");
    EXPECT_EQ(refusal_of(),
              dir_.file("train") + "/b/a: got a folder in a class folder, allowed .jpg, .jpeg and .png files");
    fs::remove(dir_.path() / "train/b");
    fs::create_symlink("b", dir_.path() / "train/b");
    EXPECT_EQ(refusal_of(), dir_.file("train") + "/b: cannot read: Too many levels of symbolic links");
}

/// The input cut out of a stored image by the letter of numerics.md section 8 and docs/data.md.
Bytes cut_literally(const Bytes& stored, std::size_t row, std::size_t column, bool flip)
{
    Bytes out;
    for (std::size_t c = 0; c < 3; ++c) {
        for (std::size_t y = 0; y < kLimits.size.height; ++y) {
            for (std::size_t x = 0; x < kLimits.size.width; ++x) {
                const std::size_t from = flip ? kLimits.size.width - 1 - x : x;
                out.push_back(stored[(c * kResize + y + row) * kResize + from + column]);
            }
        }
    }
    return out;
}

TEST_F(Folder, BytesOfAPngOfTheStoredSizeAreItsPixelsInPlanes)
{
    put_png("train/a/1.png", 7);
    put_png("test/a/1.png", 8);
    const ImageSources data = open_folders(options(), kLimits);
    Bytes image(3 * kResize * kResize);
    data.train->read(0, image.data());
    const Bytes pixels = drawn_pixels(16, 16, 3, 7);
    for (std::size_t i = 0; i < 256; ++i) {
        for (std::size_t c = 0; c < 3; ++c) ASSERT_EQ(image[c * 256 + i], pixels[3 * i + c]);
    }
}

TEST_F(Folder, CropsAndFlipsAreTheDefinition)
{
    put_set(3, 11);
    const ImageSources data = open_folders(options(), kLimits);
    ASSERT_EQ(data.train->count(), 33U);
    std::vector<Bytes> stored(33, Bytes(3 * kResize * kResize));
    for (std::size_t p = 0; p < 33; ++p) data.train->read(p, stored[p].data());
    std::size_t flips = 0;
    for (const Augment augment : {Augment::none, Augment::crop, Augment::crop_flip}) {
        Batcher batcher(*data.train, {8, 9, true, augment});
        for (std::uint64_t step = 0; step < 12; ++step) {
            const BatchView view = batcher.batch(step);
            const numerics::Speck32 words(numerics::stream_key(9, numerics::RandomDomain::augmentation, step / 4, 0));
            const std::vector<std::uint32_t> order = shuffled_order(9, step / 4, 33);
            for (std::size_t i = 0; i < 8; ++i) {
                const std::uint32_t p = order[step % 4 * 8 + i];
                ASSERT_EQ(batcher.positions()[i], p);
                ASSERT_EQ(view.labels[i], p / 11);
                // 16 - 12 + 1 and 16 - 10 + 1 places; floor(4 / 2) and floor(6 / 2) is the centre.
                std::size_t row = 2, column = 3;
                bool flip = false;
                if (augment != Augment::none) {
                    row = numerics::bounded(words.word32(4 * p), 5);
                    column = numerics::bounded(words.word32(4 * p + 1), 7);
                    flip = augment == Augment::crop_flip && words.word32(4 * p + 2) >= 0x80000000U;
                }
                flips += flip ? 1U : 0U;
                const Bytes expected = cut_literally(stored[p], row, column, flip);
                ASSERT_TRUE(std::equal(expected.begin(), expected.end(), view.images + i * expected.size()))
                    << step << " " << i;
            }
        }
    }
    EXPECT_GT(flips, 20U);
    EXPECT_LT(flips, 76U);
}

/// Images and labels of steps, one behind the other.
Bytes batches_of(const ImageSource& source, std::size_t threads, const std::vector<std::uint64_t>& steps)
{
    Batcher batcher(source, {8, 3, true, Augment::crop_flip, threads});
    Bytes out;
    for (const std::uint64_t step : steps) {
        const BatchView view = batcher.batch(step);
        out.insert(out.end(), view.images, view.images + view.samples * kLimits.size.bytes());
        for (std::size_t i = 0; i < view.samples; ++i) out.push_back(static_cast<std::uint8_t>(view.labels[i]));
    }
    return out;
}

TEST_F(Folder, BatchesDoNotDependOnThreadsOrderOrCache)
{
    put_set(4, 10);
    const std::vector<std::uint64_t> steps = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    const Bytes expected = batches_of(*open_folders(options(), kLimits).train, 1, steps);
    ASSERT_EQ(expected.size(), 12 * 8 * (kLimits.size.bytes() + 1));
    for (const std::size_t cache_images : {0U, 7U, 1000U}) {
        for (std::size_t threads = 1; threads <= 4; ++threads) {
            const ImageSources data = open_folders(options(cache_images * 3 * kResize * kResize), kLimits);
            EXPECT_TRUE(batches_of(*data.train, threads, steps) == expected) << cache_images << " " << threads;
        }
    }
    // As a resumed run asks for them, and in no order at all.
    const std::size_t bytes = expected.size() / steps.size();
    const auto part = [&](std::uint64_t step) {
        const auto begin = expected.begin() + static_cast<std::ptrdiff_t>(step * bytes);
        return Bytes(begin, begin + static_cast<std::ptrdiff_t>(bytes));
    };
    const ImageSources data = open_folders(options(), kLimits);
    Bytes rest = part(5);
    const Bytes sixth = part(6);
    rest.insert(rest.end(), sixth.begin(), sixth.end());
    EXPECT_TRUE(batches_of(*data.train, 3, {5, 6}) == rest);
    for (const std::uint64_t step : {11U, 3U, 3U, 0U, 8U}) {
        EXPECT_TRUE(batches_of(*data.train, 2, {step}) == part(step)) << step;
    }
    Batcher batcher(*data.train, {8, 3, true, Augment::crop_flip, 2});
    for (const std::uint64_t step : {4U, 2U, 2U, 9U, 10U, 1U}) {
        const BatchView view = batcher.batch(step);
        EXPECT_TRUE(std::equal(view.images, view.images + 8 * kLimits.size.bytes(), part(step).begin())) << step;
    }
}

TEST_F(Folder, WhatIsCachedIsNotReadAgainAndWhatIsNotIs)
{
    put_png("train/a/1.png", 1);
    put_png("train/a/2.png", 2);
    put_png("test/a/1.png", 3);
    const ImageSources data = open_folders(options(3 * kResize * kResize), kLimits);
    Bytes image(3 * kResize * kResize);
    data.train->read(0, image.data());
    const Bytes first = image;
    data.train->read(1, image.data());
    fs::remove_all(dir_.path() / "train");
    std::fill(image.begin(), image.end(), std::uint8_t{0});
    data.train->read(0, image.data());
    EXPECT_EQ(image, first) << "there is room for one image";
    EXPECT_EQ(refusal([&] { data.train->read(1, image.data()); }), dir_.file("train") + "/a/2.png: no such file");
}

TEST_F(Folder, EvaluationTakesEveryImageOnceAtItsCentre)
{
    put_set(3, 5);
    const ImageSources data = open_folders(options(), kLimits);
    EvaluationBatches batches(*data.train, 4, 2);
    ASSERT_EQ(batches.count(), 4U);
    std::size_t position = 0;
    for (std::uint64_t number = 0; number < 4; ++number) {
        const BatchView view = batches.batch(number);
        ASSERT_EQ(view.samples, number == 3 ? 3U : 4U);
        for (std::size_t i = 0; i < view.samples; ++i, ++position) {
            Bytes stored(3 * kResize * kResize);
            data.train->read(position, stored.data());
            const Bytes expected = cut_literally(stored, 2, 3, false);
            EXPECT_TRUE(std::equal(expected.begin(), expected.end(), view.images + i * expected.size()));
            EXPECT_EQ(view.labels[i], position / 5);
        }
    }
    EXPECT_EQ(position, 15U);
}

TEST_F(Folder, EvaluationPartsMakeTheWholeAndReadNoMore)
{
    put_set(3, 5);
    const ImageSources data = open_folders(options(), kLimits);
    auto copy = std::make_shared<LabelledImages>();
    copy->size = kLimits.size;
    copy->labels = data.train->labels();
    EvaluationBatches whole(*data.train, 4, 1);
    for (std::uint64_t number = 0; number < 4; ++number) {
        const BatchView view = whole.batch(number);
        copy->images.insert(copy->images.end(), view.images, view.images + view.samples * kLimits.size.bytes());
    }
    // The second of two processes: its part is what the first leaves of 4 and of the last 3 images.
    const auto second_half = [](std::size_t samples) {
        const std::size_t first = (samples + 1) / 2;
        return BatchPart{first, samples - first};
    };
    put("train/n100/100.JPEG", "of the first process");
    const MemoryImages memory(copy);
    const ImageSource* const sources[] = {data.train.get(), &memory};
    for (const ImageSource* source : sources) {
        EvaluationBatches batches(*source, 4, 2, second_half);
        for (std::uint64_t number = 0; number < 4; ++number) {
            const BatchView view = batches.batch(number);
            ASSERT_EQ(view.samples, number == 3 ? 1U : 2U);
            const std::size_t first = number * 4 + 2;
            const std::uint8_t* expected = copy->images.data() + first * kLimits.size.bytes();
            EXPECT_TRUE(std::equal(view.images, view.images + view.samples * kLimits.size.bytes(), expected));
            EXPECT_EQ(view.labels[0], copy->labels[first]);
        }
    }
}

TEST_F(Folder, AnImageThatCannotBeDecodedIsNamedWhenItsBatchIsAskedFor)
{
    put_set(4, 8);
    const std::string broken = "train/n102/103.png";
    put(broken, "no image");
    put("train/n103/107.png", "");
    const ImageSources data = open_folders(options(), kLimits);
    for (std::size_t threads = 1; threads <= 4; ++threads) {
        // In data order the two are images 19 and 31.
        Batcher batcher(*data.train, {8, 1, false, Augment::none, threads});
        EXPECT_NO_THROW((void)batcher.batch(0));
        EXPECT_NO_THROW((void)batcher.batch(1)) << "the next batch is under way, and its fault is its own";
        for (int again = 0; again < 2; ++again) {
            EXPECT_EQ(refusal([&] { (void)batcher.batch(2); }),
                      dir_.file(broken) + ": got neither a JPEG nor a PNG image, allowed those");
        }
        EXPECT_EQ(refusal([&] { (void)batcher.batch(3); }),
                  dir_.file("train/n103/107.png") + ": got an empty file, allowed data");
        EXPECT_NO_THROW((void)batcher.batch(4));
        Batcher all(*data.train, {32, 1, false, Augment::none, threads});
        EXPECT_THAT(refusal([&] { (void)all.batch(0); }), StartsWith(dir_.file(broken)))
            << "the first of several, whoever comes to it first";
    }
}

TEST_F(Folder, WithoutMarginACropIsTheWholeImage)
{
    put_set(2, 4);
    FolderOptions whole = options();
    whole.resize = 0;
    const ImageSources data = open_folders(whole, kLimits);
    EXPECT_EQ(data.train->framing().stored, kLimits.size);
    Batcher plain(*data.train, {8, 1, false, Augment::none});
    Batcher cropped(*data.train, {8, 1, false, Augment::crop});
    const BatchView x = plain.batch(0), y = cropped.batch(0);
    EXPECT_TRUE(std::equal(x.images, x.images + 8 * kLimits.size.bytes(), y.images));
}

}  // namespace
}  // namespace wagesim
