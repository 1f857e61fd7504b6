// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The integer product, and each of its paths, against three loops. ctest runs this file once for each instruction set
// that oneDNN can be held to.
#include <gtest/gtest.h>

#include <cstring>
#include <stdexcept>
#include <vector>

#include "ref/kernels/integer_product.hpp"
#include "ref/kernels/product_paths.hpp"
#include "tests/unit/ref/random_tensor.hpp"

namespace wagesim {
namespace {

using test::between;
using test::Fill;
using test::filled;

/// A matrix with its own elements, rows `stride` apart, more than they are long.
struct Operand {
    std::vector<std::int32_t> values;  // as stored, widened
    std::vector<unsigned char> bytes;
    ConstMatrix matrix;
};

Operand operand(std::size_t rows, std::size_t columns, ElementType type, std::int64_t low, std::int64_t high,
                bool transposed, Fill fill, std::mt19937_64& engine)
{
    Operand out;
    const std::size_t stored_rows = transposed ? columns : rows;
    const std::size_t stored_columns = transposed ? rows : columns;
    const std::size_t stride = stored_columns + between(0, 3, engine);
    out.values = filled<std::int32_t>(stored_rows * stride, low, high, fill, engine);
    out.bytes.resize(out.values.size() * bytes_of(type));
    visit_element_type(type, [&](auto zero) {
        using T = decltype(zero);
        for (std::size_t i = 0; i < out.values.size(); ++i) {
            const T value = static_cast<T>(out.values[i]);
            std::memcpy(out.bytes.data() + i * sizeof(T), &value, sizeof(T));
        }
    });
    const std::int64_t bound = std::max(high, -low);
    out.matrix = {out.bytes.data(), type, rows, columns, stride, transposed, bound, low >= 0};
    return out;
}

using Path = void (*)(const ConstMatrix&, const ConstMatrix&, const MutableMatrix&, bool);

template <class T>
void expect_equal_to_naive(const Operand& a, const Operand& b, bool accumulate, Path path, std::mt19937_64& engine)
{
    const std::size_t stride = b.matrix.columns + between(0, 2, engine);
    auto got = filled<T>(a.matrix.rows * stride, -1000, 1000, Fill::random, engine);
    auto expected = got;
    const ElementType type = element_type_of<T>();
    path(a.matrix, b.matrix, {got.data(), type, a.matrix.rows, b.matrix.columns, stride}, accumulate);
    integer_product_naive(a.matrix, b.matrix, {expected.data(), type, a.matrix.rows, b.matrix.columns, stride},
                          accumulate);
    ASSERT_EQ(got, expected) << a.matrix.rows << "x" << a.matrix.columns << "x" << b.matrix.columns << " transposed "
                             << a.matrix.transposed << b.matrix.transposed << " accumulate " << accumulate;
}

struct Kind {
    ElementType type;
    std::int64_t low;
    std::int64_t high;
};

const std::vector<Kind> kKinds = {
    {ElementType::int8, 0, 127},         {ElementType::int8, -127, 127}, {ElementType::int8, -128, 127},
    {ElementType::int8, -1, 1},          {ElementType::uint8, 0, 255},   {ElementType::int16, -32767, 32767},
    {ElementType::int16, -508, 508},     {ElementType::int16, 0, 32767}, {ElementType::int32, -131068, 131068},
    {ElementType::int32, -70000, 70000}, {ElementType::int8, -64, 64},
};

TEST(IntegerProduct, EqualsThreeLoopsForRandomExtentsAndAdversarialValues)
{
    std::mt19937_64 engine(20240501);
    int narrow = 0;
    for (const Kind& left : kKinds) {
        for (const Kind& right : kKinds) {
            for (const Fill fill : test::kFills) {
                const std::size_t m = between(1, 40, engine);
                const std::size_t k = between(1, 150, engine);
                const std::size_t n = between(1, 70, engine);
                const bool transposed_a = between(0, 1, engine) == 1;
                const bool transposed_b = between(0, 1, engine) == 1;
                const Operand a = operand(m, k, left.type, left.low, left.high, transposed_a, fill, engine);
                const Operand b = operand(k, n, right.type, right.low, right.high, transposed_b, fill, engine);
                const bool accumulate = between(0, 1, engine) == 1;
                expect_equal_to_naive<std::int64_t>(a, b, accumulate, integer_product, engine);
                if (product::bound_of_product(a.matrix, b.matrix) <= INT32_MAX - 1000) {
                    expect_equal_to_naive<std::int32_t>(a, b, accumulate, integer_product, engine);
                    ++narrow;
                }
                if (HasFatalFailure()) return;
            }
        }
    }
    EXPECT_GT(narrow, 100);
}

TEST(IntegerProduct, PathsAreExactWhereTheySayTheyAre)
{
    std::mt19937_64 engine(20240502);
    int by_onednn = 0;
    int by_loops = 0;
    int by_tiles = 0;
    for (const Kind& left : kKinds) {
        for (const Kind& right : kKinds) {
            for (const Fill fill : test::kFills) {
                const std::size_t m = between(2, 70, engine);
                const std::size_t k = between(1, 300, engine);
                const std::size_t n = between(2, 70, engine);
                const Operand a =
                    operand(m, k, left.type, left.low, left.high, between(0, 1, engine) == 1, fill, engine);
                const Operand b =
                    operand(k, n, right.type, right.low, right.high, between(0, 1, engine) == 1, fill, engine);
                if (product::bound_of_product(a.matrix, b.matrix) > INT32_MAX - 1000) continue;
                const MutableMatrix c{nullptr, ElementType::int32, m, n, n};
                expect_equal_to_naive<std::int32_t>(a, b, true, product::wide, engine);
                if (product::portable_is_exact(a.matrix, b.matrix, c)) {
                    expect_equal_to_naive<std::int32_t>(a, b, true, product::portable, engine);
                    ++by_loops;
                }
                if (product::short_sums_are_exact(a.matrix, b.matrix, c)) {
                    expect_equal_to_naive<std::int32_t>(a, b, true, product::short_sums, engine);
                    expect_equal_to_naive<std::int32_t>(a, b, false, product::short_sums, engine);
                    ++by_tiles;
                }
                if (product::onednn_is_exact(a.matrix, b.matrix, c)) {
                    expect_equal_to_naive<std::int32_t>(a, b, true, product::onednn, engine);
                    ++by_onednn;
                }
                if (HasFatalFailure()) return;
            }
        }
    }
    EXPECT_GT(by_loops, 0);
    EXPECT_GT(by_onednn, 0);
    EXPECT_GT(by_tiles, 0);
}

TEST(IntegerProduct, LargeExtents)
{
    std::mt19937_64 engine(20240503);
    for (const Fill fill : test::kFills) {
        for (const bool transposed : {false, true}) {
            const Operand a = operand(67, 1025, ElementType::int8, 0, 127, transposed, fill, engine);
            const Operand b = operand(1025, 130, ElementType::int8, -127, 127, !transposed, fill, engine);
            expect_equal_to_naive<std::int32_t>(a, b, false, integer_product, engine);
            const Operand c = operand(67, 1025, ElementType::int8, -127, 127, transposed, fill, engine);
            expect_equal_to_naive<std::int32_t>(c, b, false, integer_product, engine);
        }
    }
}

TEST(IntegerProduct, LongSumsBeyond32BitsAreCut)
{
    // 140,000 products of 127 * 127 pass 2^31, and 65,536 is where the wide path cuts.
    std::mt19937_64 engine(20240504);
    for (const Fill fill : {Fill::highest, Fill::alternating, Fill::random}) {
        const Operand a = operand(2, 140000, ElementType::int8, -127, 127, false, fill, engine);
        const Operand b = operand(140000, 3, ElementType::int8, -127, 127, true, fill, engine);
        expect_equal_to_naive<std::int64_t>(a, b, false, integer_product, engine);
        const Operand c = operand(2, 70000, ElementType::uint8, 0, 255, false, fill, engine);
        const Operand d = operand(70000, 3, ElementType::int8, -128, 127, true, fill, engine);
        expect_equal_to_naive<std::int64_t>(c, d, true, integer_product, engine);
        // Of 255 * 255 only 33,025 stay below 2^31.
        const Operand e = operand(40000, 3, ElementType::uint8, 0, 255, true, fill, engine);
        expect_equal_to_naive<std::int64_t>(operand(2, 40000, ElementType::uint8, 0, 255, false, fill, engine), e,
                                            false, integer_product, engine);
    }
}

TEST(IntegerProduct, FullRangeOf32BitOperands)
{
    std::mt19937_64 engine(20240505);
    for (const Fill fill : test::kFills) {
        const Operand a = operand(3, 5, ElementType::int32, INT32_MIN, INT32_MAX, false, fill, engine);
        const Operand b = operand(5, 4, ElementType::int16, INT16_MIN, INT16_MAX, false, fill, engine);
        expect_equal_to_naive<std::int64_t>(a, b, false, integer_product, engine);
    }
}

TEST(IntegerProduct, RefusesWhatMayOverflow)
{
    const std::vector<std::int8_t> a(140000, 127);
    std::vector<std::int32_t> c(1);
    ConstMatrix left{a.data(), ElementType::int8, 1, 140000, 140000, false, 127, false};
    ConstMatrix right{a.data(), ElementType::int8, 140000, 1, 1, false, 127, false};
    const MutableMatrix out{c.data(), ElementType::int32, 1, 1, 1};
    EXPECT_THROW(integer_product(left, right, out), std::overflow_error);
    right.bound = 0;  // no proof: the type's own bound counts
    EXPECT_THROW(integer_product(left, right, out), std::overflow_error);
    const std::vector<std::int8_t> ones(140000, 1);
    right.data = ones.data();
    right.bound = 1;  // a proof that elements are small makes it legal
    EXPECT_NO_THROW(integer_product(left, right, out));
    EXPECT_EQ(c[0], 140000 * 127);
}

TEST(IntegerProduct, TheLargestLegalSumIsExact)
{
    // 2^31 - 1 = 2147483647 = 1 * 2147483647; 133144 * 127 * 127 is the largest K for full bytes.
    const std::size_t k = 133144;
    const std::vector<std::int8_t> a(k, 127);
    std::vector<std::int32_t> c(4);
    const ConstMatrix left{a.data(), ElementType::int8, 2, k, 0, false, 127, true};
    const ConstMatrix right{a.data(), ElementType::int8, k, 2, 0, true, 127, false};
    std::vector<std::int8_t> twice(2 * k, 127);
    ConstMatrix l = left;
    ConstMatrix r = right;
    l.data = r.data = twice.data();
    l.stride = r.stride = k;
    integer_product(l, r, {c.data(), ElementType::int32, 2, 2, 2});
    for (const std::int32_t sum : c) EXPECT_EQ(sum, 133144 * 127 * 127);
    for (std::int8_t& element : twice) element = -127;
    l.nonnegative = false;
    integer_product(l, r, {c.data(), ElementType::int32, 2, 2, 2});
    for (const std::int32_t sum : c) EXPECT_EQ(sum, 133144 * 127 * 127);
}

TEST(IntegerProduct, RefusesExtentsThatDoNotFit)
{
    const std::int8_t a[6] = {};
    std::int32_t c[6] = {};
    const ConstMatrix left{a, ElementType::int8, 2, 3, 3};
    const ConstMatrix right{a, ElementType::int8, 2, 3, 3};
    EXPECT_THROW(integer_product(left, right, {c, ElementType::int32, 2, 3, 3}), std::invalid_argument);
    const ConstMatrix fitting{a, ElementType::int8, 3, 2, 2};
    EXPECT_THROW(integer_product(left, fitting, {c, ElementType::int16, 2, 2, 2}), std::invalid_argument);
    EXPECT_NO_THROW(integer_product(left, fitting, {c, ElementType::int32, 2, 2, 2}));
}

TEST(IntegerProduct, AnEmptySumIsZero)
{
    std::int32_t c[2] = {5, 6};
    const ConstMatrix left{nullptr, ElementType::int8, 1, 0, 0};
    const ConstMatrix right{nullptr, ElementType::int8, 0, 2, 2};
    integer_product(left, right, {c, ElementType::int32, 1, 2, 2}, true);
    EXPECT_EQ(c[0], 5);
    integer_product(left, right, {c, ElementType::int32, 1, 2, 2});
    EXPECT_EQ(c[0], 0);
    EXPECT_EQ(c[1], 0);
}

}  // namespace
}  // namespace wagesim
