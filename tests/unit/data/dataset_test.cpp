// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The data-set readers: what they read, and one clear line for each thing that they refuse.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ref/data/dataset_loader.hpp"
#include "ref/data/npz.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/data/data_files.hpp"

namespace wagesim {
namespace {

using namespace test;  // data_files.hpp: every line here makes a file
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr DatasetLimits kIdxLimits = {{1, 3, 4}, 10};
constexpr DatasetLimits kCifarLimits = {{3, 32, 32}, 10};

class DatasetFiles : public ::testing::Test {
protected:
    std::string put(const std::string& name, const std::string& bytes)
    {
        write_bytes(dir_.file(name), bytes);
        return dir_.file(name);
    }
    [[nodiscard]] DatasetOptions idx(const std::string& images, const std::string& labels) const
    {
        DatasetOptions out;
        out.train_images = images;
        out.train_labels = labels;
        return out;
    }
    [[nodiscard]] DatasetOptions cifar(const std::vector<std::string>& train) const
    {
        DatasetOptions out;
        out.format = DatasetFormat::cifar10;
        out.train = train;
        return out;
    }
    [[nodiscard]] DatasetOptions npz(const std::string& file) const
    {
        DatasetOptions out;
        out.format = DatasetFormat::npz;
        out.file = file;
        return out;
    }
    TemporaryDirectory dir_;
};

void expect_images(const LabelledImages& found, std::size_t count, const ImageSize& size)
{
    ASSERT_EQ(found.size, size);
    ASSERT_EQ(found.count(), count);
    ASSERT_EQ(found.images.size(), count * size.bytes());
    for (std::size_t n = 0; n < count; ++n) {
        EXPECT_EQ(found.labels[n], n % 10);
        for (std::size_t j = 0; j < size.bytes(); ++j) {
            ASSERT_EQ(found.images[n * size.bytes() + j], (7 * n + j) & 0xFFU) << n << " " << j;
        }
    }
}

TEST_F(DatasetFiles, IdxPlainAndGzipWhateverTheName)
{
    DatasetOptions options = idx(put("images.gz", idx_images(25, 3, 4)), put("labels", gzip(idx_labels(25))));
    options.test_images = put("test-images", gzip(idx_images(11, 3, 4)));
    options.test_labels = put("test-labels", idx_labels(11));
    const Dataset data = load_dataset(options, kIdxLimits);
    expect_images(data.train, 25, {1, 3, 4});
    expect_images(data.test, 11, {1, 3, 4});
}

TEST_F(DatasetFiles, IdxLargerThanAChunkAndInSeveralGzipMembers)
{
    const std::string whole = idx_images(2000, 32, 32);
    const std::string images = put("images.gz", gzip(whole.substr(0, 999'999)) + gzip(whole.substr(999'999)));
    const Dataset data = load_dataset(idx(images, put("labels", idx_labels(2000))), {{1, 32, 32}, 10});
    expect_images(data.train, 2000, {1, 32, 32});
    EXPECT_EQ(data.test.count(), 0U);
}

TEST_F(DatasetFiles, CifarPlainAndXzInOrder)
{
    const std::string records = cifar_records(30);
    DatasetOptions options =
        cifar({put("a.bin", records.substr(0, 12 * 3073)), put("b.bin.xz", xz(records.substr(12 * 3073)))});
    options.test = {put("test.bin", cifar_records(4))};
    const Dataset data = load_dataset(options, kCifarLimits);
    expect_images(data.train, 30, {3, 32, 32});
    expect_images(data.test, 4, {3, 32, 32});
}

TEST_F(DatasetFiles, NpzWithAndWithoutATestSet)
{
    const std::vector<std::uint8_t> images = {0, 1, 2, 3, 7, 8, 9, 10};
    const std::vector<std::int64_t> labels = {0, 1};
    for (const bool with_test : {false, true}) {
        NpzWriter writer(dir_.file("set.npz"));
        for (const std::string part : {"train", "test"}) {
            if (part == "test" && !with_test) continue;
            writer.add(part + "_images", {ElementType::uint8, {2, 1, 2, 2}, images.data()});
            writer.add_vector(part + "_labels", labels);
        }
        writer.finish();
        const Dataset data = load_dataset(npz(dir_.file("set.npz")), {{1, 2, 2}, 2});
        expect_images(data.train, 2, {1, 2, 2});
        EXPECT_EQ(data.test.count(), with_test ? 2U : 0U);
        EXPECT_EQ(data.test.images, with_test ? images : std::vector<std::uint8_t>{});
    }
}

struct BrokenFile {
    std::string bytes;
    std::string found;  ///< part of the message
};

TEST_F(DatasetFiles, RefusesBrokenIdxImages)
{
    const std::string whole = idx_images(25, 3, 4);
    const std::string packed = gzip(whole);
    const std::string absurd = big_endian(0x803) + big_endian(0xFFFFFFFF) + big_endian(3) + big_endian(4);
    const std::string many = big_endian(0x803) + big_endian(1U << 30U) + big_endian(3) + big_endian(4);
    const std::vector<BrokenFile> table = {
        {"", "got an empty file"},
        {"ab", "got 2 bytes of a header field, allowed 4"},
        {idx_labels(25), "got magic 0x00000801, allowed 0x00000803 (IDX uint8 images)"},
        {big_endian(0xD03) + whole.substr(4), "got magic 0x00000d03"},
        {whole.substr(0, 9), "got 1 bytes of a header field"},
        {whole.substr(0, whole.size() - 1), "got 299 bytes of images, allowed 300"},
        {whole + "x", "got more bytes after the last of the images"},
        {whole.substr(0, 16), "got 0 bytes of images"},
        {idx_images(0, 3, 4), "got 0 images, allowed 1..1073741824"},
        {absurd, "got 4294967295 images, allowed 1..1073741824"},
        {idx_images(25, 4, 3), "got images of 1x4x3, allowed 1x3x4, the network's input"},
        {big_endian(0x803) + big_endian(1) + big_endian(0xFFFFFFFF) + big_endian(0xFFFFFFFF), "4294967295x4294967295"},
        {many, "got 1073741824 images"},
        {packed.substr(0, packed.size() - 1), "truncated gzip data"},
        {packed.substr(0, packed.size() / 2), "truncated gzip data"},
        {packed.substr(0, 5), "truncated gzip data"},
        {packed + "garbage", "corrupt gzip data"},
        {packed.substr(0, 30) + "!!!!!!!!" + packed.substr(38), "corrupt gzip data"},
        {gzip(whole + "x"), "got more bytes after the last of the images"},
        {gzip(gzip(whole)), "got magic 0x1f8b"},
    };
    const std::string labels = put("labels", idx_labels(25));
    for (const BrokenFile& row : table) {
        SCOPED_TRACE(row.found);
        const std::string images = put("images", row.bytes);
        const std::string line = refusal([&] { (void)load_dataset(idx(images, labels), kIdxLimits); });
        if (row.bytes == many) {
            EXPECT_THAT(line, StartsWith(labels + ": got 25 labels, allowed 1073741824"));
            continue;
        }
        EXPECT_THAT(line, StartsWith(images + ": "));
        EXPECT_THAT(line, HasSubstr(row.found));
    }
}

TEST_F(DatasetFiles, RefusesBrokenIdxLabels)
{
    const std::string whole = idx_labels(25);
    std::string wrong = whole;
    wrong.at(8 + 3) = 10;
    const std::vector<BrokenFile> table = {
        {idx_images(25, 3, 4), "got magic 0x00000803, allowed 0x00000801"},
        {idx_labels(24), "got 24 labels, allowed 25, one for each image of "},
        {whole.substr(0, 20), "got 12 bytes of labels, allowed 25"},
        {whole + "x", "got more bytes after the last of the labels"},
        {wrong, "got label 10 of image 3, allowed labels below 10, the last layer's units"},
        {gzip(whole).substr(0, 20), "truncated gzip data"},
    };
    const std::string images = put("images", idx_images(25, 3, 4));
    for (const BrokenFile& row : table) {
        const std::string labels = put("labels", row.bytes);
        const std::string line = refusal([&] { (void)load_dataset(idx(images, labels), kIdxLimits); });
        EXPECT_THAT(line, StartsWith(labels + ": "));
        EXPECT_THAT(line, HasSubstr(row.found));
    }
}

TEST_F(DatasetFiles, RefusesPathsThatAreNoFiles)
{
    const std::string images = put("images", idx_images(25, 3, 4));
    const std::string labels = put("labels", idx_labels(25));
    const std::string none = dir_.file("none");
    const std::string directory = dir_.path().string();
    const auto line = [&](const DatasetOptions& options) {
        return refusal([&] { (void)load_dataset(options, kIdxLimits); });
    };
    EXPECT_EQ(line(idx(none, labels)), none + ": no such file");
    EXPECT_EQ(line(idx(images, none)), none + ": no such file");
    EXPECT_EQ(line(idx(directory, labels)), directory + ": got a directory, allowed a file");
    EXPECT_THAT(line(idx("/dev/zero", labels)), HasSubstr("got a device"));
    EXPECT_EQ(line(npz(none)), none + ": no such file");
    EXPECT_THAT(line(idx(images + "/x", labels)), StartsWith(images + "/x: "));
    DatasetOptions half = idx(images, labels);
    half.test_images = images;
    EXPECT_THAT(line(half), HasSubstr("test images without labels"));
}

TEST_F(DatasetFiles, RefusesBrokenCifarFiles)
{
    const std::string whole = cifar_records(5);
    const std::string packed = xz(whole);
    std::string wrong = whole;
    wrong.at(3 * 3073) = 10;
    const std::vector<BrokenFile> table = {
        {"", "got an empty file"},
        {whole.substr(0, 5 * 3073 - 1), "got 15364 bytes, allowed whole records of 3073"},
        {whole + "x", "got 15366 bytes, allowed whole records"},
        {wrong, "got label 10 of image 3, allowed labels below 10"},
        {packed.substr(0, packed.size() - 1), "truncated xz data"},
        {packed.substr(0, packed.size() / 2), "truncated xz data"},
        {packed + "garbage behind it", "corrupt xz data"},
        {packed.substr(0, 40) + "!!!!!!!!" + packed.substr(48), "corrupt xz data"},
        {xz(""), "got 0 bytes"},
    };
    for (const BrokenFile& row : table) {
        const std::string path = put("batch.bin", row.bytes);
        const std::string line = refusal([&] { (void)load_dataset(cifar({path}), kCifarLimits); });
        EXPECT_THAT(line, StartsWith(path + ": "));
        EXPECT_THAT(line, HasSubstr(row.found));
    }
    const std::string good = put("good.bin", whole);
    EXPECT_THAT(refusal([&] {
                    (void)load_dataset(cifar({good}), {{1, 28, 28}, 10});
                }),
                HasSubstr("got images of 3x32x32, allowed 1x28x28"));
    EXPECT_THAT(refusal([&] {
                    (void)load_dataset(cifar({good}), {{3, 32, 32}, 4});
                }),
                HasSubstr("got label 4 of image 4, allowed labels below 4"));
    EXPECT_THAT(refusal([&] { (void)load_dataset(cifar({}), kCifarLimits); }), HasSubstr("got no files"));
}

TEST_F(DatasetFiles, RefusesASmallCifarFileThatUnpacksToTooMuch)
{
    std::string zeros;
    zeros.resize(10'000'000);
    const std::string stream = xz(zeros);
    std::string bomb;
    for (int i = 0; i < 31; ++i) bomb += stream;
    ASSERT_LT(bomb.size(), 100'000U);
    const std::string path = put("bomb.bin.xz", bomb);
    EXPECT_EQ(refusal([&] { (void)load_dataset(cifar({path}), kCifarLimits); }),
              path + ": got more bytes after 100000 records, allowed none");
}

TEST_F(DatasetFiles, RefusesBrokenNpzSets)
{
    struct Row {
        std::vector<ZipEntry> entries;
        std::string found;
    };
    const ZipEntry images = {"train_images.npy", npy("|u1", "(2, 1, 2, 2)", "abcdefgh")};
    const ZipEntry labels = {"train_labels.npy", npy("|u1", "(2,)", std::string("\0\1", 2))};
    const std::string huge = "(4611686018427387904, 1, 2, 2)";
    const std::vector<Row> table = {
        {{labels}, "entry 'train_images': missing"},
        {{images}, "entry 'train_labels': missing"},
        {{images, labels, {"test_images.npy", images.content}}, "entry 'test_labels': missing"},
        {{{"train_images.npy", npy("|i1", "(2, 1, 2, 2)", "abcdefgh")}, labels}, "got int8 of 2x1x2x2, allowed uint8"},
        {{{"train_images.npy", npy("|u1", "(2, 2, 2)", "abcdefgh")}, labels}, "allowed uint8 of N x C x H x W"},
        {{{"train_images.npy", npy("|u1", "(1, 2, 2, 2)", "abcdefgh")}, labels}, "got images of 2x2x2, allowed 1x2x2"},
        {{{"train_images.npy", npy("|u1", "(0, 1, 2, 2)", "")}, labels}, "got 0 images"},
        {{{"train_images.npy", npy("|u1", huge, "abcdefgh")}, labels}, "2^48"},
        {{{"train_images.npy", npy("|u1", "(70368744177664, 1, 2, 2)", "abcdefgh")}, labels}, "bytes of elements"},
        {{images, {"train_labels.npy", npy("|u1", "(3,)", "abc")}}, "got uint8 of 3, allowed integers of 2"},
        {{images, {"train_labels.npy", npy("|b1", "(2,)", "\1\1")}}, "got bool of 2, allowed integers"},
        {{images, {"train_labels.npy", npy("<f8", "(2,)", std::string(16, '\0'))}}, "got float64 of 2"},
        {{images, {"train_labels.npy", npy("|u1", "(1, 2)", "\1\1")}}, "got uint8 of 1x2"},
        {{images, {"train_labels.npy", npy("|u1", "(2,)", "\1\2")}}, "got label 2 of image 1, allowed labels below 2"},
        {{images, {"train_labels.npy", npy("|i1", "(2,)", "\1\xFF")}}, "got label -1 of image 1, allowed 0..1"},
        {{images, {"train_labels.npy", npy("<i4", "(2,)", std::string("\0\0\0\0\0\0\1\0", 8))}}, "got label 65536"},
    };
    const std::string path = dir_.file("set.npz");
    for (const Row& row : table) {
        write_zip(path, row.entries);
        const std::string line = refusal([&] { (void)load_dataset(npz(path), {{1, 2, 2}, 2}); });
        EXPECT_THAT(line, StartsWith(path + ": entry '"));
        EXPECT_THAT(line, HasSubstr(row.found));
    }
}

DatasetOptions synthetic(std::size_t count, std::size_t test_count, std::size_t classes, std::uint64_t seed)
{
    DatasetOptions out;
    out.format = DatasetFormat::synthetic;
    out.synthetic = {count, test_count, classes, seed};
    return out;
}

TEST(Synthetic, BytesAreThoseOfTheHeadersFormulas)
{
    // Worked out once with a separate program from the text in synthetic.hpp.
    const Dataset data = load_dataset(synthetic(3, 2, 2, 7), {{2, 5, 3}, 10});
    EXPECT_THAT(data.train.labels, ElementsAre(0, 1, 0));
    EXPECT_THAT(data.test.labels, ElementsAre(0, 1));
    const std::vector<std::uint8_t>& train = data.train.images;
    ASSERT_EQ(train.size(), 90U);
    EXPECT_EQ(std::vector<int>(train.begin(), train.begin() + 6), (std::vector<int>{146, 136, 206, 143, 69, 171}));
    EXPECT_EQ(std::vector<int>(train.end() - 6, train.end()), (std::vector<int>{116, 59, 44, 73, 75, 176}));
    EXPECT_EQ(std::vector<int>(data.test.images.end() - 6, data.test.images.end()),
              (std::vector<int>{143, 187, 92, 77, 35, 100}));
}

TEST(Synthetic, DependsOnTheSeedAloneAndALongerSetOnlyGoesOn)
{
    const DatasetLimits limits = {{3, 8, 8}, 10};
    const Dataset once = load_dataset(synthetic(40, 20, 10, 1), limits);
    const Dataset again = load_dataset(synthetic(40, 20, 10, 1), limits);
    const Dataset other = load_dataset(synthetic(40, 20, 10, 2), limits);
    const Dataset longer = load_dataset(synthetic(80, 20, 10, 1), limits);
    EXPECT_EQ(once.train.images, again.train.images);
    EXPECT_EQ(once.test.images, again.test.images);
    EXPECT_NE(once.train.images, other.train.images);
    EXPECT_TRUE(std::equal(once.train.images.begin(), once.train.images.end(), longer.train.images.begin()));
    EXPECT_FALSE(std::equal(once.test.images.begin(), once.test.images.end(), once.train.images.begin()));
}

/// Squared distance of image n to the mean of the first images of a class.
double distance_to(const LabelledImages& images, std::size_t n, const std::vector<double>& mean)
{
    double out = 0.0;
    for (std::size_t j = 0; j < mean.size(); ++j) {
        const double d = images.images[n * mean.size() + j] - mean[j];
        out += d * d;
    }
    return out;
}

TEST(Synthetic, ClassesCanBeLearned)
{
    const Dataset data = load_dataset(synthetic(200, 100, 10, 5), {{1, 12, 12}, 10});
    std::vector<std::vector<double>> means(10, std::vector<double>(144, 0.0));
    for (std::size_t n = 0; n < 200; ++n) {
        for (std::size_t j = 0; j < 144; ++j) means[data.train.labels[n]][j] += data.train.images[n * 144 + j] / 20.0;
    }
    std::size_t right = 0;
    for (std::size_t n = 0; n < 100; ++n) {
        std::size_t best = 0;
        for (std::size_t c = 1; c < 10; ++c) {
            if (distance_to(data.test, n, means[c]) < distance_to(data.test, n, means[best])) best = c;
        }
        right += best == data.test.labels[n] ? 1U : 0U;
    }
    EXPECT_GE(right, 95U);
}

TEST(Synthetic, RefusesCountsAndClassesOutOfRange)
{
    const DatasetLimits limits = {{1, 4, 4}, 10};
    EXPECT_THAT(refusal([&] { (void)load_dataset(synthetic(10, 0, 11, 1), limits); }),
                HasSubstr("got 11 classes, allowed 1..10, the last layer's units"));
    EXPECT_THROW((void)load_dataset(synthetic(0, 0, 10, 1), limits), std::invalid_argument);
    EXPECT_THROW((void)load_dataset(synthetic(10, 0, 0, 1), limits), std::invalid_argument);
}

}  // namespace
}  // namespace wagesim
