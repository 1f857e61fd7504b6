// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Parameters of one crossbar array and its converters (chip file key `crossbar`). SystemC-free.
#pragma once

namespace wagesim::chip {

enum class AdcMode { saturate, truncate };
enum class Subtract { analog, digital };
enum class BackwardRead { two_phase, bipolar };
enum class InputCoding { twos_complement, sign_magnitude };

struct CrossbarConfig {
    int rows = 128;
    int columns = 128;
    int cell_bits = 1;
    int dac_bits = 1;
    int active_lines = 128;  ///< lines driven at once; more take several reads
    int adc_bits = 9;
    AdcMode adc_mode = AdcMode::saturate;
    int lines_per_adc = 8;
    Subtract subtract = Subtract::analog;
    BackwardRead backward_read = BackwardRead::two_phase;
    InputCoding input_coding = InputCoding::twos_complement;
    int write_cycles = 10;             ///< of one row: programming pulses and verification
    bool skip_unchanged_rows = false;  ///< rows in which no array of the group changes take no time
};

}  // namespace wagesim::chip
