// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "platforms/library/document_json.hpp"

namespace wagesim::library {
namespace {

std::string json_of(const std::string& yaml)
{
    const auto source = std::make_shared<const config::Source>(config::Source{"text", "/", "/text", "", "text"});
    return document_json(config::parse_document(yaml, source, "")).dump();
}

TEST(DocumentJson, PlainScalarsAreWhatTheyLookLike)
{
    EXPECT_EQ(json_of("[1, -7, 18446744073709551615, 0.25, 1e-7, true, false, null, functional, 2-8-8-8, .5]"),
              R"([1,-7,18446744073709551615,0.25,1e-07,true,false,null,"functional","2-8-8-8",0.5])");
}

TEST(DocumentJson, WhatStandsInQuotesIsAString)
{
    EXPECT_EQ(json_of(R"(["1", 'true', "null", ""])"), R"(["1","true","null",""])");
}

TEST(DocumentJson, NoNumberOfJsonIsAString)
{
    EXPECT_EQ(json_of("[.nan, inf, nan, 0x10, 1_000]"), R"([".nan","inf","nan","0x10","1_000"])");
}

TEST(DocumentJson, MapsKeepTheirOrderAndHaveStringsForKeys)
{
    EXPECT_EQ(json_of("b: {0: 3, 200: 0}\na: []\n"), R"({"b":{"0":3,"200":0},"a":[]})");
}

}  // namespace
}  // namespace wagesim::library
