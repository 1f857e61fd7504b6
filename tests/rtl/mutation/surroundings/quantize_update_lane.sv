// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// quantize_update_lane where it stands: the mode says what every stage does, and N(kA) * 2^S of legal registers is below
// 2^38.

module surroundings (
  input  logic               clk_i,
  input  logic [2:0]         mode_i,
  input  logic               accept_i,
  input  logic               shift_i,
  input  logic signed [47:0] operand_i,
  input  logic [15:0]        side_i,
  input  logic signed [47:0] next_operand_i,
  output logic signed [47:0] operand_o,
  input  logic               keep_i,
  input  logic               prepare_i,
  input  logic               scale_i,
  input  logic               finish_i,
  input  logic               step_i,
  input  logic [37:0]        unclipped_limit_i,
  input  logic [14:0]        weight_limit_i,
  input  logic [5:0]         right_i,
  input  logic [4:0]         left_i,
  input  logic [47:0]        low_mask_i,
  input  logic [47:0]        half_i,
  input  logic [30:0]        limit_i,
  input  logic [2047:0]      table_i,
  output logic [47:0]        magnitude_o,
  input  logic [15:0]        random_i,
  output logic [15:0]        result_o,
  output logic [7:0]         side_result_o
);

  quantize_update_lane u_lane (
    .clk_i             (clk_i),
    .accept_i          (accept_i),
    .accept_side_i     (accept_i && (mode_i == 3'd1 || mode_i == 3'd2 || mode_i == 3'd3 || mode_i == 3'd5 || mode_i == 3'd7)),
    .shift_i           (shift_i && mode_i == 3'd4),
    .operand_i         (operand_i),
    .side_i            (side_i),
    .next_operand_i    (next_operand_i),
    .operand_o         (operand_o),
    .keep_i            (keep_i),
    .prepare_relu_i    (prepare_i && mode_i == 3'd1),
    .prepare_masked_i  (prepare_i && (mode_i == 3'd2 || mode_i == 3'd3)),
    .prepare_plain_i   (prepare_i && (mode_i == 3'd5 || mode_i == 3'd6)),
    .prepare_weight_i  (prepare_i && mode_i == 3'd7),
    .scale_i           (scale_i && mode_i != 3'd2 && mode_i != 3'd5),
    .finish_code_i     (finish_i && (mode_i == 3'd1 || mode_i == 3'd3)),
    .finish_weight_i   (finish_i && mode_i == 3'd7),
    .extract_i         (finish_i && mode_i == 3'd6),
    .step_i            (step_i && mode_i == 3'd6),
    .look_up_i         (prepare_i && mode_i == 3'd0),
    .unclipped_limit_i ({10'd0, unclipped_limit_i}),
    .weight_limit_i    (weight_limit_i),
    .right_i           (right_i),
    .left_i            (left_i),
    .low_mask_i        (low_mask_i),
    .half_i            (half_i),
    .limit_i           (limit_i),
    .table_i           (table_i),
    .magnitude_o       (magnitude_o),
    .random_i          (random_i),
    .result_o          (result_o),
    .side_result_o     (side_result_o)
  );

endmodule
