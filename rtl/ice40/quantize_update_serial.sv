// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The quantize/update unit behind two byte streams, for parts with few pins: 22 instead of some 200. Commands come in,
// results and register values go out; bytes move where valid and ready are both 1. Numbers are lowest byte first.
//
//   in   0x00  address (2 bytes), value (4)            writes a register, once the unit is idle
//        0x01  address (2)                             reads a register, once the unit is idle
//        1 L nnnnnn  each lane: operand (6), side (2)  a beat of n + 1 elements; L is in_last_i
//        others                                        ignored
//   out  0x01  value (4)                               answers a read
//        1 L nnnnnn  each lane: data (2); each lane: side (1); error (6); class (2)
//                                                      a result beat of n + 1 elements; L is out_last_o
// What a mode does not produce is sent nevertheless and means nothing. After a command nothing more is taken until it
// has been carried out, so a reader of results that stops stops the writer.

module quantize_update_serial #(
  parameter int unsigned Lanes = 1,
  parameter bit TableMemory = 1'b1,
  parameter bit SerialSquare = 1'b1
) (
  input  logic       clk_i,
  input  logic       rst_ni,

  input  logic       in_valid_i,
  output logic       in_ready_o,
  input  logic [7:0] in_byte_i,

  output logic       out_valid_o,
  input  logic       out_ready_i,
  output logic [7:0] out_byte_o
);

  localparam int unsigned BeatBytes = 8 * Lanes;
  localparam int unsigned InBits = 8 * BeatBytes;
  localparam int unsigned ResultBytes = 1 + 3 * Lanes + 8;
  localparam int unsigned InCountBits = $clog2(BeatBytes + 1);
  localparam int unsigned OutCountBits = $clog2(ResultBytes);

  localparam logic [7:0] HeaderWrite = 8'h00;
  localparam logic [7:0] HeaderRead = 8'h01;
  localparam logic [InCountBits-1:0] WriteBytes = InCountBits'(6);
  localparam logic [InCountBits-1:0] ReadBytes = InCountBits'(2);
  localparam logic [OutCountBits-1:0] AnswerBytes = OutCountBits'(5);

  typedef enum logic [2:0] {
    StateHeader,
    StatePayload,
    StateExecute,
    StateSettle,  // a register was written
    StateAnswer
  } state_e;

  state_e                  state_d, state_q;
  logic                    is_beat_q, is_read_q, last_q;
  logic [5:0]              more_q;      // elements of the beat, less one
  logic [InCountBits-1:0]  left_q;      // bytes of the payload to come
  logic [InBits-1:0]       payload_q;   // enters at the top
  logic [OutCountBits-1:0] sent_q;      // bytes of the frame that have left

  logic                    taken, handed, frame_end, known;
  logic                    reg_we, reg_re;
  logic [31:0]             reg_rdata;
  logic                    beat_valid, beat_ready, result_valid, result_ready, result_last, idle;
  logic [Lanes*48-1:0]     operands;
  logic [Lanes*16-1:0]     side;
  logic [Lanes-1:0]        keep, result_keep;
  logic [Lanes*16-1:0]     data;
  logic [Lanes*8-1:0]      side_result;
  logic [47:0]             error;
  logic [15:0]             class_result;
  logic [5:0]              result_more;
  logic [8*ResultBytes-1:0] frame;

  assign taken = in_valid_i && in_ready_o;
  assign in_ready_o = (state_q == StateHeader) || (state_q == StatePayload);
  assign known = in_byte_i[7] || in_byte_i == HeaderWrite || in_byte_i == HeaderRead;

  // Commands

  assign beat_valid = (state_q == StateExecute) && is_beat_q;
  assign reg_we = (state_q == StateExecute) && !is_beat_q && !is_read_q && idle;
  assign reg_re = (state_q == StateExecute) && !is_beat_q && is_read_q && idle;

  always_comb begin
    state_d = state_q;
    unique case (state_q)
      StateHeader: if (taken && known) state_d = StatePayload;
      StatePayload: if (taken && left_q == InCountBits'(1)) state_d = StateExecute;
      StateExecute: begin
        if (beat_valid && beat_ready) state_d = StateHeader;
        if (reg_we) state_d = StateSettle;
        if (reg_re) state_d = StateAnswer;
      end
      StateSettle: if (idle) state_d = StateHeader;
      StateAnswer: if (handed && frame_end) state_d = StateHeader;
      default: state_d = StateHeader;
    endcase
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) state_q <= StateHeader;
    else state_q <= state_d;
  end

  always_ff @(posedge clk_i) begin
    if (taken && state_q == StateHeader) begin
      is_beat_q <= in_byte_i[7];
      is_read_q <= (in_byte_i == HeaderRead);
      last_q <= in_byte_i[6];
      more_q <= in_byte_i[5:0];
      left_q <= in_byte_i[7] ? InCountBits'(BeatBytes) : (in_byte_i == HeaderRead ? ReadBytes : WriteBytes);
    end else if (taken) begin
      left_q <= left_q - InCountBits'(1);
      payload_q <= {in_byte_i, payload_q[InBits-1:8]};
    end
  end

  for (genvar i = 0; i < Lanes; i++) begin : gen_lane
    assign operands[48*i +: 48] = payload_q[64*i +: 48];
    assign side[16*i +: 16] = payload_q[64*i+48 +: 16];
    assign keep[i] = ({1'b0, more_q} + 7'd1 > 7'(i));
  end

  // Results and answers

  always_comb begin
    result_more = '0;
    for (int unsigned i = 1; i < Lanes; i++) begin
      if (result_keep[i]) result_more = 6'(i);
    end
  end

  assign frame = (state_q == StateAnswer)
      ? {{(8*ResultBytes-40){1'b0}}, reg_rdata, HeaderRead}
      : {class_result, error, side_result, data, 1'b1, result_last, result_more};
  assign out_valid_o = (state_q == StateAnswer) || result_valid;
  assign out_byte_o = frame[{sent_q, 3'b000} +: 8];
  assign handed = out_valid_o && out_ready_i;
  assign frame_end = (sent_q == ((state_q == StateAnswer) ? AnswerBytes : OutCountBits'(ResultBytes)) - OutCountBits'(1));
  assign result_ready = handed && frame_end && (state_q != StateAnswer);

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) sent_q <= '0;
    else if (handed) sent_q <= frame_end ? '0 : sent_q + OutCountBits'(1);
  end

  quantize_update #(
    .Lanes        (Lanes),
    .TableMemory  (TableMemory),
    .SerialSquare (SerialSquare)
  ) u_unit (
    .clk_i,
    .rst_ni,
    .reg_we_i    (reg_we),
    .reg_re_i    (reg_re),
    .reg_addr_i  (is_read_q ? payload_q[InBits-16 +: 12] : payload_q[InBits-48 +: 12]),
    .reg_wdata_i (payload_q[InBits-32 +: 32]),
    .reg_rdata_o (reg_rdata),
    .in_valid_i  (beat_valid),
    .in_ready_o  (beat_ready),
    .in_data_i   (operands),
    .in_side_i   (side),
    .in_keep_i   (keep),
    .in_last_i   (last_q),
    .out_valid_o (result_valid),
    .out_ready_i (result_ready),
    .out_data_o  (data),
    .out_side_o  (side_result),
    .out_error_o (error),
    .out_class_o (class_result),
    .out_keep_o  (result_keep),
    .out_last_o  (result_last),
    .idle_o      (idle)
  );

endmodule
