// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Drives the bare pipelines. See the header.
#include "tests/bench/rtl/bare_pipeline.hpp"

#include <cstddef>
#include <cstring>
#include <stdexcept>
#include <string>
#include <utility>

#include <bare_models.hpp>
#include "ref/numerics/random_words.hpp"
#include "rtl/verilated/operand_packing.hpp"
#include "tests/bench/rtl/streams.hpp"

namespace wagesim::bench {
namespace {

/// A model, clocked as the unit is.
template <class Model>
class Clocked : public BarePipeline {
protected:
    Clocked()
    {
        pins().clk_i = 0;
        pins().eval();
    }
    ~Clocked() override { pins().final(); }

    [[nodiscard]] Model& pins() noexcept { return *model_; }
    [[nodiscard]] const Model& pins() const noexcept { return *model_; }
    void clock()
    {
        pins().clk_i = 1;
        pins().eval();
        pins().clk_i = 0;
        pins().eval();
    }
    void clock(int cycles)
    {
        for (int i = 0; i < cycles; ++i) clock();
    }

private:
    [[nodiscard]] static std::unique_ptr<VerilatedContext> zeroed()
    {
        auto context = std::make_unique<VerilatedContext>();
        context->randReset(0);
        return context;
    }

    std::unique_ptr<VerilatedContext> context_ = zeroed();
    std::unique_ptr<Model> model_ = std::make_unique<Model>(context_.get(), "bare");
};

/// A beat in every clock; results `Latency` clocks after their operands.
template <class Model, int Lanes>
class Laned : public Clocked<Model> {
protected:
    template <std::size_t Latency, class Element, class Result>
    void stream(std::size_t count, const Element* operands, Result* results)
    {
        constexpr auto kLanes = std::size_t{Lanes};
        const std::size_t beats = count / kLanes;
        for (std::size_t beat = 0; beat < beats + Latency - 1; ++beat) {
            if (beat < beats) load(operands + beat * kLanes);
            this->clock();
            if (beat + 1 >= Latency) store(results + (beat + 1 - Latency) * kLanes);
        }
    }
    template <class Element>
    void load(const Element* operands)
    {
        static_assert(sizeof this->pins().in_data_i == 4 * rtl::kOperandWords<Lanes>);
        rtl::pack_operands<Lanes>(operands, &this->pins().in_data_i[0]);
    }

private:
    template <class Result>
    void store(Result* results)
    {
        std::int16_t values[std::size_t{Lanes}];
        static_assert(sizeof values == sizeof this->pins().out_data_o);
        std::memcpy(values, &this->pins().out_data_o, sizeof values);
        for (std::size_t lane = 0; lane < std::size_t{Lanes}; ++lane) results[lane] = static_cast<Result>(values[lane]);
    }
};

template <class Model, int Lanes>
class LookUp final : public Laned<Model, Lanes> {
public:
    void run(const Burst& burst) override
    {
        this->template stream<2>(burst.count, static_cast<const std::uint8_t*>(burst.operand.data),
                                 static_cast<std::int8_t*>(burst.result.data));
    }
};

template <class Model, int Lanes>
class Quantize : public Laned<Model, Lanes> {
public:
    Quantize()
    {
        constexpr int kRight = kExponent - 7;  // error codes of 8 bits
        this->pins().right_i = kRight;
        this->pins().below_half_i = (std::uint64_t{1} << (kRight - 1)) - 1;
        this->pins().limit_i = 127;
    }
    void run(const Burst& burst) override
    {
        this->template stream<4>(burst.count, static_cast<const std::int64_t*>(burst.operand.data),
                                 static_cast<std::int8_t*>(burst.result.data));
    }
};

template <class Model, int Lanes>
class Pipeline final : public Quantize<Model, Lanes> {
public:
    [[nodiscard]] std::uint64_t maximum() const override { return this->pins().maximum_o; }
};

template <class Model, int Lanes>
class Maximum final : public Laned<Model, Lanes> {
public:
    void run(const Burst& burst) override
    {
        const auto* operands = static_cast<const std::int64_t*>(burst.operand.data);
        for (std::size_t first = 0; first < burst.count; first += std::size_t{Lanes}) {
            this->load(operands + first);
            this->clock();
        }
        this->clock(2);
    }
    [[nodiscard]] std::uint64_t maximum() const override { return this->pins().maximum_o; }
};

template <class Model, int Lanes>
class Update final : public Laned<Model, Lanes> {
public:
    Update()
    {
        this->pins().right_i = kExponent - 16;
        const numerics::Speck32 cipher(kKey);
        static_assert(sizeof this->pins().round_keys_i == sizeof cipher.round_keys());
        std::memcpy(&this->pins().round_keys_i, cipher.round_keys().data(), sizeof cipher.round_keys());
        this->clock(9);  // operands meet the first words
    }
    void run(const Burst& burst) override
    {
        this->template stream<3>(burst.count, static_cast<const std::int64_t*>(burst.operand.data),
                                 static_cast<std::int16_t*>(burst.result.data));
    }
};

template <class Model>
class OutputError final : public Clocked<Model> {
public:
    void run(const Burst& burst) override
    {
        constexpr std::uint64_t kTarget = std::uint64_t{1} << (7 + 1 + 6);  // kA = 8, kW = 2, sA = 6
        constexpr std::uint64_t kMask = (std::uint64_t{1} << 48U) - 1;
        constexpr std::size_t kLatency = 2;
        const auto* operands = static_cast<const std::int64_t*>(burst.operand.data);
        const auto* labels = static_cast<const std::uint16_t*>(burst.auxiliary.data);
        auto* errors = static_cast<std::int64_t*>(burst.result.data);
        for (std::size_t i = 0; i < burst.count + kLatency - 1; ++i) {
            const bool more = i < burst.count;
            this->pins().in_data_i = more ? static_cast<std::uint64_t>(operands[i]) & kMask : 0;
            this->pins().in_target_i = more && i % kSegment == labels[i / kSegment] ? kTarget : 0;
            this->clock();
            if (i + 1 >= kLatency)
                errors[i + 1 - kLatency] = static_cast<std::int64_t>(this->pins().out_error_o << 16U) >> 16U;
        }
        this->clock();
    }
    [[nodiscard]] std::uint64_t maximum() const override { return this->pins().maximum_o; }
};

template <int Lanes>
std::unique_ptr<BarePipeline> made(BareKind kind)
{
    switch (kind) {
        case BareKind::pipeline: return std::make_unique<Pipeline<typename BareModels<Lanes>::Pipeline, Lanes>>();
        case BareKind::look_up: return std::make_unique<LookUp<typename BareModels<Lanes>::LookUp, Lanes>>();
        case BareKind::quantize: return std::make_unique<Quantize<typename BareModels<Lanes>::Quantize, Lanes>>();
        case BareKind::maximum: return std::make_unique<Maximum<typename BareModels<Lanes>::Maximum, Lanes>>();
        case BareKind::update: return std::make_unique<Update<typename BareModels<Lanes>::Update, Lanes>>();
        case BareKind::output_error: break;
    }
    return std::make_unique<OutputError<Vbare_output_error>>();
}

template <int... Counts>
std::unique_ptr<BarePipeline> made_for(BareKind kind, int lanes, std::integer_sequence<int, Counts...>)
{
    std::unique_ptr<BarePipeline> pipeline;
    (void)((lanes == Counts && (pipeline = made<Counts>(kind))) || ...);
    return pipeline;
}

}  // namespace

std::unique_ptr<BarePipeline> make_bare_pipeline(BareKind kind, int lanes)
{
    auto pipeline = made_for(kind, lanes, BareLaneCounts{});
    if (!pipeline)
        throw std::invalid_argument("no bare pipelines of " + std::to_string(lanes) + " lanes in this build");
    return pipeline;
}

}  // namespace wagesim::bench
