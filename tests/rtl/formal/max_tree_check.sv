// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Specification: what the maximum of Lanes magnitudes is, one of them and none larger, and when quantize_update_max_tree
// hands it over: after ceil(log2(Lanes) / 2) cycles in which every stage moves on. From any state; magnitudes enter in
// the first cycle, others may follow.

module max_tree_check #(
  parameter int unsigned Lanes = 4,
  parameter int unsigned Stages = 1
) (
  input logic                clk_i,
  input logic                advance_i,
  input logic                valid_i,
  input logic [Lanes*48-1:0] magnitudes_i
);

  logic                entered_q = 1'b0;
  logic [2:0]          steps_q = '0;
  logic [Lanes*48-1:0] magnitudes_q;
  logic                busy, valid;
  logic [47:0]         maximum;
  logic                found, exceeded;

  quantize_update_max_tree #(
    .Lanes (Lanes)
  ) dut (
    .clk_i,
    .rst_ni       (1'b1),
    .advance_i    (advance_i || !entered_q),
    .valid_i      (valid_i || !entered_q),
    .magnitudes_i,
    .busy_o       (busy),
    .valid_o      (valid),
    .maximum_o    (maximum)
  );

  always_ff @(posedge clk_i) begin
    entered_q <= 1'b1;
    if (!entered_q) begin
      magnitudes_q <= magnitudes_i;
      steps_q <= 3'd1;
    end else if (advance_i && steps_q != 3'd7) begin
      steps_q <= steps_q + 3'd1;
    end
  end

  always_comb begin
    found = 1'b0;
    exceeded = 1'b0;
    for (int unsigned i = 0; i < Lanes; i++) begin
      if (magnitudes_q[48*i +: 48] == maximum) found = 1'b1;
      if (magnitudes_q[48*i +: 48] > maximum) exceeded = 1'b1;
    end
    if (entered_q && steps_q <= 3'(Stages)) assert (busy);
    if (entered_q && steps_q == 3'(Stages)) assert (valid && found && !exceeded);
    cover (entered_q && steps_q == 3'(Stages) && magnitudes_q[Lanes*48-1] && maximum == magnitudes_q[Lanes*48-1 -: 48]);
    cover (entered_q && steps_q == 3'(Stages) && maximum == magnitudes_q[47:0] && maximum != magnitudes_q[95:48]);
  end

endmodule
