// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// quantize_update_finish where it stands: the mode says what is done, so at most one of code, weight and look-up, and
// none of them beside update's two halves.

module surroundings (
  input  logic          clk_i,
  input  logic [1:0]    mode_i,
  input  logic          finish_i,
  input  logic          extract_i,
  input  logic          negative_i,
  input  logic [31:0]   scaled_i,
  input  logic [15:0]   carried_i,
  input  logic [4:0]    left_i,
  input  logic [30:0]   limit_i,
  input  logic [15:0]   random_i,
  input  logic [7:0]    byte_i,
  input  logic [2047:0] table_i,
  output logic [15:0]   result_o,
  output logic [7:0]    side_result_o
);

  quantize_update_finish u_finish (
    .clk_i         (clk_i),
    .code_i        (finish_i && mode_i == 2'd0),
    .weight_i      (finish_i && mode_i == 2'd1),
    .look_up_i     (finish_i && mode_i == 2'd2),
    .step_i        (finish_i && mode_i == 2'd3),
    .extract_i     (extract_i && mode_i == 2'd3),
    .negative_i    (negative_i),
    .scaled_i      (scaled_i),
    .carried_i     (carried_i),
    .left_i        (left_i),
    .limit_i       (limit_i),
    .random_i      (random_i),
    .byte_i        (byte_i),
    .table_i       (table_i),
    .result_o      (result_o),
    .side_result_o (side_result_o)
  );

endmodule
