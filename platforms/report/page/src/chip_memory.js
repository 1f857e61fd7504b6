// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What a chip moves: traffic by stream, and the roofline, operations for each byte against operations a second.
import {axis, colour, tip} from './chart.js';
import {table} from './dom.js';
import {bytes, short} from './format.js';

const streams = [['activations', '--a'], ['errors', '--e'], ['gradients', '--g'], ['weights', '--w']];
const memories = [['dram', 'DRAM'], ['buffer', 'buffer']];
const amount = (work, memory) => streams.reduce((sum, [stream]) => sum + work.traffic_bytes[memory][stream], 0);

export const trafficLegend = () => streams.map(([stream, fill]) => [colour(fill), stream]);

export function trafficOption(work) {
    return {
        grid: {left: 8, right: 24, top: 8, bottom: 40, containLabel: true},
        xAxis: axis({type: 'value', min: 0, name: 'bytes', nameGap: 26, axisLabel: {formatter: bytes}}),
        yAxis: axis({type: 'category', data: memories.map(([, name]) => name), inverse: true, splitLine: {show: false}}),
        tooltip: {
            trigger: 'axis',
            axisPointer: {type: 'shadow'},
            formatter: (bars) => tip(bars[0].name, bars.map((bar) => [bar.color, bar.seriesName, bytes(bar.value)])),
        },
        series: streams.map(([stream, fill]) => ({
            type: 'bar',
            name: stream,
            stack: 'traffic',
            data: memories.map(([memory]) => work.traffic_bytes[memory][stream]),
            itemStyle: {color: colour(fill)},
            barMaxWidth: 34,
            emphasis: {disabled: true},
        })),
    };
}

export function trafficTable(work) {
    return table('Traffic', ['memory', ...streams.map(([stream]) => stream), 'all'], memories.map(([memory, name]) =>
        [name, ...streams.map(([stream]) => bytes(work.traffic_bytes[memory][stream])), bytes(amount(work, memory))]));
}

/** What the chip did: a point for each kind of work and memory that moved bytes. */
function points(chip) {
    return [['training', 'circle'], ['evaluation', 'diamond']].flatMap(([phase, symbol]) => memories.flatMap(([memory, name]) => {
        const work = chip[phase];
        const moved = amount(work, memory);
        return moved > 0 && work.tops > 0
            ? [{phase, memory, name: `${phase}, ${name}`, symbol, value: [work.operations / moved, work.tops]}] : [];
    }));
}

const fillOf = {dram: '--run-1', buffer: '--run-0'};
export const rooflineLegend = (chip) => [[colour(fillOf.dram), 'operations a byte of DRAM'],
    [colour(fillOf.buffer), 'of the buffer'],
    ...(points(chip).length > 0 ? [[null, '● training'], [null, '◆ evaluation']] : [])];

export function rooflineOption(chip) {
    const {peak_tops: peaks, bytes_per_second: widths} = chip.roofs;
    const shown = points(chip);
    const knees = memories.map(([memory]) => peaks.crossbars * 1e12 / widths[memory]);
    const least = 10 ** Math.floor(Math.log10(Math.min(...shown.map(({value}) => value[0]), ...knees) / 3));
    const most = 10 ** Math.ceil(Math.log10(Math.max(...shown.map(({value}) => value[0]), ...knees) * 3));
    const roof = ([memory, name]) => ({
        type: 'line',
        name: `${name}, ${short(widths[memory] / 1e9)} GB/s`,
        showSymbol: false,
        symbol: 'none',
        data: [least, peaks.crossbars * 1e12 / widths[memory], most]
            .map((intensity) => [intensity, Math.min(peaks.crossbars, intensity * widths[memory] * 1e-12)]),
        lineStyle: {color: colour(fillOf[memory]), width: 2, type: memory === 'dram' ? 'solid' : 'dashed'},
        itemStyle: {color: colour(fillOf[memory])},
        emphasis: {disabled: true},
        tooltip: {show: false},
        markLine: memory !== 'dram' ? undefined : {silent: true, symbol: 'none', lineStyle: {color: colour('--soft'), type: 'dotted'},
            data: [[peaks.crossbars, 'crossbars, forward'], [peaks.gradient, 'gradient array']].map(([tops, what]) => ({yAxis: tops,
                label: {formatter: `${what}: ${short(tops)} TOPS`, position: 'insideEndTop', color: colour('--text'), fontSize: 11}}))},
    });
    return {
        grid: {left: 62, right: 18, top: 22, bottom: 44},
        xAxis: axis({type: 'log', min: least, max: most, name: 'operations a byte', nameGap: 28, axisLabel: {formatter: short}}),
        yAxis: axis({type: 'log', name: 'TOPS', nameGap: 46, axisLabel: {formatter: short}}),
        tooltip: {trigger: 'item', formatter: ({data, color}) => tip(data.name, [
            [color, 'operations a byte', short(data.value[0])], [null, 'TOPS', short(data.value[1])],
            [null, 'TOPS that the memory allows', short(Math.min(peaks.crossbars, data.value[0] * widths[data.memory] * 1e-12))]])},
        series: [...memories.map(roof), {
            type: 'scatter',
            symbolSize: 13,
            emphasis: {disabled: true},
            data: shown.map((point) => ({...point, itemStyle: {color: colour(fillOf[point.memory]),
                borderColor: colour('--text'), borderWidth: 1}})),
        }],
    };
}
