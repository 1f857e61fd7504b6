// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// dlopen, a look at the table, and calls through it. See the header.
#include "platforms/verify/rtl_library.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <utility>

#include "rtl/verilated/burst_check.hpp"

namespace wagesim::verify {
namespace {

constexpr const char* kSymbol = "wagesim_rtl_library";
/// What every library of this version has: all before the waves.
constexpr std::size_t kLeastTable = offsetof(wagesim_rtl_table, wave_open);

[[noreturn]] void refuse_library(const std::string& file, const std::string& why)
{
    throw std::invalid_argument(file + ": " + why);
}

std::string one_line(const char* text)
{
    std::string line = text == nullptr || *text == '\0' ? "no reason given" : text;
    std::replace(line.begin(), line.end(), '\n', ' ');
    return line;
}

/// Calls into the library. What it may not throw becomes a status and a reason all the same.
template <class Call>
wagesim_rtl_status called(std::string& thrown, Call&& call)
{
    try {
        return call();
    } catch (const std::exception& error) {
        thrown = std::string("an exception left it: ") + error.what();
    } catch (...) {
        thrown = "an exception of an unknown type left it";
    }
    return WAGESIM_RTL_FAILED;
}

std::uint32_t type_code(ElementType type)
{
    switch (type) {
        case ElementType::int8: return WAGESIM_RTL_INT8;
        case ElementType::uint8: return WAGESIM_RTL_UINT8;
        case ElementType::int16: return WAGESIM_RTL_INT16;
        case ElementType::uint16: return WAGESIM_RTL_UINT16;
        case ElementType::int32: return WAGESIM_RTL_INT32;
        case ElementType::int64: return WAGESIM_RTL_INT64;
        case ElementType::float64: break;
    }
    throw std::invalid_argument("quantize/update unit: a stream of float64");
}

wagesim_rtl_source source_of(const ConstStream& stream)
{
    return {stream.data, type_code(stream.type), 0};
}

wagesim_rtl_target target_of(const MutableStream& stream)
{
    return {stream.data, type_code(stream.type), 0};
}

}  // namespace

/// Addresses and streams are checked here, so that every library refuses the same.
class RtlLibraryUnit final : public RecordableUnit {
public:
    RtlLibraryUnit(std::shared_ptr<RtlLibrary> library, wagesim_rtl_unit* unit, int lanes)
        : library_(std::move(library)), unit_(unit), lanes_(lanes)
    {
    }
    ~RtlLibraryUnit() override { table().destroy(unit_); }

    [[nodiscard]] int lanes() const noexcept override { return lanes_; }

    void reset() override
    {
        require("reset", [&] { return table().reset(unit_); });
        mode_ = QuantizeUpdateMode::input;
    }

    CycleCount write_register(std::uint32_t address, std::uint32_t value) override
    {
        rtl::check_register_address(address);
        std::uint64_t cycles = 0;
        require("write_register", [&] { return table().write_register(unit_, address, value, &cycles); });
        if (address == static_cast<std::uint32_t>(QuantizeUpdateRegister::mode)) {
            mode_ = static_cast<QuantizeUpdateMode>(value & 7U);
        }
        return cycles;
    }

    [[nodiscard]] std::uint32_t read_register(std::uint32_t address) override
    {
        rtl::check_register_address(address);
        std::uint32_t value = 0;
        require("read_register", [&] { return table().read_register(unit_, address, &value); });
        return value;
    }

    CycleCount run(const Burst& burst) override
    {
        rtl::check_burst(mode_, burst);
        wagesim_rtl_burst streams = {};
        streams.size = sizeof streams;
        streams.count = burst.count;
        streams.segment = burst.segment;
        streams.operand = source_of(burst.operand);
        streams.auxiliary = source_of(burst.auxiliary);
        streams.result = target_of(burst.result);
        streams.auxiliary_result = target_of(burst.auxiliary_result);
        std::uint64_t cycles = 0;
        require("run", [&] { return table().run(unit_, &streams, &cycles); });
        return cycles;
    }

    void open_wave(const std::string& file, std::uint64_t period_fs) override
    {
        if (!library_->records_waves()) throw std::logic_error(library_->file() + ": records no waves");
        require("wave_open", [&] { return table().wave_open(unit_, file.c_str(), period_fs); });
    }
    void record_wave(bool on) override
    {
        require("wave_record", [&] { return table().wave_record(unit_, on ? 1 : 0); });
    }
    void advance_wave(std::uint64_t time_fs) override
    {
        require("wave_advance", [&] { return table().wave_advance(unit_, time_fs); });
    }
    void close_wave() override
    {
        require("wave_close", [&] { return table().wave_close(unit_); });
    }

private:
    [[nodiscard]] const wagesim_rtl_table& table() const { return library_->table_; }

    template <class Call>
    void require(const char* function, Call&& call)
    {
        std::string thrown;
        if (called(thrown, call) == WAGESIM_RTL_OK) return;
        library_->fail(function, thrown.empty() ? one_line(table().last_error(unit_)) : thrown);
    }

    std::shared_ptr<RtlLibrary> library_;
    wagesim_rtl_unit* unit_;
    int lanes_;
    QuantizeUpdateMode mode_ = QuantizeUpdateMode::input;  ///< as last written
};

std::shared_ptr<RtlLibrary> RtlLibrary::load(const std::string& file)
{
    namespace fs = std::filesystem;
    std::error_code ignored;
    if (!fs::is_regular_file(file, ignored)) refuse_library(file, "got no file, allowed a shared library");
    // A name without a slash would be looked for in the system's folders. It is never unloaded: what it has registered
    // with threads and at exit must find its code.
    void* const handle = ::dlopen(fs::absolute(file).c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) refuse_library(file, "cannot be loaded: " + one_line(::dlerror()));
    void* const symbol = ::dlsym(handle, kSymbol);
    if (symbol == nullptr)
        refuse_library(file, std::string("got no symbol ") + kSymbol + ", which rtl_library.h declares");
    const auto function = reinterpret_cast<const wagesim_rtl_table* (*)()>(symbol);
    const wagesim_rtl_table* table = nullptr;
    std::string thrown;
    called(thrown, [&] {
        table = function();
        return WAGESIM_RTL_OK;
    });
    if (table == nullptr) refuse_library(file, std::string(kSymbol) + "() returned no table");
    if (table->abi_version != WAGESIM_RTL_ABI_VERSION) {
        refuse_library(file, "got ABI version " + std::to_string(table->abi_version) + ", allowed " +
                                 std::to_string(WAGESIM_RTL_ABI_VERSION));
    }
    if (table->size < kLeastTable) {
        refuse_library(file, "got a table of " + std::to_string(table->size) + " bytes, allowed " +
                                 std::to_string(kLeastTable) + " or more");
    }
    if (table->create == nullptr || table->destroy == nullptr || table->lanes == nullptr || table->reset == nullptr ||
        table->write_register == nullptr || table->read_register == nullptr || table->run == nullptr ||
        table->last_error == nullptr) {
        refuse_library(file, "got a table that lacks a function");
    }
    return std::shared_ptr<RtlLibrary>(new RtlLibrary(file, *table));
}

std::string RtlLibrary::name() const
{
    return table_.name == nullptr ? "" : one_line(table_.name);
}

bool RtlLibrary::records_waves() const noexcept
{
    return table_.size >= offsetof(wagesim_rtl_table, wave_close) + sizeof table_.wave_close &&
           table_.wave_open != nullptr && table_.wave_record != nullptr && table_.wave_advance != nullptr &&
           table_.wave_close != nullptr;
}

std::unique_ptr<RecordableUnit> RtlLibrary::make_unit(int lanes)
{
    wagesim_rtl_unit* unit = nullptr;
    std::string thrown;
    const wagesim_rtl_status status =
        called(thrown, [&] { return table_.create(static_cast<std::uint32_t>(lanes), &unit); });
    if (status != WAGESIM_RTL_OK) {
        refuse_library(file_, (status == WAGESIM_RTL_REFUSED ? "refuses " : "cannot create a unit of ") +
                                  std::to_string(lanes) +
                                  " lanes: " + (thrown.empty() ? one_line(table_.last_error(nullptr)) : thrown));
    }
    if (unit == nullptr) refuse_library(file_, "create() returned no unit");
    const std::uint32_t there = table_.lanes(unit);
    if (there != static_cast<std::uint32_t>(lanes)) {
        table_.destroy(unit);
        refuse_library(file_, "got a unit of " + std::to_string(there) + " lanes, allowed " + std::to_string(lanes));
    }
    return std::make_unique<RtlLibraryUnit>(shared_from_this(), unit, lanes);
}

void RtlLibrary::fail(const std::string& function, const std::string& reason)
{
    RtlLibraryError error(file_ + ": " + function + " failed: " + reason);
    if (!failure_) failure_ = error;
    throw error;
}

}  // namespace wagesim::verify
