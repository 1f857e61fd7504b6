// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The ways to compute an integer product, each with the condition under which it is exact. For integer_product.cpp
// and the tests only: everybody else calls integer_product.
#pragma once

#include "ref/kernels/integer_product.hpp"

namespace wagesim::product {

/// Largest magnitude of an element: the proven bound, or what the type can hold.
[[nodiscard]] std::int64_t bound_of(const ConstMatrix& matrix);

/// K * bound(a) * bound(b); saturates at INT64_MAX.
[[nodiscard]] std::int64_t bound_of_product(const ConstMatrix& a, const ConstMatrix& b);

/// Whether oneDNN multiplies bytes into 32-bit sums directly (VNNI, AMX). Without that it adds two neighbouring
/// products in 16 bits, which saturate. Follows ONEDNN_MAX_CPU_ISA, as oneDNN itself does.
[[nodiscard]] bool onednn_has_wide_byte_products();

/// a int8 or uint8, b int8, c int32, at least two rows and columns (a single one takes other kernels, which we do not
/// rely on), and on machines without wide byte products a proof that two neighbouring products fit 16 bits. There
/// oneDNN takes a as unsigned; signed elements it moves up by 128 and corrects in 32 bits.
[[nodiscard]] bool onednn_is_exact(const ConstMatrix& a, const ConstMatrix& b, const MutableMatrix& c);
void onednn(const ConstMatrix& a, const ConstMatrix& b, const MutableMatrix& c, bool accumulate);

/// a int8 or uint8, b int8, c int32, K of at most 256; a signed a is moved up by 128 and corrected, which has to stay
/// within 32 bits.
[[nodiscard]] bool short_sums_are_exact(const ConstMatrix& a, const ConstMatrix& b, const MutableMatrix& c);
void short_sums(const ConstMatrix& a, const ConstMatrix& b, const MutableMatrix& c, bool accumulate);

/// a and b of at most 16 bits (int8, uint8, int16), c int32: products in 32 bits, which the caller's bound proves.
[[nodiscard]] bool portable_is_exact(const ConstMatrix& a, const ConstMatrix& b, const MutableMatrix& c);
void portable(const ConstMatrix& a, const ConstMatrix& b, const MutableMatrix& c, bool accumulate);

/// Anything: operands are cut into balanced base-256 digits, K where 32 bits could overflow, and the digits' products
/// are added in c's type.
void wide(const ConstMatrix& a, const ConstMatrix& b, const MutableMatrix& c, bool accumulate);

}  // namespace wagesim::product
