// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// One lane's weight step (numerics.md section 7): d = sgn(g) * min(I + (r < Fr ? 1 : 0), 32767), where I and Fr are the
// integer and the 16 fraction bits of the scaled magnitude and r is the weight's random word.
//
// Latency: 0; the parent registers the result.

module quantize_update_step (
  input  logic        active_i,
  input  logic        negative_i,
  input  logic [30:0] scaled_i,   // I in bits 30:16, Fr in bits 15:0
  input  logic [15:0] random_i,
  output logic [15:0] step_o      // signed
);

  logic [15:0] magnitude;

  always_comb begin
    magnitude = '0;
    step_o = '0;
    if (active_i) begin
      magnitude = {1'b0, scaled_i[30:16]} + {15'd0, random_i < scaled_i[15:0]};
      if (magnitude[15]) magnitude = 16'h7FFF;
      step_o = negative_i ? 16'(-magnitude) : magnitude;
    end
  end

endmodule
