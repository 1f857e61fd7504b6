// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Proves: exponent is f, plus one where m > T_f, and -1 for m = 0, all m of 48 bits; valid in the cycle after start
// Method: induction
//
// quantize_update_exponent against numerics.md section 1, f being the number of powers of two from 2^1 up to m, and T_f
// the table of exponent_roots.sv.

module exponent (
  input logic        clk_i,
  input logic        rst_ni,
  input logic        start_i,
  input logic [47:0] maximum_i
);

  logic        valid, expected_valid_q;
  logic [7:0]  value;
  logic [47:0] maximum_q;
  logic        known_q = 1'b0;
  logic [5:0]  f;

  quantize_update_exponent dut (
    .*,
    .valid_o    (valid),
    .exponent_o (value)
  );

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) expected_valid_q <= 1'b0;
    else expected_valid_q <= start_i;
  end

  always_ff @(posedge clk_i) begin
    known_q <= 1'b1;
    if (start_i) maximum_q <= maximum_i;
  end

  always_comb begin
    f = '0;
    for (int unsigned i = 1; i < 48; i++) if (maximum_q >= (48'd1 << i)) f = f + 6'd1;
  end

  always_comb begin
    if (known_q) assert (valid == expected_valid_q);
    if (known_q && valid && maximum_q == 48'd0) assert (value == 8'hFF);
    if (known_q && valid && maximum_q != 48'd0) begin
      if (maximum_q > exponent_roots::root(f)) assert (value == 8'(f) + 8'd1);
      else assert (value == 8'(f));
    end
    cover (known_q && valid && f == 6'd47 && maximum_q == exponent_roots::root(f));
    cover (known_q && valid && f == 6'd47 && maximum_q == exponent_roots::root(f) + 48'd1);
    cover (known_q && valid && value == 8'd48);
    cover (known_q && valid && value == 8'd0);
    cover (known_q && valid && value == 8'hFF);
  end

endmodule
