// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Proves: of 2 and 4 magnitudes the maximum is one and none is larger, on time, busy meanwhile; all magnitudes
// Method: 5 cycles
//
// quantize_update_max_tree against max_tree_check.sv, with up to three stalled cycles.

module max_tree (
  input logic             clk_i,
  input logic             advance_i,
  input logic             valid_i,
  input logic [4*48-1:0] magnitudes_i
);

  for (genvar n = 1; n <= 2; n++) begin : gen_lanes
    max_tree_check #(
      .Lanes  (2 ** n),
      .Stages ((n + 1) / 2)
    ) check (
      .clk_i,
      .advance_i,
      .valid_i,
      .magnitudes_i (magnitudes_i[(2**n)*48-1:0])
    );
  end

endmodule
