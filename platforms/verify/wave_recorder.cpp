// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/verify/wave_recorder.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include "ref/data/dataset.hpp"

namespace wagesim::verify {
namespace {

namespace fs = std::filesystem;

std::string text_of_error(int error)
{
    return std::generic_category().message(error);
}

/// The writer of FST files does not say when a disk is full. Its files are blocks: a type, a length of 64 bits, highest
/// byte first, that counts itself, and content. A file whose blocks end where it ends was written to its end.
bool is_whole_fst(const std::string& file)
{
    std::error_code error;
    const std::uintmax_t size = fs::file_size(file, error);
    std::ifstream stream(file, std::ios::binary);
    std::uint64_t at = 0;
    std::uint64_t blocks = 0;
    while (!error && at < size) {
        constexpr std::size_t kHead = 9;
        std::array<char, kHead> head{};
        stream.seekg(static_cast<std::streamoff>(at));
        if (!stream.read(head.data(), kHead)) return false;
        std::uint64_t length = 0;
        for (std::size_t i = 1; i < kHead; ++i) length = length << 8U | static_cast<unsigned char>(head[i]);
        constexpr auto kUnfinished = static_cast<char>(0xFF);
        if (head[0] == kUnfinished || length < kHead - 1 || length > size) return false;
        at += 1 + length;
        ++blocks;
    }
    return !error && at == size && blocks > 1;
}

}  // namespace

WaveRecorder::WaveRecorder(Options options)
    : options_(std::move(options)), temporary_(options_.file + "." + std::to_string(::getpid()) + ".tmp")
{
}

void WaveRecorder::begin_step(std::uint64_t step)
{
    if (finished_ || step < options_.first_step || step >= options_.end_step) return;
    if (unit_ == nullptr) throw std::logic_error("waves: no unit records");
    if (!open_) open();
    unit_->record_wave(true);
    recording_ = true;
}

void WaveRecorder::end_step(std::uint64_t step)
{
    if (!recording_) return;
    unit_->record_wave(false);
    recording_ = false;
    if (step + 1 >= options_.end_step) finish();
}

void WaveRecorder::open()
{
    const int descriptor = ::open(temporary_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (descriptor < 0) throw DataError(options_.file + ": cannot create: " + text_of_error(errno));
    ::close(descriptor);
    unit_->open_wave(temporary_, options_.period_fs);
    open_ = true;
}

void WaveRecorder::finish()
{
    recording_ = false;
    if (!std::exchange(open_, false)) return;
    try {
        unit_->close_wave();
    } catch (...) {
        remove_temporary();
        throw;
    }
    const int descriptor = ::open(temporary_.c_str(), O_RDONLY | O_CLOEXEC);
    const bool flushed = descriptor >= 0 && ::fsync(descriptor) == 0;
    if (descriptor >= 0) ::close(descriptor);
    if (!flushed || !is_whole_fst(temporary_)) {
        remove_temporary();
        throw DataError(options_.file + ": cannot be written to its end: is the disk full?");
    }
    if (::rename(temporary_.c_str(), options_.file.c_str()) != 0) {
        const int error = errno;
        remove_temporary();
        throw DataError(options_.file + ": cannot rename to it: " + text_of_error(error));
    }
    finished_ = true;
}

void WaveRecorder::remove_temporary() noexcept
{
    std::error_code ignored;
    fs::remove(temporary_, ignored);
    fs::remove(temporary_ + ".hier", ignored);  // of the writer, while it writes
}

RecordedUnit::RecordedUnit(std::unique_ptr<RecordableUnit> unit, std::shared_ptr<WaveRecorder> recorder)
    : unit_(std::move(unit)), recorder_(std::move(recorder))
{
    recorder_->unit_ = unit_.get();
}

RecordedUnit::~RecordedUnit()
{
    try {
        recorder_->finish();
    } catch (const std::exception&) {
        // Another error is on its way already, or finish() was asked for before and has said it.
    }
    recorder_->unit_ = nullptr;
}

void RecordedUnit::reset()
{
    unit_->reset();
}

CycleCount RecordedUnit::write_register(std::uint32_t address, std::uint32_t value)
{
    advance();
    const CycleCount cycles = unit_->write_register(address, value);
    if (recorder_->recording_) recorder_->cycles_ += cycles;
    return cycles;
}

std::uint32_t RecordedUnit::read_register(std::uint32_t address)
{
    advance();
    return unit_->read_register(address);
}

CycleCount RecordedUnit::run(const Burst& burst)
{
    advance();
    const CycleCount cycles = unit_->run(burst);
    if (recorder_->recording_) recorder_->cycles_ += cycles;
    return cycles;
}

void RecordedUnit::advance()
{
    if (recorder_->recording_) unit_->advance_wave(recorder_->options_.now_fs());
}

}  // namespace wagesim::verify
