// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// main of a test program whose tests run on all ranks at once. A failure on any rank ends them all, since the others
// would wait for it. `--ranks=N` makes sure that there are N.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>

#include "platforms/mpi/mpi_communicator.hpp"
#include "tests/support/ranks.hpp"

namespace wagesim::test {
namespace {

Communicator* communicator = nullptr;  // tests have no other way to what main owns

class EndOnFailure final : public testing::EmptyTestEventListener {
public:
    explicit EndOnFailure(mpi::MpiCommunicator& mpi) : mpi_(mpi) {}
    void OnTestPartResult(const testing::TestPartResult& result) override
    {
        if (!result.failed()) return;
        std::cerr << "rank " << mpi_.rank() << ": " << (result.file_name() == nullptr ? "" : result.file_name()) << ":"
                  << result.line_number() << ": " << result.message() << std::endl;
        mpi_.abort(1);
    }

private:
    mpi::MpiCommunicator& mpi_;
};

}  // namespace

Communicator& ranks()
{
    return *communicator;
}

int run_all_tests(int argc, char** argv)
{
    testing::InitGoogleTest(&argc, argv);
    SingleProcess alone;
    std::unique_ptr<mpi::MpiCommunicator> mpi;
    if (mpi::launch() != mpi::Launch::none) mpi = std::make_unique<mpi::MpiCommunicator>();
    communicator = mpi ? static_cast<Communicator*>(mpi.get()) : &alone;
    const std::string expected = argc > 1 ? argv[1] : "--ranks=1";
    if (expected != "--ranks=" + std::to_string(ranks().size())) {
        std::cerr << "got " << ranks().size() << " ranks, expected " << expected << std::endl;
        return EXIT_FAILURE;
    }
    if (mpi) {
        testing::TestEventListeners& listeners = testing::UnitTest::GetInstance()->listeners();
        if (mpi->rank() > 0) delete listeners.Release(listeners.default_result_printer());
        listeners.Append(new EndOnFailure(*mpi));
    }
    const int status = RUN_ALL_TESTS();
    return testing::UnitTest::GetInstance()->test_to_run_count() > 0 ? status : EXIT_FAILURE;
}

}  // namespace wagesim::test

int main(int argc, char** argv)
{
    return wagesim::test::run_all_tests(argc, argv);
}
