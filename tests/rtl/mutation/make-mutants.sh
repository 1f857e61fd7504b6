#!/usr/bin/env bash
# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
#
# One Verilog file with many mutants of the quantize/update unit: an input `mutant_i` of the top module selects which one
# is alive, 0 is none. Yosys draws them over every module by seed; none is removed by hand.
#   make-mutants.sh RTL_FOLDER LANES COUNT SEED OUT_FOLDER
# writes OUT_FOLDER/mutants.v, mutants.txt (line N is mutant N, as arguments of Yosys' `mutate`) and design.il (without).
set -euo pipefail

if [[ $# -ne 5 || ! $3 =~ ^[1-9][0-9]{0,4}$ || $3 -gt 65535 ]]; then
    echo "make-mutants.sh: got '$*', allowed RTL_FOLDER LANES COUNT SEED OUT_FOLDER, COUNT up to 65535" >&2
    exit 2
fi
rtl=$(cd "$1" && pwd) lanes=$2 count=$3 seed=$4
mkdir -p "$5"
out=$(cd "$5" && pwd)

cd "$rtl"
mapfile -t sources < <(grep '\.sv$' rtl.f)
yosys -q -l "$out/elaborate.log" -p "
    read_verilog -sv ${sources[*]}
    hierarchy -check -top quantize_update -chparam Lanes $lanes
    proc
    opt -full
    check -assert
    write_rtlil $out/elaborated.il" >&2
# Every module is there once: it need not carry its parameters in its name.
sed -E 's/\$paramod(\$[0-9a-f]+)?\\(quantize_update_[a-z_]+)(\\[A-Za-z]+=[^ ]*)*/\\\2/g' "$out/elaborated.il" >"$out/design.il"
if [[ -n $(grep '^module ' "$out/design.il" | sort | uniq -d) ]]; then
    echo "make-mutants.sh: a module is there twice, with other parameters" >&2
    exit 1
fi
yosys -q -l "$out/list.log" -p "read_rtlil $out/design.il; mutate -list $count -seed $seed -o $out/mutants.txt" >&2

# Each module that has mutants gets an input of its own; whoever instantiates it hands mutant_i on.
{
    echo "read_rtlil $out/design.il"
    number=0
    while read -r mutant; do
        number=$((number + 1))
        echo "${mutant/mutate /mutate -ctrl mutant_i 16 $number }"
    done <"$out/mutants.txt"
} >"$out/mutate.ys"
yosys -q -l "$out/mutate.log" -s "$out/mutate.ys" -p "write_rtlil $out/mutated.il" >&2

# cells: "module<TAB>cell<TAB>type" of every instance of a module of the design
awk '
    /^module / { module = $2; modules[module] = 1 }
    /^  cell / { instance[++n] = module "\t" $3 "\t" $2 }
    END { for (i = 1; i <= n; i++) { split(instance[i], part, "\t"); if (part[3] in modules) print instance[i] } }
' "$out/mutated.il" >"$out/instances.txt"
{
    echo "read_rtlil $out/mutated.il"
    cut -f1,3 "$out/instances.txt" | tr '\t' '\n' | sort -u | while read -r module; do
        printf 'cd %s\nadd -input mutant_i 16\ncd ..\n' "$module"
    done
    while IFS=$'\t' read -r module cell _; do
        printf 'cd %s\nconnect -port %s mutant_i mutant_i\ncd ..\n' "$module" "$cell"
    done <"$out/instances.txt"
    echo "check -assert"
    echo "splitnets -driver -format _"
    echo "write_verilog -noattr $out/mutants.v"
} >"$out/connect.ys"
yosys -q -l "$out/connect.log" -s "$out/connect.ys" >&2
echo "make-mutants.sh: $(wc -l <"$out/mutants.txt") mutants of $lanes lanes, seed $seed" >&2
