// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// record.npz: a RunRecord as named arrays (docs/record.md). Two equal records make files of equal bytes.
#pragma once

#include <string>

#include "ref/record/run_record.hpp"

namespace wagesim {

/// Writes the whole file or leaves the old one. Throws DataError where it cannot.
void save_record(const std::string& path, const RunRecord& record);

/// `empty`, a make_record of the same network and widths, says which entries there must be. Throws DataError, naming
/// file and entry, for anything missing, corrupt or of another shape.
[[nodiscard]] RunRecord load_record(const std::string& path, const RunRecord& empty);

}  // namespace wagesim
