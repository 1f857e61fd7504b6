// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Maximum of Lanes magnitudes (numerics.md sections 6 and 7), two levels of comparison a stage.
//
// Latency: ceil(log2(Lanes) / 2); none for one lane. Lanes is a power of two.

module quantize_update_max_tree #(
  parameter int unsigned Lanes = 16,
  localparam int unsigned Levels = $clog2(Lanes),
  localparam int unsigned Stages = (Levels + 1) / 2
) (
  input  logic                clk_i,
  input  logic                rst_ni,
  input  logic                advance_i,     // every stage moves on
  input  logic                valid_i,
  input  logic [Lanes*48-1:0] magnitudes_i,
  output logic                busy_o,        // a maximum is under way
  output logic                valid_o,
  output logic [47:0]         maximum_o
);

  // valid[s]: stage s holds a candidate; stage 0 is the input.
  logic [Stages:0] valid;

  assign valid[0] = valid_i;
  assign valid_o = valid[Stages];
  assign busy_o = |valid;

  if (Stages > 0) begin : gen_valid
    logic [Stages-1:0] valid_q;
    always_ff @(posedge clk_i or negedge rst_ni) begin
      if (!rst_ni) valid_q <= '0;
      else if (advance_i) valid_q <= valid[Stages-1:0];
    end
    assign valid[Stages:1] = valid_q;
  end

  // Nodes are numbered as in a heap: node n has the children 2n and 2n+1, the lanes are nodes Lanes to 2*Lanes-1. A node
  // of depth d (the root has 0) is registered where Levels - d is even, or at the root.
  for (genvar n = 2 * Lanes - 1; n >= 1; n--) begin : gen_node
    logic [47:0] value;
    if (n >= Lanes) begin : gen_leaf
      assign value = magnitudes_i[(n-Lanes)*48 +: 48];
    end else begin : gen_compare
      localparam int unsigned Height = Levels - ($clog2(n + 1) - 1);  // levels of comparison below and here
      localparam int unsigned Stage = (Height + 1) / 2;
      logic [47:0] larger;
      always_comb begin
        larger = '0;
        if (valid[Stage-1]) begin
          larger = (gen_node[2*n].value > gen_node[2*n+1].value) ? gen_node[2*n].value : gen_node[2*n+1].value;
        end
      end
      if (Height % 2 == 0 || n == 1) begin : gen_register
        logic [47:0] larger_q;
        always_ff @(posedge clk_i) begin
          if (advance_i && valid[Stage-1]) larger_q <= larger;
        end
        assign value = larger_q;
      end else begin : gen_wire
        assign value = larger;
      end
    end
  end

  assign maximum_o = gen_node[1].value;

endmodule
