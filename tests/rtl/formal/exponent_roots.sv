// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Specification: T_f = floor(sqrt(2^(2f+1))), so that m^2 > 2^(2f+1) just where m > T_f. Each entry is held against
// T^2 <= 2^(2f+1) < (T+1)^2 in exact integers by exponent_roots_test.cpp, which reads this file.

package exponent_roots;

  function automatic logic [47:0] root(input logic [5:0] f);
    case (f)
      6'd0: root = 48'd1;
      6'd1: root = 48'd2;
      6'd2: root = 48'd5;
      6'd3: root = 48'd11;
      6'd4: root = 48'd22;
      6'd5: root = 48'd45;
      6'd6: root = 48'd90;
      6'd7: root = 48'd181;
      6'd8: root = 48'd362;
      6'd9: root = 48'd724;
      6'd10: root = 48'd1448;
      6'd11: root = 48'd2896;
      6'd12: root = 48'd5792;
      6'd13: root = 48'd11585;
      6'd14: root = 48'd23170;
      6'd15: root = 48'd46340;
      6'd16: root = 48'd92681;
      6'd17: root = 48'd185363;
      6'd18: root = 48'd370727;
      6'd19: root = 48'd741455;
      6'd20: root = 48'd1482910;
      6'd21: root = 48'd2965820;
      6'd22: root = 48'd5931641;
      6'd23: root = 48'd11863283;
      6'd24: root = 48'd23726566;
      6'd25: root = 48'd47453132;
      6'd26: root = 48'd94906265;
      6'd27: root = 48'd189812531;
      6'd28: root = 48'd379625062;
      6'd29: root = 48'd759250124;
      6'd30: root = 48'd1518500249;
      6'd31: root = 48'd3037000499;
      6'd32: root = 48'd6074000999;
      6'd33: root = 48'd12148001999;
      6'd34: root = 48'd24296003999;
      6'd35: root = 48'd48592007999;
      6'd36: root = 48'd97184015999;
      6'd37: root = 48'd194368031998;
      6'd38: root = 48'd388736063996;
      6'd39: root = 48'd777472127993;
      6'd40: root = 48'd1554944255987;
      6'd41: root = 48'd3109888511975;
      6'd42: root = 48'd6219777023950;
      6'd43: root = 48'd12439554047901;
      6'd44: root = 48'd24879108095803;
      6'd45: root = 48'd49758216191607;
      6'd46: root = 48'd99516432383215;
      6'd47: root = 48'd199032864766430;
      default: root = '0;
    endcase
  endfunction

endpackage
