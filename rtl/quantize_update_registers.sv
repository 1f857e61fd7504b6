// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Register file: docs/modules/quantize_update.md, "Registers". Also holds what bursts accumulate, MAX and LOSS
// (numerics.md sections 6 and 7).
//
// Latency: a write takes effect at the end of its cycle; key_start_o and exponent_start_o are combinational from the
// write; rdata_o follows the address by one cycle.

module quantize_update_registers #(
  parameter int unsigned Lanes = 16,
  parameter bit TableMemory = 1'b0  // table_rdata_i follows its address by one cycle
) (
  input  logic         clk_i,
  input  logic         rst_ni,

  // Register port
  input  logic         reg_we_i,
  input  logic         reg_re_i,
  input  logic [11:0]  reg_addr_i,
  input  logic [31:0]  reg_wdata_i,
  output logic [31:0]  reg_rdata_o,

  // Settings
  output logic         changed_o,           // a register was written in the cycle before
  output logic [2:0]   mode_o,
  output logic [31:0]  widths_o,
  output logic [4:0]   attenuation_o,
  output logic [3:0]   gamma_o,
  output logic [5:0]   eta_o,
  output logic         weight_clip_o,
  output logic [7:0]   exponent_o,
  output logic [31:0]  first_block_o,       // INDEX >> 1

  // Key schedule
  output logic         key_start_o,
  output logic [63:0]  key_o,               // with key_start_o: the key as it is being completed

  // Exponent of the maximum
  output logic         exponent_start_o,
  output logic [47:0]  maximum_o,
  input  logic         exponent_valid_i,
  input  logic [7:0]   exponent_i,

  // Accumulators
  input  logic         magnitude_valid_i,
  input  logic [47:0]  magnitude_i,
  input  logic         square_valid_i,
  input  logic [95:0]  square_i,

  // Input table
  output logic         table_we_o,
  output logic [5:0]   table_address_o,
  input  logic [31:0]  table_rdata_i
);

  logic [2:0]   mode_q;
  logic [31:0]  widths_q;
  logic [4:0]   attenuation_q;
  logic [3:0]   gamma_q;
  logic [5:0]   eta_q;
  logic         weight_clip_q;
  logic [7:0]   exponent_q;
  logic [31:0]  first_block_q;
  logic [63:0]  key_q;
  logic [47:0]  max_q;
  logic [127:0] loss_q;
  logic         changed_q;
  logic         control_we;
  logic         in_table;
  logic [31:0]  rdata_q;

  assign control_we = reg_we_i && (reg_addr_i == quantize_update_pkg::AddrControl);

  // Plain registers

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      mode_q <= '0;
      widths_q <= 32'h0808_0802;
      attenuation_q <= '0;
      gamma_q <= '0;
      eta_q <= '0;
      weight_clip_q <= 1'b0;
      first_block_q <= '0;
      key_q <= '0;
    end else if (reg_we_i) begin
      unique case (reg_addr_i)
        quantize_update_pkg::AddrMode: mode_q <= reg_wdata_i[2:0];
        quantize_update_pkg::AddrWidths: widths_q <= reg_wdata_i;
        quantize_update_pkg::AddrAttenuation: attenuation_q <= reg_wdata_i[4:0];
        quantize_update_pkg::AddrGamma: gamma_q <= reg_wdata_i[3:0];
        quantize_update_pkg::AddrEta: eta_q <= reg_wdata_i[5:0];
        quantize_update_pkg::AddrWeightClip: weight_clip_q <= reg_wdata_i[0];
        quantize_update_pkg::AddrIndexLow: first_block_q[30:0] <= reg_wdata_i[31:1];
        quantize_update_pkg::AddrIndexHigh: first_block_q[31] <= reg_wdata_i[0];
        quantize_update_pkg::AddrKey0: key_q[31:0] <= reg_wdata_i;
        quantize_update_pkg::AddrKey1: key_q[63:32] <= reg_wdata_i;
        default: ;
      endcase
    end
  end

  assign key_start_o = reg_we_i && (reg_addr_i == quantize_update_pkg::AddrKey1);
  assign key_o = {reg_wdata_i, key_q[31:0]};

  assign in_table = (reg_addr_i[11:8] == quantize_update_pkg::AddrTablePage) && (reg_addr_i[1:0] == 2'd0);
  assign table_we_o = reg_we_i && in_table;
  assign table_address_o = reg_addr_i[7:2];

  // EXPONENT

  assign exponent_start_o = control_we && reg_wdata_i[quantize_update_pkg::ControlSetExponent];

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) exponent_q <= 8'hFF;
    else if (exponent_valid_i) exponent_q <= exponent_i;
    else if (reg_we_i && reg_addr_i == quantize_update_pkg::AddrExponent) exponent_q <= reg_wdata_i[7:0];
  end

  // MAX

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      max_q <= '0;
    end else if (magnitude_valid_i) begin
      if (magnitude_i > max_q) max_q <= magnitude_i;
    end else if (reg_we_i) begin
      unique case (reg_addr_i)
        quantize_update_pkg::AddrMaxLow: max_q <= {max_q[47:32], reg_wdata_i};
        quantize_update_pkg::AddrMaxHigh: max_q <= {reg_wdata_i[15:0], max_q[31:0]};
        quantize_update_pkg::AddrControl: if (reg_wdata_i[quantize_update_pkg::ControlClearMax]) max_q <= '0;
        default: ;
      endcase
    end
  end

  // LOSS

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      loss_q <= '0;
    end else if (square_valid_i) begin
      loss_q <= loss_q + {32'd0, square_i};
    end else if (reg_we_i) begin
      unique case (reg_addr_i)
        quantize_update_pkg::AddrLoss0: loss_q <= {loss_q[127:32], reg_wdata_i};
        quantize_update_pkg::AddrLoss1: loss_q <= {loss_q[127:64], reg_wdata_i, loss_q[31:0]};
        quantize_update_pkg::AddrLoss2: loss_q <= {loss_q[127:96], reg_wdata_i, loss_q[63:0]};
        quantize_update_pkg::AddrLoss3: loss_q <= {reg_wdata_i, loss_q[95:0]};
        quantize_update_pkg::AddrControl: if (reg_wdata_i[quantize_update_pkg::ControlClearLoss]) loss_q <= '0;
        default: ;
      endcase
    end
  end

  // Settings follow one cycle after a register; after reset, too.

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) changed_q <= 1'b1;
    else changed_q <= reg_we_i || exponent_valid_i;
  end

  // Reading

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      rdata_q <= '0;
    end else if (reg_re_i) begin
      unique case (reg_addr_i)
        quantize_update_pkg::AddrLanes: rdata_q <= 32'(Lanes);
        quantize_update_pkg::AddrMode: rdata_q <= {29'd0, mode_q};
        quantize_update_pkg::AddrWidths: rdata_q <= widths_q;
        quantize_update_pkg::AddrAttenuation: rdata_q <= {27'd0, attenuation_q};
        quantize_update_pkg::AddrGamma: rdata_q <= {28'd0, gamma_q};
        quantize_update_pkg::AddrEta: rdata_q <= {{26{eta_q[5]}}, eta_q};
        quantize_update_pkg::AddrWeightClip: rdata_q <= {31'd0, weight_clip_q};
        quantize_update_pkg::AddrExponent: rdata_q <= {{24{exponent_q[7]}}, exponent_q};
        quantize_update_pkg::AddrMaxLow: rdata_q <= max_q[31:0];
        quantize_update_pkg::AddrMaxHigh: rdata_q <= {16'd0, max_q[47:32]};
        quantize_update_pkg::AddrIndexLow: rdata_q <= {first_block_q[30:0], 1'b0};
        quantize_update_pkg::AddrIndexHigh: rdata_q <= {31'd0, first_block_q[31]};
        quantize_update_pkg::AddrKey0: rdata_q <= key_q[31:0];
        quantize_update_pkg::AddrKey1: rdata_q <= key_q[63:32];
        quantize_update_pkg::AddrLoss0: rdata_q <= loss_q[31:0];
        quantize_update_pkg::AddrLoss1: rdata_q <= loss_q[63:32];
        quantize_update_pkg::AddrLoss2: rdata_q <= loss_q[95:64];
        quantize_update_pkg::AddrLoss3: rdata_q <= loss_q[127:96];
        default: rdata_q <= (!TableMemory && in_table) ? table_rdata_i : '0;
      endcase
    end
  end

  if (TableMemory) begin : gen_table_memory
    logic table_q;

    always_ff @(posedge clk_i or negedge rst_ni) begin
      if (!rst_ni) table_q <= 1'b0;
      else if (reg_re_i) table_q <= in_table;
    end

    assign reg_rdata_o = table_q ? table_rdata_i : rdata_q;
  end else begin : gen_table_flops
    assign reg_rdata_o = rdata_q;
  end

  assign changed_o = changed_q;
  assign mode_o = mode_q;
  assign widths_o = widths_q;
  assign attenuation_o = attenuation_q;
  assign gamma_o = gamma_q;
  assign eta_o = eta_q;
  assign weight_clip_o = weight_clip_q;
  assign exponent_o = exponent_q;
  assign first_block_o = first_block_q;
  assign maximum_o = max_q;

endmodule
