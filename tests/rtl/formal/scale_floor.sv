// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Proves: scaled is floor(m / 2^s) up to 2^31 - 1 and at least that above, all m of 48 bits, s = 0..48
// Method: induction
//
// quantize_update_scale with half all ones (numerics.md section 7), against the definition of the floor:
// y 2^s <= m < (y + 1) 2^s.

module scale_floor (
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
  logic [Width-1:0] magnitude, below;

  quantize_update_scale dut (
    .clk_i,
    .enable_i,
    .magnitude_i,
    .right_i,
    .low_mask_i  (48'((49'd1 << right_i) - 49'd1)),
    .half_i      (48'hFFFF_FFFF_FFFF),
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
    magnitude = Width'(magnitude_q);
    below = Width'(scaled) << right_q;
    if (known_q && scaled < Largest) begin
      assert (below <= magnitude);
      assert (magnitude < below + (Width'(1) << right_q));
    end
    if (known_q && scaled >= Largest) assert (magnitude >= Width'(Largest) << right_q);
    cover (known_q && scaled < Largest && magnitude == below + (Width'(1) << right_q) - 1 && right_q == 6'd40);
    cover (known_q && scaled == Largest);
    cover (known_q && right_q == 6'd48 && magnitude_q[47]);
  end

endmodule
