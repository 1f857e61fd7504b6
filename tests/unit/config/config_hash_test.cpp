// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The hash changes with everything that results depend on, and with nothing else.
#include "platforms/config/config_hash.hpp"

#include <array>
#include <cstdio>
#include <memory>

#include "platforms/config/print_run.hpp"
#include "ref/data/dataset.hpp"
#include "tests/unit/config/config_files.hpp"
#include "tests/unit/config/every_key.hpp"

namespace wagesim::config {
namespace {

std::string sha256sum(const std::filesystem::path& file)
{
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(("sha256sum " + file.string()).c_str(), "r"), pclose);
    std::array<char, 65> digits{};
    EXPECT_EQ(std::fread(digits.data(), 1, 64, pipe.get()), 64u);
    return digits.data();
}

TEST_F(ConfigFiles, TheHashIsTheSha256OfThePartThatDecidesResults)
{
    const RunConfig config = load_run("run.yaml", {"chip.technology=null"});
    write("hashed.txt", print_results_part(config) + "0 training files\n");
    EXPECT_EQ(config_hash(config), sha256sum("hashed.txt"));
}

TEST_F(ConfigFiles, EveryKeyButNamesAndPathsChangesTheHash)
{
    const std::string base = config_hash(load_run("run.yaml"));
    std::set<std::string> hashes = {base};
    for (const auto& [key, value] : other_values()) {
        EXPECT_TRUE(hashes.insert(config_hash(load_run("run.yaml", setting(key, value)))).second) << key;
    }
    for (const auto& [key, value] : names_and_paths()) {
        EXPECT_EQ(config_hash(load_run("run.yaml", setting(key, value))), base) << key;
    }
    for (const auto& [key, value] : other_float_values()) {
        std::vector<std::string> all = float_run();
        all.push_back(setting(key, value).front());
        EXPECT_TRUE(hashes.insert(config_hash(load_run("run.yaml", all))).second) << key;
    }
    write("run.yaml", replaced(kRun, "chip: chip.yaml\n", ""));
    EXPECT_NE(config_hash(load_run("run.yaml")), base) << "without a chip";
}

TEST_F(ConfigFiles, DataCountByContentNotByPath)
{
    for (const char* file : {"a", "b", "c", "d"}) write(file, std::string("content of ") + file);
    const auto hash = [](const std::string& data) {
        return config_hash(load_run("run.yaml", {"data={range: unit, " + data + "}"}));
    };
    const std::string idx = hash("format: idx, train_images: a, train_labels: b, test_images: c, test_labels: d");
    EXPECT_NE(idx, hash("format: idx, train_images: c, train_labels: b, test_images: a, test_labels: d"));
    const std::string cifar = hash("format: cifar10, train: [a, b], test: [c]");
    EXPECT_NE(cifar, hash("format: cifar10, train: [a], test: [b, c]"));
    EXPECT_NE(cifar, hash("format: cifar10, train: [b, a], test: [c]"));
    const std::string npz = hash("format: npz, file: a");
    EXPECT_NE(npz, hash("format: npz, file: b"));
    std::filesystem::rename("a", "e");
    EXPECT_EQ(npz, hash("format: npz, file: e"));
    write("e", "content of A");
    EXPECT_NE(npz, hash("format: npz, file: e"));
}

TEST_F(ConfigFiles, FoldersCountByNamesAndContentNotByPath)
{
    const auto hash = [](const std::string& folder, const std::string& more = "") {
        return config_hash(load_run("run.yaml", {"data={range: unit, format: folder, train: " + folder +
                                                 "/train, test: " + folder + "/test" + more + "}"}));
    };
    for (const char* file : {"set/train/a/1.png", "set/train/b/2.jpg", "set/test/a/3.png"}) write(file, "content");
    const std::string base = hash("set");
    EXPECT_EQ(hash("set", ", cache_mib: 7"), base);
    EXPECT_NE(hash("set", ", resize: 9"), base);
    std::filesystem::rename("set", "moved");
    EXPECT_EQ(hash("moved"), base);
    write("moved/train/a/.hidden", "no part of it");
    EXPECT_EQ(hash("moved"), base);
    std::set<std::string> hashes = {base};
    write("moved/train/a/1.png", "c0ntent");
    EXPECT_TRUE(hashes.insert(hash("moved")).second) << "other bytes, same size";
    std::filesystem::rename("moved/train/a/1.png", "moved/train/a/0.png");
    EXPECT_TRUE(hashes.insert(hash("moved")).second) << "another name";
    std::filesystem::rename("moved/train/a", "moved/train/A");
    std::filesystem::rename("moved/test/a", "moved/test/A");
    EXPECT_TRUE(hashes.insert(hash("moved")).second) << "another class name";
    write("moved/train/A/4.png", "x");
    EXPECT_TRUE(hashes.insert(hash("moved")).second) << "one image more";
}

TEST_F(ConfigFiles, OfALargeFolderNamesAndSizesCount)
{
    write("set/train/a/1.png", "");
    write("set/test/a/1.png", "1");
    std::filesystem::resize_file("set/train/a/1.png", (std::uintmax_t{1} << 30U) + 1);  // sparse
    const auto hash = [] {
        return config_hash(
            load_run("run.yaml", {"data={range: unit, format: folder, train: set/train, test: set/test}"}));
    };
    const std::string base = hash();
    std::ofstream("set/train/a/1.png", std::ios::binary | std::ios::in).write("other", 5);
    EXPECT_EQ(hash(), base);
    std::filesystem::resize_file("set/train/a/1.png", (std::uintmax_t{1} << 30U) + 2);
    EXPECT_NE(hash(), base);
}

TEST_F(ConfigFiles, LargeFilesAreHashedToTheEnd)
{
    const RunConfig config = load_run("run.yaml", {"data={range: unit, format: npz, file: large}"});
    std::string content(65536 * 3 + 17, 'x');
    write("large", content);
    const std::string base = config_hash(config);
    content.back() = 'y';
    write("large", content);
    EXPECT_NE(config_hash(config), base);
}

TEST_F(ConfigFiles, UnreadableDataIsADataError)
{
    const auto fault_of = [](const std::string& file) {
        const RunConfig config = load_run("run.yaml", {"data={range: unit, format: npz, file: " + file + "}"});
        try {
            static_cast<void>(config_hash(config));
        } catch (const DataError& error) {
            return std::string(error.what());
        }
        return std::string();
    };
    EXPECT_EQ(fault_of("none"),
              (folder_ / "none").string() + ": got No such file or directory, allowed a readable file");
    EXPECT_EQ(fault_of("."), folder_.string() + "/: got a directory, allowed a data file");
}

TEST(ConfigHash, DataFilesComeInTheOrderOfTheKeys)
{
    DataConfig data;
    data.format = DataFormat::cifar10;
    data.train = {"1", "2"};
    data.test = {"3"};
    EXPECT_EQ(data_files(data), (std::vector<std::string>{"1", "2", "3"}));
    data.format = DataFormat::svhn;
    EXPECT_EQ(data_files(data), (std::vector<std::string>{"1", "2", "3"}));
    data.format = DataFormat::folder;
    data.train_folder = "a";
    data.test_folder = "b";
    EXPECT_EQ(data_files(data), (std::vector<std::string>{"a", "b"}));
    data.format = DataFormat::synthetic;
    EXPECT_TRUE(data_files(data).empty());
}

}  // namespace
}  // namespace wagesim::config
