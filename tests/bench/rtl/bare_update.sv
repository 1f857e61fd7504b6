// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What stochastic steps cost in Verilator at the least: sgn * min(floor(|operand| / 2^right) + (random < fraction),
// 32767), the random words from Speck32/64 pipelined two rounds a stage, one block for two lanes. No handshake, no
// enables, no modes; the round keys are ports. A yardstick for benches; no part of the unit.

module bare_update #(
  parameter int unsigned Lanes = 16
) (
  input  logic                clk_i,
  input  logic [5:0]          right_i,
  input  logic [351:0]        round_keys_i,
  input  logic [Lanes*48-1:0] in_data_i,
  output logic [Lanes*16-1:0] out_data_o
);

  localparam int unsigned Stages = 11;
  localparam int unsigned Blocks = Lanes / 2;

  function automatic logic [47:0] absolute(input logic signed [47:0] value);
    absolute = (value ^ {48{value[47]}}) + {47'd0, value[47]};
  endfunction

  function automatic logic [31:0] one_round(input logic [31:0] state, input logic [15:0] key);
    logic [15:0] x, y;
    x = 16'({state[22:16], state[31:23]} + state[15:0]) ^ key;
    y = {state[13:0], state[15:14]} ^ x;
    one_round = {x, y};
  endfunction

  function automatic logic [15:0] step(input logic negative, input logic [30:0] quotient, input logic [15:0] random);
    logic [15:0] sum, limited;
    sum = {1'b0, quotient[30:16]} + {15'd0, random < quotient[15:0]};
    limited = sum[15] ? 16'h7FFF : sum;
    step = (limited ^ {16{negative}}) + {15'd0, negative};
  endfunction

  function automatic logic [30:0] saturated(input logic [47:0] magnitude);
    saturated = (magnitude > 48'h7FFF_FFFF) ? 31'h7FFF_FFFF : magnitude[30:0];
  endfunction

  logic [31:0]         count_q;
  logic [Lanes*16-1:0] words;

  always_ff @(posedge clk_i) count_q <= count_q + 32'(Blocks);

  for (genvar b = 0; b < Blocks; b++) begin : gen_block
    for (genvar s = 0; s < Stages; s++) begin : gen_stage
      logic [31:0] state_in, state_q;
      if (s == 0) begin : gen_first
        assign state_in = count_q + 32'(b);
      end else begin : gen_next
        assign state_in = gen_stage[s-1].state_q;
      end
      always_ff @(posedge clk_i) begin
        state_q <= one_round(one_round(state_in, round_keys_i[32*s +: 16]), round_keys_i[32*s+16 +: 16]);
      end
    end

    assign words[32*b +: 32] = gen_stage[Stages-1].state_q;
  end

  for (genvar i = 0; i < Lanes; i++) begin : gen_lane
    logic signed [47:0] operand_q;
    logic               negative_q;
    logic [30:0]        quotient_q;
    logic [15:0]        step_q;

    always_ff @(posedge clk_i) begin
      operand_q <= in_data_i[48*i +: 48];
      negative_q <= operand_q[47];
      quotient_q <= saturated(absolute(operand_q) >> right_i);
      step_q <= step(negative_q, quotient_q, words[16*i +: 16]);
    end

    assign out_data_o[16*i +: 16] = step_q;
  end

endmodule
