// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What a program with SystemC in it has to define although it has its own main(): sc_main, which is never called; and,
// under AddressSanitizer, that leaks are not looked for.
#include <systemc>

int sc_main(int /*argc*/, char* /*argv*/[])
{
    return 0;
}

#if defined(__SANITIZE_ADDRESS__)
// SystemC's process stacks end in pages that nobody may read, and the leak check reads them to the end and dies.
extern "C" int __lsan_is_turned_off();
extern "C" int __lsan_is_turned_off()
{
    return 1;
}
#endif
