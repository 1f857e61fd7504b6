// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Base of tests that simulate: SystemC's reports are failures, scripts are processes, time is asserted in cycles.
// SystemC elaborates once a process, so every TEST_F runs in one of its own (CTest does that).
#pragma once

#include <gtest/gtest.h>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <systemc>
#include <utility>
#include <vector>

#include "tlm/common/clock.hpp"
#include "tlm/common/memory_port.hpp"

namespace wagesim::chip::testing {

/// A module with one way to memory, and a script that uses it.
class ScriptedInitiator : public sc_core::sc_module {
public:
    using Script = std::function<void(ScriptedInitiator&)>;

    ScriptedInitiator(const sc_core::sc_module_name& name, std::uint32_t initiator, Script script)
        : sc_module(name), memory("memory", initiator), script_(std::move(script))
    {
        SC_HAS_PROCESS(ScriptedInitiator);
        SC_THREAD(run);
    }

    MemoryPort memory;
    [[nodiscard]] bool finished() const noexcept { return finished_; }

private:
    void run()
    {
        script_(*this);
        finished_ = true;
    }

    Script script_;
    bool finished_ = false;
};

class SimulationTest : public ::testing::Test {
protected:
    /// A period that is no power of two, so that a forgotten clock shows.
    static constexpr double kClockGhz = 0.8;

    SimulationTest() : clock_(kClockGhz)
    {
        sc_core::sc_report_handler::set_actions(sc_core::SC_WARNING, sc_core::SC_DISPLAY);
        sc_core::sc_report_handler::set_handler([](const sc_core::sc_report& report,
                                                   const sc_core::sc_actions& actions) {
            if (report.get_severity() >= sc_core::SC_WARNING) ADD_FAILURE() << report.what();
            sc_core::sc_report_handler::default_handler(report, actions & ~sc_core::sc_actions{sc_core::SC_DISPLAY});
        });
    }

    /// Runs until nothing is left to do, and holds every script to its end.
    void simulate()
    {
        sc_core::sc_start();
        for (const auto& initiator : initiators_) EXPECT_TRUE(initiator->finished()) << initiator->name();
    }

    ScriptedInitiator& initiator(const char* name, ScriptedInitiator::Script script)
    {
        initiators_.push_back(std::make_unique<ScriptedInitiator>(name, static_cast<std::uint32_t>(initiators_.size()),
                                                                  std::move(script)));
        return *initiators_.back();
    }

    [[nodiscard]] std::uint64_t cycles(const sc_core::sc_time& time) const { return clock_.cycles_in(time); }
    void wait_cycles(std::uint64_t count) const { sc_core::wait(clock_.time_of(count)); }

    Clock clock_;
    std::vector<std::unique_ptr<ScriptedInitiator>> initiators_;
};

}  // namespace wagesim::chip::testing
