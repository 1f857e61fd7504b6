// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The product by oneDNN's int8 GEMM, and when that is exact.
#include <oneapi/dnnl/dnnl.h>

#include <stdexcept>

#include "ref/kernels/product_paths.hpp"

namespace wagesim::product {
namespace {

bool is_nonnegative(const ConstMatrix& matrix)
{
    return matrix.nonnegative || matrix.type == ElementType::uint8;
}

}  // namespace

bool onednn_has_wide_byte_products()
{
    switch (dnnl_get_effective_cpu_isa()) {
        case dnnl_cpu_isa_avx512_core_vnni:
        case dnnl_cpu_isa_avx512_core_bf16:
        case dnnl_cpu_isa_avx512_core_amx: return true;
        default: return false;  // also avx2_vnni: not every kernel of oneDNN uses it
    }
}

bool onednn_is_exact(const ConstMatrix& a, const ConstMatrix& b, const MutableMatrix& c)
{
    const bool bytes = (a.type == ElementType::int8 || a.type == ElementType::uint8) && b.type == ElementType::int8;
    if (!bytes || c.type != ElementType::int32 || c.rows < 2 || c.columns < 2) return false;
    if (onednn_has_wide_byte_products()) return true;
    const std::int64_t unsigned_bound = bound_of(a) + (is_nonnegative(a) ? 0 : 128);
    return 2 * unsigned_bound * bound_of(b) <= INT16_MAX;
}

void onednn(const ConstMatrix& a, const ConstMatrix& b, const MutableMatrix& c, bool accumulate)
{
    const char transposed_a = a.transposed ? 'T' : 'N';
    const char transposed_b = b.transposed ? 'T' : 'N';
    const auto m = static_cast<dnnl_dim_t>(c.rows);
    const auto n = static_cast<dnnl_dim_t>(c.columns);
    const auto k = static_cast<dnnl_dim_t>(a.columns);
    const auto stride_a = static_cast<dnnl_dim_t>(a.stride);
    const auto stride_b = static_cast<dnnl_dim_t>(b.stride);
    const auto stride_c = static_cast<dnnl_dim_t>(c.stride);
    const float beta = accumulate ? 1.0F : 0.0F;
    const std::int32_t no_offset = 0;
    auto* out = static_cast<std::int32_t*>(c.data);
    const auto* right = static_cast<const std::int8_t*>(b.data);
    // Codes that are not negative are the same bits in both types, and unsigned needs no correction.
    const dnnl_status_t status =
        is_nonnegative(a)
            ? dnnl_gemm_u8s8s32(transposed_a, transposed_b, 'F', m, n, k, 1.0F,
                                static_cast<const std::uint8_t*>(a.data), stride_a, 0, right, stride_b, 0, beta, out,
                                stride_c, &no_offset)
            : dnnl_gemm_s8s8s32(transposed_a, transposed_b, 'F', m, n, k, 1.0F, static_cast<const std::int8_t*>(a.data),
                                stride_a, 0, right, stride_b, 0, beta, out, stride_c, &no_offset);
    if (status != dnnl_success) throw std::runtime_error("integer_product: oneDNN refused a product");
}

}  // namespace wagesim::product
