// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Proves: output_error: the label's target is 2^s, s = (kA-1) + (kW-1) + sA; all legal registers
// Method: induction
//
// quantize_update_settings against numerics.md section 6. Settings stay until a register changes.

module settings_output_error (
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
    .mode_i            (quantize_update_pkg::ModeOutputError),
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

  always_comb begin
    if (known_q) begin
      assert ({32'd0, target} == numerics::Wide'(1) << ((k_activation - 1) + (k_weight - 1) + {75'd0, attenuation_q}));
    end
    cover (known_q && target == 48'd1 << 38);
    cover (known_q && target == 48'd1 << 2);
  end

endmodule
