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
    const RunConfig config = load_run("run.yaml");
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
    data.format = DataFormat::synthetic;
    EXPECT_TRUE(data_files(data).empty());
}

}  // namespace
}  // namespace wagesim::config
