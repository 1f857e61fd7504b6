// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// quantize_update_max_tree where it stands: a maximum is looked at only while it is valid, and modes with maxima have no
// results that anything could wait for, so that the pipeline moves while there is a magnitude.

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

  logic [47:0] maximum;

  quantize_update_max_tree u_max_tree (
    .clk_i        (clk_i),
    .rst_ni       (rst_ni),
    .advance_i    (advance_i || valid_i || busy_o || valid_o),
    .valid_i      (valid_i),
    .magnitudes_i (magnitudes_i),
    .busy_o       (busy_o),
    .valid_o      (valid_o),
    .maximum_o    (maximum)
  );

  assign maximum_o = valid_o ? maximum : '0;

endmodule
