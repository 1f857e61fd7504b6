// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Proves: update: shift E - h - 16 without rounding, left where negative, limit 2^31 - 1, 0 where E < 0; all h, every E
// Method: induction
//
// quantize_update_settings against numerics.md section 7 and docs/modules/quantize_update.md, mode 6; half all ones is
// how quantize_update_scale is told not to round. Settings stay until a register changes.

module settings_update (
  input logic        clk_i,
  input logic        changed_i,
  input logic [31:0] widths_i,
  input logic [4:0]  attenuation_i,
  input logic [3:0]  gamma_i,
  input logic [5:0]  eta_i,
  input logic        weight_clip_i,
  input logic [7:0]  exponent_i
);

  logic [5:0]  right;
  logic [4:0]  left;
  logic [47:0] low_mask, half, unclipped_limit, target;
  logic [30:0] limit;
  logic [14:0] weight_limit;

  quantize_update_settings dut (
    .*,
    .mode_i            (quantize_update_pkg::ModeUpdate),
    .right_o           (right),
    .left_o            (left),
    .low_mask_o        (low_mask),
    .half_o            (half),
    .limit_o           (limit),
    .unclipped_limit_o (unclipped_limit),
    .weight_limit_o    (weight_limit),
    .target_o          (target)
  );

  logic                             known_q = 1'b0;
  logic [31:0]                      widths_q;
  logic [4:0]                       attenuation_q;
  logic [3:0]                       gamma_q;
  logic signed [5:0]                eta_q;
  logic                             weight_clip_q;
  logic signed [7:0]                exponent_q;
  logic signed [numerics::Wide-1:0] k_weight, k_activation, k_gradient, k_error;

  always_ff @(posedge clk_i) begin
    if (changed_i) begin
      known_q <= 1'b1;
      widths_q <= widths_i;
      attenuation_q <= attenuation_i;
      gamma_q <= gamma_i;
      eta_q <= eta_i;
      weight_clip_q <= weight_clip_i;
      exponent_q <= exponent_i;
    end
  end

  always_comb begin
    assume (legal::widths(widths_i) && legal::attenuation(attenuation_i) && legal::gamma(gamma_i) && legal::eta(eta_i));
    k_weight = {72'd0, widths_q[7:0]};
    k_activation = {72'd0, widths_q[15:8]};
    k_gradient = {72'd0, widths_q[23:16]};
    k_error = {72'd0, widths_q[31:24]};
  end

  logic signed [numerics::Wide-1:0] shift;

  always_comb begin
    shift = -(16 + numerics::Wide'(eta_q) - numerics::Wide'(exponent_q));
    if (known_q && exponent_q >= 0) begin
      if (shift >= 0) assert ({74'd0, right} == (shift > 48 ? 48 : shift) && left == 5'd0);
      else assert (right == 6'd0 && {75'd0, left} == -shift);
      assert (limit == 31'h7FFF_FFFF);
    end
    if (known_q) begin
      assert (right <= 6'd48);
      assert ({32'd0, low_mask} == (numerics::Wide'(1) << right) - 1);
      assert (half == 48'hFFFF_FFFF_FFFF);
    end
    if (known_q && exponent_q < 0) assert (limit == 31'd0);
    cover (known_q && exponent_q == 127 && eta_q == -16);
    cover (known_q && exponent_q == 0 && eta_q == 8);
    cover (known_q && exponent_q == -1);
    cover (known_q && shift == 0);
  end

endmodule
