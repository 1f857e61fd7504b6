// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Data, weights and checkpoints that cannot be used: exit status 3, one line that names the file, and nothing left in
// the run's folder. What each reader refuses in detail is tested beside the readers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "tests/system/wagesim_command.hpp"
#include "tests/unit/data/data_files.hpp"

namespace wagesim::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using Arguments = std::vector<std::string>;

constexpr const char* kIdxRun = R"(name: broken
network: {name: dense, input: {channels: 1, height: 6, width: 6}, layers: [{dense: {units: 10}}]}
data: {format: idx, train_images: images, train_labels: labels, test_images: test_images, test_labels: test_labels,
       range: unit}
training: {batch: 4, epochs: 1, eta: {0: 0}}
)";

constexpr const char* kCifarRun = R"(name: broken
network: {name: dense, input: {channels: 3, height: 32, width: 32}, layers: [{dense: {units: 10}}]}
data: {format: cifar10, train: [train.bin], test: [test.bin], range: symmetric}
training: {batch: 4, epochs: 1, eta: {0: 0}}
)";

constexpr const char* kNpzRun = R"(name: broken
network: {name: dense, input: {channels: 1, height: 2, width: 2}, layers: [{dense: {units: 10}}]}
data: {format: npz, file: data.npz, range: unit}
training: {batch: 2, epochs: 1, eta: {0: 0}}
)";

/// A folder with a run file and whole data beside it, for one case to break.
class Workplace {
public:
    Workplace(const char* run) { put("run.yaml", run); }

    void put(const std::string& name, const std::string& bytes) const { write_bytes(folder_ / name, bytes); }
    void remove(const std::string& name) const { fs::remove_all(folder_.path() / name); }
    void make_folder(const std::string& name) const { fs::create_directory(folder_.path() / name); }
    void put_idx() const
    {
        put("images", idx_images(12, 6, 6));
        put("labels", idx_labels(12));
        put("test_images", idx_images(8, 6, 6));
        put("test_labels", idx_labels(8));
    }
    void put_cifar() const
    {
        put("train.bin", cifar_records(8));
        put("test.bin", cifar_records(4));
    }
    void put_npz(const std::vector<ZipEntry>& entries) const { write_zip(folder_ / "data.npz", entries); }

    [[nodiscard]] std::string operator/(const std::string& name) const { return folder_ / name; }
    [[nodiscard]] CommandResult train(const Arguments& more = {}) const
    {
        Arguments all = {"train", "-c", folder_ / "run.yaml", "--quiet"};
        all.insert(all.end(), more.begin(), more.end());
        return wagesim(all);
    }

private:
    TemporaryFolder folder_;
};

void expect_refused(const CommandResult& result, const std::string& blamed)
{
    EXPECT_EQ(result.status, 3);
    EXPECT_EQ(result.out, "");
    ASSERT_EQ(result.error_lines().size(), 1U) << result.err;
    EXPECT_THAT(result.err, HasSubstr(blamed));
}

struct BrokenData {
    std::string name;
    std::string blamed;  ///< named in the line
    std::function<void(const Workplace&)> damage;
};

void PrintTo(const BrokenData& broken, std::ostream* out)
{
    *out << broken.name;
}

class BrokenIdx : public ::testing::TestWithParam<BrokenData> {};

TEST_P(BrokenIdx, EndsWithThreeAndLeavesNothing)
{
    const Workplace place(kIdxRun);
    place.put_idx();
    ASSERT_EQ(place.train().status, 0);
    GetParam().damage(place);
    expect_refused(place.train({"--out", place / "out"}), GetParam().blamed);
    EXPECT_FALSE(fs::exists(place / "out"));
}

std::string with_first_label(std::uint32_t count, char label)
{
    std::string labels = idx_labels(count);
    labels[8] = label;
    return labels;
}

INSTANTIATE_TEST_SUITE_P(
    Data, BrokenIdx,
    ::testing::ValuesIn(std::vector<BrokenData>{
        {"images_missing", "images", [](const auto& place) { place.remove("images"); }},
        {"labels_missing", "labels", [](const auto& place) { place.remove("labels"); }},
        {"test_labels_missing", "test_labels", [](const auto& place) { place.remove("test_labels"); }},
        {"images_folder", "images",
         [](const auto& place) {
             place.remove("images");
             place.make_folder("images");
         }},
        {"images_empty", "images", [](const auto& place) { place.put("images", ""); }},
        {"labels_empty", "labels", [](const auto& place) { place.put("labels", ""); }},
        {"images_wrong_magic", "images", [](const auto& place) { place.put("images", idx_labels(12)); }},
        {"labels_wrong_magic", "labels", [](const auto& place) { place.put("labels", idx_images(12, 6, 6)); }},
        {"images_text", "images", [](const auto& place) { place.put("images", "these are no images\n"); }},
        {"images_header_cut", "images",
         [](const auto& place) { place.put("images", idx_images(12, 6, 6).substr(0, 10)); }},
        {"images_body_cut", "images",
         [](const auto& place) { place.put("images", idx_images(12, 6, 6).substr(0, 100)); }},
        {"images_too_long", "images", [](const auto& place) { place.put("images", idx_images(12, 6, 6) + "x"); }},
        {"images_gzip_cut", "images",
         [](const auto& place) {
             const std::string packed = gzip(idx_images(12, 6, 6));
             place.put("images", packed.substr(0, packed.size() - 12));
         }},
        {"images_gzip_corrupt", "images",
         [](const auto& place) {
             std::string packed = gzip(idx_images(12, 6, 6));
             packed[packed.size() / 2] = static_cast<char>(~packed[packed.size() / 2]);
             place.put("images", packed);
         }},
        {"images_of_another_size", "images", [](const auto& place) { place.put("images", idx_images(12, 5, 6)); }},
        {"test_images_of_another_size", "test_images",
         [](const auto& place) { place.put("test_images", idx_images(8, 28, 28)); }},
        {"no_images", "images",
         [](const auto& place) {
             place.put("images", idx_images(0, 6, 6));
             place.put("labels", idx_labels(0));
         }},
        {"fewer_labels_than_images", "labels", [](const auto& place) { place.put("labels", idx_labels(11)); }},
        {"more_labels_than_images", "labels", [](const auto& place) { place.put("labels", idx_labels(13)); }},
        {"label_above_the_units", "labels", [](const auto& place) { place.put("labels", with_first_label(12, 10)); }},
        {"test_label_above_the_units", "test_labels",
         [](const auto& place) { place.put("test_labels", with_first_label(8, '\xff')); }},
    }),
    [](const auto& one) { return one.param.name; });

class BrokenCifar : public ::testing::TestWithParam<BrokenData> {};

TEST_P(BrokenCifar, EndsWithThreeAndLeavesNothing)
{
    const Workplace place(kCifarRun);
    place.put_cifar();
    ASSERT_EQ(place.train().status, 0);
    GetParam().damage(place);
    expect_refused(place.train({"--out", place / "out"}), GetParam().blamed);
    EXPECT_FALSE(fs::exists(place / "out"));
}

INSTANTIATE_TEST_SUITE_P(Data, BrokenCifar,
                         ::testing::ValuesIn(std::vector<BrokenData>{
                             {"missing", "train.bin", [](const auto& place) { place.remove("train.bin"); }},
                             {"empty", "test.bin", [](const auto& place) { place.put("test.bin", ""); }},
                             {"record_cut", "train.bin",
                              [](const auto& place) {
                                  place.put("train.bin", cifar_records(8).substr(0, 8 * 3073 - 1));
                              }},
                             {"label_above_the_units", "train.bin",
                              [](const auto& place) { place.put("train.bin", '\x0a' + cifar_records(8).substr(1)); }},
                             {"xz_cut", "train.bin",
                              [](const auto& place) {
                                  const std::string packed = xz(cifar_records(8));
                                  place.put("train.bin", packed.substr(0, packed.size() - 20));
                              }},
                         }),
                         [](const auto& one) { return one.param.name; });

class BrokenNpz : public ::testing::TestWithParam<BrokenData> {};

const std::string& npz_images()
{
    static const std::string file = npy("|u1", "(3, 1, 2, 2)", std::string(12, '\x11'));
    return file;
}
const std::string& npz_labels()
{
    static const std::string file = npy("|i1", "(3,)", std::string("\x00\x01\x02", 3));
    return file;
}

TEST_P(BrokenNpz, EndsWithThreeAndLeavesNothing)
{
    const Workplace place(kNpzRun);
    place.put_npz({{"train_images.npy", npz_images()}, {"train_labels.npy", npz_labels()}});
    ASSERT_EQ(place.train().status, 0);
    GetParam().damage(place);
    expect_refused(place.train({"--out", place / "out"}), "data.npz");
    EXPECT_FALSE(fs::exists(place / "out"));
}

INSTANTIATE_TEST_SUITE_P(
    Data, BrokenNpz,
    ::testing::ValuesIn(std::vector<BrokenData>{
        {"missing", "", [](const auto& place) { place.remove("data.npz"); }},
        {"no_archive", "", [](const auto& place) { place.put("data.npz", "no archive\n"); }},
        {"cut", "", [](const auto& place) { place.put("data.npz", read_text(place / "data.npz").substr(0, 150)); }},
        {"no_labels", "",
         [](const auto& place) {
             place.put_npz({{"train_images.npy", npz_images()}});
         }},
        {"float_images", "",
         [](const auto& place) {
             place.put_npz({{"train_images.npy", npy("<f4", "(3, 1, 2, 2)", std::string(48, '\x00'))},
                            {"train_labels.npy", npz_labels()}});
         }},
        {"images_of_another_shape", "",
         [](const auto& place) {
             place.put_npz({{"train_images.npy", npy("|u1", "(3, 4)", std::string(12, '\x11'))},
                            {"train_labels.npy", npz_labels()}});
         }},
        {"negative_label", "",
         [](const auto& place) {
             place.put_npz({{"train_images.npy", npz_images()},
                            {"train_labels.npy", npy("|i1", "(3,)", std::string("\x00\xff\x02", 3))}});
         }},
        {"test_images_without_labels", "",
         [](const auto& place) {
             place.put_npz({{"train_images.npy", npz_images()},
                            {"train_labels.npy", npz_labels()},
                            {"test_images.npy", npz_images()}});
         }},
    }),
    [](const auto& one) { return one.param.name; });

struct BrokenFile {
    std::string name;
    std::function<void(const TinyRun&, const std::string& file)> damage;
};

void PrintTo(const BrokenFile& broken, std::ostream* out)
{
    *out << broken.name;
}

void cut_in_half(const TinyRun& /*tiny*/, const std::string& file)
{
    const std::string whole = read_text(file);
    write_text(file, whole.substr(0, whole.size() / 2));
}

void flip_in_the_middle(const TinyRun& /*tiny*/, const std::string& file)
{
    std::string whole = read_text(file);
    for (std::size_t i = whole.size() / 2; i < whole.size() / 2 + 16; ++i) whole[i] = static_cast<char>(~whole[i]);
    write_text(file, whole);
}

void make_empty(const TinyRun& /*tiny*/, const std::string& file)
{
    write_text(file, "");
}

void make_text(const TinyRun& /*tiny*/, const std::string& file)
{
    write_text(file, "no archive\n");
}

void make_folder(const TinyRun& /*tiny*/, const std::string& file)
{
    fs::remove(file);
    fs::create_directory(file);
}

void remove_file(const TinyRun& /*tiny*/, const std::string& file)
{
    fs::remove(file);
}

/// Those of a network without the convolution.
void take_another_networks(const TinyRun& tiny, const std::string& file)
{
    const CommandResult other = tiny.run("train", {"--quiet", "--steps", "0", "--out", tiny / "other", "--set",
                                                   "network.layers=[{dense: {units: 10}}]"});
    ASSERT_EQ(other.status, 0) << other.err;
    fs::copy_file(fs::path(tiny / "other") / fs::path(file).filename(), file, fs::copy_options::overwrite_existing);
}

/// Of 12 bits, where 8 are stored.
void take_wider_weights(const TinyRun& tiny, const std::string& file)
{
    const CommandResult other =
        tiny.run("train", {"--quiet", "--steps", "0", "--out", tiny / "other", "--set", "widths.g=12"});
    ASSERT_EQ(other.status, 0) << other.err;
    fs::copy_file(fs::path(tiny / "other") / fs::path(file).filename(), file, fs::copy_options::overwrite_existing);
}

class BrokenWeights : public ::testing::TestWithParam<BrokenFile> {};

TEST_P(BrokenWeights, EndWithThreeAndLeaveNothing)
{
    const TinyRun tiny;
    ASSERT_EQ(tiny.run("train", {"--quiet", "--out", tiny / "run"}).status, 0);
    const std::string file = tiny / "run/weights.npz";
    GetParam().damage(tiny, file);
    expect_refused(tiny.run("train", {"--weights", file, "--out", tiny / "out"}), "weights.npz");
    expect_refused(tiny.run("infer", {"--weights", file, "--out", tiny / "out"}), "weights.npz");
    EXPECT_FALSE(fs::exists(tiny / "out"));
}

INSTANTIATE_TEST_SUITE_P(Weights, BrokenWeights,
                         ::testing::ValuesIn(std::vector<BrokenFile>{{"missing", remove_file},
                                                                     {"empty", make_empty},
                                                                     {"text", make_text},
                                                                     {"folder", make_folder},
                                                                     {"cut", cut_in_half},
                                                                     {"corrupt", flip_in_the_middle},
                                                                     {"of_another_network", take_another_networks},
                                                                     {"too_wide", take_wider_weights}}),
                         [](const auto& one) { return one.param.name; });

class BrokenCheckpoint : public ::testing::TestWithParam<BrokenFile> {};

TEST_P(BrokenCheckpoint, EndsWithThreeAndChangesNothing)
{
    const TinyRun tiny;
    ASSERT_EQ(tiny.run("train", {"--quiet", "--out", tiny / "run"}).status, 0);
    const std::string weights = read_text(tiny / "run/weights.npz");
    const std::string file = tiny / "run/checkpoint.npz";
    GetParam().damage(tiny, file);
    expect_refused(tiny.run("train", {"--resume", "--out", tiny / "run"}), "checkpoint.npz");
    EXPECT_EQ(read_text(tiny / "run/weights.npz"), weights);
}

/// Weights alone say nothing about where a run stands.
void take_the_weights(const TinyRun& tiny, const std::string& file)
{
    fs::copy_file(tiny / "run/weights.npz", file, fs::copy_options::overwrite_existing);
}

INSTANTIATE_TEST_SUITE_P(Checkpoints, BrokenCheckpoint,
                         ::testing::ValuesIn(std::vector<BrokenFile>{{"empty", make_empty},
                                                                     {"text", make_text},
                                                                     {"folder", make_folder},
                                                                     {"cut", cut_in_half},
                                                                     {"corrupt", flip_in_the_middle},
                                                                     {"of_another_network", take_another_networks},
                                                                     {"weights_only", take_the_weights}}),
                         [](const auto& one) { return one.param.name; });

TEST(BrokenDisk, AFileThatCannotBeWrittenToItsEndIsNotThere)
{
    const TinyRun tiny;
    // The shell lets the program have files of 2 KiB, and a signal beyond.
    const CommandResult result =
        run_command({"/bin/bash", "-c", "ulimit -f 2; exec \"$0\" \"$@\"", WAGESIM_BINARY, "train", "-c", tiny.file(),
                     "--quiet", "--out", tiny / "out", "--set", "network.layers=[{dense: {units: 500}}]"});
    expect_refused(result, "checkpoint.npz");
    EXPECT_TRUE(fs::is_empty(tiny / "out"));
}

}  // namespace
}  // namespace wagesim::test
