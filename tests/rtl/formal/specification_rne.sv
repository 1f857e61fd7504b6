// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Proves: numerics::rne is rounding to nearest, ties to even, for all n of 48 bits and s from -24 to 127
// Method: 1 cycle
//
// The specification that other proofs use, held against the definition: y is rne(n, s) where no integer is nearer to
// n / 2^s than y, and where of two nearest ones y is even. Not about the RTL.

module specification_rne (
  input logic               clk_i,
  input logic signed [47:0] n_i,
  input logic signed [7:0]  s_i
);

  localparam int unsigned Width = 200;

  logic signed [Width-1:0] n, y, twice_distance, unit;

  always_comb begin
    assume (s_i >= -24);
    n = Width'(n_i);
    y = Width'(numerics::rne(numerics::Wide'(n_i), 11'(s_i)));
    if (s_i < 0) begin
      assert (y == (n <<< (-s_i)));
      unit = '0;
      twice_distance = '0;
    end else begin
      unit = Width'(1) << s_i;
      twice_distance = 2 * ((y <<< s_i) - n);
      assert (twice_distance <= unit && twice_distance >= -unit);
      if (twice_distance == unit || twice_distance == -unit) assert (!y[0]);
    end
    cover (s_i > 0 && n_i < 0 && twice_distance == unit);
    cover (s_i > 0 && n_i > 0 && twice_distance == unit);
    cover (s_i < 0 && n_i < 0);
    cover (s_i == 48 && n_i < 0);
  end

endmodule
