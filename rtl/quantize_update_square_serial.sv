// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The square of a 48-bit magnitude, a bit a cycle, for targets where quantize_update_output_error's multipliers would
// be most of the unit. Shift and add: the upper half collects, the lower half still holds the multiplier's bits.
//
// Latency: 48 cycles in which busy_o is set, from the one after start_i; then square_o holds until the next start_i.

module quantize_update_square_serial (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        start_i,
  input  logic [47:0] magnitude_i,   // looked at with start_i
  output logic        busy_o,
  output logic [95:0] square_o
);

  logic [5:0]  left_d, left_q;       // bits of the multiplier to come
  logic [47:0] magnitude_q;
  logic [95:0] square_q;
  logic [48:0] sum;

  assign sum = {1'b0, square_q[95:48]} + ({1'b0, magnitude_q} & {49{square_q[0]}});

  always_comb begin
    left_d = left_q;
    if (start_i) left_d = 6'd48;
    else if (busy_o) left_d = left_q - 6'd1;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) left_q <= '0;
    else left_q <= left_d;
  end

  always_ff @(posedge clk_i) begin
    if (start_i) begin
      magnitude_q <= magnitude_i;
      square_q <= {48'd0, magnitude_i};
    end else if (busy_o) begin
      square_q <= {sum, square_q[47:1]};
    end
  end

  assign busy_o = (left_q != 6'd0);
  assign square_o = square_q;

endmodule
