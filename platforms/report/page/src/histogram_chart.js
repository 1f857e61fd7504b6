// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// One histogram as a stepped area. On a log2 axis the abscissa is log2 of the magnitude, so that all bins are equally
// wide; zeros have no place there and stand in the caption. Axes span all samples of a run, so that they stay where they
// are while the epoch changes.
import {axis, colour, tip} from './chart.js';
import {percent, power, short, whole} from './format.js';

const sum = (values) => values.reduce((total, value) => total + value, 0);

/** Every element that was counted. */
export const total = (sample) => sum(sample.counts) + sample.zero + sample.below + sample.above;

/** Bins on the abscissa: all have one width, and `middle` goes on beyond the first and the last. */
function abscissa(tensor) {
    const place = tensor.scale === 'log2' ? Math.log2 : (edge) => edge;
    const [start, next] = [place(tensor.edges[0]), place(tensor.edges[1])];
    const width = next - start;
    return {width, middle: (i) => start + (i + 0.5) * width};
}

/** First and last bin that any sample fills, and the largest share of a bin. */
function extent(tensor) {
    let [first, last, highest] = [Infinity, -1, 0];
    for (const sample of tensor.samples) {
        if (sample.counts.length === 0) continue;
        first = Math.min(first, sample.first);
        last = Math.max(last, sample.first + sample.counts.length - 1);
        highest = Math.max(highest, Math.max(...sample.counts) / total(sample));
    }
    return last < 0 ? {first: 0, last: 0, highest: 1} : {first, last, highest};
}

/** What a bin holds: a code, a range of codes, or a range of magnitudes. */
function binText(tensor, i) {
    const [low, high] = [tensor.edges[i], tensor.edges[i + 1]];
    if (tensor.scale === 'log2') return `${short(low)} to ${short(high)}`;
    return high - low === 1 ? String(low + 0.5) : `${Math.ceil(low)} to ${Math.ceil(high) - 1}`;
}

/** Dashed vertical lines with a text above: [abscissa, text]. */
function lines(...all) {
    return {
        silent: true,
        symbol: 'none',
        lineStyle: {color: colour('--text'), type: 'dashed', width: 1.2},
        data: all.map(([at, text]) => ({xAxis: at, label: {formatter: text, position: 'end', color: colour('--text'), fontSize: 11}})),
    };
}

/** The window of Q_E: between the errors that round to 0 and those that are clipped. */
function window(limits) {
    const [low, high] = [Math.log2(limits.least), Math.log2(limits.clipped_from)];
    return {
        markLine: lines([low, 'rounds to 0'], [high, limits.clipped_from < limits.largest ? 'max / γ' : 'max']),
        markArea: {
            silent: true,
            itemStyle: {color: colour('--window')},
            data: [[{xAxis: low}, {xAxis: high}]],
        },
        low,
        high,
    };
}

/** Where a gradient moves its weight by one step. */
function oneStep(limits) {
    const at = Math.log2(limits.step);
    return {markLine: lines([at, 'one step']), low: at, high: at};
}

/** kind: {fill: custom property, logarithmic, small}; limits: of Q_E ({least, ...}), of Q_G ({step, ...}) or null. */
export function histogramOption(tensor, index, kind, limits) {
    const sample = tensor.samples[index];
    const all = total(sample);
    const {first, last, highest} = extent(tensor);
    const floor = kind.logarithmic ? 0.5 / all : 0;
    const {width, middle} = abscissa(tensor);
    const points = [];
    for (let i = first - 1; i <= last + 1; ++i) {
        const count = sample.counts[i - sample.first] ?? 0;
        points.push([middle(i), Math.max(count / all, floor), i, count]);
    }
    const marks = limits && tensor.scale === 'log2' ? (limits.least ? window(limits) : oneStep(limits)) : {};
    const low = Math.min(middle(first) - width, marks.low ?? Infinity);
    const high = Math.max(middle(last) + width, marks.high ?? -Infinity);
    const powers = (value) => (Number.isInteger(value) ? power(2, value) : '');
    const tens = (value) => power(10, Math.round(Math.log10(value)));
    return {
        grid: kind.small ? {left: 42, right: 8, top: 8, bottom: 22} : {left: 52, right: 16, top: marks.markLine ? 26 : 12, bottom: 26},
        xAxis: axis({
            type: 'value',
            min: low,
            max: high,
            splitLine: {show: false},
            axisLabel: {
                formatter: tensor.scale === 'log2' ? powers : (value) => whole(value),
                showMinLabel: false,
                showMaxLabel: false,
            },
            minInterval: 1,
            splitNumber: kind.small ? 3 : 6,
        }),
        yAxis: axis({
            type: kind.logarithmic ? 'log' : 'value',
            min: floor,
            max: kind.logarithmic ? 1 : highest * 1.05,
            axisLabel: {
                formatter: kind.logarithmic ? tens : (value) => `${Number((100 * value).toPrecision(2))} %`,
                showMinLabel: !kind.logarithmic,
                showMaxLabel: kind.logarithmic,
            },
            splitNumber: kind.small ? 3 : 5,
        }),
        tooltip: {
            trigger: 'axis',
            formatter: ([point]) => (point.value[2] < first || point.value[2] > last ? '' : tip(binText(tensor, point.value[2]),
                [[point.color, percent(point.value[3] / all), `${whole(point.value[3])} of ${whole(all)}`]])),
        },
        series: [{
            type: 'line',
            step: 'middle',
            data: points,
            symbol: 'none',
            lineStyle: {color: colour(kind.fill), width: 1.3},
            itemStyle: {color: colour(kind.fill)},
            areaStyle: {color: colour(kind.fill), opacity: 0.4, origin: 'start'},
            emphasis: {disabled: true},
            markLine: marks.markLine,
            markArea: marks.markArea,
        }],
    };
}
