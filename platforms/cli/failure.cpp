// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The one table of exceptions and statuses. See the header.
#include "platforms/cli/failure.hpp"

#include <algorithm>
#include <exception>
#include <new>
#include <system_error>

#include "platforms/cli/ranks.hpp"
#include "platforms/config/config_error.hpp"
#include "ref/data/dataset.hpp"

namespace wagesim::cli {
namespace {

Failure failure(ExitCode code, const char* prefix, std::string text)
{
    while (!text.empty() && text.back() == '\n') text.pop_back();
    std::replace(text.begin(), text.end(), '\n', ' ');
    return {code, prefix + text};
}

}  // namespace

Failure current_failure()
{
    try {
        throw;
    } catch (const AgreedFailure& agreed) {
        return agreed.failure();
    } catch (const config::ConfigError& error) {
        return failure(ExitCode::usage, "", error.what());
    } catch (const UsageError& error) {
        return failure(ExitCode::usage, "wagesim: ", error.what());
    } catch (const DataError& error) {
        return failure(ExitCode::data, "", error.what());
    } catch (const VerificationFailed& error) {
        return failure(ExitCode::difference, "wagesim: ", error.what());
    } catch (const Interrupted& error) {
        return failure(ExitCode::interrupted, "wagesim: ", error.what());
    } catch (const std::bad_alloc&) {
        return failure(ExitCode::usage,
                       "wagesim: ", "out of memory: this network, batch or data set is too large for the machine");
    } catch (const std::system_error& error) {
        return failure(ExitCode::data, "wagesim: ", error.what());
    } catch (const std::exception& error) {
        return failure(ExitCode::internal, "wagesim: internal error: ", error.what());
    }
}

}  // namespace wagesim::cli
