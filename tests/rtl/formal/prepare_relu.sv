// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Proves: magnitude is max(acc, 0) and the flags are active and unclipped, all operands and limits below 2^47
// Method: induction
//
// quantize_update_prepare with relu_i, against numerics.md section 5. The assumption on the limit is what
// settings_activation.sv proves. Results stay while no stage is enabled.

module prepare_relu (
  input logic               clk_i,
  input logic               relu_i,
  input logic               masked_i,
  input logic               plain_i,
  input logic               weight_i,
  input logic               keep_i,
  input logic signed [47:0] operand_i,
  input logic [15:0]        side_i,
  input logic [47:0]        unclipped_limit_i,
  input logic [14:0]        weight_limit_i
);

  logic        negative;
  logic [47:0] magnitude;
  logic [15:0] carried;

  logic                             known_q = 1'b0;
  logic signed [numerics::Wide-1:0] operand, operand_q, limit_q;
  logic signed [numerics::Wide-1:0] actual;

  quantize_update_prepare dut (
    .*,
    .negative_o  (negative),
    .magnitude_o (magnitude),
    .carried_o   (carried)
  );

  always_comb begin
    assume ($countones({relu_i, masked_i, plain_i, weight_i}) <= 1);
    assume (!unclipped_limit_i[47]);
    operand = numerics::Wide'(operand_i);
    actual = {32'd0, magnitude};
  end

  always_ff @(posedge clk_i) begin
    if (relu_i) begin
      known_q <= 1'b1;
      operand_q <= operand;
      limit_q <= {32'd0, unclipped_limit_i};
    end else if (masked_i || plain_i || weight_i) begin
      known_q <= 1'b0;
    end
  end

  always_comb begin
    if (known_q) begin
      assert (!negative);
      if (operand_q > 0) assert (actual == operand_q && carried[0]);
      else assert (actual == 0 && !carried[0]);
      assert (carried[1] == (operand_q <= limit_q));
      assert (carried[15:2] == '0);
    end
    cover (known_q && operand_q == limit_q && operand_q > 1000);
    cover (known_q && operand_q == limit_q + 1);
    cover (known_q && operand_q < 0);
    cover (known_q && operand_q == 0);
  end

endmodule
