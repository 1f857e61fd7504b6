// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The last layer's error (numerics.md section 6), loss and class (section 5), one element a cycle:
//   e = acc - (position == label ? 2^s : 0), s = (kA-1) + (kW-1) + sA, modulo 2^48
//   LOSS += e^2; MAX = max(MAX, |e|); class = position of the segment's largest acc, the first among equals.
//
// Latency: error_o and class_o 2, |e| 3, e^2 5 enabled cycles after an element is taken (6 with the LOSS register).

module quantize_update_output_error (
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

  output logic               busy_o
);

  // Valid bits of the stages: 0 element, 1 error, 2 magnitude, 3 products, 4 square.
  logic [4:0]         valid_q;

  logic [15:0]        position_d, position_q;
  logic signed [47:0] accumulator0_q;
  logic [15:0]        position0_q;
  logic               hit0_d, hit0_q, last0_q;

  logic [47:0]        error1_d, error1_q;
  logic signed [47:0] best_d, best_q;
  logic [15:0]        class_d, class_q;
  logic               last1_q;

  logic [47:0]        magnitude2_d, magnitude2_q;
  logic [47:0]        low3_d, low3_q, cross3_d, cross3_q, high3_d, high3_q;
  logic [95:0]        square4_d, square4_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) valid_q <= '0;
    else if (advance_i) valid_q <= {valid_q[3:0], valid_i};
  end

  // Element and its position

  always_comb begin
    position_d = position_q;
    hit0_d = 1'b0;
    if (valid_i) begin
      position_d = last_i ? 16'd0 : position_q + 16'd1;
      hit0_d = (position_q == label_i);
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) position_q <= '0;
    else if (advance_i && valid_i) position_q <= position_d;
  end

  always_ff @(posedge clk_i) begin
    if (advance_i && valid_i) begin
      accumulator0_q <= accumulator_i;
      position0_q <= position_q;
      hit0_q <= hit0_d;
      last0_q <= last_i;
    end
  end

  // Error and largest accumulator so far

  always_comb begin
    error1_d = '0;
    best_d = best_q;
    class_d = class_q;
    if (valid_q[0]) begin
      error1_d = hit0_q ? 48'(accumulator0_q - $signed(target_i)) : 48'(accumulator0_q);
      if (position0_q == 16'd0 || accumulator0_q > best_q) begin
        best_d = accumulator0_q;
        class_d = position0_q;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (advance_i && valid_q[0]) begin
      error1_q <= error1_d;
      best_q <= best_d;
      class_q <= class_d;
      last1_q <= last0_q;
    end
  end

  // Magnitude and its square, as (high * 2^24 + low)^2

  always_comb begin
    magnitude2_d = '0;
    low3_d = '0;
    cross3_d = '0;
    high3_d = '0;
    square4_d = '0;
    if (valid_q[1]) magnitude2_d = error1_q[47] ? 48'(-error1_q) : error1_q;
    if (valid_q[2]) begin
      low3_d = 48'(magnitude2_q[23:0]) * 48'(magnitude2_q[23:0]);
      cross3_d = 48'(magnitude2_q[47:24]) * 48'(magnitude2_q[23:0]);
      high3_d = 48'(magnitude2_q[47:24]) * 48'(magnitude2_q[47:24]);
    end
    if (valid_q[3]) square4_d = {high3_q, low3_q} + {23'd0, cross3_q, 25'd0};
  end

  always_ff @(posedge clk_i) begin
    if (advance_i && valid_q[1]) magnitude2_q <= magnitude2_d;
    if (advance_i && valid_q[2]) begin
      low3_q <= low3_d;
      cross3_q <= cross3_d;
      high3_q <= high3_d;
    end
    if (advance_i && valid_q[3]) square4_q <= square4_d;
  end

  assign valid_o = valid_q[1];
  assign error_o = error1_q;
  assign class_o = class_q;
  assign last_o = last1_q;
  assign magnitude_valid_o = valid_q[2];
  assign magnitude_o = magnitude2_q;
  assign square_valid_o = valid_q[4];
  assign square_o = square4_q;
  assign busy_o = (valid_q != 5'd0);

endmodule
