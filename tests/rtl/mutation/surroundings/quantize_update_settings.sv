// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// quantize_update_settings where it stands: registers hold what docs/numerics.md section 1 allows, outside of which the
// unit's page promises nothing. EXPONENT may be anything. What a mode does not use is not looked at: shifts, masks and the
// limit are for modes that shift, the other limits and the target for one mode each. A half above the mask is one that no
// remainder reaches, whichever it is.

module surroundings (
  input  logic        clk_i,
  input  logic        changed_i,
  input  logic [2:0]  mode_i,
  input  logic [2:0]  weight_i,          // kW - 2
  input  logic [2:0]  activation_i,      // kA - 2
  input  logic [3:0]  gradient_i,        // kG - kW
  input  logic [3:0]  error_i,           // kE - 2
  input  logic [4:0]  attenuation_i,
  input  logic [3:0]  gamma_i,
  input  logic [4:0]  eta_i,             // h + 16
  input  logic        weight_clip_i,
  input  logic [7:0]  exponent_i,
  output logic [5:0]  right_o,
  output logic [4:0]  left_o,
  output logic [47:0] low_mask_o,
  output logic [47:0] half_o,
  output logic [30:0] limit_o,
  output logic [47:0] unclipped_limit_o,
  output logic [14:0] weight_limit_o,
  output logic [47:0] target_o
);

  logic [7:0]  weight, activation, gradient, error;
  logic [4:0]  eta;
  logic [2:0]  mode_q;
  logic        shifts;
  logic [5:0]  right;
  logic [4:0]  left;
  logic [47:0] low_mask, half, unclipped_limit, target;
  logic [30:0] limit;
  logic [14:0] weight_limit;

  always_ff @(posedge clk_i) begin
    if (changed_i) mode_q <= mode_i;
  end

  assign shifts = (mode_q == 3'd1) || (mode_q == 3'd3) || (mode_q == 3'd6) || (mode_q == 3'd7);
  assign right_o = shifts ? right : '0;
  assign left_o = shifts ? left : '0;
  assign low_mask_o = shifts ? low_mask : '0;
  assign half_o = !shifts ? '0 : (half > low_mask) ? '1 : half;
  assign limit_o = shifts ? limit : '0;
  assign unclipped_limit_o = (mode_q == 3'd1) ? unclipped_limit : '0;
  assign weight_limit_o = (mode_q == 3'd7) ? weight_limit : '0;
  assign target_o = (mode_q == 3'd4) ? target : '0;

  assign weight = 8'd2 + {5'd0, (weight_i > 3'd6) ? 3'd6 : weight_i};
  assign activation = 8'd2 + {5'd0, (activation_i > 3'd6) ? 3'd6 : activation_i};
  assign gradient = (weight + {4'd0, gradient_i} > 8'd16) ? 8'd16 : weight + {4'd0, gradient_i};
  assign error = (error_i > 4'd14) ? 8'd16 : 8'd2 + {4'd0, error_i};
  assign eta = (eta_i > 5'd24) ? 5'd24 : eta_i;

  quantize_update_settings u_settings (
    .clk_i             (clk_i),
    .changed_i         (changed_i),
    .mode_i            (mode_i),
    .widths_i          ({error, gradient, activation, weight}),
    .attenuation_i     ((attenuation_i > 5'd24) ? 5'd24 : attenuation_i),
    .gamma_i           ((gamma_i > 4'd8) ? 4'd8 : gamma_i),
    .eta_i             ({1'b0, eta} - 6'd16),
    .weight_clip_i     (weight_clip_i),
    .exponent_i        (exponent_i),
    .right_o           (right),
    .left_o            (left),
    .low_mask_o        (low_mask),
    .half_o            (half),
    .limit_o           (limit),
    .unclipped_limit_o (unclipped_limit),
    .weight_limit_o    (weight_limit),
    .target_o          (target)
  );

endmodule
