// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Specification: docs/numerics.md section 1 in wide signed integers, for the proofs beside this file. Written from the
// text, in the text's terms (quotient and remainder of signed integers), with no thought of circuits; nothing in rtl/
// knows it. specification_rne.sv proves rne against the definition of rounding to nearest, ties to even.

package numerics;

  // Wide enough for every exact intermediate result: |n| <= 2^47 shifted left by at most 24 is below 2^72.
  localparam int unsigned Wide = 80;

  // N(k) = 2^(k-1) - 1.
  function automatic logic signed [Wide-1:0] largest(input logic signed [Wide-1:0] width);
    largest = (Wide'(1) << (width - 1)) - 1;
  endfunction

  // n / 2^s, |n| < 2^59, to the nearest integer, of two nearest the even one; n * 2^-s for s < 0. From s = 60 on, n / 2^s
  // is nearer to 0 than 1/2 is.
  function automatic logic signed [Wide-1:0] rne(input logic signed [Wide-1:0] n, input logic signed [10:0] s);
    logic signed [Wide-1:0] divisor, quotient, remainder;
    if (s < 0) begin
      rne = n <<< (-s);
    end else if (s >= 60) begin
      rne = '0;
    end else begin
      divisor = Wide'(1) << s;
      quotient = n >>> s;
      remainder = n - (quotient <<< s);
      rne = quotient;
      if (2 * remainder > divisor) rne = quotient + 1;
      if (2 * remainder == divisor && quotient[0]) rne = quotient + 1;
    end
  endfunction

  // n limited to [-bound, bound].
  function automatic logic signed [Wide-1:0] clip(
    input logic signed [Wide-1:0] n,
    input logic signed [Wide-1:0] bound
  );
    clip = n;
    if (n > bound) clip = bound;
    if (n < -bound) clip = -bound;
  endfunction

  // |n|.
  function automatic logic signed [Wide-1:0] absolute(input logic signed [Wide-1:0] n);
    absolute = (n < 0) ? -n : n;
  endfunction

endpackage
