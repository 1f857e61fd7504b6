// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What stands on wires: the checker finds every broken rule, the tracer tells what passed, neither takes time. And the
// command wire: what is refused is said.
#include <gmock/gmock.h>
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>
#include <functional>
#include <string>

#include "tests/unit/tlm/support/simulation_test.hpp"
#include "tlm/buffer/buffer.hpp"
#include "tlm/common/command_extension.hpp"
#include "tlm/common/protocol_checker.hpp"
#include "tlm/common/transaction_tracer.hpp"

namespace wagesim::chip::testing {
namespace {

using ::testing::HasSubstr;

constexpr BurstPurpose kPurpose{TrafficClass::gradients, Phase::gradient, 3};

class WireTest : public SimulationTest {
protected:
    BufferConfig config_;
    Buffer buffer_{"buffer", config_, clock_};
};

/// What InvariantError says, or nothing.
template <class F>
[[nodiscard]] std::string broken_rule(const F& f)
{
    try {
        f();
    } catch (const InvariantError& error) {
        return error.what();
    }
    return "";
}

/// A burst as a unit would build one by hand.
struct RawBurst {
    RawBurst(tlm::tlm_command command, std::uint64_t address, unsigned bytes)
    {
        extension.purpose = kPurpose;
        payload.set_command(command);
        payload.set_address(address);
        payload.set_data_length(bytes);
        payload.set_streaming_width(bytes);
        payload.set_extension(&extension);
    }
    ~RawBurst() { payload.clear_extension(&extension); }
    RawBurst(const RawBurst&) = delete;
    RawBurst& operator=(const RawBurst&) = delete;

    BurstExtension extension;
    tlm::tlm_generic_payload payload;
    sc_core::sc_time delay;
};

class CheckerTest : public WireTest {
protected:
    void check(ScriptedInitiator::Script script)
    {
        ScriptedInitiator& unit = initiator("unit", std::move(script));
        unit.memory.socket.bind(checker_.target);
        checker_.initiator.bind(buffer_.socket);
        simulate();
    }

    ProtocolChecker checker_{"checker"};
};

TEST_F(CheckerTest, BookedBurstsPassUnchangedAndAreCounted)
{
    check([this](ScriptedInitiator& unit) {
        const WriteLease write = unit.memory.write({64, ElementType::int32, 16}, kPurpose);
        EXPECT_EQ(cycles(write.ready_at), 1U + 4U);
        write.as<std::int32_t>()[15] = -5;
        wait_until(write.ready_at);
        const ReadLease read = unit.memory.read({64, ElementType::int32, 16}, kPurpose);
        EXPECT_EQ(read.as<std::int32_t>()[15], -5);
        EXPECT_EQ(cycles(read.ready_at), 2U * (1U + 4U));
        EXPECT_THROW((void)read.as<std::int16_t>(), InvariantError);
    });
    EXPECT_EQ(checker_.bursts_checked(), 2U);
    EXPECT_EQ(checker_.grants_checked(), 2U);
}

TEST_F(CheckerTest, FindsDmiThatNoBurstBooked)
{
    check([](ScriptedInitiator& unit) {
        RawBurst burst(tlm::TLM_READ_COMMAND, 0, 64);
        tlm::tlm_dmi dmi;
        const auto ask = [&] { (void)unit.memory.socket->get_direct_mem_ptr(burst.payload, dmi); };
        EXPECT_THAT(broken_rule(ask), HasSubstr("right after the burst that books it"));
        unit.memory.socket->b_transport(burst.payload, burst.delay);
        EXPECT_EQ(broken_rule(ask), "");
        EXPECT_THAT(broken_rule(ask), HasSubstr("asked for once"));
    });
}

TEST_F(CheckerTest, FindsDmiForMoreThanWasBooked)
{
    check([this](ScriptedInitiator& unit) {
        const auto book = [&unit](RawBurst& burst) {
            burst.payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
            burst.delay = sc_core::SC_ZERO_TIME;
            unit.memory.socket->b_transport(burst.payload, burst.delay);
        };
        const auto ask = [&unit](RawBurst& burst) {
            tlm::tlm_dmi dmi;
            return broken_rule([&] { (void)unit.memory.socket->get_direct_mem_ptr(burst.payload, dmi); });
        };
        RawBurst booked(tlm::TLM_READ_COMMAND, 0, 64);
        RawBurst longer(tlm::TLM_READ_COMMAND, 0, 65);
        RawBurst elsewhere(tlm::TLM_READ_COMMAND, 64, 64);
        RawBurst written(tlm::TLM_WRITE_COMMAND, 0, 64);
        for (RawBurst* other : {&longer, &elsewhere, &written}) {
            book(booked);
            EXPECT_THAT(ask(*other), HasSubstr("right after the burst that books it"));
        }
        book(booked);
        wait_cycles(1);
        EXPECT_THAT(ask(booked), HasSubstr("right after the burst that books it"));
    });
}

TEST_F(CheckerTest, FindsEveryBrokenRuleOfABurst)
{
    check([this](ScriptedInitiator& unit) {
        const auto send = [&unit](RawBurst& burst) {
            return broken_rule([&] { unit.memory.socket->b_transport(burst.payload, burst.delay); });
        };
        {
            tlm::tlm_generic_payload bare;
            sc_core::sc_time delay;
            EXPECT_THAT(broken_rule([&] { unit.memory.socket->b_transport(bare, delay); }),
                        HasSubstr("what it is for"));
        }
        {
            RawBurst burst(tlm::TLM_READ_COMMAND, 0, 8);
            burst.delay = clock_.period();
            EXPECT_THAT(send(burst), HasSubstr("synchronised"));
        }
        {
            RawBurst burst(tlm::TLM_IGNORE_COMMAND, 0, 8);
            EXPECT_THAT(send(burst), HasSubstr("reads or writes"));
        }
        {
            RawBurst burst(tlm::TLM_READ_COMMAND, 0, 8);
            unsigned char enable = 0xFF;
            burst.payload.set_byte_enable_ptr(&enable);
            EXPECT_THAT(send(burst), HasSubstr("byte enables"));
        }
        {
            RawBurst burst(tlm::TLM_READ_COMMAND, 0, 0);
            EXPECT_THAT(send(burst), HasSubstr("has a length"));
        }
        {
            RawBurst burst(tlm::TLM_READ_COMMAND, 0, 8);
            burst.payload.set_streaming_width(4);
            EXPECT_THAT(send(burst), HasSubstr("wrap"));
        }
        {
            RawBurst burst(tlm::TLM_READ_COMMAND, 2, 8);
            burst.extension.element_bytes = 4;
            EXPECT_THAT(send(burst), HasSubstr("aligned"));
        }
        {
            RawBurst burst(tlm::TLM_READ_COMMAND, 4, 6);
            burst.extension.element_bytes = 4;
            EXPECT_THAT(send(burst), HasSubstr("whole ones"));
        }
        {
            RawBurst burst(tlm::TLM_READ_COMMAND, 0, 8);
            burst.payload.set_response_status(tlm::TLM_OK_RESPONSE);
            EXPECT_THAT(send(burst), HasSubstr("no response yet"));
        }
    });
    EXPECT_EQ(checker_.bursts_checked(), 0U);
}

/// Breaks the rules that a target has to keep.
struct CarelessMemory : sc_core::sc_module {
    explicit CarelessMemory(const sc_core::sc_module_name& name) : sc_module(name), socket("socket")
    {
        socket.register_b_transport(this, &CarelessMemory::b_transport);
        socket.register_get_direct_mem_ptr(this, &CarelessMemory::get_direct_mem_ptr);
    }
    void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& /*delay*/)
    {
        if (answers) payload.set_response_status(tlm::TLM_OK_RESPONSE);
    }
    bool get_direct_mem_ptr(tlm::tlm_generic_payload& payload, tlm::tlm_dmi& dmi)
    {
        dmi.set_start_address(payload.get_address());
        dmi.set_end_address(payload.get_address() + payload.get_data_length() - 1 + surplus);
        if (surplus != 0)
            dmi.allow_read();
        else
            dmi.allow_read_write();
        return true;
    }
    tlm_utils::simple_target_socket<CarelessMemory> socket;
    bool answers = false;
    std::uint64_t surplus = 1;
};

TEST_F(SimulationTest, CheckerFindsCarelessTargets)
{
    ProtocolChecker checker("checker");
    CarelessMemory memory("memory");
    ScriptedInitiator& unit = initiator("unit", [&](ScriptedInitiator& self) {
        const auto read = [&self] {
            return broken_rule([&] { (void)self.memory.read({0, ElementType::int8, 8}, kPurpose); });
        };
        EXPECT_THAT(read(), HasSubstr("sets a response status"));
        memory.answers = true;
        RawBurst burst(tlm::TLM_READ_COMMAND, 0, 8);
        tlm::tlm_dmi dmi;
        self.memory.socket->b_transport(burst.payload, burst.delay);
        const auto ask = [&] { (void)self.memory.socket->get_direct_mem_ptr(burst.payload, dmi); };
        EXPECT_THAT(broken_rule(ask), HasSubstr("covers the booked burst and nothing else"));
        memory.surplus = 0;
        burst.payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
        self.memory.socket->b_transport(burst.payload, burst.delay);
        EXPECT_THAT(broken_rule(ask), HasSubstr("allows what the burst does"));
    });
    unit.memory.socket.bind(checker.target);
    checker.initiator.bind(memory.socket);
    simulate();
}

TEST_F(WireTest, TracerTellsOfEveryBurstAndTakesNoTime)
{
    std::string lines;
    TransactionTracer tracer("tracer",
                             [&lines](const TransactionRecord& record) { lines += burst_csv_line(record) + "\n"; });
    ScriptedInitiator& unit = initiator("unit", [this](ScriptedInitiator& self) {
        wait_cycles(2);
        EXPECT_EQ(cycles(self.memory.read({128, ElementType::int16, 64}, kPurpose).ready_at), 2U + 2U + 4U);
        (void)self.memory.write({0, ElementType::int8, 1}, {TrafficClass::activations, Phase::forward, 0});
    });
    unit.memory.socket.bind(tracer.target);
    tracer.initiator.bind(buffer_.socket);
    simulate();
    EXPECT_EQ(lines,
              "tracer,2500,10000,read,128,128,gradient,gradients,3,0,TLM_OK_RESPONSE\n"
              "tracer,2500,11250,write,0,1,forward,activations,0,2500,TLM_OK_RESPONSE\n");
    EXPECT_EQ(burst_csv_header(), "wire,begin_ps,end_ps,command,address,bytes,phase,stream,layer,waited_ps,response");
}

struct DoublingCommand {
    int value = 0;
    int* result = nullptr;
};

/// A unit that doubles, and refuses what is odd.
struct DoublingUnit : sc_core::sc_module {
    explicit DoublingUnit(const sc_core::sc_module_name& name) : sc_module(name), commands("commands")
    {
        commands.register_b_transport(this, &DoublingUnit::b_transport);
    }
    void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay)
    {
        auto* const extension = receive_command<DoublingCommand>(payload);
        if (extension == nullptr) return;
        if (extension->command->value % 2 != 0) {
            extension->error = "odd";
            payload.set_response_status(tlm::TLM_GENERIC_ERROR_RESPONSE);
            return;
        }
        *extension->command->result = 2 * extension->command->value;
        delay += sc_core::sc_time(5, sc_core::SC_NS);
        payload.set_response_status(tlm::TLM_OK_RESPONSE);
    }
    tlm_utils::simple_target_socket<DoublingUnit> commands;
};

struct Issuer : sc_core::sc_module {
    explicit Issuer(const sc_core::sc_module_name& name, std::function<void(Issuer&)> script)
        : sc_module(name), commands("commands"), script_(std::move(script))
    {
        SC_HAS_PROCESS(Issuer);
        SC_THREAD(run);
    }
    void run() { script_(*this); }
    CommandPort<DoublingCommand> commands;
    std::function<void(Issuer&)> script_;
};

TEST_F(SimulationTest, CommandsBlockUntilDoneAndRefusalsSayWhy)
{
    DoublingUnit unit("unit");
    bool done = false;
    Issuer issuer("issuer", [&done](Issuer& self) {
        int result = 0;
        self.commands.issue({4, &result});
        EXPECT_EQ(result, 8);
        EXPECT_EQ(sc_core::sc_time_stamp(), sc_core::sc_time(5, sc_core::SC_NS));
        EXPECT_THAT(broken_rule([&] { self.commands.issue({3, &result}); }), HasSubstr("odd"));
        done = true;
    });
    issuer.commands.socket.bind(unit.commands);
    simulate();
    EXPECT_TRUE(done);
}

TEST_F(SimulationTest, CommandTargetsAnswerBadTraffic)
{
    DoublingUnit unit("unit");
    bool done = false;
    Issuer issuer("issuer", [&done](Issuer& self) {
        int result = 0;
        const DoublingCommand command{4, &result};
        const auto response = [&self](tlm::tlm_generic_payload& payload) {
            sc_core::sc_time delay;
            self.commands.socket->b_transport(payload, delay);
            return payload.get_response_status();
        };
        tlm::tlm_generic_payload bare;
        bare.set_command(tlm::TLM_IGNORE_COMMAND);
        EXPECT_EQ(response(bare), tlm::TLM_COMMAND_ERROR_RESPONSE);

        CommandExtension<DoublingCommand> extension;
        tlm::tlm_generic_payload payload;
        payload.set_extension(&extension);
        payload.set_command(tlm::TLM_IGNORE_COMMAND);
        EXPECT_EQ(response(payload), tlm::TLM_COMMAND_ERROR_RESPONSE) << "no command";
        extension.command = &command;
        payload.set_command(tlm::TLM_WRITE_COMMAND);
        EXPECT_EQ(response(payload), tlm::TLM_COMMAND_ERROR_RESPONSE) << "a write";
        payload.set_command(tlm::TLM_IGNORE_COMMAND);
        unsigned char enable = 0xFF;
        payload.set_byte_enable_ptr(&enable);
        EXPECT_EQ(response(payload), tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
        payload.set_byte_enable_ptr(nullptr);
        payload.set_data_length(4);
        EXPECT_EQ(response(payload), tlm::TLM_BURST_ERROR_RESPONSE);
        EXPECT_EQ(result, 0);
        payload.set_data_length(0);
        EXPECT_EQ(response(payload), tlm::TLM_OK_RESPONSE);
        EXPECT_EQ(result, 8);
        payload.clear_extension(&extension);
        done = true;
    });
    issuer.commands.socket.bind(unit.commands);
    simulate();
    EXPECT_TRUE(done);
}

}  // namespace
}  // namespace wagesim::chip::testing
