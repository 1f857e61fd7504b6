# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
#
# Part of scripts/synth.sh: generic synthesis. Enables and synchronous resets become gates, so that flops are of three
# kinds; the mapping starts from the adders as Yosys makes them (logarithmic carries), which its own script for abc would
# first fold into carry chains to save a fortieth of the area.
# shellcheck shell=bash

gates_modules=(lane max_tree random key_schedule output_error table registers settings exponent)
gates_abc="+strash;ifraig;scorr;dretime;strash;&get,-n;&dch,-f;&nf;&put"

# gates_map LANES TOP NAME: synthesizes TOP, flat, and adds its lines.
gates_map() {
    local lanes=$1 top=$2 name=$3 parameter="" start=$SECONDS
    if grep -q "parameter int unsigned Lanes" "$root/rtl/$top.sv"; then parameter="-chparam Lanes $lanes"; fi
    quietly "$work/log" yosys -q -p "
        read_verilog -sv ${sources[*]}
        hierarchy -check -top $top $parameter
        synth -noabc -top $top
        dfflegalize -cell \$_DFF_P_ x -cell \$_DFF_PN0_ x -cell \$_DFF_PN1_ x
        flatten
        opt_clean
        abc -g cmos4,XOR,XNOR,MUX -script $gates_abc
        opt_clean
        tee -o $work/stat stat
        tee -o $work/ltp ltp -noff"
    # NAND2 equivalents: areas of the Nangate 45 nm Open Cell Library over that of its NAND2_X1.
    awk -v target="gates,$lanes,$name" '
        BEGIN {
            split("NOT 0.532 NAND 0.798 NOR 0.798 AOI3 1.064 OAI3 1.064 AOI4 1.33 OAI4 1.33 XOR 1.596 XNOR 1.596 " \
                  "MUX 1.862 DFF_P 4.522 DFF_PN0 5.32 DFF_PN1 5.32", words, " ")
            for (i = 1; i in words; i += 2) area[words[i]] = words[i + 1] / 0.798
        }
        $1 ~ /^\$_.*_$/ {
            kind = substr($1, 3, length($1) - 3)
            if (!(kind in area)) { print "synth.sh: no weight for " $1 > "/dev/stderr"; bad = 1; exit 1 }
            cells += $2
            if (kind ~ /^DFF/) { flops += $2; stored += $2 * area[kind] } else logic += $2 * area[kind]
        }
        END {
            if (bad || !cells) exit 1
            printf "%s,cells,%d\n%s,flops,%d\n", target, cells, target, flops
            printf "%s,nand2_logic,%.0f\n%s,nand2_flops,%.0f\n%s,nand2,%.0f\n", target, logic, target, stored, target, \
                   logic + stored
        }' "$work/stat" >>"$lines" || fail 1 "$top: its statistics could not be read"
    line gates "$lanes" "$name" levels "$(sed -n 's/.*(length=\([0-9]*\)).*/\1/p' "$work/ltp")"
    line gates "$lanes" "$name" seconds "$((SECONDS - start))"
}

gates_module() {
    progress "$2, $1 lanes"
    gates_map "$1" "quantize_update_$2" "$2"
}

# gates_row LANES MODULE INSTANCES
gates_row() {
    awk -F, -v lanes="$1" -v module="$2" -v instances="$3" '
        $1 == "gates" && $2 == lanes && $3 == module { value[$4] = $5 }
        END {
            printf "| %s | %d | %d | %d | %d | %d | %d |\n", module, instances, value["cells"], value["flops"], \
                   value["nand2_logic"], value["nand2"], value["levels"]
        }' "$lines"
}

gates_head() {
    echo "| $1 | $2 | cells | flip-flops | NAND2 of logic | NAND2 in all | levels |"
    echo "|---|---|---|---|---|---|---|"
}

gates_module_table() {
    local name
    gates_head "module, $1 lanes" instances
    for name in $(awk -F, '$4 == "cells" && $3 != "unit" { print $3 }' "$lines"); do gates_row "$1" "$name" 1; done
}

gates_report() {
    local lanes name
    for lanes in "${lane_counts[@]}"; do
        progress "the unit, $lanes lanes"
        gates_map "$lanes" quantize_update unit
        for name in "${gates_modules[@]}"; do
            case "$name" in
                max_tree | random | registers) gates_module "$lanes" "$name" ;;
                *) # does not depend on the lanes
                    if [[ "$lanes" == "${lane_counts[0]}" ]]; then
                        gates_module "$lanes" "$name"
                    else
                        sed -n "s/^gates,${lane_counts[0]},$name,/gates,$lanes,$name,/p" "$lines" >"$work/same"
                        cat "$work/same" >>"$lines"
                    fi
                    ;;
            esac
        done
    done

    gates_head unit lanes
    for lanes in "${lane_counts[@]}"; do gates_row "$lanes" unit "$lanes"; done | sed 's/^| unit/| quantize_update/'
    for lanes in "${lane_counts[@]}"; do
        echo
        gates_head "module, $lanes lanes" instances
        for name in "${gates_modules[@]}"; do
            gates_row "$lanes" "$name" "$(if [[ $name == lane ]]; then echo "$lanes"; else echo 1; fi)"
        done
    done
    echo
    echo '```'
    awk -F, '
        $4 == "nand2" && $3 == "unit" { unit[$2] = $5; n++; x += $2; y += $5; xx += $2 * $2; xy += $2 * $5 }
        $4 == "nand2" && $3 != "unit" { sum[$2] += $5 * ($3 == "lane" ? $2 : 1) }
        END {
            for (lanes in unit)
                printf "%d lanes: modules add up to %.0f NAND2 equivalents, %+.1f %% of the unit\n", lanes, sum[lanes], \
                       100 * (sum[lanes] / unit[lanes] - 1) | "sort -n"
            close("sort -n")
            if (n < 2) exit
            slope = (n * xy - x * y) / (n * xx - x * x)
            fixed = (y - slope * x) / n
            printf "fit over lanes: %.0f NAND2 equivalents fixed, %.0f a lane\n", fixed, slope
            for (lanes in unit)
                printf "%d lanes: the fit is %+.1f %% off\n", lanes, 100 * ((fixed + slope * lanes) / unit[lanes] - 1) \
                       | "sort -n"
            close("sort -n")
            printf "gates,0,fit,nand2_fixed,%.0f\ngates,0,fit,nand2_lane,%.0f\n", fixed, slope >>ARGV[1]
        }' "$lines"
    echo '```'
}
