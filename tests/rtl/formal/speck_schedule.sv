// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Proves: the 22 round keys are those of the key, in place 23 cycles after start, all keys; busy in between
// Method: 25 cycles
//
// quantize_update_key_schedule against speck.sv.

module speck_schedule (
  input logic        clk_i,
  input logic [63:0] key_i
);

  logic         busy;
  logic [351:0] round_keys;
  logic [4:0]   cycle_q = '0;
  logic [63:0]  key_q;

  quantize_update_key_schedule dut (
    .clk_i,
    .rst_ni       (1'b1),
    .start_i      (cycle_q == 5'd0),
    .key_i,
    .busy_o       (busy),
    .round_keys_o (round_keys)
  );

  always_ff @(posedge clk_i) begin
    if (cycle_q == 5'd0) key_q <= key_i;
    cycle_q <= cycle_q + 5'd1;
  end

  always_comb begin
    if (cycle_q >= 5'd1 && cycle_q <= 5'd22) assert (busy);
    if (cycle_q >= 5'd23 && cycle_q <= 5'd24) assert (!busy && round_keys == speck::expand(key_q));
    cover (cycle_q == 5'd23);
  end

endmodule
