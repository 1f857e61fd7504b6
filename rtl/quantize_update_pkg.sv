// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Modes and register addresses of the quantize/update unit: docs/modules/quantize_update.md in SystemVerilog.

package quantize_update_pkg;

  localparam int unsigned CipherRounds = 22;  // of Speck32/64

  // Values of the MODE register.
  localparam logic [2:0] ModeInput = 3'd0;
  localparam logic [2:0] ModeActivation = 3'd1;
  localparam logic [2:0] ModeAbsMax = 3'd2;
  localparam logic [2:0] ModeError = 3'd3;
  localparam logic [2:0] ModeOutputError = 3'd4;
  localparam logic [2:0] ModeGradientAbsMax = 3'd5;
  localparam logic [2:0] ModeUpdate = 3'd6;
  localparam logic [2:0] ModeRequantize = 3'd7;

  // Byte addresses.
  localparam logic [11:0] AddrLanes = 12'h000;
  localparam logic [11:0] AddrMode = 12'h004;
  localparam logic [11:0] AddrWidths = 12'h008;
  localparam logic [11:0] AddrAttenuation = 12'h00C;
  localparam logic [11:0] AddrGamma = 12'h010;
  localparam logic [11:0] AddrEta = 12'h014;
  localparam logic [11:0] AddrWeightClip = 12'h018;
  localparam logic [11:0] AddrExponent = 12'h01C;
  localparam logic [11:0] AddrMaxLow = 12'h020;
  localparam logic [11:0] AddrMaxHigh = 12'h024;
  localparam logic [11:0] AddrControl = 12'h028;
  localparam logic [11:0] AddrIndexLow = 12'h02C;
  localparam logic [11:0] AddrIndexHigh = 12'h030;
  localparam logic [11:0] AddrKey0 = 12'h034;
  localparam logic [11:0] AddrKey1 = 12'h038;
  localparam logic [11:0] AddrLoss0 = 12'h040;
  localparam logic [11:0] AddrLoss1 = 12'h044;
  localparam logic [11:0] AddrLoss2 = 12'h048;
  localparam logic [11:0] AddrLoss3 = 12'h04C;
  localparam logic [3:0] AddrTablePage = 4'h4;  // bits 11:8 of every table word's address

  // Bits of the CONTROL register.
  localparam int unsigned ControlClearMax = 0;
  localparam int unsigned ControlSetExponent = 1;
  localparam int unsigned ControlClearLoss = 2;

  localparam int unsigned FlagUnclipped = 1;  // bit of a flags byte; bit 0 is active

endpackage
