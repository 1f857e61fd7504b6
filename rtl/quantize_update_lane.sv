// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// One lane: operand register, prepare, scale, step and result register. What lanes share (shift amounts, limits,
// enables) comes from outside; what belongs to no single lane (maximum, loss, random words) leaves through ports.
//
// Formulas: quantize_update_prepare.sv, quantize_update_scale.sv, quantize_update_step.sv.
// Latency from operand_i to result_o: input 2, activation, error and requantize 4, update 5; to magnitude_o 2.

module quantize_update_lane (
  input  logic               clk_i,
  input  logic [2:0]         mode_i,

  // Operand register
  input  logic               accept_i,
  input  logic               accept_side_i,
  input  logic               shift_i,            // take the next lane's operand: output_error serves one at a time
  input  logic signed [47:0] operand_i,
  input  logic [15:0]        side_i,
  input  logic signed [47:0] next_operand_i,
  output logic signed [47:0] operand_o,
  input  logic               keep_i,             // of the registered operand

  // Stages: those with an element work, and register their result where advance_i is set
  input  logic               advance_i,
  input  logic               prepare_i,
  input  logic               scale_i,
  input  logic               finish_i,           // codes
  input  logic               extract_i,          // update: I and Fr
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
  output logic [7:0]         byte_o,             // input: address of the table
  input  logic [7:0]         table_code_i,
  output logic [47:0]        magnitude_o,
  input  logic [15:0]        random_i,

  output logic [15:0]        result_o,
  output logic [7:0]         side_result_o
);

  logic signed [47:0] operand_q;
  logic [15:0]        side_q;
  logic               negative1, negative2_q, negative3_q;
  logic [47:0]        magnitude1;
  logic [15:0]        carried1, carried2_q;
  logic [30:0]        scaled2, scaled3_q;
  logic [15:0]        step3;
  logic [15:0]        code2;
  logic [15:0]        result_d, result_q;
  logic [7:0]         side_result_d, side_result_q;

  // Operand register

  always_ff @(posedge clk_i) begin
    if (accept_i) operand_q <= operand_i;
    else if (shift_i) operand_q <= next_operand_i;
    if (accept_side_i) side_q <= side_i;
  end

  assign operand_o = operand_q;
  assign byte_o = look_up_i ? operand_q[7:0] : 8'd0;

  // Stage 1

  quantize_update_prepare u_prepare (
    .clk_i,
    .advance_i,
    .active_i         (prepare_i),
    .mode_i,
    .keep_i,
    .operand_i        (operand_q),
    .side_i           (side_q),
    .unclipped_limit_i,
    .weight_limit_i,
    .negative_o       (negative1),
    .magnitude_o      (magnitude1),
    .carried_o        (carried1)
  );

  assign magnitude_o = magnitude1;

  // Stages 2 and 3

  quantize_update_scale u_scale (
    .clk_i,
    .advance_i,
    .active_i    (scale_i),
    .magnitude_i (magnitude1),
    .right_i,
    .left_i,
    .low_mask_i,
    .half_i,
    .limit_i,
    .finish_i    (finish_i || extract_i),
    .result_o    (scaled2)
  );

  always_ff @(posedge clk_i) begin
    if (advance_i && scale_i) begin
      negative2_q <= negative1;
      carried2_q <= carried1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (advance_i && extract_i) begin
      negative3_q <= negative2_q;
      scaled3_q <= scaled2;
    end
  end

  // Stage 4, update only

  quantize_update_step u_step (
    .active_i   (step_i),
    .negative_i (negative3_q),
    .scaled_i   (scaled3_q),
    .random_i,
    .step_o     (step3)
  );

  // Result register

  always_comb begin
    code2 = '0;
    result_d = '0;
    side_result_d = '0;
    if (finish_i) begin
      code2 = negative2_q ? 16'(-scaled2[15:0]) : scaled2[15:0];
      result_d = (mode_i == quantize_update_pkg::ModeRequantize) ? carried2_q : code2;
      side_result_d = (mode_i == quantize_update_pkg::ModeRequantize) ? code2[7:0] : carried2_q[7:0];
    end else if (step_i) begin
      result_d = step3;
    end else if (look_up_i) begin
      result_d = {{8{table_code_i[7]}}, table_code_i};
    end
  end

  always_ff @(posedge clk_i) begin
    if (advance_i && (finish_i || step_i || look_up_i)) begin
      result_q <= result_d;
      side_result_q <= side_result_d;
    end
  end

  assign result_o = result_q;
  assign side_result_o = side_result_q;

endmodule
