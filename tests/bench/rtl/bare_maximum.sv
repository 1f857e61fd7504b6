// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What a maximum search costs in Verilator at the least: operands, magnitudes and their running maximum, registered. No
// handshake, no enables, no modes. A yardstick for benches; no part of the unit.

module bare_maximum #(
  parameter int unsigned Lanes = 16
) (
  input  logic                clk_i,
  input  logic [Lanes*48-1:0] in_data_i,
  output logic [47:0]         maximum_o
);

  function automatic logic [47:0] absolute(input logic signed [47:0] value);
    absolute = (value ^ {48{value[47]}}) + {47'd0, value[47]};
  endfunction

  function automatic logic [47:0] larger(input logic [47:0] a, input logic [47:0] b);
    larger = (a > b) ? a : b;
  endfunction

  // A binary heap: node n has the children 2n and 2n+1, the lanes are nodes Lanes to 2*Lanes-1.
  for (genvar n = 2 * Lanes - 1; n >= 1; n--) begin : gen_node
    logic [47:0] value;
    if (n >= Lanes) begin : gen_lane
      logic [47:0] operand_q, magnitude_q;
      always_ff @(posedge clk_i) begin
        operand_q <= in_data_i[(n-Lanes)*48 +: 48];
        magnitude_q <= absolute(operand_q);
      end
      assign value = magnitude_q;
    end else begin : gen_pair
      assign value = larger(gen_node[2*n].value, gen_node[2*n+1].value);
    end
  end

  logic [47:0] maximum_q;

  always_ff @(posedge clk_i) maximum_q <= larger(maximum_q, gen_node[1].value);

  assign maximum_o = maximum_q;

endmodule
