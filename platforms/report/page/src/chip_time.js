// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// How the units of a chip spend their cycles: use of all runs side by side; of one run busy, waits, idle.
import {axis, colour, tip} from './chart.js';
import {percent, whole} from './format.js';

export function utilisationOption(runs, phase) {
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

const states = [['busy', '--run-2'], ['busy while commands wait', '--run-1'], ['idle', '--grid']];
export const timeLegend = () => states.map(([name, fill]) => [colour(fill), name]);

/** Cycles of each state. Directions wait at the same time: the longest wait is the least that all of them cover. */
function cyclesOf(work) {
    return Object.entries(work.utilisation).map(([unit, part]) => {
        const busy = Math.round(part * work.cycles);
        const waits = Math.min(busy, Math.max(0, ...Object.values(work.waits_cycles[unit] ?? {})));
        return {unit, cycles: [busy - waits, waits, work.cycles - busy]};
    });
}

export function timeOption(work) {
    const units = cyclesOf(work);
    return {
        grid: {left: 8, right: 18, top: 8, bottom: 40, containLabel: true},
        xAxis: axis({type: 'value', min: 0, max: 1, name: 'of all cycles', nameGap: 26,
            axisLabel: {formatter: (value) => percent(value, 0)}}),
        yAxis: axis({type: 'category', data: units.map(({unit}) => unit), inverse: true, splitLine: {show: false}}),
        tooltip: {
            trigger: 'axis',
            axisPointer: {type: 'shadow'},
            formatter: (bars) => tip(bars[0].name, bars.map((bar, i) =>
                [bar.color, bar.seriesName, `${whole(units[bar.dataIndex].cycles[i])} cycles`])),
        },
        series: states.map(([name, fill], i) => ({
            type: 'bar',
            name,
            stack: 'time',
            data: units.map(({cycles}) => (work.cycles > 0 ? cycles[i] / work.cycles : 0)),
            itemStyle: {color: colour(fill)},
            barMaxWidth: 18,
            emphasis: {disabled: true},
        })),
    };
}
