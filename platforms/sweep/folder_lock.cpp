// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// flock on the folder itself: no lock file is left. See the header.
#include "platforms/sweep/folder_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <system_error>
#include <thread>
#include <utility>

#include "ref/data/dataset.hpp"

namespace wagesim::sweep {

std::optional<FolderLock> FolderLock::try_claim(const std::string& folder, Kind kind)
{
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) {
        throw DataError(fmt::format("{}: cannot open: {}", folder, std::generic_category().message(errno)));
    }
    FolderLock lock(descriptor);
    const int operation = kind == Kind::exclusive ? LOCK_EX : LOCK_SH;
    if (::flock(descriptor, operation | LOCK_NB) != 0 && errno == EWOULDBLOCK) return std::nullopt;
    return lock;
}

std::optional<FolderLock> FolderLock::claim_patiently(const std::string& folder, Kind kind)
{
    constexpr int kTries = 10;
    constexpr std::chrono::milliseconds kBetweenTries{50};
    for (int i = 1; i < kTries; ++i) {
        if (std::optional<FolderLock> lock = try_claim(folder, kind)) return lock;
        std::this_thread::sleep_for(kBetweenTries);
    }
    return try_claim(folder, kind);
}

FolderLock::~FolderLock()
{
    if (descriptor_ >= 0) ::close(descriptor_);
}

FolderLock::FolderLock(FolderLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

}  // namespace wagesim::sweep
