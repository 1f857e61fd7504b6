// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Proves: requantize: shift kG - kW, limit N(kW), Nw as WEIGHT_CLIP asks; all legal registers
// Method: induction
//
// quantize_update_settings against numerics.md sections 4 and 7. Settings stay until a register changes.

module settings_requantize (
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
    .mode_i            (quantize_update_pkg::ModeRequantize),
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
    shift = k_gradient - k_weight;
    if (known_q) begin
      assert ({74'd0, right} == shift && left == 5'd0);
      assert ({32'd0, low_mask} == (numerics::Wide'(1) << shift) - 1);
      if (shift == 0) assert (half == 48'd1);
      else assert ({32'd0, half} << 1 == (numerics::Wide'(1) << shift));
      assert ({49'd0, limit} == numerics::largest(k_weight) && limit <= 31'd127);
      if (weight_clip_q) begin
        assert ({65'd0, weight_limit} == (numerics::Wide'(1) << (k_gradient - 1)) - (numerics::Wide'(1) << shift));
      end else begin
        assert ({65'd0, weight_limit} == numerics::largest(k_gradient));
      end
    end
    cover (known_q && weight_clip_q && widths_q == 32'h0808_0802 && weight_limit == 15'd64);
    cover (known_q && !weight_clip_q && shift == 0 && k_weight == 8);
    cover (known_q && shift == 14);
  end

endmodule
