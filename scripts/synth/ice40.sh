# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
#
# Part of scripts/synth.sh: iCE40. The unit sits behind rtl/ice40/quantize_update_serial.sv, whose pins the parts have.
# Each variant is packed for each part; what fits is placed and routed.
# shellcheck shell=bash

# Part, package and options of synth_ice40.
ice40_parts=("hx8k ct256" "up5k sg48 -dsp")
# TableMemory and SerialSquare; all of them at the first lane count, the last one alone at the others.
ice40_variants=("0 0" "1 0" "1 1")

# ice40_pack LANES "PART PACKAGE OPTIONS" "MEMORY SERIAL"
ice40_pack() {
    local lanes=$1 part package options memory serial name target
    read -r part package options <<<"$2"
    read -r memory serial <<<"$3"
    name="table_memory_${memory}_serial_square_${serial}"
    target="$part,$lanes,$name"
    progress "$part, $lanes lanes, TableMemory $memory, SerialSquare $serial"
    quietly "$work/log" yosys -q -p "
        read_verilog -sv ${sources[*]} $root/rtl/ice40/quantize_update_serial.sv
        hierarchy -check -top quantize_update_serial -chparam Lanes $lanes -chparam TableMemory $memory -chparam \
            SerialSquare $serial
        synth_ice40 ${options:-} -top quantize_update_serial -json $work/net.json
        tee -o $work/stat stat"
    quietly "$work/pack" nextpnr-ice40 "--$part" --package "$package" --json "$work/net.json" --pack-only
    awk -v target="$target" '
        $1 == "SB_LUT4" { luts += $2 }
        $1 ~ /^SB_DFF/ { flops += $2 }
        END { printf "%s,luts,%d\n%s,flops,%d\n", target, luts, target, flops }' "$work/stat" >>"$lines"
    awk -v target="$target" '
        { gsub(/[:\/]/, " ") }
        $2 == "ICESTORM_LC" { printf "%s,logic_cells,%d\n%s,logic_cells_available,%d\n", target, $3, target, $4; found = 1 }
        $2 == "ICESTORM_RAM" { printf "%s,block_rams,%d\n%s,block_rams_available,%d\n", target, $3, target, $4 }
        $2 == "ICESTORM_DSP" { printf "%s,dsps,%d\n%s,dsps_available,%d\n", target, $3, target, $4 }
        END { exit !found }' "$work/pack" >>"$lines" || fail 1 "nextpnr-ice40: no utilisation in its output"
    if ice40_fits "$target"; then
        ice40_route "$part" "$package" "$target"
    fi
}

ice40_fits() {
    awk -F, -v target="$1" '
        $1 "," $2 "," $3 == target { value[$4] = $5 }
        END {
            for (each in value)
                if (each "_available" in value && value[each] > value[each "_available"]) exit 1
        }' "$lines"
}

ice40_route() {
    local part=$1 package=$2 target=$3 start=$SECONDS
    progress "$part: placing and routing"
    if ! nextpnr-ice40 "--$part" --package "$package" --json "$work/net.json" --asc "$work/net.asc" --seed 1 --freq 40 \
        --timing-allow-fail >"$work/route" 2>&1; then
        grep ERROR "$work/route" >&2 || true
        line ${target//,/ } routed 0
        return
    fi
    quietly "$work/log" icepack "$work/net.asc" "$work/net.bin"
    line ${target//,/ } routed 1
    line ${target//,/ } mhz "$(sed -n "s/.*Max frequency for clock.*: \([0-9.]*\) MHz.*/\1/p" "$work/route" | tail -n 1)"
    line ${target//,/ } seconds "$((SECONDS - start))"
}

ice40_report() {
    local lanes part variant
    for part in "${ice40_parts[@]}"; do
        for variant in "${ice40_variants[@]}"; do ice40_pack "${lane_counts[0]}" "$part" "$variant"; done
        for lanes in "${lane_counts[@]:1}"; do ice40_pack "$lanes" "$part" "${ice40_variants[-1]}"; done
    done
    echo "| part | lanes | table in memories | square a bit a cycle | LUTs | flip-flops | logic cells | block RAMs | DSPs | MHz |"
    echo "|---|---|---|---|---|---|---|---|---|---|"
    awk -F, '
        NR > 1 {
            key = $1 "," $2 "," $3
            if (!(key in seen)) { seen[key] = 1; order[++n] = key }
            value[key, $4] = $5
        }
        function share(key, what) {
            return (key, what) in value ? value[key, what] " of " value[key, what "_available"] : "-"
        }
        END {
            for (i = 1; i <= n; i++) {
                split(order[i], part, ",")
                split(part[3], word, "_")
                mhz = "does not fit"
                if ((order[i], "routed") in value) mhz = value[order[i], "routed"] ? value[order[i], "mhz"] : "not routable"
                printf "| %s | %d | %s | %s | %d | %d | %s | %s | %s | %s |\n", part[1], part[2], word[3] ? "yes" : "no", \
                       word[6] ? "yes" : "no", value[order[i], "luts"], value[order[i], "flops"], \
                       share(order[i], "logic_cells"), share(order[i], "block_rams"), share(order[i], "dsps"), mhz
            }
        }' "$lines"
}
