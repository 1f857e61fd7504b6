// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// wagesim._wagesim: the C++ library, name for name. What users see is the package around it (wagesim/*.py).
#include <pybind11/functional.h>
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <cmath>
#include <limits>

#include <wagesim/run.hpp>
#include <wagesim/sweep.hpp>

namespace py = pybind11;

namespace {

/// Python's own signals are looked at while the program works: Ctrl-C, or a kernel's interrupt, ends the run, and
/// becomes KeyboardInterrupt when it has written its checkpoint.
class Signals {
public:
    [[nodiscard]] bool arrived()
    {
        const py::gil_scoped_acquire gil;
        if (arrived_) return true;
        arrived_ = PyErr_CheckSignals() != 0;
        if (arrived_) PyErr_Fetch(&type_, &value_, &trace_);
        return arrived_;
    }
    /// Lets the exception out that the signal's handler has raised.
    void raise()
    {
        if (!arrived_) return;
        PyErr_Restore(type_, value_, trace_);
        throw py::error_already_set();
    }

private:
    bool arrived_ = false;
    PyObject* type_ = nullptr;
    PyObject* value_ = nullptr;
    PyObject* trace_ = nullptr;
};

/// `work` with the interpreter free for other threads. `options` are its own.
template <class Options, class Work>
auto computed(Options options, const Work& work)
{
    Signals signals;
    options.interrupted = [&signals] { return signals.arrived(); };
    try {
        const py::gil_scoped_release released;
        return work(options);
    } catch (const wagesim::Error&) {
        signals.raise();
        throw;
    }
}

using Compute = wagesim::Result (wagesim::Run::*)(const wagesim::RunOptions&) const;

/// The JSON text of what `compute` comes to.
template <Compute compute>
std::string result_of(const wagesim::Run& run, const wagesim::RunOptions& options)
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
        .def("config_hash", &Run::config_hash, py::call_guard<py::gil_scoped_release>())
        .def("train", &result_of<&Run::train>)
        .def("simulate", &result_of<&Run::simulate>)
        .def("verify", &result_of<&Run::verify>)
        .def("infer", [](const Run& run, bool on_chip, const wagesim::RunOptions& options) {
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
        .def("run", [](const Sweep& sweep, const std::string& folder, const wagesim::SweepOptions& options) {
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
        .def("figure",
             [](const SweepResults& results, const std::string& path) { return array_of(results.figure(path)); })
        .def("result", [](const SweepResults& results, std::size_t point) { return results.result(point).json(); });
}

}  // namespace

PYBIND11_MODULE(_wagesim, module)
{
    module.doc() = "The C++ library of wagesim, as it is.";
    module.attr("__version__") = WAGESIM_VERSION;
    bind_errors(module);
    bind_run(module);
    bind_sweep(module);
}
