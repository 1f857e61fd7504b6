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
  input  logic         active_i,       // some stage has a block
  input  logic [31:0]  block_i,        // plaintext: x in the upper half, y in the lower
  input  logic [351:0] round_keys_i,   // key of round i at [16*i +: 16]
  output logic [15:0]  x_o,
  output logic [15:0]  y_o
);

  localparam int unsigned Stages = quantize_update_pkg::CipherRounds / 2;

  for (genvar s = 0; s < Stages; s++) begin : gen_stage
    logic [15:0] x_in, y_in;
    logic [15:0] key_even, key_odd;
    logic [15:0] x_middle, y_middle;
    logic [15:0] x_d, x_q, y_d, y_q;

    if (s == 0) begin : gen_first
      assign x_in = block_i[31:16];
      assign y_in = block_i[15:0];
    end else begin : gen_next
      assign x_in = gen_stage[s-1].x_q;
      assign y_in = gen_stage[s-1].y_q;
    end
    assign key_even = round_keys_i[32*s +: 16];
    assign key_odd = round_keys_i[32*s+16 +: 16];

    always_comb begin
      x_middle = '0;
      y_middle = '0;
      x_d = '0;
      y_d = '0;
      if (active_i) begin
        x_middle = 16'({x_in[6:0], x_in[15:7]} + y_in) ^ key_even;
        y_middle = {y_in[13:0], y_in[15:14]} ^ x_middle;
        x_d = 16'({x_middle[6:0], x_middle[15:7]} + y_middle) ^ key_odd;
        y_d = {y_middle[13:0], y_middle[15:14]} ^ x_d;
      end
    end

    always_ff @(posedge clk_i) begin
      if (enable_i) begin
        x_q <= x_d;
        y_q <= y_d;
      end
    end
  end

  assign x_o = gen_stage[Stages-1].x_q;
  assign y_o = gen_stage[Stages-1].y_q;

endmodule
