// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/cli/idle_threads.hpp"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "platforms/cli/interruption.hpp"

namespace wagesim::cli {
namespace {

/// This process's command line; empty where there is no /proc.
std::vector<std::string> own_command_line()
{
    std::ifstream file("/proc/self/cmdline", std::ios::binary);
    std::vector<std::string> words;
    for (std::string word; std::getline(file, word, '\0');) words.push_back(word);
    return words;
}

}  // namespace

void let_idle_threads_sleep()
{
    if (std::getenv("OMP_WAIT_POLICY") != nullptr || std::getenv("GOMP_SPINCOUNT") != nullptr) return;
    std::vector<std::string> words = own_command_line();
    if (words.empty() || ::setenv("OMP_WAIT_POLICY", "passive", 1) != 0) return;
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    // A signal that comes now waits for the program that begins.
    hold_interruptions();
    if (!interruption_requested()) ::execv("/proc/self/exe", arguments.data());
    // Reached only where that cannot be: the threads spin, and everything else is the same.
    release_interruptions();
}

}  // namespace wagesim::cli
