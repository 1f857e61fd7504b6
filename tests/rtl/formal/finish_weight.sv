// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Proves: n passes and n_w is clip(+-scaled, limit), all inputs with limit <= 127 and no left shift
// Method: induction
//
// quantize_update_finish with weight_i, against numerics.md section 4. The assumptions are what settings_requantize.sv
// proves. A result stays while no stage is enabled.

module finish_weight (
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

  logic [15:0]                      result, expected_q;
  logic [7:0]                       side_result, side_expected_q;
  logic signed [numerics::Wide-1:0] value, limited;
  logic                             known_q = 1'b0;

  quantize_update_finish dut (
    .*,
    .result_o      (result),
    .side_result_o (side_result)
  );

  always_comb begin
    assume ($countones({code_i, weight_i, step_i, look_up_i}) <= 1);
    if (weight_i) assume (limit_i <= 31'd127 && left_i == 5'd0);
    value = numerics::Wide'(scaled_i);
    limited = numerics::clip(negative_i ? -value : value, numerics::Wide'(limit_i));
  end

  always_ff @(posedge clk_i) begin
    if (weight_i) begin
      known_q <= 1'b1;
      expected_q <= carried_i;
      side_expected_q <= limited[7:0];
    end else if (code_i || step_i || look_up_i) begin
      known_q <= 1'b0;
    end
  end

  always_comb begin
    if (known_q) begin
      assert (result == expected_q);
      assert (side_result == side_expected_q);
    end
    cover (known_q && side_expected_q == 8'h81);
    cover (known_q && side_expected_q == 8'd1);
    cover (weight_i && negative_i && scaled_i == 32'd128 && limit_i == 31'd127);
  end

endmodule
