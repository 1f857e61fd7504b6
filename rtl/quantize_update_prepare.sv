// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// One lane's first stage: what every mode reduces to a sign, a magnitude and something to carry beside them.
//
//   activation (section 5)        max(acc, 0); flags: active = acc > 0, unclipped = acc <= N(kA) * 2^S
//   abs_max, error (section 6)    e, or 0 where the unclipped flag is 0
//   gradient_abs_max, update (7)  g
//   requantize (section 7, 4)     n = clip(n_g - d, Nw), also carried
// Sections are those of numerics.md. A lane without an element counts as 0.
//
// Latency: 1.

module quantize_update_prepare (
  input  logic               clk_i,
  input  logic               advance_i,
  input  logic               active_i,           // operand_i is looked at
  input  logic [2:0]         mode_i,
  input  logic               keep_i,
  input  logic signed [47:0] operand_i,
  input  logic [15:0]        side_i,             // flags or weight step
  input  logic [47:0]        unclipped_limit_i,  // N(kA) * 2^S
  input  logic [14:0]        weight_limit_i,     // Nw
  output logic               negative_o,
  output logic [47:0]        magnitude_o,
  output logic [15:0]        carried_o           // flags or n
);

  logic               negative_d, negative_q;
  logic [47:0]        magnitude_d, magnitude_q;
  logic [15:0]        carried_d, carried_q;
  logic [47:0]        absolute;
  logic signed [16:0] difference;
  logic [16:0]        weight;

  always_comb begin
    negative_d = operand_i[47];
    absolute = '0;
    magnitude_d = '0;
    carried_d = '0;
    difference = '0;
    weight = '0;
    if (active_i) begin
      absolute = operand_i[47] ? 48'(-operand_i) : 48'(operand_i);
      unique case (mode_i)
        quantize_update_pkg::ModeActivation: begin
          magnitude_d = operand_i[47] ? 48'd0 : operand_i;
          carried_d[quantize_update_pkg::FlagActive] = (magnitude_d != 48'd0);
          carried_d[quantize_update_pkg::FlagUnclipped] = (magnitude_d <= unclipped_limit_i);
        end
        quantize_update_pkg::ModeAbsMax, quantize_update_pkg::ModeError: begin
          if (keep_i && side_i[quantize_update_pkg::FlagUnclipped]) magnitude_d = absolute;
        end
        quantize_update_pkg::ModeRequantize: begin
          difference = 17'($signed(operand_i[15:0])) - 17'($signed(side_i));
          negative_d = difference[16];
          weight = difference[16] ? 17'(-difference) : 17'(difference);
          if (weight > {2'd0, weight_limit_i}) weight = {2'd0, weight_limit_i};
          magnitude_d = {31'd0, weight};
          carried_d = negative_d ? 16'(-weight) : 16'(weight);
        end
        default: begin
          if (keep_i) magnitude_d = absolute;
        end
      endcase
    end
  end

  always_ff @(posedge clk_i) begin
    if (advance_i && active_i) begin
      negative_q <= negative_d;
      magnitude_q <= magnitude_d;
      carried_q <= carried_d;
    end
  end

  assign negative_o = negative_q;
  assign magnitude_o = magnitude_q;
  assign carried_o = carried_q;

endmodule
