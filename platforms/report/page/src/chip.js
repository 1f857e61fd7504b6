// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What the simulated chip did: cycles, use of its units, waits, traffic, work of the layers. Figures that the run does
// not have are left out.
import {Chart, axis, colour, tip} from './chart.js';
import {element, section, select, table} from './dom.js';
import {bytes, percent, short, whole} from './format.js';

const phases = [['training', 'training steps'], ['evaluation', 'evaluations']];

/** The runs' figures side by side. */
function figures(runs, phase) {
    const rows = runs.map((run) => {
        const chip = run.chip[phase];
        return [run.label, whole(chip.cycles), short(chip.seconds), short(chip.images_per_second), short(chip.tops),
            whole(chip.operations), chip.bottleneck ?? '–'];
    });
    return table('Cycles and rates', ['run', 'cycles', 'chip seconds', 'images/s', 'TOPS', 'operations', 'limited by'], rows);
}

function traffic(run, phase) {
    const streams = ['activations', 'errors', 'gradients', 'weights'];
    const rows = ['dram', 'buffer'].map((memory) => {
        const amounts = streams.map((stream) => run.chip[phase].traffic_bytes[memory][stream]);
        const all = amounts.reduce((sum, amount) => sum + amount, 0);
        return [memory === 'dram' ? 'DRAM' : memory, ...amounts.map(bytes), bytes(all)];
    });
    return table('Traffic', ['memory', ...streams, 'all'], rows);
}

function waits(run, phase) {
    const rows = Object.entries(run.chip[phase].waits_cycles).map(([unit, cycles]) =>
        [unit, whole(cycles.forward), whole(cycles.backward), whole(cycles.other)]);
    return table('Cycles in which a command waited for its busy unit', ['unit', 'forward', 'backward', 'other'], rows);
}

function layers(run, phase) {
    const rows = run.chip[phase].layers.map((layer) => [layer.name, whole(layer.macs), whole(layer.cycles)]);
    return table('Layers', ['layer', 'MACs', 'busy cycles of all units'], rows);
}

function utilisation(runs, phase) {
    const units = [...new Set(runs.flatMap((run) => Object.keys(run.chip[phase].utilisation)))];
    return {
        grid: {left: 8, right: 46, top: 8, bottom: 40, containLabel: true},
        xAxis: axis({type: 'value', min: 0, max: 1, name: 'busy, of all cycles', nameGap: 26,
            axisLabel: {formatter: (value) => percent(value, 0)}}),
        yAxis: axis({type: 'category', data: units, inverse: true, splitLine: {show: false}}),
        tooltip: {
            trigger: 'axis',
            axisPointer: {type: 'shadow'},
            formatter: (bars) => tip(bars[0].name, bars.map((bar) => [bar.color, bar.seriesName, percent(bar.value, 1)])),
        },
        series: runs.map((run) => ({
            type: 'bar',
            name: run.label,
            data: units.map((unit) => run.chip[phase].utilisation[unit] ?? null),
            itemStyle: {color: colour(run.colour)},
            barMaxWidth: 18,
            label: {show: true, position: 'right', color: colour('--soft'), fontSize: 11,
                formatter: ({value}) => percent(value, 1)},
            emphasis: {disabled: true},
        })),
    };
}

export function chipSection(data, changes) {
    const simulated = data.runs.filter((run) => run.chip);
    if (simulated.length === 0) return null;
    const state = {phase: 'training'};
    const chart = new Chart('units');
    const tables = element('div', {});

    function draw() {
        const runs = simulated.filter((run) => run.shown);
        const units = new Set(runs.flatMap((run) => Object.keys(run.chip[state.phase].utilisation)));
        chart.frame.style.height = `${70 + units.size * Math.max(26, 16 + 18 * runs.length)}px`;
        chart.draw(utilisation(runs, state.phase), `Use of the chip's units by ${runs.map((run) => run.label).join(', ') || 'no run'}`);
        tables.replaceChildren(figures(runs, state.phase), ...runs.map((run) => element('details', {open: runs.length === 1},
            element('summary', {}, `Traffic, waits and layers of ${run.label}`),
            traffic(run, state.phase), waits(run, state.phase), layers(run, state.phase))));
    }

    const made = section('chip', 'The chip',
        element('div', {class: 'controls'}, select('Work', phases, (value) => { state.phase = value; draw(); })),
        element('figure', {}, element('figcaption', {}, 'Use of units and memories'), chart.frame),
        tables);
    changes.listen(draw);
    return {section: made, draw};
}
