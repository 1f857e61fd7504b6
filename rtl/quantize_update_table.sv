// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The input table (numerics.md section 3): byte -> activation code, four codes a word. The lanes select their codes
// themselves.
//
// Latency: a write takes effect at the end of its cycle; rdata_o is combinational.

module quantize_update_table (
  input  logic          clk_i,
  input  logic          rst_ni,
  input  logic          we_i,
  input  logic [5:0]    address_i,
  input  logic [31:0]   wdata_i,
  output logic [31:0]   rdata_o,
  output logic [2047:0] codes_o       // code of byte b at [8*b +: 8]
);

  logic [2047:0] codes_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) codes_q <= '0;
    else if (we_i) codes_q[{address_i, 5'd0} +: 32] <= wdata_i;
  end

  assign rdata_o = codes_q[{address_i, 5'd0} +: 32];
  assign codes_o = codes_q;

endmodule
