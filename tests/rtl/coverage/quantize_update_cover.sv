// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Functional coverage of the quantize/update unit: what a campaign must have put through it, as cover properties on
// every mode, class of widths and corner of its arithmetic, and on its handshake. Bound into the unit; it looks at ports
// and registers alone and computes corners from the operands by docs/modules/quantize_update.md, so that it says nothing
// about how the unit does it. Not for synthesis.
//
// A corner counts where any lane of an accepted beat is in it. Impossible pairs of class and corner are not generated;
// each `if` says why.

module quantize_update_cover #(
  parameter int unsigned Lanes = 4
) (
  input logic                clk_i,
  input logic                rst_ni,
  input logic                in_valid_i,
  input logic                in_ready_i,
  input logic [Lanes*48-1:0] in_data_i,
  input logic [Lanes*16-1:0] in_side_i,
  input logic [Lanes-1:0]    in_keep_i,
  input logic                in_last_i,
  input logic                out_valid_i,
  input logic                out_ready_i,
  input logic                reg_we_i,
  input logic                idle_i,
  input logic [2:0]          mode_i,
  input logic [31:0]         widths_i,
  input logic [4:0]          attenuation_i,
  input logic [3:0]          gamma_i,
  input logic [5:0]          eta_i,          // signed
  input logic                weight_clip_i,
  input logic [7:0]          exponent_i,     // signed
  input logic [47:0]         maximum_i
);

  localparam int Modes = 8;

  logic accept;
  int   width_weight, width_activation, width_gradient, width_error, attenuation, log2_gamma, eta, exponent;

  assign accept = in_valid_i && in_ready_i;
  assign width_weight = int'({24'd0, widths_i[7:0]});
  assign width_activation = int'({24'd0, widths_i[15:8]});
  assign width_gradient = int'({24'd0, widths_i[23:16]});
  assign width_error = int'({24'd0, widths_i[31:24]});
  assign attenuation = int'({27'd0, attenuation_i});
  assign log2_gamma = int'({28'd0, gamma_i});
  assign eta = int'($signed(eta_i));
  assign exponent = int'($signed(exponent_i));

  /////////////
  // Corners //
  /////////////

  // How a magnitude becomes a code: magnitude / 2^shift, at most limit.
  int          shift;
  logic [47:0] limit;

  always_comb begin
    shift = 0;
    limit = '0;
    case (mode_i)
      3'd1: begin
        shift = width_weight - 1 + attenuation;
        limit = (48'd1 << (width_activation - 1)) - 48'd1;
      end
      3'd3: begin
        shift = exponent - log2_gamma - (width_error - 1);
        limit = (48'd1 << (width_error - 1)) - 48'd1;
      end
      3'd6: begin
        shift = exponent - eta - 16;
        limit = 48'h7FFF_FFFF;
      end
      3'd7: begin
        shift = width_gradient - width_weight;
        limit = (48'd1 << (width_weight - 1)) - 48'd1;
      end
      default: ;
    endcase
  end

  localparam int Corners = 16;
  localparam int Zero = 0;               // operand 0
  localparam int Negative = 1;
  localparam int Exact = 2;              // nothing is shifted out of a magnitude above 0
  localparam int RoundsDown = 3;         // less than half
  localparam int RoundsUp = 4;           // more than half
  localparam int TieToEvenBelow = 5;     // half, the kept part is even
  localparam int TieToEvenAbove = 6;     // half, the kept part is odd
  localparam int AtTheLimit = 7;
  localparam int Saturates = 8;          // by its whole part
  localparam int SaturatesByRounding = 9;
  localparam int ShiftIsZero = 10;
  localparam int ShiftsLeft = 11;
  localparam int ShiftsAllOut = 12;      // by 48 and more
  localparam int Masked = 13;            // abs_max, error: not unclipped
  localparam int ZeroMaximum = 14;       // EXPONENT below 0
  localparam int MostNegative = 15;      // -2^47

  function automatic logic [Corners-1:0] corners_of(input logic [47:0] operand, input logic [15:0] side);
    logic [47:0] magnitude, kept, rest, half;
    logic [95:0] left;
    logic        tie, over;
    corners_of = '0;
    magnitude = operand[47] ? -operand : operand;
    kept = (shift >= 48) ? 48'd0 : (shift > 0) ? magnitude >> shift : magnitude;
    rest = (shift >= 48) ? magnitude : (shift > 0) ? magnitude - (kept << shift) : 48'd0;
    half = (shift >= 1 && shift <= 48) ? 48'd1 << (shift - 1) : '0;
    left = (shift < 0) ? {48'd0, magnitude} << -shift : {48'd0, kept};
    tie = (half != 0) && (rest == half);
    over = left > {48'd0, limit};
    corners_of[Zero] = (operand == 0);
    corners_of[Negative] = operand[47];
    corners_of[Exact] = (magnitude != 0) && (rest == 0);
    corners_of[RoundsDown] = (rest != 0) && (half != 0) && (rest < half);
    corners_of[RoundsUp] = (half != 0) && (rest > half);
    corners_of[TieToEvenBelow] = tie && !kept[0];
    corners_of[TieToEvenAbove] = tie && kept[0];
    corners_of[AtTheLimit] = (left == {48'd0, limit}) && (rest == 0);
    corners_of[Saturates] = over;
    corners_of[SaturatesByRounding] = !over && (left == {48'd0, limit}) && (half != 0) && ((rest > half) || (tie && kept[0]));
    corners_of[ShiftIsZero] = (shift == 0);
    corners_of[ShiftsLeft] = (shift < 0);
    corners_of[ShiftsAllOut] = (shift >= 48);
    corners_of[Masked] = !side[1];
    corners_of[ZeroMaximum] = (exponent < 0);
    corners_of[MostNegative] = (operand == 48'h8000_0000_0000);
  endfunction

  // Corners of any lane's element.
  logic [Corners-1:0] corners;

  always_comb begin
    corners = '0;
    for (int i = 0; i < int'(Lanes); i++)
      if (in_keep_i[i]) corners |= corners_of(in_data_i[48*i +: 48], in_side_i[16*i +: 16]);
  end

  // Classes of a width from 2 to 16: the least, within a byte, a byte, within two, two.
  localparam int Classes = 5;

  function automatic int class_of(input int width);
    class_of = (width <= 2) ? 0 : (width < 8) ? 1 : (width == 8) ? 2 : (width < 16) ? 3 : 4;
  endfunction

  int class_weight, class_activation, class_error;

  assign class_weight = class_of(width_weight);
  assign class_activation = class_of(width_activation);
  assign class_error = class_of(width_error);

  for (genvar c = 0; c < Classes; c++) begin : gen_width_class
    for (genvar k = 0; k < Corners; k++) begin : gen_corner
      // kA is at most 8, shifts are 1 to 31, nothing is masked, EXPONENT plays no part; a negative operand counts as 0.
      if (c <= 2 && k != ShiftIsZero && k != ShiftsLeft && k != ShiftsAllOut && k != Masked && k != ZeroMaximum) begin : gen_activation
        Activation: cover property (@(posedge clk_i) disable iff (!rst_ni)
                                    accept && mode_i == 3'd1 && class_activation == c && corners[k]);
      end
      // Of kE = 2 the limit is 1: every part kept that is odd and rounds up saturates, which is its own corner.
      begin : gen_error
        Error: cover property (@(posedge clk_i) disable iff (!rst_ni)
                               accept && mode_i == 3'd3 && class_error == c && corners[k]);
      end
      // kW is at most 8; operands are 16-bit weights.
      if (c <= 2 && k != ShiftsLeft && k != ShiftsAllOut && k != Masked && k != ZeroMaximum && k != MostNegative) begin : gen_requantize
        Requantize: cover property (@(posedge clk_i) disable iff (!rst_ni)
                                    accept && mode_i == 3'd7 && class_weight == c && corners[k]);
      end
    end
  end

  // Update has no rounding but the stochastic one, and no width: its classes are the learning rate's.
  for (genvar r = 0; r < 4; r++) begin : gen_eta_class
    for (genvar k = 0; k < Corners; k++) begin : gen_corner
      if (k != RoundsDown && k != RoundsUp && k != TieToEvenBelow && k != TieToEvenAbove && k != AtTheLimit
          && k != SaturatesByRounding && k != Masked) begin : gen_update
        Update: cover property (@(posedge clk_i) disable iff (!rst_ni) accept && mode_i == 3'd6 && corners[k]
                                && ((r == 0) ? eta == -16 : (r == 1) ? (eta > -16 && eta < 0) : (r == 2) ? (eta >= 0 && eta < 8)
                                                                                                      : eta == 8));
      end
    end
  end

  // I and Fr of a step, before its word decides.
  logic [5:0] step_corners;  // Fr = 0, Fr = 0xFFFF, I = 0 and Fr > 0, I = 32767 and Fr less or all, I > 32767

  always_comb begin
    step_corners = '0;
    for (int i = 0; i < int'(Lanes); i++) begin
      automatic logic [47:0] operand = in_data_i[48*i +: 48];
      automatic logic [47:0] magnitude = operand[47] ? -operand : operand;
      automatic logic [95:0] quotient = (shift >= 48) ? '0 : (shift >= 0) ? {48'd0, magnitude >> shift} : {48'd0, magnitude} << -shift;
      if (in_keep_i[i]) begin
        step_corners[0] |= (quotient[15:0] == 16'd0) && (quotient != 0);
        step_corners[1] |= (quotient[15:0] == 16'hFFFF);
        step_corners[2] |= (quotient[95:16] == 0) && (quotient[15:0] != 0);
        step_corners[3] |= (quotient[95:16] == 80'd32767) && (quotient[15:0] != 16'hFFFF);
        step_corners[4] |= (quotient == 96'h7FFF_FFFF);
        step_corners[5] |= (quotient[95:16] > 80'd32767);
      end
    end
  end

  for (genvar k = 0; k < 6; k++) begin : gen_step_corner
    Step: cover property (@(posedge clk_i) disable iff (!rst_ni) accept && mode_i == 3'd6 && exponent >= 0 && step_corners[k]);
  end

  // Weights at their clip: n_g - d beyond, at and within Nw, both signs, both clips.
  logic [5:0] clip_corners;

  always_comb begin
    automatic int top = 1 << (width_gradient - 1);
    automatic int weight_limit = weight_clip_i ? top - (1 << (width_gradient - width_weight)) : top - 1;
    clip_corners = '0;
    for (int i = 0; i < int'(Lanes); i++) begin
      automatic int next = int'($signed(in_data_i[48*i +: 16])) - int'($signed(in_side_i[16*i +: 16]));
      if (in_keep_i[i]) begin
        clip_corners[0] |= next > weight_limit;
        clip_corners[1] |= next == weight_limit;
        clip_corners[2] |= next < -weight_limit;
        clip_corners[3] |= next == -weight_limit;
        clip_corners[4] |= next > -weight_limit && next < weight_limit;
        clip_corners[5] |= next == 0;
      end
    end
  end

  for (genvar w = 0; w < 2; w++) begin : gen_weight_clip
    for (genvar k = 0; k < 6; k++) begin : gen_corner
      // With kW = 2 and clip kw, weights reach 2^(kG-2) either way: all corners exist for both clips.
      Clip: cover property (@(posedge clk_i) disable iff (!rst_ni)
                            accept && mode_i == 3'd7 && weight_clip_i == 1'(w) && clip_corners[k]);
    end
  end

  // Flags at their edges: acc at N(kA) * 2^S and one above.
  logic [1:0] flag_corners;

  always_comb begin
    flag_corners = '0;
    for (int i = 0; i < int'(Lanes); i++) begin
      automatic logic [47:0] edge_operand = limit << shift;
      if (in_keep_i[i]) begin
        flag_corners[0] |= in_data_i[48*i +: 48] == edge_operand;
        flag_corners[1] |= in_data_i[48*i +: 48] == edge_operand + 48'd1;
      end
    end
  end

  for (genvar k = 0; k < 2; k++) begin : gen_flag_corner
    Unclipped: cover property (@(posedge clk_i) disable iff (!rst_ni) accept && mode_i == 3'd1 && flag_corners[k]);
  end

  // Maxima: corners of operands by the length of the running maximum.
  for (genvar m = 0; m < Modes; m++) begin : gen_maximum_mode
    if (m == 2 || m == 5) begin : gen_it
      for (genvar k = 0; k < Corners; k++) begin : gen_corner
        // Masks are abs_max's alone.
        if (k == Zero || k == Negative || k == MostNegative || (k == Masked && m == 2)) begin : gen_operand
          Operand: cover property (@(posedge clk_i) disable iff (!rst_ni) accept && mode_i == 3'(m) && corners[k]);
        end
      end
      for (genvar b = 0; b < 48; b++) begin : gen_bit
        Leading: cover property (@(posedge clk_i) disable iff (!rst_ni)
                                 accept && mode_i == 3'(m) && maximum_i[b] && (maximum_i >> (b + 1)) == 0);
      end
      Untouched: cover property (@(posedge clk_i) disable iff (!rst_ni) accept && mode_i == 3'(m) && maximum_i == 0);
    end
  end

  // Exponents that the unit took of its maximum or was given, error and update.
  for (genvar e = -1; e < 48; e++) begin : gen_exponent
    InError: cover property (@(posedge clk_i) disable iff (!rst_ni) accept && mode_i == 3'd3 && exponent == e);
    InUpdate: cover property (@(posedge clk_i) disable iff (!rst_ni) accept && mode_i == 3'd6 && exponent == e);
  end

  // Output error: targets, labels, segments.
  logic [15:0] position_q;
  logic        first_beat_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      position_q <= '0;
      first_beat_q <= 1'b1;
    end else if (accept && mode_i == 3'd4) begin
      position_q <= in_last_i ? 16'd0 : position_q + 16'(Lanes);
      first_beat_q <= in_last_i;
    end
  end

  for (genvar c = 0; c < 3; c++) begin : gen_activation_class
    LabelInTheBeat: cover property (@(posedge clk_i) disable iff (!rst_ni) accept && mode_i == 3'd4
        && class_activation == c && in_side_i[15:0] >= position_q && in_side_i[15:0] < position_q + 16'(Lanes));
    LabelElsewhere: cover property (@(posedge clk_i) disable iff (!rst_ni) accept && mode_i == 3'd4
        && class_activation == c && (in_side_i[15:0] < position_q || in_side_i[15:0] >= position_q + 16'(Lanes)));
  end
  SegmentOfOneElement: cover property (@(posedge clk_i) disable iff (!rst_ni)
                                       accept && mode_i == 3'd4 && first_beat_q && in_last_i && in_keep_i == Lanes'(1));
  SegmentOfManyBeats: cover property (@(posedge clk_i) disable iff (!rst_ni)
                                      accept && mode_i == 3'd4 && in_last_i && position_q > 16'd16);
  LongestSegment: cover property (@(posedge clk_i) disable iff (!rst_ni)
                                  accept && mode_i == 3'd4 && in_last_i && position_q == 16'(65536 - Lanes));
  EqualNeighbours: cover property (@(posedge clk_i) disable iff (!rst_ni)
                                   accept && mode_i == 3'd4 && in_keep_i[1] && in_data_i[47:0] == in_data_i[95:48]);

  // Bytes of the input table
  for (genvar b = 0; b < 256; b += 51) begin : gen_byte
    Input: cover property (@(posedge clk_i) disable iff (!rst_ni) accept && mode_i == 3'd0 && in_data_i[7:0] == 8'(b));
  end

  ///////////////
  // Handshake //
  ///////////////

  logic       streaming_q;   // a burst was begun and its last beat has not come
  logic       accepted_q;    // a beat was accepted in the cycle before
  logic       last_q;        // and it ended a burst
  logic       was_reset_q;
  logic [2:0] last_mode_q;   // of the last stream
  logic       had_stream_q;
  logic [2:0] since_idle_q;  // cycles since the unit became idle, up to 7

  always_ff @(posedge clk_i) begin
    was_reset_q <= !rst_ni;
    if (accept) begin
      streaming_q <= !in_last_i;
      last_mode_q <= mode_i;
      had_stream_q <= 1'b1;
    end
    if (!rst_ni) begin
      streaming_q <= 1'b0;
      had_stream_q <= 1'b0;
    end
    accepted_q <= accept;
    last_q <= in_last_i;
    if (!idle_i) since_idle_q <= '0;
    else if (since_idle_q != 3'd7) since_idle_q <= since_idle_q + 3'd1;
  end

  for (genvar m = 0; m < Modes; m++) begin : gen_mode
    // The maximum modes hand over nothing that could be held up.
    if (m != 2 && m != 5) begin : gen_results
      ResultHeldUp: cover property (@(posedge clk_i) disable iff (!rst_ni) out_valid_i && !out_ready_i && mode_i == 3'(m));
      OperandHeldUp: cover property (@(posedge clk_i) disable iff (!rst_ni) in_valid_i && !in_ready_i && mode_i == 3'(m));
    end
    GapInABurst: cover property (@(posedge clk_i) disable iff (!rst_ni) streaming_q && !in_valid_i && mode_i == 3'(m));
    ResetInABurst: cover property (@(posedge clk_i) streaming_q && !rst_ni && !was_reset_q && last_mode_q == 3'(m));
    for (genvar n = 1; n <= int'(Lanes); n++) begin : gen_keep
      LastBeat: cover property (@(posedge clk_i) disable iff (!rst_ni)
                                accept && in_last_i && mode_i == 3'(m) && in_keep_i == Lanes'((1 << n) - 1));
    end
    // A beat of output_error takes a cycle for each element: only one of one element is followed at once.
    BurstAfterBurst: cover property (@(posedge clk_i) disable iff (!rst_ni)
                                     accept && mode_i == 3'(m) && ((m == 6) ? had_stream_q && last_mode_q == 3'd6 && !streaming_q
                                                                            : accepted_q && last_q));
    for (genvar n = 0; n < Modes; n++) begin : gen_next
      ModeAfterMode: cover property (@(posedge clk_i) disable iff (!rst_ni)
                                     accept && had_stream_q && last_mode_q == 3'(m) && mode_i == 3'(n));
    end
  end
  RegisterWrittenAsSoonAsIdle: cover property (@(posedge clk_i) disable iff (!rst_ni) reg_we_i && since_idle_q <= 3'd1);
  OperandsOfferedUnderAKeySchedule: cover property (@(posedge clk_i) disable iff (!rst_ni)
                                                    in_valid_i && !idle_i && !streaming_q && !accepted_q && mode_i == 3'd6);

endmodule

bind quantize_update quantize_update_cover #(
  .Lanes (Lanes)
) u_cover (
  .clk_i,
  .rst_ni,
  .in_valid_i,
  .in_ready_i    (in_ready_o),
  .in_data_i,
  .in_side_i,
  .in_keep_i,
  .in_last_i,
  .out_valid_i   (out_valid_o),
  .out_ready_i,
  .reg_we_i,
  .idle_i        (idle_o),
  .mode_i        (u_registers.mode_o),
  .widths_i      (u_registers.widths_o),
  .attenuation_i (u_registers.attenuation_o),
  .gamma_i       (u_registers.gamma_o),
  .eta_i         (u_registers.eta_o),
  .weight_clip_i (u_registers.weight_clip_o),
  .exponent_i    (u_registers.exponent_o),
  .maximum_i     (u_registers.maximum_o)
);
