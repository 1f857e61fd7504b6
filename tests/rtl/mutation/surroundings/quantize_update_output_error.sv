// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// quantize_update_output_error where it stands: the target is 2^s with s of legal registers, 2 to 38
// (quantize_update_settings is held to that by a proof of its own).

module surroundings (
  input  logic               clk_i,
  input  logic               rst_ni,
  input  logic               advance_i,
  input  logic               valid_i,
  input  logic signed [47:0] accumulator_i,
  input  logic [15:0]        label_i,
  input  logic               last_i,
  input  logic [5:0]         s_i,             // s - 2
  output logic               valid_o,
  output logic [47:0]        error_o,
  output logic [15:0]        class_o,
  output logic               last_o,
  output logic               magnitude_valid_o,
  output logic [47:0]        magnitude_o,
  output logic               square_valid_o,
  output logic [95:0]        square_o,
  output logic               busy_o
);

  quantize_update_output_error u_output_error (
    .clk_i             (clk_i),
    .rst_ni            (rst_ni),
    .advance_i         (advance_i),
    .valid_i           (valid_i),
    .accumulator_i     (accumulator_i),
    .label_i           (label_i),
    .last_i            (last_i),
    .target_i          (48'd4 << ((s_i > 6'd36) ? 6'd36 : s_i)),
    .valid_o           (valid_o),
    .error_o           (error_o),
    .class_o           (class_o),
    .last_o            (last_o),
    .magnitude_valid_o (magnitude_valid_o),
    .magnitude_o       (magnitude_o),
    .square_valid_o    (square_valid_o),
    .square_o          (square_o),
    .busy_o            (busy_o)
  );

endmodule
