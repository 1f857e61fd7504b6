// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Proves: extract, then step: d = +-min(I + (r < Fr), 32767) of min(scaled * 2^left, limit), all inputs
// Method: 4 cycles
//
// quantize_update_finish with extract_i and, one to three cycles later, step_i, against numerics.md section 7 in wide
// signed integers. From any state: what the module did before does not matter.

module finish_step (
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

  logic [15:0]                      result;
  logic [7:0]                       side_result;
  logic                             extracted_q = 1'b0;
  logic                             known_q = 1'b0;
  logic                             negative_q;
  logic signed [numerics::Wide-1:0] quotient_q, integer_part, fraction, magnitude, step, expected_q;

  quantize_update_finish dut (
    .*,
    .result_o      (result),
    .side_result_o (side_result)
  );

  always_comb begin
    assume ($countones({code_i, weight_i, step_i, look_up_i}) <= 1);
    integer_part = quotient_q >>> 16;
    fraction = quotient_q - (integer_part <<< 16);
    magnitude = integer_part + ((numerics::Wide'(random_i) < fraction) ? 1 : 0);
    if (magnitude > 32767) magnitude = 32767;
    step = negative_q ? -magnitude : magnitude;
  end

  always_ff @(posedge clk_i) begin
    if (extract_i) begin
      extracted_q <= 1'b1;
      negative_q <= negative_i;
      quotient_q <= numerics::clip(numerics::Wide'(scaled_i) << left_i, numerics::Wide'(limit_i));
    end
    if (extracted_q && step_i) begin
      known_q <= 1'b1;
      expected_q <= step;
    end else if (code_i || weight_i || step_i || look_up_i) begin
      known_q <= 1'b0;
    end
  end

  always_comb begin
    if (known_q) assert (numerics::Wide'($signed(result)) == expected_q);
    cover (known_q && expected_q == -32767);
    cover (step_i && extracted_q && numerics::Wide'(random_i) == fraction && integer_part == 3);
    cover (step_i && extracted_q && numerics::Wide'(random_i) + 1 == fraction && integer_part == 3);
    cover (step_i && extracted_q && integer_part == 32767 && random_i == 16'd0 && fraction == 1);
  end

endmodule
