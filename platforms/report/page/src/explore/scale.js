// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Values of a dimension to places from 0 to 1 along an axis, and back; and what is written beside the axis.
import {short} from '../format.js';

const mostLevels = 24;

/** Place i + 0.5 of n for the i-th level; between levels, and one beyond them, in proportion. */
function bands(one) {
    const {levels} = one;
    const n = levels.length;
    const gap = (i) => (n > 1 ? levels[i + 1] - levels[i] : 1);
    const step = Math.ceil(n / 12);
    return {
        kind: 'bands',
        levels,
        position(value) {
            if (Number.isNaN(value)) return NaN;
            let below = 0;
            let above = n;
            while (below < above) {
                const middle = (below + above) >> 1;
                if (levels[middle] <= value) below = middle + 1; else above = middle;
            }
            const i = Math.min(Math.max(below - 1, 0), Math.max(n - 2, 0));
            return (i + 0.5 + (value - levels[i]) / gap(i)) / n;
        },
        value(position) {
            const at = position * n - 0.5;
            const i = Math.min(Math.max(Math.floor(at), 0), Math.max(n - 2, 0));
            return levels[i] + (at - i) * gap(i);
        },
        ticks: () => levels.map((level, i) => ({at: (i + 0.5) / n, text: one.texts ? one.texts[level] : short(level)}))
            .filter((_, i) => i % step === 0),
    };
}

/** About `count` round numbers from `lo` to `hi`. */
function roundSteps(lo, hi, count) {
    const rough = (hi - lo) / count;
    const size = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 2.5, 5, 10].map((one) => one * size).find((one) => one >= rough * 0.999);
    const out = [];
    for (let i = Math.ceil(lo / step - 1e-9); i * step <= hi + step * 1e-9; ++i) out.push(Number((i * step).toPrecision(12)));
    return out;
}

function linear(lo, hi) {
    return {
        kind: 'linear',
        position: (value) => (value - lo) / (hi - lo),
        value: (position) => lo + position * (hi - lo),
        ticks: (count) => roundSteps(lo, hi, count).map((value) => ({at: (value - lo) / (hi - lo), text: short(value)})),
    };
}

function logarithmic(lo, hi) {
    const [from, to] = [Math.log10(lo), Math.log10(hi)];
    const at = (value) => (Math.log10(value) - from) / (to - from);
    return {
        kind: 'log',
        position: at,
        value: (position) => 10 ** (from + position * (to - from)),
        ticks(count) {
            const digits = to - from > count ? [1] : to - from > count / 3 ? [1, 3] : [1, 2, 3, 5, 7];
            if (to - from < 0.5) return roundSteps(lo, hi, count).map((value) => ({at: at(value), text: short(value)}));
            const out = [];
            for (let decade = Math.floor(from); decade <= to; ++decade) {
                for (const digit of digits) {
                    const value = Number((digit * 10 ** decade).toPrecision(6));
                    if (value >= lo * 0.999 && value <= hi * 1.001) out.push({at: at(value), text: short(value)});
                }
            }
            return out.filter((_, i) => i % Math.ceil(out.length / (count + 2)) === 0);
        },
    };
}

/** Texts, and variables of few values, stand at even distances where `even`; `log` is for positive numbers. */
export function makeScale(one, {log = false, even = false} = {}) {
    if (one.texts || (even && one.levels && one.levels.length <= mostLevels)) return bands(one);
    if (one.known === 0) return linear(0, 1);
    if (log && one.min > 0) {
        const margin = one.varies ? (one.max / one.min) ** 0.04 : 2;
        return logarithmic(one.min / margin, one.max * margin);
    }
    const margin = one.varies ? (one.max - one.min) * 0.04 : Math.abs(one.min) / 2 || 1;
    return linear(one.min - margin, one.max + margin);
}

/** Whether an axis is better logarithmic. */
export const spreads = (one) => !one.texts && one.min > 0 && one.max / one.min > 30;

/** From -0.5 to 0.5; the same for the same point. */
export function jitter(point, salt) {
    let mixed = Math.imul(point + 1, 0x9e3779b1) + Math.imul(salt + 1, 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
    mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32 - 0.5;
}
