// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Specification: which register values are legal (docs/numerics.md section 1). EXPONENT, any signed byte, is not asked:
// docs/modules/quantize_update.md defines it for every value.

package legal;

  function automatic logic widths(input logic [31:0] value);
    int unsigned weight, activation, gradient, error;
    weight = 32'(value[7:0]);
    activation = 32'(value[15:8]);
    gradient = 32'(value[23:16]);
    error = 32'(value[31:24]);
    widths = weight >= 2 && weight <= 8 && gradient >= weight && gradient <= 16 && activation >= 2 && activation <= 8
        && error >= 2 && error <= 16;
  endfunction

  function automatic logic attenuation(input logic [4:0] value);
    attenuation = (value <= 5'd24);
  endfunction

  function automatic logic gamma(input logic [3:0] value);
    gamma = (value <= 4'd8);
  endfunction

  function automatic logic eta(input logic signed [5:0] value);
    eta = (value >= -6'sd16 && value <= 6'sd8);
  endfunction

endpackage
