// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// docs/tutorials/verify-your-rtl.md from its first block to its last, with an installed wagesim.
#include <gtest/gtest.h>

#include "tests/system/installed_page.hpp"

namespace wagesim::test {
namespace {

TEST(RtlTutorial, DoesWhatItSays)
{
    InstalledPage page("docs/tutorials/verify-your-rtl.md", WAGESIM_BUILD_DIR);
    ASSERT_NO_FATAL_FAILURE(page.run());
    EXPECT_EQ(page.files(), 3U);
    EXPECT_GT(page.commands(), 10U);
    // Whoever writes a library in C has the header alone.
    write_text(page.folder() / "alone.c",
               "#include <rtl/library/rtl_library.h>\nint main(void) { return wagesim_rtl_library() == 0; }\n");
    const CommandResult alone = page.shell(
        "mkdir alone alone/rtl\ncp -r \"$PREFIX/include/wagesim/rtl/library\" alone/rtl/\n"
        "gcc -std=c99 -Wall -Wextra -Wpedantic -Werror -I alone -c alone.c -o alone.o");
    EXPECT_EQ(alone.status, 0) << alone.err;
}

}  // namespace
}  // namespace wagesim::test
