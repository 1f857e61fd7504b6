// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Proves: a write changes its word and no other, reset clears all, rdata is the addressed word; all tables and writes
// Method: 3 cycles
//
// quantize_update_table against docs/modules/quantize_update.md, "Registers". The whole table stands at a port, so that
// one cycle from any table is all there is to prove.

module table_words (
  input logic        clk_i,
  input logic        rst_ni,
  input logic        we_i,
  input logic [5:0]  address_i,
  input logic [31:0] wdata_i
);

  logic [31:0]   rdata, addressed;
  logic [2047:0] codes, next, expected_q;
  logic          known_q = 1'b0;

  quantize_update_table dut (
    .*,
    .rdata_o (rdata),
    .codes_o (codes)
  );

  always_comb begin
    next = codes;
    addressed = '0;
    for (int unsigned i = 0; i < 64; i++) begin
      if (we_i && 32'(address_i) == i) next[32*i +: 32] = wdata_i;
      if (32'(address_i) == i) addressed = addressed | codes[32*i +: 32];
    end
  end

  always_ff @(posedge clk_i) begin
    known_q <= 1'b1;
    expected_q <= rst_ni ? next : '0;
  end

  always_comb begin
    assert (rdata == addressed);
    if (known_q && rst_ni) assert (codes == expected_q);
    if (!rst_ni) assert (codes == '0);
    cover (known_q && rst_ni && rdata == 32'h8181_7F7F);
  end

endmodule
