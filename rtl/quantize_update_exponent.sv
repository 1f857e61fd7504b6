// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// exponent(m) = round(log2 m) of a 48-bit maximum (numerics.md section 1), -1 for m = 0.
//
// With f = floor(log2 m), exponent is f + 1 where m^2 > 2^(2f+1), that is where m * 2^(47-f) > sqrt(2) * 2^47. Both
// sides of an integer comparison with an irrational number may be scaled and floored: the test is exact, and needs
// no multiplication.
//
// Latency: 2 (start_i in cycle 0, valid_o in cycle 1, the parent's register from cycle 2).

module quantize_update_exponent (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        start_i,
  input  logic [47:0] maximum_i,
  output logic        valid_o,
  output logic [7:0]  exponent_o    // signed
);

  localparam logic [47:0] RootHalf = 48'hB504_F333_F9DE;  // floor(sqrt(2) * 2^47)

  // {f, m * 2^(47-f)}. Leading one by halving: wherever the upper part is empty, move the rest up.
  function automatic logic [53:0] normalized(input logic [47:0] maximum);
    logic [47:0] normal;
    logic [5:0]  moved;
    normal = maximum;
    moved[5] = (normal[47:16] == 32'd0);
    normal = moved[5] ? {normal[15:0], 32'd0} : normal;
    moved[4] = (normal[47:32] == 16'd0);
    normal = moved[4] ? {normal[31:0], 16'd0} : normal;
    moved[3] = (normal[47:40] == 8'd0);
    normal = moved[3] ? {normal[39:0], 8'd0} : normal;
    moved[2] = (normal[47:44] == 4'd0);
    normal = moved[2] ? {normal[43:0], 4'd0} : normal;
    moved[1] = (normal[47:46] == 2'd0);
    normal = moved[1] ? {normal[45:0], 2'd0} : normal;
    moved[0] = !normal[47];
    normal = moved[0] ? {normal[46:0], 1'b0} : normal;
    normalized = {6'd47 - moved, normal};
  endfunction

  logic        valid_q;
  logic        zero_q;
  logic [5:0]  floor_q;
  logic [47:0] normal_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) valid_q <= 1'b0;
    else valid_q <= start_i;
  end

  always_ff @(posedge clk_i) begin
    if (start_i) begin
      zero_q <= (maximum_i == 48'd0);
      {floor_q, normal_q} <= normalized(maximum_i);
    end
  end

  assign valid_o = valid_q;

  always_comb begin
    exponent_o = '0;
    if (valid_q) exponent_o = zero_q ? 8'hFF : {2'd0, floor_q} + {7'd0, normal_q > RootHalf};
  end

endmodule
