// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What a table costs in Verilator at the least: the codes of a byte in each lane's slot, bytes and codes registered. No
// handshake, no enables, no modes; the table is a port. A yardstick for benches; no part of the unit.

module bare_look_up #(
  parameter int unsigned Lanes = 16
) (
  input  logic                clk_i,
  input  logic [2047:0]       table_i,  // code of byte b at [8*b +: 8]
  /* verilator lint_off UNUSEDSIGNAL */ // the ports are those of the unit
  input  logic [Lanes*48-1:0] in_data_i,
  /* verilator lint_on UNUSEDSIGNAL */
  output logic [Lanes*16-1:0] out_data_o
);

  function automatic logic [15:0] code_of(input logic [31:0] word, input logic [1:0] position);
    logic [7:0] code;
    code = 8'(word >> {position, 3'd0});
    code_of = {{8{code[7]}}, code};
  endfunction

  for (genvar i = 0; i < Lanes; i++) begin : gen_lane
    logic [7:0]  byte_q;
    logic [15:0] code_q;

    always_ff @(posedge clk_i) begin
      byte_q <= in_data_i[48*i +: 8];
      code_q <= code_of(table_i[{byte_q[7:2], 5'd0} +: 32], byte_q[1:0]);
    end

    assign out_data_o[16*i +: 16] = code_q;
  end

endmodule
