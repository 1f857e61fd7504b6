// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Proves: the result is the table's signed code of the byte, all tables and bytes
// Method: 3 cycles
//
// quantize_update_finish with look_up_i, against numerics.md section 3: one entry of 256, found by comparing the byte
// with each index. A result stays while no stage is enabled.

module finish_look_up (
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

  logic [15:0] result;
  logic [7:0]  side_result;
  logic [7:0]  code, expected_q;
  logic        known_q = 1'b0;

  quantize_update_finish dut (
    .*,
    .result_o      (result),
    .side_result_o (side_result)
  );

  always_comb begin
    assume ($countones({code_i, weight_i, step_i, look_up_i}) <= 1);
    code = '0;
    for (int unsigned b = 0; b < 256; b++) if (32'(byte_i) == b) code = code | table_i[8*b +: 8];
  end

  always_ff @(posedge clk_i) begin
    if (look_up_i) begin
      known_q <= 1'b1;
      expected_q <= code;
    end else if (code_i || weight_i || step_i) begin
      known_q <= 1'b0;
    end
  end

  always_comb begin
    if (known_q) begin
      assert (result[7:0] == expected_q);
      assert (result[15:8] == (expected_q[7] ? 8'hFF : 8'h00));
    end
    cover (known_q && expected_q == 8'h81);
    cover (look_up_i && byte_i == 8'd255 && code == 8'h7F);
  end

endmodule
