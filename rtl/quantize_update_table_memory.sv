// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The input table (numerics.md section 3) in memories with registered reads, for targets that have block RAM: instead
// of quantize_update_table's flops and the multiplexers that read them. One copy for each lane, one for the register
// port. A word that was not written since reset reads as 0, as a flop would: memories have no reset.
//
// A lane's byte is looked at when its beat is accepted, a cycle before quantize_update_finish wants the code, so results
// and cycles are those of the table of flops. The table is written only while the unit is idle.
//
// Latency: a write takes effect at the end of its cycle; codes_o and rdata_o follow their addresses by one cycle.

module quantize_update_table_memory #(
  parameter int unsigned Lanes = 16
) (
  input  logic               clk_i,
  input  logic               rst_ni,
  input  logic               we_i,
  input  logic [5:0]         address_i,
  input  logic [31:0]        wdata_i,
  input  logic               re_i,
  output logic [31:0]        rdata_o,       // word of address_i, four codes
  input  logic               accept_i,
  input  logic [Lanes*8-1:0] bytes_i,       // byte of lane i at [8*i +: 8], looked at with accept_i
  output logic [Lanes*8-1:0] codes_o        // its code, likewise
);

  logic [63:0] written_q;  // since reset, by words

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) written_q <= '0;
    else if (we_i) written_q[address_i] <= 1'b1;
  end

  // Copy Lanes is the register port's.
  for (genvar c = 0; c <= Lanes; c++) begin : gen_copy
    logic [31:0] words [64];
    logic        enable;
    logic [5:0]  address;
    logic [31:0] word_q;
    logic        written_word_q;

    if (c < Lanes) begin : gen_lane
      assign enable = accept_i;
      assign address = bytes_i[8*c+2 +: 6];
    end else begin : gen_register
      assign enable = re_i;
      assign address = address_i;
    end

    always_ff @(posedge clk_i) begin
      if (we_i) words[address_i] <= wdata_i;
      if (enable) word_q <= words[address];
    end

    always_ff @(posedge clk_i) begin
      if (enable) written_word_q <= written_q[address];
    end

    if (c < Lanes) begin : gen_code
      logic [1:0] select_q;

      always_ff @(posedge clk_i) begin
        if (enable) select_q <= bytes_i[8*c +: 2];
      end

      assign codes_o[8*c +: 8] = word_q[{select_q, 3'b000} +: 8] & {8{written_word_q}};
    end else begin : gen_word
      assign rdata_o = word_q & {32{written_word_q}};
    end
  end

endmodule
