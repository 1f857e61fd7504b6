// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Programming pulses that cells have taken: a map of the weights of one group of partitions, and a table of all groups.
import {axis, colour, tip} from './chart.js';
import {short, whole} from './format.js';
import {table} from './dom.js';

const cellsOf = ({layers, transposed}) =>
    `layer${layers.length > 1 ? 's' : ''} ${layers.join(', ')}${transposed ? ', backward' : ''}`;

/** [value, text] of each group. */
export const wearChoices = (wear) => wear.units.map((unit, i) => [String(i), `${cellsOf(unit)} (${unit.unit})`]);

/** First and last weight of a bin along an axis. */
const span = (bin, bins, weights) => {
    const first = Math.ceil(bin * weights / bins);
    const last = Math.ceil((bin + 1) * weights / bins) - 1;
    return first === last ? String(first) : `${first}–${last}`;
};

export function wearOption(unit) {
    const {map} = unit;
    const data = map.mean.map((mean, bin) => [bin % map.bin_columns, Math.floor(bin / map.bin_columns), mean, map.most[bin]]);
    const places = (bins, weights) => Array.from({length: bins}, (_, bin) => span(bin, bins, weights));
    return {
        grid: {left: 64, right: 18, top: 8, bottom: 76},
        xAxis: axis({type: 'category', data: places(map.bin_columns, map.columns), name: 'columns of weights', nameGap: 24,
            splitLine: {show: false}}),
        yAxis: axis({type: 'category', data: places(map.bin_rows, map.rows), name: 'rows', nameGap: 52, inverse: true,
            splitLine: {show: false}}),
        visualMap: {
            type: 'continuous',
            min: 0,
            max: Math.max(...map.mean, Number.MIN_VALUE),
            dimension: 2,
            orient: 'horizontal',
            left: 'center',
            bottom: 0,
            itemHeight: 160,
            itemWidth: 10,
            text: [short(Math.max(...map.mean)), '0 pulses on average'],
            textStyle: {color: colour('--text'), fontSize: 11},
            inRange: {color: [colour('--grid'), colour('--run-0')]},
        },
        tooltip: {
            formatter: ({value, color}) => tip(`rows ${span(value[1], map.bin_rows, map.rows)}, columns `
                + span(value[0], map.bin_columns, map.columns),
            [[color, 'mean', `${short(value[2])} pulses`], [null, 'most worn cell', whole(value[3])]]),
        },
        series: [{type: 'heatmap', data, emphasis: {disabled: true}, progressive: 0}],
    };
}

export function wearTable(wear) {
    const steps = (most) => (wear.endurance === null || most === 0 ? null : wear.endurance * wear.steps / most);
    const rows = wear.units.map((unit) => [cellsOf(unit), unit.unit, unit.resident ? 'stay' : 'take turns', whole(unit.cells),
        short(unit.pulses / unit.cells), whole(unit.most), short(steps(unit.most))]);
    return table('Pulses of single cells', ['weights', 'cells of', 'weights there', 'cells', 'pulses, mean', 'pulses, most',
        'steps until the first is worn out'], rows);
}
