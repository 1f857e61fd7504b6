// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What the last layer's error costs in Verilator at the least, an element a cycle: e = operand - target, LOSS += e^2 and
// the maximum of |e|, operands, errors and sums registered. No handshake, no enables, no class. A yardstick for benches;
// no part of the unit.

module bare_output_error (
  input  logic         clk_i,
  input  logic [47:0]  in_data_i,
  input  logic [47:0]  in_target_i,  // 0 but for the label's element
  output logic [47:0]  out_error_o,
  output logic [47:0]  maximum_o,
  output logic [127:0] loss_o
);

  logic [47:0]  operand_q, target_q, error_q, maximum_q;
  logic [47:0]  magnitude;
  logic [127:0] loss_q;

  assign magnitude = error_q[47] ? 48'(-error_q) : error_q;

  always_ff @(posedge clk_i) begin
    operand_q <= in_data_i;
    target_q <= in_target_i;
    error_q <= 48'(operand_q - target_q);
    if (magnitude > maximum_q) maximum_q <= magnitude;
    loss_q <= loss_q + 128'(magnitude) * 128'(magnitude);
  end

  assign out_error_o = error_q;
  assign maximum_o = maximum_q;
  assign loss_o = loss_q;

endmodule
