// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Where a chip's energy and area go, and its power over the cycles of a step, as ECharts options and tables.
import {axis, colour, tip} from './chart.js';
import {table} from './dom.js';
import {percent, short} from './format.js';

/** Of `energy_by`: in this order, each with its colour. */
export const phases = [['forward', '--run-0'], ['backward', '--run-1'], ['gradient', '--run-2'], ['update', '--run-3'],
    ['programming', '--run-4'], ['evaluation', '--run-5'], ['leakage', '--run-6']];

const sum = (values) => values.reduce((all, value) => all + (value ?? 0), 0);
const components = (work) => Object.entries(work.energy_by)
    .map(([name, by]) => ({name, by, joules: sum(Object.values(by))}))
    .sort((x, y) => y.joules - x.joules);
const used = (work) => phases.filter(([phase]) => components(work).some(({by}) => by[phase] > 0));

export const energyLegend = (work) => used(work).map(([phase, fill]) => [colour(fill), phase]);

/** `scale`: 'joules', or 'shares', where each component is a whole and small ones show their phases, too. */
export function energyOption(work, scale) {
    const all = components(work);
    const whole = scale === 'shares';
    const length = ({by, joules}, phase) => (whole ? (joules > 0 ? (by[phase] ?? 0) / joules : 0) : by[phase] ?? 0);
    const total = sum(all.map((one) => one.joules));
    return {
        grid: {left: 8, right: 56, top: 8, bottom: 40, containLabel: true},
        xAxis: axis({type: 'value', min: 0, nameGap: 26, ...(whole
            ? {max: 1, name: 'of the component; behind it, of the chip', axisLabel: {formatter: (value) => percent(value, 0)}}
            : {name: 'joules', axisLabel: {formatter: short}})}),
        yAxis: axis({type: 'category', data: all.map((one) => one.name), inverse: true, splitLine: {show: false}}),
        tooltip: {
            trigger: 'axis',
            axisPointer: {type: 'shadow'},
            formatter: (bars) => tip(`${bars[0].name}: ${short(all[bars[0].dataIndex].joules)} J`, bars
                .filter((bar) => bar.value > 0)
                .map((bar) => [bar.color, bar.seriesName, `${short(all[bar.dataIndex].by[bar.seriesName])} J`])),
        },
        series: used(work).map(([phase, fill], i, shown) => ({
            type: 'bar',
            name: phase,
            stack: 'energy',
            data: all.map((one) => length(one, phase)),
            itemStyle: {color: colour(fill)},
            barMaxWidth: 18,
            emphasis: {disabled: true},
            label: {show: i === shown.length - 1, position: 'right', color: colour('--soft'), fontSize: 11,
                formatter: ({dataIndex}) => percent(total > 0 ? all[dataIndex].joules / total : 0, 1)},
        })),
    };
}

export function energyTable(work) {
    const shown = used(work).map(([phase]) => phase);
    return table('Energy by component and phase, joules', ['component', ...shown, 'all'],
        components(work).map(({name, by, joules}) => [name, ...shown.map((phase) => short(by[phase] ?? 0)), short(joules)]));
}

const fills = ['--run-0', '--run-1', '--run-2', '--run-3', '--run-4', '--run-5', '--run-6', '--run-7'];

export function areaOption(work) {
    const parts = Object.entries(work.area_by).filter(([, mm2]) => mm2 > 0).sort((x, y) => y[1] - x[1]);
    const total = sum(parts.map(([, mm2]) => mm2));
    return {
        tooltip: {formatter: ({name, value, color}) => tip(name, [[color, percent(value / total, 1), `${short(value)} mm²`]])},
        series: [{
            type: 'treemap',
            left: 0, right: 0, top: 4, bottom: 4,
            roam: false,
            nodeClick: false,
            breadcrumb: {show: false},
            emphasis: {disabled: true},
            itemStyle: {borderColor: colour('--surface'), borderWidth: 1, gapWidth: 2},
            label: {fontSize: 12, lineHeight: 16, color: colour('--text'), overflow: 'truncate',
                formatter: ({name, value}) => `${name}\n${short(value)} mm², ${percent(value / total, 1)}`},
            // Pale fills, on which the theme's text is readable: #rrggbb and an opacity.
            data: parts.map(([name, value], i) => ({name, value, itemStyle: {color: `${colour(fills[i % fills.length])}66`}})),
        }],
    };
}

/** A step's windows as [milliseconds, watts], the end of the last one included. */
function points(power) {
    const milliseconds = (cycles) => cycles / (power.clock_ghz * 1e6);
    const all = power.dynamic_w.map((watts, i) => [milliseconds(i * power.window_cycles), watts + power.leakage_w]);
    if (all.length > 0) all.push([milliseconds(power.cycles), all[all.length - 1][1]]);
    return all;
}

export function powerOption(power, {average, peak}) {
    const mark = (value, name, position) => ({yAxis: value, name,
        label: {formatter: `${name} ${short(value)} W`, position, color: colour('--text'), fontSize: 11}});
    const marks = [[average, 'average', 'insideEndTop'], [peak, 'peak', 'insideStartBottom']]
        .filter(([value]) => value !== null && value !== undefined).map((one) => mark(...one));
    return {
        grid: {left: 56, right: 18, top: 18, bottom: 44},
        xAxis: axis({type: 'value', min: 0, max: 'dataMax', name: 'milliseconds of the chip', nameGap: 28,
            axisLabel: {formatter: short, showMaxLabel: false}}),
        yAxis: axis({type: 'value', min: 0, max: ({max}) => Math.max(max, peak ?? 0, average ?? 0) * 1.05, name: 'watts',
            nameGap: 40, axisLabel: {formatter: short}}),
        tooltip: {
            trigger: 'axis',
            formatter: ([{value, color}]) => tip(`from ${short(value[0])} ms on`, [[color, 'power', `${short(value[1])} W`]]),
        },
        series: [{
            type: 'line',
            name: 'power',
            step: 'end',
            showSymbol: false,
            data: points(power),
            lineStyle: {color: colour('--run-0'), width: 1.5},
            itemStyle: {color: colour('--run-0')},
            areaStyle: {color: colour('--run-0'), opacity: 0.18},
            emphasis: {disabled: true},
            markLine: {silent: true, symbol: 'none', data: marks, lineStyle: {color: colour('--soft'), type: 'dashed'}},
        }],
    };
}
