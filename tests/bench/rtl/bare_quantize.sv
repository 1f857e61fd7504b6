// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What rounding, shifting and clipping cost in Verilator at the least: sgn * min(rne(|operand|, right), limit),
// operands, magnitudes, shifted magnitudes and codes registered as in the unit. No handshake, no enables, no modes. A
// yardstick for benches; no part of the unit.

module bare_quantize #(
  parameter int unsigned Lanes = 16
) (
  input  logic                clk_i,
  input  logic [5:0]          right_i,       // 1..47
  input  logic [47:0]         below_half_i,  // 2^(right-1) - 1
  input  logic [14:0]         limit_i,
  input  logic [Lanes*48-1:0] in_data_i,
  output logic [Lanes*16-1:0] out_data_o
);

  function automatic logic [47:0] absolute(input logic signed [47:0] value);
    absolute = (value ^ {48{value[47]}}) + {47'd0, value[47]};
  endfunction

  function automatic logic [47:0] rounded(
    input logic [47:0] magnitude,
    input logic [5:0]  right,
    input logic [47:0] below_half
  );
    rounded = (magnitude + below_half + ((magnitude >> right) & 48'd1)) >> right;
  endfunction

  function automatic logic [15:0] code(input logic negative, input logic [47:0] magnitude, input logic [14:0] limit);
    logic [14:0] limited;
    limited = (magnitude > {33'd0, limit}) ? limit : magnitude[14:0];
    code = ({1'b0, limited} ^ {16{negative}}) + {15'd0, negative};
  endfunction

  for (genvar i = 0; i < Lanes; i++) begin : gen_lane
    logic signed [47:0] operand_q;
    logic               negative1_q, negative2_q;
    logic [47:0]        magnitude_q;
    logic [47:0]        rounded_q;
    logic [15:0]        code_q;

    always_ff @(posedge clk_i) begin
      operand_q <= in_data_i[48*i +: 48];
      negative1_q <= operand_q[47];
      negative2_q <= negative1_q;
      magnitude_q <= absolute(operand_q);
      rounded_q <= rounded(magnitude_q, right_i, below_half_i);
      code_q <= code(negative2_q, rounded_q, limit_i);
    end

    assign out_data_o[16*i +: 16] = code_q;
  end

endmodule
