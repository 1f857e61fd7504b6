// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// One lane's second stage: a magnitude times 2^-right, rounded or not, one shifter for four modes.
//
//   codes (numerics.md section 1):  rne(m, right): the bits shifted out, with the lowest kept bit as tie breaker,
//                                   against half = 2^(right-1); the rule is symmetric, so magnitudes will do
//   steps (numerics.md section 7):  floor(m * 2^-right): half_i is all ones, which no remainder exceeds
// The result saturates above 2^31 - 1, which no limit of a later stage exceeds.
//
// Latency: 1.

module quantize_update_scale (
  input  logic        clk_i,
  input  logic        enable_i,
  input  logic [47:0] magnitude_i,
  input  logic [5:0]  right_i,       // 0..48
  input  logic [47:0] low_mask_i,    // 2^right - 1
  input  logic [47:0] half_i,        // 2^(right-1), 1 for right = 0, or all ones
  output logic [31:0] scaled_o
);

  function automatic logic [31:0] scaled(
    input logic [47:0] magnitude,
    input logic [5:0]  right,
    input logic [47:0] low_mask,
    input logic [47:0] half
  );
    // 64 bits: a simulator's word, which needs no masks; synthesis drops what is constant.
    logic [63:0] kept;
    logic        round_up;
    kept = {16'd0, magnitude} >> right;
    round_up = ({16'd0, magnitude & low_mask} + {63'd0, kept[0]}) > {16'd0, half};
    scaled = ((kept > 64'h7FFF_FFFF) ? 32'h7FFF_FFFF : kept[31:0]) + {31'd0, round_up};
  endfunction

  logic [31:0] scaled_q;

  always_ff @(posedge clk_i) begin
    if (enable_i) scaled_q <= scaled(magnitude_i, right_i, low_mask_i, half_i);
  end

  assign scaled_o = scaled_q;

endmodule
