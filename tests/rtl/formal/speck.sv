// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Specification: Speck32/64 as docs/numerics.md section 8 has it, a round at a time.

package speck;

  localparam int unsigned Rounds = 22;

  function automatic logic [15:0] rotate_right(input logic [15:0] word, input int unsigned places);
    rotate_right = (word >> places) | (word << (16 - places));
  endfunction

  function automatic logic [15:0] rotate_left(input logic [15:0] word, input int unsigned places);
    rotate_left = (word << places) | (word >> (16 - places));
  endfunction

  // {x, y} after a round.
  function automatic logic [31:0] round(input logic [31:0] block, input logic [15:0] key);
    logic [15:0] x, y;
    x = 16'(rotate_right(block[31:16], 7) + block[15:0]) ^ key;
    y = rotate_left(block[15:0], 2) ^ x;
    round = {x, y};
  endfunction

  // The key schedule is the round itself, with the round's number as its key, on {l, k}: of three words l, the one that
  // has waited longest.
  function automatic logic [351:0] expand(input logic [63:0] key);
    logic [15:0] k, first, second, third, made;
    {third, second, first, k} = key;
    for (int unsigned i = 0; i < Rounds; i++) begin
      expand[16*i +: 16] = k;
      {made, k} = round({first, k}, 16'(i));
      first = second;
      second = third;
      third = made;
    end
  endfunction

  function automatic logic [31:0] encrypt(input logic [31:0] block, input logic [351:0] keys);
    encrypt = block;
    for (int unsigned i = 0; i < Rounds; i++) encrypt = round(encrypt, keys[16*i +: 16]);
  endfunction

endpackage
