// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Proves: sign and magnitude are those of the operand, 0 without an element or, masked, without the flag; all inputs
// Method: induction
//
// quantize_update_prepare with masked_i and plain_i, against numerics.md sections 6 and 7. The sign of 0 is free.
// Results stay while no stage is enabled.

module prepare_signed (
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
  logic signed [numerics::Wide-1:0] value, value_q, actual;

  quantize_update_prepare dut (
    .*,
    .negative_o  (negative),
    .magnitude_o (magnitude),
    .carried_o   (carried)
  );

  always_comb begin
    assume ($countones({relu_i, masked_i, plain_i, weight_i}) <= 1);
    value = numerics::Wide'(operand_i);
    if (!keep_i || (masked_i && !side_i[1])) value = 0;
    actual = {32'd0, magnitude};
  end

  always_ff @(posedge clk_i) begin
    if (masked_i || plain_i) begin
      known_q <= 1'b1;
      value_q <= value;
    end else if (relu_i || weight_i) begin
      known_q <= 1'b0;
    end
  end

  always_comb begin
    if (known_q) assert (value_q == (negative ? -actual : actual));
    cover (known_q && value_q == -(numerics::Wide'(1) << 47));
    cover (known_q && value_q > 0);
    cover (masked_i && keep_i && !side_i[1] && operand_i == -48'sd1);
    cover (plain_i && keep_i && !side_i[1] && operand_i == -48'sd1);
  end

endmodule
