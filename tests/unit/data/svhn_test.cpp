// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// SVHN's MATLAB files, written by another implementation of the format: what is read, and one clear line for whatever
// is refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "ref/data/dataset_loader.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/data/data_files.hpp"
#include "tests/unit/data/library_files.hpp"

namespace wagesim {
namespace {

using namespace test;  // data_files.hpp, library_files.hpp: every line here makes a file
using ::testing::StartsWith;

constexpr DatasetLimits kLimits = {{3, 32, 32}, 10};

class Svhn : public ::testing::Test {
protected:
    /// X and y of `count` digits as NAME.
    std::string put(const std::string& name, std::size_t count, bool compressed)
    {
        write_mat(dir_.file(name), {svhn_images(count), svhn_labels(count)}, compressed);
        return dir_.file(name);
    }
    [[nodiscard]] static Dataset load(const std::vector<std::string>& train, const std::vector<std::string>& test = {},
                                      const DatasetLimits& limits = kLimits)
    {
        DatasetOptions options;
        options.format = DatasetFormat::svhn;
        options.train = train;
        options.test = test;
        return load_dataset(options, limits);
    }
    [[nodiscard]] std::string refusal_of(const std::vector<MatArray>& arrays, bool compressed = true,
                                         MatVersion version = MatVersion::level5)
    {
        write_mat(file_, arrays, compressed, version);
        return refusal([&] { (void)load({file_}); });
    }
    TemporaryDirectory dir_;
    std::string file_ = dir_.file("set.mat");
};

/// Digits `first` to `last` - 1 of the numbered ones stand from image `at` on.
void expect_digits(const LabelledImages& found, std::size_t at, std::size_t count)
{
    for (std::size_t n = 0; n < count; ++n) {
        ASSERT_EQ(found.labels.at(at + n), n % 10);
        for (std::size_t j = 0; j < 3072; ++j) {
            ASSERT_EQ(found.images.at((at + n) * 3072 + j), (7 * n + j) & 0xFFU) << n << " " << j;
        }
    }
}

TEST_F(Svhn, PlainAndCompressedFilesInOrder)
{
    const Dataset data = load({put("train.mat", 25, true), put("extra.mat", 13, false)}, {put("test.mat", 11, true)});
    ASSERT_EQ(data.train.count(), 38U);
    ASSERT_EQ(data.train.images.size(), 38U * 3072);
    expect_digits(data.train, 0, 25);
    expect_digits(data.train, 25, 13);
    ASSERT_EQ(data.test.count(), 11U);
    expect_digits(data.test, 0, 11);
}

TEST_F(Svhn, VariablesInAnyOrderBesideOthersAndLabelsOfAnyNumericType)
{
    std::vector<std::uint8_t> doubles;
    for (std::size_t n = 0; n < 12; ++n) {
        const double label = n % 10 == 0 ? 10.0 : static_cast<double>(n % 10);
        std::uint8_t bytes[sizeof(double)];
        std::memcpy(bytes, &label, sizeof(double));
        doubles.insert(doubles.end(), bytes, bytes + sizeof(double));
    }
    const MatArray labels = {"y", {12, 1}, MatType::float64, doubles};
    const MatArray text = {"note", {1, 5}, MatType::text, {'h', 'e', 'l', 'l', 'o'}};
    MatArray last = text;
    last.name = "last";
    const MatArray other = {"Xs", {2, 2}, MatType::int16, std::vector<std::uint8_t>(8, 1)};
    for (const bool compressed : {false, true}) {
        write_mat(file_, {text, labels, other, svhn_images(12), last}, compressed);
        expect_digits(load({file_}).train, 0, 12);
    }
}

TEST_F(Svhn, OneImageWhoseLastExtentMatlabDrops)
{
    MatArray image = svhn_images(1);
    image.extents.pop_back();
    write_mat(file_, {image, svhn_labels(1)}, true);
    expect_digits(load({file_}).train, 0, 1);
}

TEST_F(Svhn, RefusesWhatIsNoSetOfDigits)
{
    const auto images = [](std::size_t count) { return svhn_images(count); };
    const auto labels = [](std::size_t n, std::uint8_t label) {
        MatArray out = svhn_labels(12);
        out.bytes.at(n) = label;
        return out;
    };
    MatArray turned = images(12);
    turned.extents = {12, 3, 32, 32};
    MatArray flat = images(12);
    flat.extents = {3072, 12};
    MatArray wide = images(12);
    wide.type = MatType::int16;
    wide.extents[3] = 6;
    MatArray row = svhn_labels(12);
    row.extents = {1, 12};
    MatArray renamed = images(12);
    renamed.name = "x";
    const MatArray half = {"y", {1, 1}, MatType::float64, {0, 0, 0, 0, 0, 0, 0xF8, 0x3F}};
    const MatArray text = {"y", {1, 12}, MatType::text, std::vector<std::uint8_t>(12, 'a')};
    const std::string x = file_ + ": variable 'X': ";
    const std::string y = file_ + ": variable 'y': ";
    EXPECT_EQ(refusal_of({svhn_labels(12)}), x + "missing");
    EXPECT_EQ(refusal_of({renamed, svhn_labels(12)}), x + "missing");
    EXPECT_EQ(refusal_of({images(12)}), y + "missing");
    EXPECT_EQ(refusal_of({turned, svhn_labels(12)}), x + "got uint8 of 12x3x32x32, allowed uint8 of 32x32x3xN");
    EXPECT_EQ(refusal_of({flat, svhn_labels(12)}), x + "got uint8 of 3072x12, allowed uint8 of 32x32x3xN");
    EXPECT_EQ(refusal_of({wide, svhn_labels(12)}), x + "got int16 of 32x32x3x6, allowed uint8 of 32x32x3xN");
    EXPECT_EQ(refusal_of({images(12), svhn_labels(11)}), y + "got 11 labels, allowed 12, one for each image");
    EXPECT_EQ(refusal_of({images(12), row}), y + "got uint8 of 1x12, allowed numbers of Nx1");
    EXPECT_EQ(refusal_of({images(12), text}), y + "got char of 1x12, allowed numbers of Nx1");
    EXPECT_EQ(refusal_of({images(12), labels(3, 0)}),
              y + "got label 0 of image 3, allowed 1..10, where 10 is the digit 0");
    EXPECT_EQ(refusal_of({images(12), labels(3, 11)}),
              y + "got label 11 of image 3, allowed 1..10, where 10 is the digit 0");
    EXPECT_EQ(refusal_of({images(1), half}), y + "got label 1.5 of image 0, allowed 1..10, where 10 is the digit 0");
}

TEST_F(Svhn, RefusesAVariableThatIsThereTwice)
{
    write_mat(file_, {svhn_images(2)}, false);
    const std::string images = read_bytes(file_);
    write_mat(dir_.file("y.mat"), {svhn_labels(2)}, true);
    const std::string labels = read_bytes(dir_.file("y.mat")).substr(128);
    write_bytes(file_, images + images.substr(128) + labels);
    EXPECT_EQ(refusal([&] { (void)load({file_}); }), file_ + ": variable 'X': got it twice, allowed once");
    write_bytes(file_, images + labels + labels);
    EXPECT_EQ(refusal([&] { (void)load({file_}); }), file_ + ": variable 'y': got it twice, allowed once");
}

TEST_F(Svhn, RefusesOtherNetworks)
{
    const std::string path = put("train.mat", 12, true);
    EXPECT_EQ(refusal([&] {
                  (void)load({path}, {}, {{1, 28, 28}, 10});
              }),
              path + ": got images of 3x32x32, allowed 1x28x28, the network's input");
    EXPECT_EQ(refusal([&] {
                  (void)load({path}, {}, {{3, 32, 32}, 9});
              }),
              path + ": variable 'y': got label 9 of image 9, allowed labels below 9, the last layer's units");
}

TEST_F(Svhn, RefusesOtherVersionsOfTheFormat)
{
    const std::string allowed_hdf5 =
        ": got a MATLAB 7.3 file (HDF5), allowed MATLAB level 5, which save -v7 and -v6 write";
    const std::string allowed = ": got no MATLAB level 5 file, allowed those that save -v7 and -v6 write";
    EXPECT_EQ(refusal_of({svhn_images(3), svhn_labels(3)}, true, MatVersion::level7_3), file_ + allowed_hdf5);
    const MatArray matrix = {"y", {2, 2}, MatType::float64, std::vector<std::uint8_t>(32)};
    EXPECT_EQ(refusal_of({matrix}, false, MatVersion::level4), file_ + allowed);
    std::string bytes = read_bytes(put("whole.mat", 3, false));
    bytes[126] = 'M';
    bytes[127] = 'I';
    bytes[124] = 1;
    bytes[125] = 0;
    write_bytes(file_, bytes);
    EXPECT_EQ(refusal([&] { (void)load({file_}); }), file_ + ": got a big-endian MATLAB file, allowed little-endian");
    for (const std::string& other : {std::string("these are no digits\n"), std::string(5000, 'x'), idx_labels(200)}) {
        write_bytes(file_, other);
        EXPECT_EQ(refusal([&] { (void)load({file_}); }), file_ + allowed);
    }
    EXPECT_EQ(refusal([&] { (void)load({dir_.file("none")}); }), dir_.file("none") + ": no such file");
    EXPECT_EQ(refusal([&] { (void)load({}); }), "svhn: got no files, allowed one or more");
}

TEST_F(Svhn, RefusesAFileCutOffAnywhere)
{
    for (const bool compressed : {false, true}) {
        const std::string whole = read_bytes(put("whole.mat", 20, compressed));
        std::size_t cuts = 0;
        for (std::size_t part = 0; part < 50; ++part) {
            for (const std::size_t more : {0U, 1U, 7U}) {
                const std::size_t bytes = whole.size() * part / 50 + more;
                write_bytes(file_, whole.substr(0, bytes));
                EXPECT_THAT(refusal([&] { (void)load({file_}); }), StartsWith(file_ + ": ")) << bytes;
                ++cuts;
            }
        }
        EXPECT_EQ(cuts, 150U);
        write_bytes(file_, whole.substr(0, whole.size() - 1));
        EXPECT_NE(refusal([&] { (void)load({file_}); }), "");
        write_bytes(file_, whole + "x");
        EXPECT_EQ(refusal([&] { (void)load({file_}); }), file_ + ": got 1 bytes of a tag, allowed 8");
    }
}

TEST_F(Svhn, NamesWhatIsCutOffOrDamaged)
{
    const std::string plain = read_bytes(put("plain.mat", 20, false));
    write_bytes(file_, plain.substr(0, 10'000));
    EXPECT_EQ(refusal([&] { (void)load({file_}); }), file_ + ": variable 'X': truncated: the file ends within it");
    std::string packed = read_bytes(put("packed.mat", 20, true));
    write_bytes(file_, packed.substr(0, packed.size() / 2));
    EXPECT_EQ(refusal([&] { (void)load({file_}); }), file_ + ": truncated: the file ends within it");
    packed.back() = static_cast<char>(~packed.back());  // of the checksum
    write_bytes(file_, packed);
    EXPECT_EQ(refusal([&] { (void)load({file_}); }), file_ + ": variable 'y': corrupt zlib data");
}

}  // namespace
}  // namespace wagesim
