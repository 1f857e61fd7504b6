// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Proves: key 1918111009080100 encrypts 6574694c to a868 42f2 (published vector), in the RTL and in speck.sv
// Method: 36 cycles
//
// quantize_update_key_schedule and quantize_update_speck in turn: they and their specification could be wrong alike, the
// vector of the cipher's authors could not.

module speck_vector (
  input logic clk_i
);

  localparam logic [63:0] Key = 64'h1918_1110_0908_0100;
  localparam logic [31:0] Plain = 32'h6574_694c;
  localparam logic [31:0] Cipher = 32'ha868_42f2;

  logic         busy;
  logic [351:0] round_keys;
  logic [15:0]  x, y;
  logic [5:0]   cycle_q = '0;

  quantize_update_key_schedule dut_schedule (
    .clk_i,
    .rst_ni       (1'b1),
    .start_i      (cycle_q == 6'd0),
    .key_i        (Key),
    .busy_o       (busy),
    .round_keys_o (round_keys)
  );

  quantize_update_speck dut (
    .clk_i,
    .enable_i     (1'b1),
    .block_i      (Plain),
    .round_keys_i (round_keys),
    .x_o          (x),
    .y_o          (y)
  );

  always_ff @(posedge clk_i) begin
    if (cycle_q != 6'd63) cycle_q <= cycle_q + 6'd1;
  end

  always_comb begin
    if (cycle_q == 6'd34) assert ({x, y} == Cipher);
    assert (speck::encrypt(Plain, speck::expand(Key)) == Cipher);
    cover (cycle_q == 6'd34);
  end

endmodule
