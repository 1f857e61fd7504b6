// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// quantize_update_prepare where it stands: the mode says what it does, so at most one of its four; of what is carried only
// the flags' byte is looked at unless it is a weight; and N(kA) * 2^S of legal registers is below 2^38.

module surroundings (
  input  logic               clk_i,
  input  logic [1:0]         mode_i,
  input  logic               prepare_i,
  input  logic               keep_i,
  input  logic signed [47:0] operand_i,
  input  logic [15:0]        side_i,
  input  logic [37:0]        unclipped_limit_i,
  input  logic [14:0]        weight_limit_i,
  output logic               negative_o,
  output logic [47:0]        magnitude_o,
  output logic [15:0]        carried_o
);

  logic        weight_q;  // what is carried is a weight
  logic [15:0] carried;

  always_ff @(posedge clk_i) begin
    if (prepare_i) weight_q <= (mode_i == 2'd3);
  end

  quantize_update_prepare u_prepare (
    .clk_i             (clk_i),
    .relu_i            (prepare_i && mode_i == 2'd0),
    .masked_i          (prepare_i && mode_i == 2'd1),
    .plain_i           (prepare_i && mode_i == 2'd2),
    .weight_i          (prepare_i && mode_i == 2'd3),
    .keep_i            (keep_i),
    .operand_i         (operand_i),
    .side_i            (side_i),
    .unclipped_limit_i ({10'd0, unclipped_limit_i}),
    .weight_limit_i    (weight_limit_i),
    .negative_o        (negative_o),
    .magnitude_o       (magnitude_o),
    .carried_o         (carried)
  );

  assign carried_o = {weight_q ? carried[15:8] : 8'd0, carried[7:0]};

endmodule
