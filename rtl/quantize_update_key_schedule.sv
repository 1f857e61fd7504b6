// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Round keys of Speck32/64 (numerics.md section 8). With the key's words l2, l1, l0, k0 from most to least
// significant: round key i is k_i; l_(i+3) = (k_i + ror(l_i, 7)) ^ i; k_(i+1) = rol(k_i, 2) ^ l_(i+3). One round
// key a cycle enters a chain of registers at its end; after 22 cycles each has reached its place.
//
// Latency: start_i in cycle 0, busy_o in cycles 1 to 22, keys in place from cycle 23.

module quantize_update_key_schedule (
  input  logic         clk_i,
  input  logic         rst_ni,
  input  logic         start_i,
  input  logic [63:0]  key_i,          // looked at with start_i
  output logic         busy_o,
  output logic [351:0] round_keys_o    // key of round i at [16*i +: 16]
);

  localparam int unsigned Rounds = quantize_update_pkg::CipherRounds;

  // l_(i+3) of k_i and l_i.
  function automatic logic [15:0] next_left(input logic [15:0] key, input logic [15:0] left, input logic [4:0] round);
    next_left = 16'(key + {left[6:0], left[15:7]}) ^ {11'd0, round};
  endfunction

  // k_(i+1) of k_i and l_(i+3).
  function automatic logic [15:0] next_key(input logic [15:0] key, input logic [15:0] left);
    next_key = {key[13:0], key[15:14]} ^ left;
  endfunction

  logic         busy_q;
  logic [4:0]   round_q;
  logic [15:0]  key_q;
  logic [47:0]  left_q;                // l_i in the lowest word
  logic [351:0] round_keys_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      busy_q <= 1'b0;
      round_keys_q <= '0;
    end else begin
      if (start_i) busy_q <= 1'b1;
      else if (round_q == 5'(Rounds - 1)) busy_q <= 1'b0;
      if (busy_q) round_keys_q <= {key_q, round_keys_q[351:16]};
    end
  end

  always_ff @(posedge clk_i) begin
    if (start_i) begin
      round_q <= '0;
      key_q <= key_i[15:0];
      left_q <= key_i[63:16];
    end else if (busy_q) begin
      round_q <= round_q + 5'd1;
      key_q <= next_key(key_q, next_left(key_q, left_q[15:0], round_q));
      left_q <= {next_left(key_q, left_q[15:0], round_q), left_q[47:16]};
    end
  end

  assign busy_o = busy_q;
  assign round_keys_o = round_keys_q;

endmodule
