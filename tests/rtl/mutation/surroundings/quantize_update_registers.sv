// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// quantize_update_registers where it stands: it is reset before anything else, and that a register changed is looked at by
// quantize_update_settings alone, which then takes all settings anew.

module surroundings (
  input  logic         clk_i,
  input  logic         rst_ni,
  input  logic         reg_we_i,
  input  logic         reg_re_i,
  input  logic [11:0]  reg_addr_i,
  input  logic [31:0]  reg_wdata_i,
  output logic [31:0]  reg_rdata_o,
  output logic [2:0]   mode_o,
  output logic [31:0]  first_block_o,
  output logic         key_start_o,
  output logic [63:0]  key_o,
  output logic         exponent_start_o,
  output logic [47:0]  maximum_o,
  input  logic         exponent_valid_i,
  input  logic [7:0]   exponent_i,
  input  logic         magnitude_valid_i,
  input  logic [47:0]  magnitude_i,
  input  logic         square_valid_i,
  input  logic [95:0]  square_i,
  output logic         table_we_o,
  output logic [5:0]   table_address_o,
  input  logic [31:0]  table_rdata_i,
  output logic [5:0]   right_o,
  output logic [4:0]   left_o,
  output logic [47:0]  low_mask_o,
  output logic [47:0]  half_o,
  output logic [30:0]  limit_o,
  output logic [47:0]  unclipped_limit_o,
  output logic [14:0]  weight_limit_o,
  output logic [47:0]  target_o
);

  logic        started_q = 1'b0;
  logic        changed;
  logic [31:0] widths;
  logic [4:0]  attenuation;
  logic [3:0]  gamma;
  logic [5:0]  eta;
  logic        weight_clip;
  logic [7:0]  exponent;

  always_ff @(posedge clk_i) started_q <= 1'b1;

  quantize_update_registers u_registers (
    .clk_i             (clk_i),
    .rst_ni            (rst_ni && started_q),
    .reg_we_i          (reg_we_i),
    .reg_re_i          (reg_re_i),
    .reg_addr_i        (reg_addr_i),
    .reg_wdata_i       (reg_wdata_i),
    .reg_rdata_o       (reg_rdata_o),
    .changed_o         (changed),
    .mode_o            (mode_o),
    .widths_o          (widths),
    .attenuation_o     (attenuation),
    .gamma_o           (gamma),
    .eta_o             (eta),
    .weight_clip_o     (weight_clip),
    .exponent_o        (exponent),
    .first_block_o     (first_block_o),
    .key_start_o       (key_start_o),
    .key_o             (key_o),
    .exponent_start_o  (exponent_start_o),
    .maximum_o         (maximum_o),
    .exponent_valid_i  (exponent_valid_i),
    .exponent_i        (exponent_i),
    .magnitude_valid_i (magnitude_valid_i),
    .magnitude_i       (magnitude_i),
    .square_valid_i    (square_valid_i),
    .square_i          (square_i),
    .table_we_o        (table_we_o),
    .table_address_o   (table_address_o),
    .table_rdata_i     (table_rdata_i)
  );

  quantize_update_settings u_settings (
    .clk_i             (clk_i),
    .changed_i         (changed),
    .mode_i            (mode_o),
    .widths_i          (widths),
    .attenuation_i     (attenuation),
    .gamma_i           (gamma),
    .eta_i             (eta),
    .weight_clip_i     (weight_clip),
    .exponent_i        (exponent),
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
