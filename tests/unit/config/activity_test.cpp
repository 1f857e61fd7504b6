// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Files of recorded activity: what is written is read again, and files with one fault each are refused.
#include <gmock/gmock.h>

#include "platforms/config/config_hash.hpp"
#include "platforms/config/load_activity.hpp"
#include "tests/unit/config/config_files.hpp"

namespace wagesim::config {
namespace {

using ::testing::HasSubstr;

class ActivityFile : public ConfigFiles {
protected:
    void SetUp() override
    {
        ConfigFiles::SetUp();
        // Not what a decimal of a few digits can say.
        double next = 0.1;
        for (chip::LayerActivity& layer : activity_) {
            for (double* value :
                 {&layer.forward.driven, &layer.forward.conducting, &layer.backward.driven, &layer.backward.conducting,
                  &layer.evaluation.driven, &layer.evaluation.conducting, &layer.set, &layer.reset}) {
                *value = next /= 1.1;
            }
        }
        write("activity.yaml", print_activity(activity_, "a title"));
    }
    [[nodiscard]] static RunConfig load(const std::vector<std::string>& more = {})
    {
        std::vector<std::string> all = {"chip.activity=activity.yaml"};
        all.insert(all.end(), more.begin(), more.end());
        return load_run("run.yaml", all);
    }
    [[nodiscard]] std::string fault_of(const std::string& text)
    {
        write("activity.yaml", text);
        try {
            (void)load();
        } catch (const ConfigError& error) {
            return error.what();
        }
        return "none";
    }

    chip::Activity activity_ = chip::Activity(3);
};

TEST_F(ActivityFile, ComesBackBitForBit)
{
    const RunConfig config = load();
    ASSERT_EQ(config.activity.size(), activity_.size());
    for (std::size_t i = 0; i < activity_.size(); ++i) {
        const auto fields = [](const chip::LayerActivity& of) {
            return std::vector<double>{of.forward.driven,
                                       of.forward.conducting,
                                       of.backward.driven,
                                       of.backward.conducting,
                                       of.evaluation.driven,
                                       of.evaluation.conducting,
                                       of.set,
                                       of.reset,
                                       of.rows};
        };
        EXPECT_EQ(fields(config.activity[i]), fields(activity_[i]));
    }
    EXPECT_TRUE(load_run("run.yaml").activity.empty());
}

TEST_F(ActivityFile, IsPartOfWhatARunIs)
{
    const std::string with = config_hash(load());
    EXPECT_NE(with, config_hash(load_run("run.yaml")));
    activity_.back().reset = 0.25;
    write("activity.yaml", print_activity(activity_, "another title"));
    const std::string changed = config_hash(load());
    EXPECT_NE(changed, with);
    activity_.back().rows = 0.25;
    write("activity.yaml", print_activity(activity_, "another title"));
    EXPECT_NE(config_hash(load()), changed);
}

TEST_F(ActivityFile, EveryFaultIsNamedWithItsPlace)
{
    const std::string text = print_activity(activity_, "a title");
    EXPECT_EQ(fault_of("layer" + text.substr(text.find(':'))),
              "activity.yaml:1:1: layer: got an unknown key, allowed layers");
    EXPECT_EQ(fault_of("layers: 3"),
              "activity.yaml:1:9: layers: got 3, allowed a list of 3, one for each layer of the network");
    const auto with = [&](const std::string& from, const std::string& to) {
        const std::size_t at = text.find(from);
        EXPECT_NE(at, std::string::npos) << from;
        return fault_of(text.substr(0, at) + to + text.substr(at + from.size()));
    };
    EXPECT_EQ(
        with("    set:", "    sat:"),
        "activity.yaml:6:5: layers.0.sat: got an unknown key, allowed forward, backward, evaluation, set, reset, rows");
    EXPECT_THAT(with("{driven: 0", "{driven: 10"), HasSubstr("layers.0.forward.driven: got 10."));
    EXPECT_THAT(with("{driven: ", "{conducting: 0, driven: nan} #"), HasSubstr("got nan, allowed a number 0..1"));
    EXPECT_THAT(with("backward: {", "backward: {driven: 1} #"),
                HasSubstr("layers.0.backward.conducting: got nothing, allowed a number 0..1"));
    activity_.pop_back();
    EXPECT_THAT(fault_of(print_activity(activity_, "a title")), HasSubstr("got a list of 2, allowed a list of 3"));
}

}  // namespace
}  // namespace wagesim::config
