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

  function automatic logic [47:0] absolute(input logic signed [47:0] value);
    absolute = (value ^ {48{value[47]}}) + {47'd0, value[47]};
  endfunction

  // Sign of n_g - d.
  function automatic logic weight_negative(input logic signed [15:0] stored, input logic signed [15:0] step);
    weight_negative = stored < step;
  endfunction

  // |clip(n_g - d, Nw)|.
  function automatic logic [14:0] weight_magnitude(
    input logic signed [15:0] stored,
    input logic signed [15:0] step,
    input logic [14:0]        limit
  );
    logic [16:0] difference, magnitude;
    difference = 17'(stored) - 17'(step);
    magnitude = (difference ^ {17{difference[16]}}) + {16'd0, difference[16]};
    weight_magnitude = (magnitude > {2'd0, limit}) ? limit : magnitude[14:0];
  endfunction

  function automatic logic [15:0] with_sign(input logic negative, input logic [14:0] magnitude);
    with_sign = ({1'b0, magnitude} ^ {16{negative}}) + {15'd0, negative};
  endfunction

  logic        negative_q;
  logic [47:0] magnitude_q;
  logic [15:0] carried_q;

  always_ff @(posedge clk_i) begin
    if (relu_i) begin
      negative_q <= 1'b0;
      magnitude_q <= operand_i & {48{!operand_i[47]}};
      carried_q <= {14'd0, operand_i <= $signed(unclipped_limit_i), operand_i > 48'sd0};  // unclipped, active
    end else if (masked_i) begin
      negative_q <= operand_i[47];
      magnitude_q <= absolute(operand_i) & {48{keep_i && side_i[quantize_update_pkg::FlagUnclipped]}};
    end else if (plain_i) begin
      negative_q <= operand_i[47];
      magnitude_q <= absolute(operand_i) & {48{keep_i}};
    end else if (weight_i) begin
      negative_q <= weight_negative(operand_i[15:0], side_i);
      magnitude_q <= {33'd0, weight_magnitude(operand_i[15:0], side_i, weight_limit_i)};
      carried_q <= with_sign(weight_negative(operand_i[15:0], side_i),
                             weight_magnitude(operand_i[15:0], side_i, weight_limit_i));
    end
  end

  assign negative_o = negative_q;
  assign magnitude_o = magnitude_q;
  assign carried_o = carried_q;

endmodule
