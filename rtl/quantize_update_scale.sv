// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// One lane's shift, in two stages that share one shifter between four modes.
//
// For a magnitude m and an exact power of two 2^-s (s of either sign):
//   codes (numerics.md section 1):  min(rne(m, s), limit)
//   steps (numerics.md section 7):  min(floor(m * 2^-s), limit), where half_i is all ones and so never reached
// A right shift drops the bits below it as a remainder, and rounds up where remainder + lowest kept bit > half: to
// nearest, ties to even. Rounding magnitudes is rounding values, the rule being symmetric. A left shift (right_i = 0)
// drops nothing. The kept part saturates at 2^31 - 1, which is above every limit.
//
// Latency: 2 (one register after the right shift, one after left shift and limit, which the parent holds).

module quantize_update_scale (
  input  logic        clk_i,
  input  logic        advance_i,
  input  logic        active_i,      // magnitude_i is looked at
  input  logic [47:0] magnitude_i,
  input  logic [5:0]  right_i,       // 0..48
  input  logic [4:0]  left_i,        // 0 unless right_i is 0
  input  logic [47:0] low_mask_i,    // 2^right - 1
  input  logic [47:0] half_i,        // 2^(right-1); 1 for right = 0
  input  logic [30:0] limit_i,
  input  logic        finish_i,      // result_o is looked at in this cycle
  output logic [30:0] result_o       // combinational from the register
);

  logic [47:0] kept;
  logic [47:0] remainder;
  logic        round_up;
  logic [31:0] scaled_d, scaled_q;
  logic [62:0] shifted;

  always_comb begin
    kept = '0;
    remainder = '0;
    round_up = 1'b0;
    scaled_d = '0;
    if (active_i) begin
      kept = magnitude_i >> right_i;
      remainder = magnitude_i & low_mask_i;
      round_up = kept[0] ? (remainder >= half_i) : (remainder > half_i);
      scaled_d = ((kept[47:31] != 17'd0) ? 32'h7FFF_FFFF : kept[31:0]) + {31'd0, round_up};
    end
  end

  always_ff @(posedge clk_i) begin
    if (advance_i && active_i) scaled_q <= scaled_d;
  end

  always_comb begin
    shifted = '0;
    result_o = '0;
    if (finish_i) begin
      shifted = {31'd0, scaled_q} << left_i;
      result_o = (shifted > {32'd0, limit_i}) ? limit_i : shifted[30:0];
    end
  end

endmodule
