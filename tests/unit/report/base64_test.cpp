// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The examples of RFC 4648, and the bytes of columns.
#include "platforms/report/base64.hpp"

#include <gtest/gtest.h>

#include "tests/unit/report/unpacked_column.hpp"

namespace wagesim::report {
namespace {

TEST(Base64, IsThatOfTheStandard)
{
    EXPECT_EQ(base64(""), "");
    EXPECT_EQ(base64("f"), "Zg==");
    EXPECT_EQ(base64("fo"), "Zm8=");
    EXPECT_EQ(base64("foo"), "Zm9v");
    EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
    EXPECT_EQ(base64("\xff\xfe\xfb"), "//77");
}

TEST(Base64, ColumnsAreLittleEndian)
{
    EXPECT_EQ(base64_column(std::vector<std::uint32_t>{1, 255}, 1), base64("\x01\xff"));
    EXPECT_EQ(base64_column(std::vector<std::uint32_t>{0x1234}, 2), base64("\x34\x12"));
    EXPECT_EQ(base64_column(std::vector<std::uint32_t>{0x12345678}, 4), base64("\x78\x56\x34\x12"));
    EXPECT_EQ(base64_column(std::vector<float>{1.0F}), base64(std::string("\0\0\x80\x3f", 4)));
    EXPECT_EQ(base64_column(std::vector<double>{1.0}), base64(std::string("\0\0\0\0\0\0\xf0\x3f", 8)));
    const std::vector<double> numbers{0.1, -2e300, 5e-324};
    EXPECT_EQ(unpacked_column<double>(base64_column(numbers)), numbers);
}

}  // namespace
}  // namespace wagesim::report
