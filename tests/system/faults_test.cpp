// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Does verification find what is wrong? Random single-bit faults over every kind of tensor: all are found at exactly
// the element that was hit; with that one comparison switched off they are found further down, or shown to change
// nothing else. WAGESIM_FAULTS_PER_KIND and WAGESIM_FAULTS_SEED ask for more, or for others.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <random>

#include "tests/system/faults_campaign.hpp"

namespace wagesim::test {
namespace {

using End = FaultRun::End;
using verify::ContractTensor;
using verify::Fault;

constexpr std::uint32_t kFaultsPerKind = 22;  // 23 kinds: 506 faults
constexpr std::uint32_t kSeed = 1;

std::uint32_t environment(const char* name, std::uint32_t otherwise)
{
    const char* text = std::getenv(name);
    return text == nullptr ? otherwise : static_cast<std::uint32_t>(std::strtoul(text, nullptr, 10));
}

struct KindCount {
    unsigned injected = 0, found = 0, downstream = 0, refused = 0, masked = 0;
};

/// A place of that kind: any step, any layer that has it, any element, any bit.
Fault random_place(const verify::ContractTensors& contract, TensorName name, std::mt19937& random)
{
    std::vector<const ContractTensor*> tensors;
    for (const ContractTensor& tensor : contract.all()) {
        if (tensor.name == name) tensors.push_back(&tensor);
    }
    const ContractTensor& tensor = *tensors.at(random() % tensors.size());
    return {random() % FaultCampaign::kSteps, tensor.layer, name, random() % tensor.shape.size(),
            static_cast<int>(random() % static_cast<unsigned>(tensor.bits))};
}

void check_found_at_its_place(const Fault& fault, const FaultRun& run, KindCount& count)
{
    ++count.injected;
    const bool found = run.end == End::difference && run.reached && run.step == fault.step &&
                       run.layer == fault.layer && run.name == fault.name && run.index == fault.index;
    EXPECT_TRUE(found) << text_of(fault) << ": end " << static_cast<int>(run.end) << ", reached " << run.reached
                       << ", step " << run.step << ", layer " << run.layer << ", " << text_of(run.name) << " "
                       << run.index;
    EXPECT_TRUE(run.bit_differs) << text_of(fault);
    count.found += found ? 1U : 0U;
}

void check_unseen(const Fault& fault, const FaultRun& run, KindCount& count)
{
    ASSERT_TRUE(run.reached) << text_of(fault);
    ASSERT_NE(run.end, End::crashed) << text_of(fault);
    count.downstream += run.end == End::difference ? 1U : 0U;
    count.refused += run.end == End::refused ? 1U : 0U;
    count.masked += run.end == End::equal ? 1U : 0U;
}

void print(const std::array<KindCount, kTensorNames.size()>& counts)
{
    std::printf("%-19s %9s %9s %11s %9s %7s\n", "tensor", "injected", "found", "downstream", "refused", "masked");
    KindCount sum;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        const KindCount& c = counts[i];
        std::printf("%-19s %9u %9u %11u %9u %7u\n", std::string(kTensorNames[i]).c_str(), c.injected, c.found,
                    c.downstream, c.refused, c.masked);
        sum.injected += c.injected;
        sum.found += c.found;
        sum.downstream += c.downstream;
        sum.refused += c.refused;
        sum.masked += c.masked;
    }
    std::printf("%-19s %9u %9u %11u %9u %7u\n", "all", sum.injected, sum.found, sum.downstream, sum.refused,
                sum.masked);
}

TEST(Faults, EveryFlippedBitIsFoundWhereItWasFlipped)
{
    const std::uint32_t per_kind = environment("WAGESIM_FAULTS_PER_KIND", kFaultsPerKind);
    const std::uint32_t seed = environment("WAGESIM_FAULTS_SEED", kSeed);
    ASSERT_GT(per_kind, 0U);
    std::printf("seed %u, %u faults a kind\n", seed, per_kind);
    std::mt19937 random(seed);
    FaultCampaign campaign(static_cast<std::uint32_t>(random()));
    std::array<KindCount, kTensorNames.size()> counts{};
    for (std::size_t kind = 0; kind < counts.size(); ++kind) {
        for (std::uint32_t i = 0; i < per_kind; ++i) {
            const Fault fault = random_place(campaign.contract(), static_cast<TensorName>(kind), random);
            check_found_at_its_place(fault, campaign.run_fault(fault), counts[kind]);
            check_unseen(fault, campaign.run_fault_unseen(fault), counts[kind]);
        }
    }
    print(counts);
    for (std::size_t kind = 0; kind < counts.size(); ++kind) {
        EXPECT_EQ(counts[kind].found, per_kind) << kTensorNames[kind];
        EXPECT_EQ(counts[kind].downstream + counts[kind].refused + counts[kind].masked, per_kind) << kTensorNames[kind];
    }
}

TEST(Faults, WithoutAFaultEverythingIsEqual)
{
    FaultCampaign campaign(kSeed);
    EXPECT_EQ(campaign.run_without_fault(), "");
    EXPECT_EQ(campaign.run_without_fault(), "") << "a second run in the same chip";
}

}  // namespace
}  // namespace wagesim::test
