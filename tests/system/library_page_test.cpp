// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// docs/library.md from its first block to its last: an installed library, a project that finds it, the Python package.
#include <gtest/gtest.h>

#include "tests/system/installed_page.hpp"

namespace wagesim::test {
namespace {

TEST(LibraryPage, DoesWhatItSays)
{
    InstalledPage page("docs/library.md", WAGESIM_BUILD_DIR);
    ASSERT_NO_FATAL_FAILURE(page.run());
    EXPECT_EQ(page.files(), 3U);
    EXPECT_EQ(page.commands(), 4U);
    // Each header by itself, for a compiler that warns of everything; and no other version is found.
    const CommandResult alone = page.shell(
        "for header in \"$PREFIX\"/include/wagesim/*.hpp; do\n"
        "  echo \"#include <wagesim/$(basename $header)>\" | g++ -std=c++17 -Wall -Wextra -Wpedantic -Werror \\\n"
        "      -fsyntax-only -I \"$PREFIX/include\" -x c++ - || exit 1\n"
        "done\n"
        "sed -i 's/wagesim 0.1/wagesim 0.2/' CMakeLists.txt\n"
        "! cmake -G Ninja -S . -B other -DCMAKE_PREFIX_PATH=\"$PREFIX\" 2> log2 && grep -q 'compatible with' log2");
    EXPECT_EQ(alone.status, 0) << alone.err;
}

}  // namespace
}  // namespace wagesim::test
