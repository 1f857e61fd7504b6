// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// One lane's last stages and its result register.
//
//   code_i     activation, error        sgn * min(scaled * 2^left, limit), flags    numerics.md sections 5 and 6
//   weight_i   requantize               n, and n_w = sgn * min(scaled, limit)       sections 7 and 4
//   extract_i  update, first half       I and Fr: min(scaled * 2^left, limit)       section 7
//   step_i     update, second half      d = sgn * min(I + (r < Fr ? 1 : 0), 32767)  section 7
//   look_up_i  input                    the table's code                            section 3
// At most one of code_i, weight_i, step_i and look_up_i is set.
//
// TableMemory: the code was looked up elsewhere and stands in table_i[7:0].
//
// Latency: 1 to the result; 2 for update.

module quantize_update_finish #(
  parameter bit TableMemory = 1'b0
) (
  input  logic          clk_i,
  input  logic          code_i,
  input  logic          weight_i,
  input  logic          extract_i,
  input  logic          step_i,
  input  logic          look_up_i,
  input  logic          negative_i,
  input  logic [31:0]   scaled_i,
  input  logic [15:0]   carried_i,       // flags or n
  input  logic [4:0]    left_i,
  input  logic [30:0]   limit_i,
  input  logic [15:0]   random_i,        // with step_i
  input  logic [7:0]    byte_i,          // with look_up_i
  input  logic [2047:0] table_i,       // code of byte b at [8*b +: 8]
  output logic [15:0]   result_o,        // signed
  output logic [7:0]    side_result_o    // flags, or n_w as signed
);

  function automatic logic [30:0] limited(
    input logic [31:0] scaled,
    input logic [4:0]  left,
    input logic [30:0] limit
  );
    logic [63:0] shifted;
    shifted = {32'd0, scaled} << left;
    limited = (shifted > {33'd0, limit}) ? limit : shifted[30:0];
  endfunction

  function automatic logic [15:0] with_sign(input logic negative, input logic [15:0] magnitude);
    with_sign = (magnitude ^ {16{negative}}) + {15'd0, negative};
  endfunction

  // {I, Fr} and a random word to |d|.
  function automatic logic [15:0] step_magnitude(input logic [30:0] quotient, input logic [15:0] random);
    logic [15:0] sum;
    sum = {1'b0, quotient[30:16]} + {15'd0, random < quotient[15:0]};
    step_magnitude = sum[15] ? 16'h7FFF : sum;
  endfunction

  // One of a word's four codes.
  function automatic logic [15:0] code_of(input logic [31:0] word, input logic [1:0] position);
    logic [7:0] code;
    code = 8'(word >> {position, 3'd0});
    code_of = {{8{code[7]}}, code};
  endfunction

  logic        negative_q;
  logic [30:0] quotient_q;
  logic [15:0] result_q;
  logic [7:0]  side_result_q;

  always_ff @(posedge clk_i) begin
    if (extract_i) begin
      negative_q <= negative_i;
      quotient_q <= limited(scaled_i, left_i, limit_i);
    end
  end

  always_ff @(posedge clk_i) begin
    if (code_i) begin
      result_q <= with_sign(negative_i, 16'(limited(scaled_i, left_i, limit_i)));
      side_result_q <= carried_i[7:0];
    end else if (weight_i) begin
      result_q <= carried_i;
      side_result_q <= 8'(with_sign(negative_i, 16'(limited(scaled_i, left_i, limit_i))));
    end else if (step_i) begin
      result_q <= with_sign(negative_q, step_magnitude(quotient_q, random_i));
    end else if (look_up_i) begin
      result_q <= TableMemory ? 16'($signed(table_i[7:0])) : code_of(table_i[{byte_i[7:2], 5'd0} +: 32], byte_i[1:0]);
    end
  end

  assign result_o = result_q;
  assign side_result_o = side_result_q;

endmodule
