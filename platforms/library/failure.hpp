// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The library's inner exceptions as the one that callers know.
#pragma once

#include <new>
#include <stdexcept>
#include <system_error>

#include <wagesim/error.hpp>

#include "platforms/config/config_error.hpp"
#include "ref/data/dataset.hpp"

namespace wagesim::library {

/// What `work` returns. Throws Error for what is wrong with files, keys and values.
template <class Work>
auto translated(const Work& work)
{
    try {
        return work();
    } catch (const config::ConfigError& error) {
        throw Error(Error::Kind::config, error.what());
    } catch (const DataError& error) {
        throw Error(Error::Kind::data, error.what());
    } catch (const std::system_error& error) {
        throw Error(Error::Kind::data, error.what());
    }
}

}  // namespace wagesim::library
