// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// wagesim._wagesim: the C++ library, name for name. What users see is the package around it (wagesim/*.py).
#include <pybind11/functional.h>
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <wagesim/run.hpp>
#include <wagesim/sweep.hpp>

namespace py = pybind11;

namespace {

/// What ends the runs of all threads: interrupt(), and the interpreter's exit, which waits for them, since a thread
/// that comes back to an interpreter that is gone takes the process along.
class Interruptions {
public:
    /// A number that grows with every interrupt().
    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
    void interrupt() noexcept { ++count_; }
    [[nodiscard]] bool exiting() const noexcept { return exiting_; }

    /// Throws Error where the interpreter is exiting, which waits for no more.
    void begin()
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        if (exiting_) throw wagesim::Error(wagesim::Error::Kind::interrupted, "interrupted by the interpreter's exit");
        ++running_;
    }
    void end()
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        --running_;
        changed_.notify_all();
    }
    /// Without the interpreter's lock, which those that end need.
    void exit()
    {
        std::unique_lock<std::mutex> lock(mutex_);
        exiting_ = true;
        changed_.wait(lock, [this] { return running_ == 0; });
    }

private:
    std::atomic<std::uint64_t> count_ = 0;
    std::atomic<bool> exiting_ = false;
    std::mutex mutex_;
    std::condition_variable changed_;
    int running_ = 0;
};

/// Of the process; it outlives every interpreter's thread. A fork has another one, since the threads that compute are
/// not in it.
Interruptions*& interruptions_of_process()
{
    static auto* all = new Interruptions;
    return all;
}
Interruptions& interruptions()
{
    return *interruptions_of_process();
}

/// A run that is being computed, and what of the interpreter's signals it has seen. They are looked at while the
/// program works: the first ends it at its next step, the second at once. What the signal's handler raised,
/// KeyboardInterrupt say, comes out when it has ended, however it did.
class Watch {
public:
    Watch() { interruptions().begin(); }
    ~Watch() { interruptions().end(); }
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    [[nodiscard]] wagesim::Stop look()
    {
        if (interruptions().exiting() || interruptions().count() != begun_with_) return wagesim::Stop::soon;
        const py::gil_scoped_acquire gil;
        if (PyErr_CheckSignals() == 0) return raised_ ? wagesim::Stop::soon : wagesim::Stop::no;
        const bool again = raised_.has_value();
        raised_.emplace();  // takes the exception
        return again ? wagesim::Stop::now : wagesim::Stop::soon;
    }
    void raise()
    {
        if (!raised_) return;
        const py::error_already_set raised = *raised_;
        raised_.reset();
        throw raised;
    }

private:
    std::uint64_t begun_with_ = interruptions().count();
    std::optional<py::error_already_set> raised_;
};

/// `work` with the interpreter free for other threads. `options` are its own.
template <class Options, class Work>
auto computed(Options options, const Work& work)
{
    Watch watch;
    options.stop = [&watch] { return watch.look(); };
    try {
        std::optional<decltype(work(options))> out;
        {
            const py::gil_scoped_release released;
            out.emplace(work(options));
        }
        watch.raise();
        return std::move(*out);
    } catch (...) {
        watch.raise();
        throw;
    }
}

using Compute = wagesim::Result (wagesim::Run::*)(const wagesim::RunOptions&) const;

/// The JSON text of what `compute` comes to. The run is a copy: others may change theirs meanwhile.
template <Compute compute>
std::string result_of(wagesim::Run run, const wagesim::RunOptions& options)
{
    return computed(options, [&](const wagesim::RunOptions& own) { return (run.*compute)(own); }).json();
}

py::array_t<double> array_of(const std::vector<double>& values)
{
    return py::array_t<double>(static_cast<py::ssize_t>(values.size()), values.data());
}

void bind_errors(py::module_& module)
{
    static py::exception<wagesim::Error> error(module, "Error");
    static py::exception<wagesim::Error> config(module, "ConfigError", error);
    static py::exception<wagesim::Error> data(module, "DataError", error);
    static py::exception<wagesim::Error> interrupted(module, "Interrupted", error);
    py::register_exception_translator([](std::exception_ptr pending) {
        try {
            if (pending) std::rethrow_exception(pending);
        } catch (const wagesim::Error& thrown) {
            switch (thrown.kind()) {
                case wagesim::Error::Kind::config: return config(thrown.what());
                case wagesim::Error::Kind::data: return data(thrown.what());
                case wagesim::Error::Kind::interrupted: return interrupted(thrown.what());
                case wagesim::Error::Kind::internal: return error(thrown.what());
            }
        }
    });
}

void bind_run(py::module_& module)
{
    using wagesim::Run;
    py::class_<wagesim::RunOptions>(module, "RunOptions")
        .def(py::init<>())
        .def_readwrite("steps", &wagesim::RunOptions::steps)
        .def_readwrite("threads", &wagesim::RunOptions::threads)
        .def_readwrite("out", &wagesim::RunOptions::out)
        .def_readwrite("resume", &wagesim::RunOptions::resume)
        .def_readwrite("weights", &wagesim::RunOptions::weights)
        .def_readwrite("arguments", &wagesim::RunOptions::arguments)
        .def_readwrite("print", &wagesim::RunOptions::print);
    py::class_<Run>(module, "Run")
        .def_static("load", &Run::load)
        .def_static("parse", &Run::parse)
        .def("copy", [](const Run& run) { return Run(run); })
        .def("set",
             [](Run& run, const std::vector<std::pair<std::string, std::string>>& settings) {
                 std::vector<Run::Setting> all;
                 for (const auto& [key, value] : settings) all.push_back({key, value});
                 run.set(all);
             })
        .def("get_json", &Run::get_json)
        .def("text", &Run::text)
        .def("config_hash",
             [](Run run) {
                 const py::gil_scoped_release released;
                 return run.config_hash();
             })
        .def("train", &result_of<&Run::train>)
        .def("simulate", &result_of<&Run::simulate>)
        .def("verify", &result_of<&Run::verify>)
        .def("infer", [](Run run, bool on_chip, const wagesim::RunOptions& options) {
            const auto engine = on_chip ? wagesim::InferenceEngine::chip : wagesim::InferenceEngine::reference;
            return computed(options, [&](const wagesim::RunOptions& own) { return run.infer(engine, own); }).json();
        });
}

void bind_sweep(py::module_& module)
{
    using wagesim::Sweep;
    using wagesim::SweepResults;
    py::class_<wagesim::SweepOptions>(module, "SweepOptions")
        .def(py::init<>())
        .def_readwrite("jobs", &wagesim::SweepOptions::jobs)
        .def_readwrite("threads", &wagesim::SweepOptions::threads)
        .def_readwrite("retry_failed", &wagesim::SweepOptions::retry_failed)
        .def_readwrite("print", &wagesim::SweepOptions::print);
    py::class_<Sweep>(module, "Sweep")
        .def_static("load", &Sweep::load)
        .def_static("of", &Sweep::of)
        .def_property_readonly("name", &Sweep::name)
        .def_property_readonly("points", &Sweep::points)
        .def("run", [](Sweep sweep, const std::string& folder, const wagesim::SweepOptions& options) {
            return computed(options, [&](const wagesim::SweepOptions& own) { return sweep.run(folder, own); });
        });
    py::class_<wagesim::SweepVariable>(module, "SweepVariable")
        .def_readonly("key", &wagesim::SweepVariable::key)
        .def_readonly("role", &wagesim::SweepVariable::role);
    py::class_<wagesim::SweepObjective>(module, "SweepObjective")
        .def_readonly("figure", &wagesim::SweepObjective::figure)
        .def_readonly("direction", &wagesim::SweepObjective::direction);
    py::class_<wagesim::SweepPoint>(module, "SweepPoint")
        .def_readonly("settings", &wagesim::SweepPoint::settings)
        .def_readonly("state", &wagesim::SweepPoint::state)
        .def_readonly("stage", &wagesim::SweepPoint::stage)
        .def_readonly("objectives", &wagesim::SweepPoint::objectives)
        .def_readonly("front", &wagesim::SweepPoint::front)
        .def_readonly("wall_seconds", &wagesim::SweepPoint::wall_seconds)
        .def_readonly("config_hash", &wagesim::SweepPoint::config_hash)
        .def_readonly("folder", &wagesim::SweepPoint::folder)
        .def_readonly("error", &wagesim::SweepPoint::error);
    py::class_<wagesim::SweepSensitivity>(module, "SweepSensitivity")
        .def_readonly("key", &wagesim::SweepSensitivity::key)
        .def_readonly("figure", &wagesim::SweepSensitivity::figure)
        .def_readonly("share", &wagesim::SweepSensitivity::share)
        .def_readonly("least", &wagesim::SweepSensitivity::least)
        .def_readonly("most", &wagesim::SweepSensitivity::most);
    py::class_<SweepResults>(module, "SweepResults")
        .def_static("open", &SweepResults::open, py::call_guard<py::gil_scoped_release>())
        .def_property_readonly("name", &SweepResults::name)
        .def_property_readonly("variables", &SweepResults::variables)
        .def_property_readonly("objectives", &SweepResults::objectives)
        .def_property_readonly("points", &SweepResults::points)
        .def_property_readonly("sensitivities", &SweepResults::sensitivities)
        .def_property_readonly("size", [](const SweepResults& results) { return results.points().size(); })
        .def("folder", [](const SweepResults& results, std::size_t point) { return results.points().at(point).folder; })
        .def("figure",
             [](const SweepResults& results, const std::string& path) {
                 std::vector<double> values;
                 {
                     const py::gil_scoped_release released;
                     values = results.figure(path);
                 }
                 return array_of(values);
             })
        .def("result", [](const SweepResults& results, std::size_t point) {
            const py::gil_scoped_release released;
            return results.result(point).json();
        });
}

}  // namespace

PYBIND11_MODULE(_wagesim, module)
{
    module.doc() = "The C++ library of wagesim, as it is.";
    module.attr("__version__") = WAGESIM_VERSION;
    module.def("interrupt", [] { interruptions().interrupt(); });
    py::module_::import("atexit").attr("register")(py::cpp_function([] {
        const py::gil_scoped_release released;
        interruptions().exit();
    }));
    const py::cpp_function forget([] { interruptions_of_process() = new Interruptions; });
    py::module_::import("os").attr("register_at_fork")(py::arg("after_in_child") = forget);
    bind_errors(module);
    bind_run(module);
    bind_sweep(module);
}
