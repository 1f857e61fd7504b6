// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Proves: e = acc - y 2^s modulo 2^48 and the class, for all segments of up to 5 elements, labels and targets
// Method: 9 cycles
//
// quantize_update_output_error against numerics.md sections 5 and 6. From any state: an element that ends a segment,
// then the segment, with gaps between its elements. The class is held against its definition: no element of the segment
// is larger, and none before it is as large.

module output_error_segment (
  input logic               clk_i,
  input logic               valid_i,
  input logic signed [47:0] accumulator_i,
  input logic [15:0]        label_i,
  input logic               last_i,
  input logic [47:0]        target_i
);

  localparam int unsigned Elements = 5;

  logic        valid, last, magnitude_valid, square_valid, busy;
  logic [47:0] error, magnitude;
  logic [15:0] position;
  logic [95:0] square;

  logic               begun_q = 1'b0;    // the segment before has ended
  logic               ended_q = 1'b0;
  logic [2:0]         count_q = '0;
  logic signed [47:0] elements_q[0:Elements-1];
  logic [15:0]        label_q;
  logic [47:0]        target_q;
  logic               take;
  logic               taken1_q = 1'b0, taken2_q = 1'b0, last1_q, last2_q;
  logic [47:0]        error_d, error1_q, error2_q;

  quantize_update_output_error dut (
    .clk_i,
    .rst_ni            (1'b1),
    .advance_i         (1'b1),
    .valid_i           (!begun_q || take),
    .accumulator_i,
    .label_i           (count_q == 3'd0 ? label_i : label_q),
    .last_i            (!begun_q || last_i),
    .target_i          (begun_q ? target_q : target_i),
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

  always_comb begin
    take = begun_q && valid_i && !ended_q && count_q < 3'(Elements);
    error_d = accumulator_i;
    if (16'(count_q) == (count_q == 3'd0 ? label_i : label_q)) error_d = accumulator_i - target_q;
  end

  always_ff @(posedge clk_i) begin
    begun_q <= 1'b1;
    if (!begun_q) target_q <= target_i;
    taken1_q <= take;
    taken2_q <= taken1_q;
    last1_q <= last_i;
    last2_q <= last1_q;
    error1_q <= error_d;
    error2_q <= error1_q;
    if (take) begin
      if (count_q == 3'd0) label_q <= label_i;
      count_q <= count_q + 3'd1;
      ended_q <= last_i;
    end
  end

  for (genvar i = 0; i < Elements; i++) begin : gen_element
    always_ff @(posedge clk_i) if (take && count_q == 3'(i)) elements_q[i] <= accumulator_i;
  end

  always_comb begin
    if (taken2_q) begin
      assert (valid && error == error2_q && last == last2_q);
    end
    cover (taken2_q && last2_q && count_q == 3'(Elements) && position == 16'd2);
    cover (taken2_q && last2_q && count_q == 3'(Elements) && label_q == 16'd4);
    cover (taken2_q && last2_q && count_q == 3'd3 && elements_q[0] == elements_q[2] && position == 16'd0);
  end

  for (genvar i = 0; i < Elements; i++) begin : gen_class
    logic signed [47:0] chosen;

    always_comb begin
      chosen = elements_q[0];
      for (int unsigned j = 1; j < Elements; j++) if (position == 16'(j)) chosen = elements_q[j];
      if (taken2_q && last2_q) begin
        assert (position < 16'(count_q));
        if (3'(i) < count_q) assert (elements_q[i] <= chosen);
        if (16'(i) < position) assert (elements_q[i] < chosen);
      end
    end
  end

endmodule
