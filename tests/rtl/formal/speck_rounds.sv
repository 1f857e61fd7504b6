// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Proves: 11 enabled cycles are the 22 rounds of Speck32/64, all blocks and sets of round keys; also with one stall, anywhere
// Method: 13 cycles
//
// quantize_update_speck against speck.sv, one round at a time: an instance without a stall, and one for each cycle in
// which there may be one. Other blocks follow. The round keys stay, as they do while a burst lasts.

module speck_rounds (
  input logic         clk_i,
  input logic [31:0]  block_i,
  input logic [351:0] round_keys_i
);

  localparam int unsigned Cycles = speck::Rounds / 2;

  logic [3:0]   cycle_q = '0;
  logic [31:0]  block0_q, block1_q;
  logic [351:0] round_keys, round_keys_q;
  logic [31:0]  result;

  assign round_keys = (cycle_q == 4'd0) ? round_keys_i : round_keys_q;

  always_ff @(posedge clk_i) begin
    cycle_q <= cycle_q + 4'd1;
    round_keys_q <= round_keys;
    if (cycle_q == 4'd0) block0_q <= block_i;
    if (cycle_q == 4'd1) block1_q <= block_i;
  end

  quantize_update_speck dut (
    .clk_i,
    .enable_i     (1'b1),
    .block_i,
    .round_keys_i (round_keys),
    .x_o          (result[31:16]),
    .y_o          (result[15:0])
  );

  always_comb begin
    if (cycle_q == 4'(Cycles)) assert (result == speck::encrypt(block0_q, round_keys_q));
    if (cycle_q == 4'(Cycles) + 4'd1) assert (result == speck::encrypt(block1_q, round_keys_q));
    cover (cycle_q == 4'(Cycles) + 4'd1);
  end

  for (genvar s = 0; s <= Cycles; s++) begin : gen_stalled
    logic [31:0] stalled;

    quantize_update_speck dut_stalled (
      .clk_i,
      .enable_i     (cycle_q != 4'(s)),
      .block_i,
      .round_keys_i (round_keys),
      .x_o          (stalled[31:16]),
      .y_o          (stalled[15:0])
    );

    always_comb begin
      if (cycle_q == 4'(Cycles) + 4'd1) begin
        assert (stalled == speck::encrypt((s == 0) ? block1_q : block0_q, round_keys_q));
      end
    end
  end

endmodule
