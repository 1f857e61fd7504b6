// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// docs/configuration.md names every key that there is, and none that there is not.
#include <gmock/gmock.h>

#include <regex>
#include <set>

#include "tests/unit/config/config_files.hpp"
#include "tests/unit/config/every_key.hpp"

namespace wagesim::config {
namespace {

/// "network.layers.0.conv.kernel" as the page writes it.
std::string documented_form(const std::string& key)
{
    return std::regex_replace(key, std::regex("layers\\.[0-9]+"), "layers.N");
}

std::set<std::string> real_keys()
{
    std::set<std::string> keys = {"network",
                                  "chip",
                                  "network.layers",
                                  "data.synthetic",
                                  "network.layers.N.dense.attenuation",
                                  "data.train_images",
                                  "data.train_labels",
                                  "data.test_images",
                                  "data.test_labels",
                                  "data.train",
                                  "data.test",
                                  "data.file",
                                  "training.learning_rate",
                                  "data.resize",
                                  "data.cache_mib",
                                  "chip.device.levels"};
    for (const auto* table : {&other_values(), &other_float_values(), &names_and_paths()}) {
        for (const auto& [key, value] : *table) keys.insert(documented_form(key));
    }
    for (const std::string& key : single_valued()) keys.insert(documented_form(key));
    return keys;
}

TEST(Documentation, TheTablesNameEveryKey)
{
    std::ifstream page(WAGESIM_SOURCE_DIR "/docs/configuration.md");
    const std::regex dotted("`((?:name|seed|network|chip|widths|data|training)(?:\\.[A-Za-z_0-9]+)*)`");
    std::set<std::string> documented;
    for (std::string line; std::getline(page, line);) {
        if (line.rfind("| ", 0) != 0) continue;
        for (std::sregex_iterator at(line.begin(), line.end(), dotted), end; at != end; ++at)
            documented.insert((*at)[1]);
    }
    EXPECT_THAT(documented, ::testing::ContainerEq(real_keys()));
}

}  // namespace
}  // namespace wagesim::config
