// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What the shared library shows. Everything else in it is hidden.
#pragma once

#define WAGESIM_EXPORT __attribute__((visibility("default")))
