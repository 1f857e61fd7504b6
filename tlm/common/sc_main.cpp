// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The SystemC library wants this symbol also from programs that have their own main() and start simulations
// themselves, as ours do. It is never called.
#include <systemc>

int sc_main(int /*argc*/, char* /*argv*/[])
{
    return 0;
}
