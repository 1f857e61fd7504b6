// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Proves: n = clip(n_g - d, Nw), carried and as sign and magnitude, all n_g, d of 16 bits and all Nw
// Method: induction
//
// quantize_update_prepare with weight_i, against numerics.md section 7. The sign of 0 is free. Results stay while no
// stage is enabled.

module prepare_weight (
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
  logic signed [numerics::Wide-1:0] difference, limited, limited_q, actual;

  quantize_update_prepare dut (
    .*,
    .negative_o  (negative),
    .magnitude_o (magnitude),
    .carried_o   (carried)
  );

  always_comb begin
    assume ($countones({relu_i, masked_i, plain_i, weight_i}) <= 1);
    difference = numerics::Wide'($signed(operand_i[15:0])) - numerics::Wide'($signed(side_i));
    limited = numerics::clip(difference, {65'd0, weight_limit_i});
    actual = {32'd0, magnitude};
  end

  always_ff @(posedge clk_i) begin
    if (weight_i) begin
      known_q <= 1'b1;
      limited_q <= limited;
    end else if (relu_i || masked_i || plain_i) begin
      known_q <= 1'b0;
    end
  end

  always_comb begin
    if (known_q) begin
      assert (limited_q == numerics::Wide'($signed(carried)));
      assert (limited_q == (negative ? -actual : actual));
    end
    cover (known_q && limited_q == -32767);
    cover (weight_i && difference == -65535);
    cover (weight_i && difference == {65'd0, weight_limit_i} + 1 && weight_limit_i == 15'd64);
    cover (known_q && limited_q < 0 && limited_q > -10);
  end

endmodule
