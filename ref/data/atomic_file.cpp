// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Write beside, flush, rename. See the header.
#include "ref/data/atomic_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "ref/data/dataset.hpp"

namespace wagesim {
namespace {

constexpr std::size_t kBufferBytes = std::size_t{1} << 18U;

/// Writes all of it at `offset`; false with errno set where that fails.
bool write_fully(int descriptor, std::uint64_t offset, const unsigned char* data, std::size_t bytes)
{
    while (bytes > 0) {
        const ssize_t done = ::pwrite(descriptor, data, bytes, static_cast<off_t>(offset));
        if (done < 0) {
            if (errno == EINTR) continue;
            return false;
        }
        data += done;
        offset += static_cast<std::uint64_t>(done);
        bytes -= static_cast<std::size_t>(done);
    }
    return true;
}

/// A rename is durable only once the folder that holds the name is.
bool flush_folder_of(const std::string& path)
{
    const std::filesystem::path parent = std::filesystem::path(path).parent_path();
    const int folder = ::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return false;
    // Some file systems cannot flush a folder; there the rename is as durable as it gets.
    const bool flushed = ::fsync(folder) == 0 || errno == EINVAL;
    ::close(folder);
    return flushed;
}

/// Whether `descriptor` is still what has the name `path`, and not what another process has renamed meanwhile.
bool has_name(int descriptor, const std::string& path)
{
    struct stat open = {};
    struct stat named = {};
    return ::fstat(descriptor, &open) == 0 && ::stat(path.c_str(), &named) == 0 && open.st_dev == named.st_dev &&
           open.st_ino == named.st_ino;
}

}  // namespace

AtomicFile::AtomicFile(std::string path) : path_(std::move(path)), temporary_(temporary_of(path_))
{
    if (std::error_code ignored; std::filesystem::is_directory(path_, ignored)) {
        throw DataError(path_ + ": cannot write: it is a directory");
    }
    open_temporary();
    buffer_.reserve(kBufferBytes);
}

void AtomicFile::open_temporary()
{
    // Emptied under the lock: it may be another's, who writes now, or one left over by a process that was killed.
    for (;;) {
        // A link is not followed: what it points to is nobody's to empty.
        const int descriptor = ::open(temporary_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
        if (descriptor < 0 && errno == ELOOP) throw DataError(path_ + ": cannot write: " + temporary_ + " is a link");
        if (descriptor < 0) fail("cannot create");
        // Falls away with the process, however that ends. File systems without locks go unprotected.
        if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
            ::close(descriptor);
            throw DataError(path_ + ": cannot write: another process is writing it");
        }
        if (has_name(descriptor, temporary_)) {
            descriptor_ = descriptor;
            break;
        }
        ::close(descriptor);
    }
    if (::ftruncate(descriptor_, 0) != 0) {
        const int error = errno;
        ::close(std::exchange(descriptor_, -1));
        errno = error;
        fail("cannot create");
    }
}

AtomicFile::~AtomicFile()
{
    if (descriptor_ < 0) return;
    // Before the lock falls, or another's file of that name might be removed.
    ::unlink(temporary_.c_str());
    ::close(descriptor_);
}

void AtomicFile::append(const void* data, std::size_t bytes)
{
    const auto* from = static_cast<const unsigned char*>(data);
    if (buffer_.size() + bytes <= kBufferBytes) {
        buffer_.insert(buffer_.end(), from, from + bytes);
        return;
    }
    flush();
    if (!write_fully(descriptor_, written_, from, bytes)) fail("cannot write");
    written_ += bytes;
}

void AtomicFile::overwrite(std::uint64_t offset, const void* data, std::size_t bytes)
{
    if (offset + bytes > size()) throw std::logic_error("AtomicFile: overwriting what was not written");
    flush();
    if (!write_fully(descriptor_, offset, static_cast<const unsigned char*>(data), bytes)) fail("cannot write");
}

void AtomicFile::flush()
{
    if (!write_fully(descriptor_, written_, buffer_.data(), buffer_.size())) fail("cannot write");
    written_ += buffer_.size();
    buffer_.clear();
}

void AtomicFile::commit()
{
    flush();
    if (::fsync(descriptor_) != 0) fail("cannot write");
    if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail("cannot rename to it");
    ::close(descriptor_);
    descriptor_ = -1;
    if (!flush_folder_of(path_)) fail("cannot flush its folder");
}

void AtomicFile::fail(const char* action) const
{
    throw DataError(path_ + ": " + action + ": " + std::generic_category().message(errno));
}

void write_file_atomically(const std::string& path, std::string_view content)
{
    AtomicFile file(path);
    file.append(content);
    file.commit();
}

}  // namespace wagesim
