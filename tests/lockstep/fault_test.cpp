// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Reading of --inject, and the limits that the network sets.
#include "platforms/verify/fault.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/lockstep/synthetic_step.hpp"

namespace wagesim::verify {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::ThrowsMessage;

TEST(ParseFault, ReadsWhatItPrints)
{
    EXPECT_EQ(parse_fault("0:0:weight_q:0:0"), (Fault{0, 0, TensorName::weight_q, 0, 0}));
    EXPECT_EQ(parse_fault("12:3:error_out:4096:17"), (Fault{12, 3, TensorName::error_out, 4096, 17}));
    EXPECT_EQ(parse_fault("1:2:sA:0:4"), (Fault{1, 2, TensorName::attenuation, 0, 4}));
    for (const std::string_view name : kTensorNames) {
        const std::string text = "1099511627775:65535:" + std::string(name) + ":18446744073709551615:127";
        EXPECT_EQ(text_of(parse_fault(text)), text);
    }
}

TEST(ParseFault, RefusesEverythingElseInOneLine)
{
    const std::vector<std::pair<std::string, std::string>> cases = {
        {"", "STEP:LAYER:TENSOR:INDEX:BIT"},
        {"1", "STEP:LAYER:TENSOR:INDEX:BIT"},
        {"0:0:weight_q:0", "STEP:LAYER:TENSOR:INDEX:BIT"},
        {"0:0:weight_q:0:0:0", "STEP:LAYER:TENSOR:INDEX:BIT"},
        {"0:0:weight_q:0:0:", "STEP:LAYER:TENSOR:INDEX:BIT"},
        {":0:weight_q:0:0", "STEP ''"},
        {"0:0:weight_q:0:", "BIT ''"},
        {"-1:0:weight_q:0:0", "STEP '-1'"},
        {"+1:0:weight_q:0:0", "STEP '+1'"},
        {" 1:0:weight_q:0:0", "STEP ' 1'"},
        {"1 :0:weight_q:0:0", "STEP '1 '"},
        {"0x1:0:weight_q:0:0", "STEP '0x1'"},
        {"1.0:0:weight_q:0:0", "STEP '1.0'"},
        {"1099511627776:0:weight_q:0:0", "STEP '1099511627776'"},
        {"99999999999999999999:0:weight_q:0:0", "0..1099511627775"},
        {"0:65536:weight_q:0:0", "LAYER '65536'"},
        {"0:0:weights:0:0", "TENSOR 'weights'"},
        {"0:0:Weight_q:0:0", "weight_stored | weight_q"},
        {"0:0::0:0", "TENSOR ''"},
        {"0:0:weight_q:18446744073709551616:0", "INDEX '18446744073709551616'"},
        {"0:0:weight_q:0:128", "BIT '128'"},
        {"0:0:weight_q:0:-1", "BIT '-1'"},
    };
    for (const auto& [text, expected] : cases) {
        EXPECT_THAT([&text = text] { (void)parse_fault(text); },
                    ThrowsMessage<std::invalid_argument>(AllOf(HasSubstr("inject: got "), HasSubstr(", allowed "),
                                                               HasSubstr(expected), Not(HasSubstr("\n")))))
            << text;
    }
}

TEST(CheckFault, HoldsToTheNetwork)
{
    const ContractTensors contract(make_geometry(test::synthetic_network(), Widths{}), Widths{}, 6);
    const auto check = [&](const std::string& text) { check_fault(parse_fault(text), contract, 2, 5); };
    const auto refused = [&](const std::string& text, const std::string& expected) {
        EXPECT_THAT([&] { check(text); },
                    ThrowsMessage<std::invalid_argument>(AllOf(HasSubstr(expected), Not(HasSubstr("\n")))))
            << text;
    };
    check("2:0:acc:1259:31");  // 6 x 5 x 6 x 7
    check("4:3:sA:0:4");
    check("4:0:prediction:5:15");
    check("4:0:loss:0:127");
    check("2:0:mask_active:269:0");  // 6 x 5 x 3 x 3
    refused("1:0:acc:0:0", "STEP 1, allowed 2..4");
    refused("5:0:acc:0:0", "STEP 5, allowed 2..4");
    refused("2:4:acc:0:0", "LAYER 4, allowed 0..3");
    refused("2:1:pooled:0:0", "pooled of layer 1");
    refused("2:0:error_out:0:0", "error_out of layer 0");
    refused("2:1:loss:0:0", "allowed layer 0");
    refused("2:0:acc:1260:0", "INDEX 1260, allowed 0..1259 (layer0/acc is 6x5x6x7)");
    refused("2:0:sA:1:0", "INDEX 1, allowed 0..0");
    refused("2:0:acc:0:32", "BIT 32, allowed 0..31");
    refused("2:0:weight_q:0:8", "BIT 8, allowed 0..7");
    refused("2:0:mask_unclipped:0:1", "BIT 1, allowed 0..0");
    refused("2:0:max_error:0:48", "BIT 48, allowed 0..47");
    EXPECT_THROW(check_fault(parse_fault("0:0:acc:0:0"), contract, 0, 0), std::invalid_argument);
}

}  // namespace
}  // namespace wagesim::verify
