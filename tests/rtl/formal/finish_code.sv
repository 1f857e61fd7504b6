// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Proves: a code is clip(+-scaled * 2^left, limit) and flags pass, all inputs with limit <= 2^15 - 1
// Method: induction
//
// quantize_update_finish with code_i, against numerics.md section 1 in wide signed integers. The assumption on the limit
// is what settings_*.sv prove of it. A result stays while no stage is enabled.

module finish_code (
  input logic          clk_i,
  input logic          code_i,
  input logic          weight_i,
  input logic          extract_i,
  input logic          step_i,
  input logic          look_up_i,
  input logic          negative_i,
  input logic [31:0]   scaled_i,
  input logic [15:0]   carried_i,
  input logic [4:0]    left_i,
  input logic [30:0]   limit_i,
  input logic [15:0]   random_i,
  input logic [7:0]    byte_i,
  input logic [2047:0] table_i
);

  logic [15:0]                       result, expected_q;
  logic [7:0]                        side_result, side_expected_q;
  logic signed [numerics::Wide-1:0]  value, limited;
  logic                              known_q = 1'b0;

  quantize_update_finish dut (
    .*,
    .result_o      (result),
    .side_result_o (side_result)
  );

  always_comb begin
    assume ($countones({code_i, weight_i, step_i, look_up_i}) <= 1);
    assume (limit_i <= 31'h7FFF);
    value = numerics::Wide'(scaled_i) << left_i;
    limited = numerics::clip(negative_i ? -value : value, numerics::Wide'(limit_i));
  end

  always_ff @(posedge clk_i) begin
    if (code_i) begin
      known_q <= 1'b1;
      expected_q <= limited[15:0];
      side_expected_q <= carried_i[7:0];
    end else if (weight_i || step_i || look_up_i) begin
      known_q <= 1'b0;
    end
  end

  always_comb begin
    if (known_q) begin
      assert (result == expected_q);
      assert (side_result == side_expected_q);
    end
    cover (known_q && $signed(expected_q) == -16'sd32767);
    cover (code_i && value == numerics::Wide'(limit_i) && left_i != 5'd0 && negative_i);
    cover (code_i && value == numerics::Wide'(limit_i) + 1);
  end

endmodule
