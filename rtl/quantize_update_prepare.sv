// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// One lane's first stage: what every mode reduces to a sign, a magnitude and something to carry beside them.
//
//   relu_i    activation (section 5)        max(acc, 0); flags: active = acc > 0, unclipped = acc <= N(kA) * 2^S
//   masked_i  abs_max, error (section 6)    e, or 0 where the unclipped flag is 0
//   plain_i   gradient_abs_max, update (7)  g
//   weight_i  requantize (sections 7, 4)    n = clip(n_g - d, Nw), also carried
// Sections are those of numerics.md. At most one of the four is set. A lane without an element counts as 0.
//
// Latency: 1.

module quantize_update_prepare (
  input  logic               clk_i,
  input  logic               relu_i,
  input  logic               masked_i,
  input  logic               plain_i,
  input  logic               weight_i,
  input  logic               keep_i,
  input  logic signed [47:0] operand_i,
  input  logic [15:0]        side_i,             // flags or weight step
  input  logic [47:0]        unclipped_limit_i,  // N(kA) * 2^S
  input  logic [14:0]        weight_limit_i,     // Nw
  output logic               negative_o,
  output logic [47:0]        magnitude_o,
  output logic [15:0]        carried_o           // flags or n
);

  // Exclusive ors and masks for signs, no choices: they are the same gates, and no branches in simulation.
  function automatic logic [47:0] absolute(input logic [47:0] value);
    absolute = (value ^ {48{value[47]}}) + {47'd0, value[47]};
  endfunction

  // Signed comparison, by flipping both signs.
  function automatic logic at_most(input logic [47:0] value, input logic [47:0] limit);
    at_most = (value ^ 48'h8000_0000_0000) <= (limit ^ 48'h8000_0000_0000);
  endfunction

  // A 16-bit number with its sign flipped: ordered as unsigned, and differences stay what they are.
  function automatic logic [15:0] flipped(input logic [15:0] value);
    flipped = value ^ 16'h8000;
  endfunction

  // {|n|, n} of n = clip(n_g - d, Nw): both of one evaluation.
  function automatic logic [30:0] next_weight(
    input logic [15:0] stored,
    input logic [15:0] step,
    input logic [14:0] limit
  );
    logic [16:0] difference;
    logic [15:0] magnitude;
    logic [14:0] clipped;
    difference = {1'b0, flipped(stored)} - {1'b0, flipped(step)};
    magnitude = (difference[15:0] ^ {16{difference[16]}}) + {15'd0, difference[16]};
    clipped = (magnitude > {1'b0, limit}) ? limit : magnitude[14:0];
    next_weight = {clipped, ({1'b0, clipped} ^ {16{difference[16]}}) + {15'd0, difference[16]}};
  endfunction

  logic        negative_q;
  logic [47:0] magnitude_q;
  logic [15:0] carried_q;

  always_ff @(posedge clk_i) begin
    if (relu_i) begin
      negative_q <= 1'b0;
      magnitude_q <= operand_i & {48{!operand_i[47]}};
      carried_q <= {14'd0, at_most(operand_i, unclipped_limit_i), !operand_i[47] && operand_i != 48'sd0};  // unclipped, active
    end else if (masked_i) begin
      negative_q <= operand_i[47];
      magnitude_q <= absolute(operand_i) & {48{keep_i && side_i[quantize_update_pkg::FlagUnclipped]}};
    end else if (plain_i) begin
      negative_q <= operand_i[47];
      magnitude_q <= absolute(operand_i) & {48{keep_i}};
    end else if (weight_i) begin
      negative_q <= flipped(operand_i[15:0]) < flipped(side_i);
      {magnitude_q, carried_q} <= {33'd0, next_weight(operand_i[15:0], side_i, weight_limit_i)};
    end
  end

  assign negative_o = negative_q;
  assign magnitude_o = magnitude_q;
  assign carried_o = carried_q;

endmodule
