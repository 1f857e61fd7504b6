// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// quantize_update_max_tree where it stands: magnitudes come from flops that keep them while the pipeline waits, and a
// maximum is looked at only while it is valid.

module surroundings (
  input  logic         clk_i,
  input  logic         rst_ni,
  input  logic         advance_i,
  input  logic         valid_i,
  input  logic [191:0] magnitudes_i,
  output logic         busy_o,
  output logic         valid_o,
  output logic [47:0]  maximum_o
);

  logic         valid_q;
  logic [191:0] magnitudes_q;
  logic [47:0]  maximum;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) valid_q <= 1'b0;
    else if (advance_i) valid_q <= valid_i;
  end

  always_ff @(posedge clk_i) begin
    if (advance_i) magnitudes_q <= magnitudes_i;
  end

  quantize_update_max_tree u_max_tree (
    .clk_i        (clk_i),
    .rst_ni       (rst_ni),
    .advance_i    (advance_i),
    .valid_i      (valid_q),
    .magnitudes_i (magnitudes_q),
    .busy_o       (busy_o),
    .valid_o      (valid_o),
    .maximum_o    (maximum)
  );

  assign maximum_o = valid_o ? maximum : '0;

endmodule
