// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The input table (numerics.md section 3): byte -> activation code, one read port a lane, four codes a word.
//
// Latency: 0 for codes_o, the lanes register it.

module quantize_update_table #(
  parameter int unsigned Lanes = 16
) (
  input  logic               clk_i,
  input  logic               rst_ni,

  // Register port
  input  logic               we_i,
  input  logic [5:0]         address_i,
  input  logic [31:0]        wdata_i,
  output logic [31:0]        rdata_o,

  // Lanes
  input  logic               look_up_i,
  input  logic [Lanes*8-1:0] bytes_i,
  output logic [Lanes*8-1:0] codes_o
);

  localparam int unsigned Words = 64;

  logic [31:0] words_q [Words];

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      for (int unsigned i = 0; i < Words; i++) words_q[i] <= '0;
    end else if (we_i) begin
      words_q[address_i] <= wdata_i;
    end
  end

  assign rdata_o = words_q[address_i];

  for (genvar i = 0; i < Lanes; i++) begin : gen_lane
    logic [31:0] word;
    logic [7:0]  code;
    always_comb begin
      word = '0;
      code = '0;
      if (look_up_i) begin
        word = words_q[bytes_i[8*i+2 +: 6]];
        code = word[8*bytes_i[8*i +: 2] +: 8];
      end
    end
    assign codes_o[8*i +: 8] = code;
  end

endmodule
