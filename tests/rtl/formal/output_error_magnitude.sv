// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Proves: the magnitude handed over is |e| of the error before it, all e of 48 bits, with any stalls
// Method: induction
//
// quantize_update_output_error against numerics.md section 6: e and |e| meet at the module's ports, one step apart.

module output_error_magnitude (
  input logic               clk_i,
  input logic               advance_i,
  input logic               valid_i,
  input logic signed [47:0] accumulator_i,
  input logic [15:0]        label_i,
  input logic               last_i,
  input logic [47:0]        target_i
);

  logic        valid, last, magnitude_valid, square_valid, busy;
  logic [47:0] error, magnitude;
  logic [15:0] position;
  logic [95:0] square;

  quantize_update_output_error dut (
    .clk_i,
    .rst_ni            (1'b1),
    .advance_i,
    .valid_i,
    .accumulator_i,
    .label_i,
    .last_i,
    .target_i,
    .valid_o           (valid),
    .error_o           (error),
    .class_o           (position),
    .last_o            (last),
    .magnitude_valid_o (magnitude_valid),
    .magnitude_o       (magnitude),
    .square_valid_o    (square_valid),
    .square_o          (square),
    .busy_o            (busy)
  );

  logic                             known_q = 1'b0;
  logic                             valid_q;
  logic signed [numerics::Wide-1:0] error_q;

  always_ff @(posedge clk_i) begin
    if (advance_i) begin
      known_q <= 1'b1;
      valid_q <= valid;
      error_q <= numerics::Wide'($signed(error));
    end
  end

  always_comb begin
    if (known_q) assert (magnitude_valid == valid_q);
    if (known_q && valid_q) assert ({32'd0, magnitude} == numerics::absolute(error_q));
    cover (known_q && valid_q && error_q == -(numerics::Wide'(1) << 47));
    cover (known_q && valid_q && error_q == 7);
  end

endmodule
