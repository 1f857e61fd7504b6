// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The handlers for what links Verilator's runtime here; libraries built elsewhere include the header themselves.
#include "rtl/verilated/assertion_handlers.hpp"
