// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Maximum of Lanes magnitudes (numerics.md sections 6 and 7): four to one a stage, two to one in the last where
// Lanes is no power of four.
//
// Latency: ceil(log2(Lanes) / 2), none at all for a single lane. Lanes is a power of two.

module quantize_update_max_tree #(
  parameter int unsigned Lanes = 16
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

  localparam int unsigned Levels = $clog2(Lanes);
  localparam int unsigned Stages = (Levels + 1) / 2;

  function automatic logic [47:0] larger(input logic [47:0] a, input logic [47:0] b);
    larger = (a > b) ? a : b;
  endfunction

  // valid[s]: stage s holds a candidate; stage 0 is the input.
  logic [Stages:0] valid;

  assign valid[0] = valid_i;
  assign valid_o = valid[Stages];
  assign busy_o = (valid != '0);

  if (Stages > 0) begin : gen_valid
    logic [Stages-1:0] valid_q;

    always_ff @(posedge clk_i or negedge rst_ni) begin
      if (!rst_ni) valid_q <= '0;
      else if (advance_i) valid_q <= valid[Stages-1:0];
    end

    assign valid[Stages:1] = valid_q;
  end else begin : gen_single
    logic unused_flow;
    assign unused_flow = ^{clk_i, rst_ni, advance_i};
  end

  // Nodes are numbered as in a binary heap: node n has the children 2n and 2n+1, the lanes are nodes Lanes to
  // 2*Lanes-1, and a node's height is its distance to them. Only nodes of even height, and the root, exist.
  for (genvar n = 2 * Lanes - 1; n >= 1; n--) begin : gen_node
    localparam int unsigned Height = Levels + 1 - $clog2(n + 1);
    logic [47:0] value;
    if (Height == 0) begin : gen_lane
      assign value = magnitudes_i[(n-Lanes)*48 +: 48];
    end else if (Height % 2 == 0) begin : gen_four
      always_ff @(posedge clk_i) begin
        if (advance_i && valid[Height/2-1]) begin
          value <= larger(larger(gen_node[4*n].value, gen_node[4*n+1].value),
                          larger(gen_node[4*n+2].value, gen_node[4*n+3].value));
        end
      end
    end else if (n == 1) begin : gen_two
      always_ff @(posedge clk_i) begin
        if (advance_i && valid[Stages-1]) value <= larger(gen_node[2].value, gen_node[3].value);
      end
    end else begin : gen_none
      logic unused_value;
      assign value = '0;
      assign unused_value = ^value;
    end
  end

  assign maximum_o = gen_node[1].value;

endmodule
