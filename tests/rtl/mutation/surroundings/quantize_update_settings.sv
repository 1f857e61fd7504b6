// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// quantize_update_settings where it stands: registers hold what docs/numerics.md section 1 allows, outside of which the
// unit's page promises nothing. EXPONENT may be anything.

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

  logic [7:0] weight, activation, gradient, error;
  logic [4:0] eta;

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
    .right_o           (right_o),
    .left_o            (left_o),
    .low_mask_o        (low_mask_o),
    .half_o            (half_o),
    .limit_o           (limit_o),
    .unclipped_limit_o (unclipped_limit_o),
    .weight_limit_o    (weight_limit_o),
    .target_o          (target_o)
  );

endmodule
