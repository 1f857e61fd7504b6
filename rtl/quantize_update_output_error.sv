// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The last layer's error (numerics.md section 6), loss and class (section 5), one element a cycle:
//   e = acc - (position == label ? 2^s : 0), s = (kA-1) + (kW-1) + sA, modulo 2^48
//   LOSS += e^2; MAX = max(MAX, |e|); class = position of the segment's largest acc, the first among equals.
//
// Latency: error_o and class_o 2, |e| 3, e^2 5 enabled cycles after an element is taken (6 with the LOSS register).
// SerialSquare: squares are taken one bit a cycle, and wait_o holds the pipeline for 48 cycles an element.

module quantize_update_output_error #(
  parameter bit SerialSquare = 1'b0
) (
  input  logic               clk_i,
  input  logic               rst_ni,
  input  logic               advance_i,       // every stage moves on

  // Element
  input  logic               valid_i,
  input  logic signed [47:0] accumulator_i,
  input  logic [15:0]        label_i,         // the same for all of a segment
  input  logic               last_i,          // of its segment
  input  logic [47:0]        target_i,        // 2^s

  // Result, to be handed over in the cycle in which it is valid and advance_i is set
  output logic               valid_o,
  output logic [47:0]        error_o,
  output logic [15:0]        class_o,         // meaningful with last_o
  output logic               last_o,

  // Accumulators outside
  output logic               magnitude_valid_o,
  output logic [47:0]        magnitude_o,
  output logic               square_valid_o,
  output logic [95:0]        square_o,

  output logic               wait_o,          // advance_i has to stay 0
  output logic               busy_o
);

  // Valid bits of the stages: 0 element, 1 error, 2 magnitude, 3 products, 4 square.
  logic [4:0]         valid_q;

  logic [15:0]        position_q;
  logic signed [47:0] accumulator0_q;
  logic [15:0]        position0_q;
  logic               hit0_q, last0_q;
  logic [47:0]        error1_q;
  logic signed [47:0] best_q;
  logic [15:0]        class_q;
  logic               last1_q;
  logic [47:0]        magnitude2_q;

  function automatic logic [47:0] product(input logic [23:0] a, input logic [23:0] b);
    product = 48'(a) * 48'(b);
  endfunction

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      valid_q <= '0;
      position_q <= '0;
    end else if (advance_i) begin
      valid_q <= {valid_q[3:0], valid_i};
      if (valid_i) position_q <= last_i ? 16'd0 : position_q + 16'd1;
    end
  end

  // Element and its position

  always_ff @(posedge clk_i) begin
    if (advance_i && valid_i) begin
      accumulator0_q <= accumulator_i;
      position0_q <= position_q;
      hit0_q <= (position_q == label_i);
      last0_q <= last_i;
    end
  end

  // Error and largest accumulator so far

  always_ff @(posedge clk_i) begin
    if (advance_i && valid_q[0]) begin
      error1_q <= hit0_q ? 48'(accumulator0_q - $signed(target_i)) : accumulator0_q;
      last1_q <= last0_q;
      if (position0_q == 16'd0 || accumulator0_q > best_q) begin
        best_q <= accumulator0_q;
        class_q <= position0_q;
      end
    end
  end

  // Magnitude and its square, as (high * 2^24 + low)^2

  always_ff @(posedge clk_i) begin
    if (advance_i && valid_q[1]) magnitude2_q <= error1_q[47] ? 48'(-error1_q) : error1_q;
  end

  if (SerialSquare) begin : gen_serial
    quantize_update_square_serial u_square (
      .clk_i,
      .rst_ni,
      .start_i     (advance_i && valid_q[2]),
      .magnitude_i (magnitude2_q),
      .busy_o      (wait_o),
      .square_o    (square_o)
    );

    assign square_valid_o = valid_q[3];
  end else begin : gen_products
    logic [47:0] low3_q, cross3_q, high3_q;
    logic [95:0] square4_q;

    always_ff @(posedge clk_i) begin
      if (advance_i && valid_q[2]) begin
        low3_q <= product(magnitude2_q[23:0], magnitude2_q[23:0]);
        cross3_q <= product(magnitude2_q[47:24], magnitude2_q[23:0]);
        high3_q <= product(magnitude2_q[47:24], magnitude2_q[47:24]);
      end
      if (advance_i && valid_q[3]) square4_q <= {high3_q, low3_q} + {23'd0, cross3_q, 25'd0};
    end

    assign wait_o = 1'b0;
    assign square_valid_o = valid_q[4];
    assign square_o = square4_q;
  end

  assign valid_o = valid_q[1];
  assign error_o = error1_q;
  assign class_o = class_q;
  assign last_o = last1_q;
  assign magnitude_valid_o = valid_q[2];
  assign magnitude_o = magnitude2_q;
  assign busy_o = (valid_q != 5'd0);

endmodule
