// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Checks before the work, so that a run does not fail at its end. See the header.
#include "platforms/cli/run_directory.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "platforms/cli/exit_code.hpp"
#include "ref/data/atomic_file.hpp"
#include "ref/data/dataset.hpp"

namespace wagesim::cli {
namespace {

namespace fs = std::filesystem;

std::string reason(int error)
{
    return std::generic_category().message(error);
}

void require_writable_folder(const std::string& option, const fs::path& folder)
{
    std::error_code ignored;
    if (!fs::is_directory(folder, ignored)) {
        throw UsageError(fmt::format("{}: got {}, which is no folder", option, folder.string()));
    }
    if (::access(folder.c_str(), W_OK | X_OK) != 0) {
        throw UsageError(fmt::format("{}: cannot write in {}: {}", option, folder.string(), reason(errno)));
    }
}

/// `written` is `file` or what stands for it until it is whole. Both are renamed: a device, a pipe or a link would be
/// gone.
void require_replaceable(const std::string& option, const std::string& file, const std::string& written)
{
    std::error_code ignored;
    const fs::file_status status = fs::symlink_status(written, ignored);
    if (!fs::exists(status) || fs::is_regular_file(status)) return;
    const std::string beside = written == file ? "" : fmt::format(" beside {}", written);
    throw UsageError(fmt::format("{}: got {}{}, allowed a new file or a regular one to replace", option, file, beside));
}

void require_unoccupied(const std::string& option, const std::string& file, const std::string& written,
                        const std::vector<std::string>& occupied)
{
    std::error_code ignored;
    const fs::path place = fs::weakly_canonical(written, ignored);
    for (const std::string& each : occupied) {
        const fs::path other = fs::weakly_canonical(each, ignored);
        const bool inside = fs::is_directory(other, ignored) &&
                            std::mismatch(other.begin(), other.end(), place.begin(), place.end()).first == other.end();
        if (place != other && !inside) continue;
        const std::string what = written == file ? "which" : fmt::format("whose {}", written);
        throw UsageError(fmt::format("{}: got {}, {} this run reads or writes itself", option, file, what));
    }
}

}  // namespace

RunDirectory::RunDirectory(const std::string& path, bool resume, bool can_resume)
    : path_(path), resume_(resume), can_resume_(can_resume)
{
    fs::path folder = fs::absolute(path).lexically_normal();
    std::error_code ignored;
    if (!fs::exists(folder, ignored)) {
        while (folder.has_relative_path() && !fs::exists(folder, ignored)) folder = folder.parent_path();
        require_writable_folder("--out", folder);
        return;
    }
    require_writable_folder("--out", folder);
    goes_on_ = resume_ && holds_checkpoint();
    require_place_for_run();
}

void RunDirectory::require_place_for_run() const
{
    if (goes_on_) return;
    if (std::error_code ignored; fs::exists(fs::path(path_) / "sweep.sqlite", ignored)) {
        throw UsageError(fmt::format("--out: {} holds a sweep, allowed a run's folder or a new one", path_));
    }
    std::vector<std::string> files = {result_file(), epochs_file(), weights_file(), checkpoint_file()};
    // Whoever prepares a run, as a sweep does, leaves its configuration before its first checkpoint, and a run that is
    // recorded its record.
    if (!resume_) {
        files.insert(files.begin(), config_file());
        files.push_back(record_file());
    }
    for (const std::string& file : files) {
        if (std::error_code ignored; !fs::exists(file, ignored)) continue;
        const char* const hint = resume_ ? ", but no checkpoint to go on from" : "; --resume goes on with it";
        throw UsageError(fmt::format("--out: {} holds a run already ({}){}", path_, fs::path(file).filename().string(),
                                     can_resume_ ? hint : ""));
    }
}

RunDirectory::~RunDirectory()
{
    if (lock_ >= 0) ::close(lock_);
}

void RunDirectory::claim()
{
    std::error_code error;
    fs::create_directories(path_, error);
    if (error) throw UsageError(fmt::format("--out: cannot create {}: {}", path_, error.message()));
    lock_ = ::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (lock_ < 0) throw UsageError(fmt::format("--out: cannot open {}: {}", path_, reason(errno)));
    // Falls away with the process, however that ends. File systems without locks go unprotected.
    if (::flock(lock_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        throw UsageError(fmt::format("--out: another run is writing in {}", path_));
    }
    // Another may have come and gone since this object looked.
    if (resume_ && holds_checkpoint() != goes_on_) {
        throw UsageError(fmt::format("--out: another run was in {} while this one began", path_));
    }
    require_place_for_run();
}

void RunDirectory::remove_result()
{
    remove(result_file());
    remove(weights_file());
}

void RunDirectory::remove(const std::string& file)
{
    std::error_code error;
    fs::remove(file, error);
    if (error) throw DataError(fmt::format("{}: cannot remove: {}", file, error.message()));
}

bool RunDirectory::holds_checkpoint() const
{
    std::error_code ignored;
    return fs::exists(checkpoint_file(), ignored);
}

void require_writable_place(const std::string& option, const std::string& file,
                            const std::vector<std::string>& occupied)
{
    std::error_code ignored;
    if (fs::is_directory(file, ignored)) {
        throw UsageError(fmt::format("{}: got {}, which is a folder", option, file));
    }
    require_replaceable(option, file, file);
    require_unoccupied(option, file, file, occupied);
    const std::string temporary = AtomicFile::temporary_of(file);
    require_replaceable(option, file, temporary);
    require_unoccupied(option, file, temporary, occupied);
    require_writable_folder(option, fs::absolute(file).parent_path());
}

}  // namespace wagesim::cli
