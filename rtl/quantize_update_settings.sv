// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Registers turned into what the lanes need: shift amounts, masks, limits. Registered, so that the lanes start from
// flops; recomputed only where a register changed.
//
//   activation  right shift S = (kW-1) + sA, limit N(kA), unclipped up to N(kA) * 2^S     numerics.md section 5
//   error       right shift EXPONENT - gamma - (kE-1), limit N(kE)                        section 6
//   update      right shift EXPONENT - h - 16 without rounding, limit 2^31 - 1            section 7
//   requantize  right shift kG - kW, limit N(kW); Nw                                      sections 4 and 7
//   output_error  target 2^((kA-1) + (kW-1) + sA)                                         section 6
// A negative shift goes left. A shift of 48 or more leaves nothing of a magnitude up to 2^47, so it is taken as 48.
// Where the maximum is 0 (EXPONENT < 0) the limit is 0, and so is every code and step.
//
// Latency: 1 (changed_i in cycle 0, outputs from cycle 1).

module quantize_update_settings (
  input  logic        clk_i,
  input  logic        changed_i,
  input  logic [2:0]  mode_i,
  input  logic [31:0] widths_i,             // kW, kA, kG, kE from the lowest byte
  input  logic [4:0]  attenuation_i,
  input  logic [3:0]  gamma_i,
  input  logic [5:0]  eta_i,                // signed
  input  logic        weight_clip_i,
  input  logic [7:0]  exponent_i,           // signed
  output logic [5:0]  right_o,
  output logic [4:0]  left_o,
  output logic [47:0] low_mask_o,
  output logic [47:0] half_o,
  output logic [30:0] limit_o,
  output logic [47:0] unclipped_limit_o,
  output logic [14:0] weight_limit_o,
  output logic [47:0] target_o
);

  // Magnitude limit N(k) = 2^(k-1) - 1 of a k-bit code.
  function automatic logic [14:0] largest_code(input logic [4:0] width);
    largest_code = 15'((16'd1 << (width - 5'd1)) - 16'd1);
  endfunction

  // Magnitude limit of a stored weight, Nw: kg or kw.
  function automatic logic [14:0] largest_weight(
    input logic       weight_clip,
    input logic [4:0] width_gradient,
    input logic [4:0] width_weight
  );
    largest_weight = weight_clip
        ? 15'((16'd1 << (width_gradient - 5'd1)) - (16'd1 << (width_gradient - width_weight)))
        : largest_code(width_gradient);
  endfunction

  function automatic logic [5:0] right_part(input logic signed [10:0] shift);
    right_part = (shift < 11'sd0) ? 6'd0 : (shift > 11'sd48) ? 6'd48 : shift[5:0];
  endfunction

  function automatic logic [4:0] left_part(input logic signed [10:0] shift);
    left_part = (shift < 11'sd0) ? 5'(-shift) : 5'd0;
  endfunction

  function automatic logic [47:0] mask_below(input logic [5:0] right);
    mask_below = 48'((49'd1 << right) - 49'd1);
  endfunction

  function automatic logic [47:0] half_of(input logic [5:0] right);
    half_of = (right == 6'd0) ? 48'd1 : 48'd1 << (right - 6'd1);
  endfunction

  logic [7:0]         width_weight, width_activation, width_gradient, width_error;
  logic               zero_maximum;
  logic [7:0]         activation_shift;
  logic signed [10:0] shift;
  logic [5:0]         right_q;
  logic [4:0]         left_q;
  logic [47:0]        low_mask_q, half_q;
  logic [30:0]        limit_q;
  logic [47:0]        unclipped_limit_q;
  logic [14:0]        weight_limit_q;
  logic [47:0]        target_q;

  assign width_weight = widths_i[7:0];
  assign width_activation = widths_i[15:8];
  assign width_gradient = widths_i[23:16];
  assign width_error = widths_i[31:24];
  assign zero_maximum = exponent_i[7];

  always_comb begin
    activation_shift = '0;
    shift = '0;
    if (changed_i) begin
      activation_shift = width_weight - 8'd1 + {3'd0, attenuation_i};
      unique case (mode_i)
        quantize_update_pkg::ModeActivation: shift = 11'($signed({1'b0, activation_shift}));
        quantize_update_pkg::ModeError: begin
          shift = 11'($signed(exponent_i)) - 11'($signed({1'b0, gamma_i})) - 11'($signed({1'b0, width_error}))
              + 11'sd1;
        end
        quantize_update_pkg::ModeUpdate: shift = 11'($signed(exponent_i)) - 11'($signed(eta_i)) - 11'sd16;
        quantize_update_pkg::ModeRequantize: begin
          shift = 11'($signed({1'b0, width_gradient})) - 11'($signed({1'b0, width_weight}));
        end
        default: ;
      endcase
    end
  end

  always_ff @(posedge clk_i) begin
    if (changed_i) begin
      right_q <= right_part(shift);
      left_q <= left_part(shift);
      low_mask_q <= mask_below(right_part(shift));
      half_q <= (mode_i == quantize_update_pkg::ModeUpdate) ? '1 : half_of(right_part(shift));
      unclipped_limit_q <= {33'd0, largest_code(width_activation[4:0])} << activation_shift;
      target_q <= 48'd1 << 8'(activation_shift + width_activation - 8'd1);
      weight_limit_q <= largest_weight(weight_clip_i, width_gradient[4:0], width_weight[4:0]);
      unique case (mode_i)
        quantize_update_pkg::ModeActivation: limit_q <= {16'd0, largest_code(width_activation[4:0])};
        quantize_update_pkg::ModeError: limit_q <= zero_maximum ? 31'd0 : {16'd0, largest_code(width_error[4:0])};
        quantize_update_pkg::ModeUpdate: limit_q <= zero_maximum ? 31'd0 : 31'h7FFF_FFFF;
        quantize_update_pkg::ModeRequantize: limit_q <= {16'd0, largest_code(width_weight[4:0])};
        default: limit_q <= '0;
      endcase
    end
  end

  assign right_o = right_q;
  assign left_o = left_q;
  assign low_mask_o = low_mask_q;
  assign half_o = half_q;
  assign limit_o = limit_q;
  assign unclipped_limit_o = unclipped_limit_q;
  assign weight_limit_o = weight_limit_q;
  assign target_o = target_q;

endmodule
