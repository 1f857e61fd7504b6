// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Quantize/update unit: registers, one operand stream in, one result stream out (docs/modules/quantize_update.md).
//
// Up to Lanes operands enter a cycle; which of them are elements says in_keep_i, from lane 0 up, all of them except
// in a beat with in_last_i, which ends a burst (in output_error: a segment). in_side_i holds flags, weight steps
// or, in lane 0 of every beat, the segment's label. Codes, steps and stored weights leave on out_data_o, flags and
// weight codes on out_side_o; output_error hands over one element a beat on out_error_o, and the class on
// out_class_o with out_last_o. The maximum modes hand over nothing.
//
// valid/ready on both sides: a beat moves where both are 1, and a stalled result freezes the whole pipeline, so
// results do not depend on stalls. in_ready_o depends on out_ready_i in the same cycle. Registers may be written
// while idle_o is 1 and read at any time, the value following one cycle after reg_re_i.
//
// Latency: table in docs/modules/quantize_update.md, "Timing". Lanes is a power of two. For programmable logic:
// TableMemory puts the input table into memories instead of flops, and nothing outside can tell; SerialSquare takes the
// squares of output_error one bit a cycle, with 48 more cycles an element and the same results.

module quantize_update #(
  parameter int unsigned Lanes = 16,
  parameter bit TableMemory = 1'b0,
  parameter bit SerialSquare = 1'b0
) (
  input  logic                clk_i,
  input  logic                rst_ni,

  // Register port
  input  logic                reg_we_i,
  input  logic                reg_re_i,
  input  logic [11:0]         reg_addr_i,
  input  logic [31:0]         reg_wdata_i,
  output logic [31:0]         reg_rdata_o,

  // Operand stream
  input  logic                in_valid_i,
  output logic                in_ready_o,
  input  logic [Lanes*48-1:0] in_data_i,
  input  logic [Lanes*16-1:0] in_side_i,
  input  logic [Lanes-1:0]    in_keep_i,
  input  logic                in_last_i,

  // Result stream
  output logic                out_valid_o,
  input  logic                out_ready_i,
  output logic [Lanes*16-1:0] out_data_o,
  output logic [Lanes*8-1:0]  out_side_o,
  output logic [47:0]         out_error_o,
  output logic [15:0]         out_class_o,
  output logic [Lanes-1:0]    out_keep_o,
  output logic                out_last_o,

  output logic                idle_o
);

  // Settings
  logic         changed;
  logic [2:0]   mode;
  logic [31:0]  widths;
  logic [4:0]   attenuation;
  logic [3:0]   gamma;
  logic [5:0]   eta;
  logic         weight_clip;
  logic [7:0]   exponent;
  logic [31:0]  first_block;
  logic [5:0]   right;
  logic [4:0]   left;
  logic [47:0]  low_mask, half, unclipped_limit, target;
  logic [30:0]  limit;
  logic [14:0]  weight_limit;

  // Modes by the path they take
  logic         is_input, is_maximum, is_code, is_update, is_output_error;
  logic         is_masked, is_plain;  // by what becomes of their operands

  assign is_input = (mode == quantize_update_pkg::ModeInput);
  assign is_maximum = (mode == quantize_update_pkg::ModeAbsMax) || (mode == quantize_update_pkg::ModeGradientAbsMax);
  assign is_code = (mode == quantize_update_pkg::ModeActivation) || (mode == quantize_update_pkg::ModeError)
      || (mode == quantize_update_pkg::ModeRequantize);
  assign is_update = (mode == quantize_update_pkg::ModeUpdate);
  assign is_output_error = (mode == quantize_update_pkg::ModeOutputError);
  assign is_masked = (mode == quantize_update_pkg::ModeAbsMax) || (mode == quantize_update_pkg::ModeError);
  assign is_plain = (mode == quantize_update_pkg::ModeGradientAbsMax) || is_update;

  // Flow. Stage s is registered where valid<s>_q is 1: 0 operand, 1 prepared, 2 scaled, 3 update's I and Fr.
  logic             advance;
  logic             accept;
  logic             valid0_d, valid0_q, valid1_q, valid2_q, valid3_q, valid_result_q;
  logic             last0_q, last1_q, last2_q, last3_q, last_result_q;
  logic [Lanes-1:0] keep0_q, keep1_q, keep2_q, keep3_q, keep_result_q;
  logic             beat_done;       // stage 0 gives up its beat in this cycle, if advance
  logic             prepare, scale, finish, extract, step, look_up;  // a stage's result is registered
  logic             draining_d, draining_q;

  // Units
  logic         schedule_start, schedule_busy;
  logic [63:0]  key;
  logic [351:0] round_keys;
  logic         exponent_start, exponent_valid;
  logic [7:0]   exponent_new;
  logic [47:0]  maximum;
  logic         random_ready, random_busy;
  logic         tree_busy, tree_valid;
  logic [47:0]  tree_maximum;
  logic         error_valid, error_last, error_busy;
  logic [47:0]  error_value;
  logic [15:0]  error_class;
  logic         error_wait;
  logic         error_magnitude_valid, error_square_valid;
  logic [47:0]  error_magnitude;
  logic [95:0]  error_square;
  logic         table_we;
  logic [5:0]   table_address;
  logic [31:0]  table_rdata;

  // Lane bundles
  logic [Lanes*48-1:0] magnitudes;
  logic [Lanes*16-1:0] random_words;
  logic [15:0]         label0_q;

  ///////////////
  // Registers //
  ///////////////

  quantize_update_registers #(
    .Lanes       (Lanes),
    .TableMemory (TableMemory)
  ) u_registers (
    .clk_i,
    .rst_ni,
    .reg_we_i,
    .reg_re_i,
    .reg_addr_i,
    .reg_wdata_i,
    .reg_rdata_o,
    .changed_o         (changed),
    .mode_o            (mode),
    .widths_o          (widths),
    .attenuation_o     (attenuation),
    .gamma_o           (gamma),
    .eta_o             (eta),
    .weight_clip_o     (weight_clip),
    .exponent_o        (exponent),
    .first_block_o     (first_block),
    .key_start_o       (schedule_start),
    .key_o             (key),
    .exponent_start_o  (exponent_start),
    .maximum_o         (maximum),
    .exponent_valid_i  (exponent_valid),
    .exponent_i        (exponent_new),
    .magnitude_valid_i (advance && (tree_valid || error_magnitude_valid)),
    .magnitude_i       (is_output_error ? error_magnitude : tree_maximum),
    .square_valid_i    (advance && error_square_valid),
    .square_i          (error_square),
    .table_we_o        (table_we),
    .table_address_o   (table_address),
    .table_rdata_i     (table_rdata)
  );

  quantize_update_settings u_settings (
    .clk_i,
    .changed_i         (changed),
    .mode_i            (mode),
    .widths_i          (widths),
    .attenuation_i     (attenuation),
    .gamma_i           (gamma),
    .eta_i             (eta),
    .weight_clip_i     (weight_clip),
    .exponent_i        (exponent),
    .right_o           (right),
    .left_o            (left),
    .low_mask_o        (low_mask),
    .half_o            (half),
    .limit_o           (limit),
    .unclipped_limit_o (unclipped_limit),
    .weight_limit_o    (weight_limit),
    .target_o          (target)
  );

  quantize_update_exponent u_exponent (
    .clk_i,
    .rst_ni,
    .start_i    (exponent_start),
    .maximum_i  (maximum),
    .valid_o    (exponent_valid),
    .exponent_o (exponent_new)
  );

  quantize_update_key_schedule u_key_schedule (
    .clk_i,
    .rst_ni,
    .start_i      (schedule_start),
    .key_i        (key),
    .busy_o       (schedule_busy),
    .round_keys_o (round_keys)
  );

  //////////
  // Flow //
  //////////

  assign advance = !error_wait && (!out_valid_o || out_ready_i);
  assign beat_done = !is_output_error || ((keep0_q >> 1) == '0);

  always_comb begin
    in_ready_o = advance && !schedule_busy && !exponent_valid && (!valid0_q || beat_done);
    if (is_update) in_ready_o = advance && random_ready && !draining_q;
  end

  assign accept = in_valid_i && in_ready_o;

  always_comb begin
    valid0_d = valid0_q;
    if (accept) valid0_d = 1'b1;
    else if (advance && beat_done) valid0_d = 1'b0;
  end

  assign look_up = advance && valid0_q && is_input;
  assign prepare = advance && valid0_q && (is_maximum || is_code || is_update);
  assign scale = advance && valid1_q && !is_maximum;
  assign finish = advance && valid2_q && is_code;
  assign extract = advance && valid2_q && is_update;
  assign step = advance && valid3_q;

  // The cipher counts from INDEX again only once the burst's last words are used.
  always_comb begin
    draining_d = draining_q;
    if (step && last3_q) draining_d = 1'b0;
    else if (accept && in_last_i && is_update) draining_d = 1'b1;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      valid0_q <= 1'b0;
      valid1_q <= 1'b0;
      valid2_q <= 1'b0;
      valid3_q <= 1'b0;
      valid_result_q <= 1'b0;
      draining_q <= 1'b0;
    end else begin
      valid0_q <= valid0_d;
      if (advance) begin
        valid1_q <= prepare;
        valid2_q <= scale;
        valid3_q <= extract;
        valid_result_q <= look_up || finish || step;
      end
      draining_q <= draining_d;
    end
  end

  always_ff @(posedge clk_i) begin
    if (accept) begin
      keep0_q <= in_keep_i;
      last0_q <= in_last_i;
    end else if (advance && is_output_error) begin
      keep0_q <= keep0_q >> 1;
    end
    if (accept && is_output_error) label0_q <= in_side_i[15:0];
    if (prepare) begin
      keep1_q <= keep0_q;
      last1_q <= last0_q;
    end
    if (scale) begin
      keep2_q <= keep1_q;
      last2_q <= last1_q;
    end
    if (extract) begin
      keep3_q <= keep2_q;
      last3_q <= last2_q;
    end
    if (finish) begin
      keep_result_q <= keep2_q;
      last_result_q <= last2_q;
    end else if (step) begin
      keep_result_q <= keep3_q;
      last_result_q <= last3_q;
    end else if (look_up) begin
      keep_result_q <= keep0_q;
      last_result_q <= last0_q;
    end
  end

  ///////////
  // Lanes //
  ///////////

  for (genvar i = 0; i < Lanes; i++) begin : gen_lane
    logic signed [47:0] operand;
    logic signed [47:0] next_operand;
    logic [2047:0]      table_codes;

    if (TableMemory) begin : gen_code
      assign table_codes = {2040'd0, gen_table_memory.codes[8*i +: 8]};
    end else begin : gen_codes
      assign table_codes = gen_table_flops.codes;
    end

    if (i + 1 < Lanes) begin : gen_chain
      assign next_operand = gen_lane[i+1].operand;
    end else begin : gen_chain_end
      assign next_operand = '0;
    end

    quantize_update_lane #(
      .TableMemory (TableMemory)
    ) u_lane (
      .clk_i,
      .accept_i          (accept),
      .accept_side_i     (accept && (is_maximum || is_code)),
      .shift_i           (advance && valid0_q && is_output_error),
      .operand_i         (in_data_i[48*i +: 48]),
      .side_i            (in_side_i[16*i +: 16]),
      .next_operand_i    (next_operand),
      .operand_o         (operand),
      .keep_i            (keep0_q[i]),
      .prepare_relu_i    (prepare && mode == quantize_update_pkg::ModeActivation),
      .prepare_masked_i  (prepare && is_masked),
      .prepare_plain_i   (prepare && is_plain),
      .prepare_weight_i  (prepare && mode == quantize_update_pkg::ModeRequantize),
      .scale_i           (scale),
      .finish_code_i     (finish && mode != quantize_update_pkg::ModeRequantize),
      .finish_weight_i   (finish && mode == quantize_update_pkg::ModeRequantize),
      .extract_i         (extract),
      .step_i            (step),
      .look_up_i         (look_up),
      .unclipped_limit_i (unclipped_limit),
      .weight_limit_i    (weight_limit),
      .right_i           (right),
      .left_i            (left),
      .low_mask_i        (low_mask),
      .half_i            (half),
      .limit_i           (limit),
      .table_i           (table_codes),
      .magnitude_o       (magnitudes[48*i +: 48]),
      .random_i          (random_words[16*i +: 16]),
      .result_o          (out_data_o[16*i +: 16]),
      .side_result_o     (out_side_o[8*i +: 8])
    );
  end

  //////////////////
  // Shared units //
  //////////////////

  if (TableMemory) begin : gen_table_memory
    logic [Lanes*8-1:0] bytes, codes;

    for (genvar i = 0; i < Lanes; i++) begin : gen_byte
      assign bytes[8*i +: 8] = in_data_i[48*i +: 8];
    end

    quantize_update_table_memory #(
      .Lanes (Lanes)
    ) u_table (
      .clk_i,
      .rst_ni,
      .we_i      (table_we),
      .address_i (table_address),
      .wdata_i   (reg_wdata_i),
      .re_i      (reg_re_i),
      .rdata_o   (table_rdata),
      .accept_i  (accept && is_input),
      .bytes_i   (bytes),
      .codes_o   (codes)
    );
  end else begin : gen_table_flops
    logic [2047:0] codes;

    quantize_update_table u_table (
      .clk_i,
      .rst_ni,
      .we_i      (table_we),
      .address_i (table_address),
      .wdata_i   (reg_wdata_i),
      .rdata_o   (table_rdata),
      .codes_o   (codes)
    );
  end

  quantize_update_max_tree #(
    .Lanes (Lanes)
  ) u_max_tree (
    .clk_i,
    .rst_ni,
    .advance_i    (advance),
    .valid_i      (valid1_q && is_maximum),
    .magnitudes_i (magnitudes),
    .busy_o       (tree_busy),
    .valid_o      (tree_valid),
    .maximum_o    (tree_maximum)
  );

  quantize_update_random #(
    .Lanes (Lanes)
  ) u_random (
    .clk_i,
    .rst_ni,
    .start_i       (in_valid_i && is_update && !draining_q && !schedule_busy),
    .pop_i         (step),
    .stop_i        (last3_q),
    .first_block_i (first_block),
    .round_keys_i  (round_keys),
    .busy_o        (random_busy),
    .ready_o       (random_ready),
    .words_o       (random_words)
  );

  quantize_update_output_error #(
    .SerialSquare (SerialSquare)
  ) u_output_error (
    .clk_i,
    .rst_ni,
    .advance_i         (advance),
    .valid_i           (valid0_q && is_output_error),
    .accumulator_i     (gen_lane[0].operand),
    .label_i           (label0_q),
    .last_i            (last0_q && beat_done),
    .target_i          (target),
    .valid_o           (error_valid),
    .error_o           (error_value),
    .class_o           (error_class),
    .last_o            (error_last),
    .magnitude_valid_o (error_magnitude_valid),
    .magnitude_o       (error_magnitude),
    .square_valid_o    (error_square_valid),
    .square_o          (error_square),
    .wait_o            (error_wait),
    .busy_o            (error_busy)
  );

  ////////////
  // Result //
  ////////////

  assign out_valid_o = (valid_result_q || error_valid) && !error_wait;
  assign out_error_o = error_value;
  assign out_class_o = error_class;
  assign out_keep_o = is_output_error ? Lanes'(1'b1) : keep_result_q;
  assign out_last_o = is_output_error ? error_last : last_result_q;

  assign idle_o = !(valid0_q || valid1_q || valid2_q || valid3_q || valid_result_q || tree_busy || error_busy
      || random_busy || schedule_busy || exponent_valid);

  ////////////////
  // Assertions //
  ////////////////

`ifndef SYNTHESIS
  // Immediate, in clocked processes: concurrent ones would have every operand sampled at every evaluation.
  logic stalled_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) stalled_q <= 1'b0;
    else stalled_q <= out_valid_o && !out_ready_i;
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && reg_we_i) begin
      RegistersAreWrittenOnlyWhileIdle: assert (idle_o && !in_valid_i)
      else $error("quantize_update: a register was written under a burst, which would see two settings");
    end

    if (rst_ni && in_valid_i) begin
      KeepIsContiguousFromLaneZero: assert (in_keep_i != '0 && (in_keep_i & (in_keep_i + Lanes'(1'b1))) == '0)
      else $error("quantize_update: in_keep_i is not a run of ones from lane 0");

      OnlyTheLastBeatIsPartial: assert (in_last_i || (&in_keep_i))
      else $error("quantize_update: a beat before the last has lanes without an element");
    end

    if (rst_ni && stalled_q) begin
      StalledResultIsHeld: assert (out_valid_o)
      else $error("quantize_update: a result was withdrawn before it was taken");
    end
  end
`endif

endmodule
