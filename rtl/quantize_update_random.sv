// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Random words of the update mode (numerics.md section 8): lane i of a burst's beat b gets word INDEX + b * Lanes +
// i, that is half x' (odd) or y' (even) of block (INDEX >> 1) + b * Lanes / 2 + (i >> 1). One cipher serves two
// lanes; a single lane takes its halves one after the other.
//
// The words of a beat do not depend on its operands, so the cipher starts when a burst's first operand is offered,
// the operands enter Lead cycles later and meet their words at the step stage; no operand is delayed. The first
// block count is that of INDEX again for every burst.
//
// Latency: words_o is valid Fill cycles after start_i; from then on a new set after each pop_i.

module quantize_update_random #(
  parameter int unsigned Lanes = 16,
  localparam int unsigned Blocks = (Lanes + 1) / 2
) (
  input  logic                clk_i,
  input  logic                rst_ni,
  input  logic                start_i,         // a burst's first operand is offered; held until it is accepted
  input  logic                pop_i,           // words_o was used
  input  logic                stop_i,          // with pop_i: and was the burst's last
  input  logic [31:0]         first_block_i,   // INDEX >> 1
  input  logic [351:0]        round_keys_i,
  output logic                busy_o,
  output logic                ready_o,         // a beat accepted now will find its words
  output logic [Lanes*16-1:0] words_o
);

  localparam int unsigned Fill = quantize_update_pkg::CipherRounds / 2 + 1;  // the counters and the cipher's stages
  localparam int unsigned Lead = Fill - 4;  // an operand takes 4 cycles from acceptance to its step

  logic       enable;
  logic       valid;           // words_o is valid
  logic       used;            // the last of the blocks' words goes
  logic [3:0] fill_d, fill_q;

  assign busy_o = (fill_q != 4'd0);
  assign ready_o = (fill_q >= 4'(Lead));
  assign valid = (fill_q == 4'(Fill));
  assign enable = used || (busy_o ? !valid : start_i);

  always_comb begin
    fill_d = fill_q;
    if (pop_i && stop_i) fill_d = 4'd0;
    else if (enable && !valid) fill_d = fill_q + 4'd1;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) fill_q <= '0;
    else fill_q <= fill_d;
  end

  for (genvar b = 0; b < Blocks; b++) begin : gen_block
    logic [31:0] count_q;
    logic [15:0] x, y;

    always_ff @(posedge clk_i) begin
      if (enable) count_q <= busy_o ? 32'(count_q + 32'(Blocks)) : 32'(first_block_i + 32'(b));
    end

    quantize_update_speck u_speck (
      .clk_i,
      .enable_i     (enable),
      .block_i      (count_q),
      .round_keys_i,
      .x_o          (x),
      .y_o          (y)
    );

    if (Lanes > 1) begin : gen_both
      assign words_o[32*b +: 32] = {x, y};
    end
  end

  if (Lanes > 1) begin : gen_whole
    assign used = pop_i;
  end else begin : gen_halves
    logic odd_q;

    always_ff @(posedge clk_i or negedge rst_ni) begin
      if (!rst_ni) odd_q <= 1'b0;
      else if (pop_i) odd_q <= !odd_q && !stop_i;
    end

    assign used = pop_i && odd_q;
    assign words_o = odd_q ? gen_block[0].x : gen_block[0].y;
  end

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) begin
    if (rst_ni && pop_i) begin
      WordsArePoppedOnlyWhenValid: assert (valid)
      else $error("quantize_update_random: a step was taken before its random word was ready");
    end
  end
`endif

endmodule
