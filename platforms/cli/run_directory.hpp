// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The folder that --out names: who may write there, and under which names. Every file appears whole or not at all.
#pragma once

#include <string>
#include <vector>

namespace wagesim::cli {

class RunDirectory {
public:
    /// Touches nothing yet. Throws UsageError where `path` cannot become a run's folder: it is no folder, it cannot be
    /// written, or it holds a run that must not be written over.
    /// There may be a run where `resume` is true, but then with a checkpoint; `can_resume` is whether the command knows
    /// --resume.
    RunDirectory(const std::string& path, bool resume, bool can_resume);
    ~RunDirectory();
    RunDirectory(const RunDirectory&) = delete;
    RunDirectory& operator=(const RunDirectory&) = delete;

    /// Creates the folder and claims it until this object ends. Throws UsageError where another run holds it, or was in
    /// it since this object looked.
    void claim();
    /// Until the next result is written the run counts as not complete, and has no weights of its end.
    void remove_result();
    /// One that a run left which ended before its first checkpoint.
    void remove_record() { remove(record_file()); }

    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    [[nodiscard]] bool holds_checkpoint() const;
    [[nodiscard]] std::string checkpoint_file() const { return path_ + "/checkpoint.npz"; }
    [[nodiscard]] std::string weights_file() const { return path_ + "/weights.npz"; }
    [[nodiscard]] std::string config_file() const { return path_ + "/config.yaml"; }
    [[nodiscard]] std::string result_file() const { return path_ + "/result.json"; }
    [[nodiscard]] std::string epochs_file() const { return path_ + "/epochs.csv"; }
    [[nodiscard]] std::string record_file() const { return path_ + "/record.npz"; }
    [[nodiscard]] std::string trace_file() const { return path_ + "/trace.json"; }
    [[nodiscard]] std::string power_file() const { return path_ + "/power.json"; }
    [[nodiscard]] std::string wear_file() const { return path_ + "/wear.json"; }
    [[nodiscard]] std::string database_file() const { return path_ + "/run.sqlite"; }

private:
    /// Throws UsageError where there are files of a run that this one does not go on with.
    void require_place_for_run() const;
    static void remove(const std::string& file);

    std::string path_;
    bool resume_;
    bool can_resume_;
    bool goes_on_ = false;  ///< there is a checkpoint, and this run goes on from it
    int lock_ = -1;
};

/// Throws UsageError where no file can be created under `file`'s name; `option` names who asked.
void require_writable_place(const std::string& option, const std::string& file,
                            const std::vector<std::string>& occupied);

}  // namespace wagesim::cli
