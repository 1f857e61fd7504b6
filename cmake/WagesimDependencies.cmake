# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
#
# Everything that comes from outside, found once. scripts/install-deps.sh installs all of it from Debian 12.

find_package(OpenMP REQUIRED COMPONENTS CXX)
find_package(Threads REQUIRED)
find_package(dnnl REQUIRED CONFIG)
find_package(hwy REQUIRED CONFIG)
find_package(PkgConfig REQUIRED)
# PkgConfig::SystemC. Debian ships SystemC with a pkg-config file and no CMake package.
pkg_check_modules(SystemC REQUIRED IMPORTED_TARGET systemc>=2.3.4)
# libzip's own CMake package names tools that Debian ships in another package, and fails without them.
pkg_check_modules(Libzip REQUIRED IMPORTED_TARGET libzip>=1.7)
# FindMPI would ask for the C language, or for MPI's C++ interface, which no longer exists.
pkg_check_modules(OpenMpi REQUIRED IMPORTED_TARGET ompi-c>=4.1)
# Likewise muParser: its CMake package has no imported target that CMake 3.25 accepts.
pkg_check_modules(MuParser REQUIRED IMPORTED_TARGET muparser>=2.3)
find_package(pagmo REQUIRED CONFIG)
find_package(verilator 5.006 REQUIRED HINTS $ENV{VERILATOR_ROOT} /usr/share/verilator)
find_package(yaml-cpp REQUIRED)
find_package(CLI11 REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(ZLIB REQUIRED)
find_package(LibLZMA REQUIRED)
find_package(JPEG REQUIRED)
find_package(PNG REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(SQLite3 REQUIRED)
