// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Proves: scaled is rne(m, s) up to 2^31 - 1 and at least that above, all m of 48 bits, s = 0..48
// Method: induction
//
// quantize_update_scale with half = 2^(s-1), against the definition of rounding to nearest, ties to even (numerics.md
// section 1), without computing a rounded value: |2m - 2y 2^s| <= 2^s, and y even where that is an equation.

module scale_round (
  input logic        clk_i,
  input logic        enable_i,
  input logic [47:0] magnitude_i,
  input logic [5:0]  right_i
);

  localparam int unsigned Width = 100;
  localparam logic [31:0] Largest = 32'h7FFF_FFFF;

  logic [31:0]      scaled;
  logic             known_q = 1'b0;
  logic [47:0]      magnitude_q;
  logic [5:0]       right_q;
  logic [Width-1:0] twice, twice_rounded, unit;

  quantize_update_scale dut (
    .clk_i,
    .enable_i,
    .magnitude_i,
    .right_i,
    .low_mask_i  (48'((49'd1 << right_i) - 49'd1)),
    .half_i      ((right_i == 6'd0) ? 48'd1 : 48'd1 << (right_i - 6'd1)),
    .scaled_o    (scaled)
  );

  always_ff @(posedge clk_i) begin
    if (enable_i) begin
      known_q <= 1'b1;
      magnitude_q <= magnitude_i;
      right_q <= right_i;
    end
  end

  always_comb begin
    assume (right_i <= 6'd48);
    twice = Width'(magnitude_q) << 1;
    unit = Width'(1) << right_q;
    twice_rounded = (Width'(scaled) << 1) << right_q;
    if (known_q && scaled < Largest) begin
      assert (twice <= twice_rounded + unit);
      assert (twice_rounded <= twice + unit);
      if (twice == twice_rounded + unit || twice_rounded == twice + unit) assert (!scaled[0]);
    end
    // Largest is odd: half way between Largest - 1 and Largest, Largest - 1 is right.
    if (known_q && scaled >= Largest) assert (twice > ((Width'(Largest) << 1) - 1) << right_q);
    cover (known_q && scaled < Largest && twice == twice_rounded + unit);
    cover (known_q && scaled < Largest && twice_rounded == twice + unit);
    cover (known_q && scaled == Largest);
    cover (known_q && right_q == 6'd48 && magnitude_q > 48'h8000_0000_0000);
    cover (known_q && right_q == 6'd0 && scaled != 32'd0);
  end

endmodule
