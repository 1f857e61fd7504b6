// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// One lane: operand register, then prepare, scale and finish. What lanes share (shift amounts, limits, enables)
// comes from outside; what belongs to no single lane (maximum, loss, random words) leaves through ports.
//
// Formulas: quantize_update_prepare.sv, quantize_update_scale.sv, quantize_update_finish.sv.
// Latency from operand_i to result_o: input 2, activation, error and requantize 4, update 5; to magnitude_o 2.

module quantize_update_lane #(
  parameter bit TableMemory = 1'b0  // table_i[7:0] is the operand's code
) (
  input  logic               clk_i,

  // Operand register
  input  logic               accept_i,
  input  logic               accept_side_i,
  input  logic               shift_i,            // take the next lane's operand: output_error serves one at a time
  input  logic signed [47:0] operand_i,
  input  logic [15:0]        side_i,
  input  logic signed [47:0] next_operand_i,
  output logic signed [47:0] operand_o,
  input  logic               keep_i,             // of the registered operand

  // Stage enables, by what the stage is to do
  input  logic               prepare_relu_i,
  input  logic               prepare_masked_i,
  input  logic               prepare_plain_i,
  input  logic               prepare_weight_i,
  input  logic               scale_i,
  input  logic               finish_code_i,
  input  logic               finish_weight_i,
  input  logic               extract_i,
  input  logic               step_i,
  input  logic               look_up_i,

  // Shared settings
  input  logic [47:0]        unclipped_limit_i,
  input  logic [14:0]        weight_limit_i,
  input  logic [5:0]         right_i,
  input  logic [4:0]         left_i,
  input  logic [47:0]        low_mask_i,
  input  logic [47:0]        half_i,
  input  logic [30:0]        limit_i,

  // Shared units
  input  logic [2047:0]      table_i,            // code of byte b at [8*b +: 8]
  output logic [47:0]        magnitude_o,
  input  logic [15:0]        random_i,

  output logic [15:0]        result_o,
  output logic [7:0]         side_result_o
);

  logic signed [47:0] operand_q;
  logic [15:0]        side_q;
  logic               negative1, negative2_q;
  logic [47:0]        magnitude1;
  logic [15:0]        carried1, carried2_q;
  logic [31:0]        scaled2;

  always_ff @(posedge clk_i) begin
    if (accept_i) operand_q <= operand_i;
    else if (shift_i) operand_q <= next_operand_i;
    if (accept_side_i) side_q <= side_i;
  end

  quantize_update_prepare u_prepare (
    .clk_i,
    .relu_i            (prepare_relu_i),
    .masked_i          (prepare_masked_i),
    .plain_i           (prepare_plain_i),
    .weight_i          (prepare_weight_i),
    .keep_i,
    .operand_i         (operand_q),
    .side_i            (side_q),
    .unclipped_limit_i,
    .weight_limit_i,
    .negative_o        (negative1),
    .magnitude_o       (magnitude1),
    .carried_o         (carried1)
  );

  quantize_update_scale u_scale (
    .clk_i,
    .enable_i    (scale_i),
    .magnitude_i (magnitude1),
    .right_i,
    .low_mask_i,
    .half_i,
    .scaled_o    (scaled2)
  );

  always_ff @(posedge clk_i) begin
    if (scale_i) begin
      negative2_q <= negative1;
      carried2_q <= carried1;
    end
  end

  quantize_update_finish #(
    .TableMemory (TableMemory)
  ) u_finish (
    .clk_i,
    .code_i        (finish_code_i),
    .weight_i      (finish_weight_i),
    .extract_i,
    .step_i,
    .look_up_i,
    .negative_i    (negative2_q),
    .scaled_i      (scaled2),
    .carried_i     (carried2_q),
    .left_i,
    .limit_i,
    .random_i,
    .byte_i        (operand_q[7:0]),
    .table_i,
    .result_o,
    .side_result_o
  );

  assign operand_o = operand_q;
  assign magnitude_o = magnitude1;

endmodule
