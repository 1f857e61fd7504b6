// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// One Speck32/64 block a cycle (numerics.md section 8): 22 rounds x = (ror(x, 7) + y) ^ k, y = rol(y, 2) ^ x, two
// rounds a stage. A round is a 16-bit addition and two exclusive ors, so two of them are about as deep as the scale
// stage of a lane.
//
// Latency: 11 enabled cycles.

module quantize_update_speck (
  input  logic         clk_i,
  input  logic         enable_i,       // every stage moves on
  input  logic [31:0]  block_i,        // plaintext: x in the upper half, y in the lower
  input  logic [351:0] round_keys_i,   // key of round i at [16*i +: 16]
  output logic [15:0]  x_o,
  output logic [15:0]  y_o
);

  localparam int unsigned Stages = quantize_update_pkg::CipherRounds / 2;

  // {x, y} after two rounds with the keys {odd, even}.
  function automatic logic [31:0] two_rounds(input logic [31:0] state, input logic [31:0] keys);
    logic [15:0] x0, y0, x1, y1, x2, y2;
    {x0, y0} = state;
    x1 = 16'({x0[6:0], x0[15:7]} + y0) ^ keys[15:0];
    y1 = {y0[13:0], y0[15:14]} ^ x1;
    x2 = 16'({x1[6:0], x1[15:7]} + y1) ^ keys[31:16];
    y2 = {y1[13:0], y1[15:14]} ^ x2;
    two_rounds = {x2, y2};
  endfunction

  for (genvar s = 0; s < Stages; s++) begin : gen_stage
    logic [31:0] state_in, state_q;

    if (s == 0) begin : gen_first
      assign state_in = block_i;
    end else begin : gen_next
      assign state_in = gen_stage[s-1].state_q;
    end

    always_ff @(posedge clk_i) begin
      if (enable_i) state_q <= two_rounds(state_in, round_keys_i[32*s +: 32]);
    end
  end

  assign {x_o, y_o} = gen_stage[Stages-1].state_q;

endmodule
