// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Parallel coordinates: an axis for each dimension, a line for each point. All lines are drawn once into a raster of their own,
// pale; the brushed ones are drawn over a copy of it, in an order that is random, so that a part of them looks like the whole.
import {element} from '../dom.js';
import {Axis} from './axis.js';
import {pixel, themeColour} from './colours.js';
import {Plot} from './plot.js';
import {Raster} from './raster.js';
import {jitter, makeScale, spreads} from './scale.js';

const margin = 62;     // CSS pixels beside the first and the last axis
const narrowest = 92;  // between two axes
const mostFronts = 200;  // lines of the front that are drawn over the others
const fewFronts = 40;

/** 0 .. n-1, shuffled; the same each time. */
function shuffled(n) {
    const order = Uint32Array.from({length: n}, (_, i) => i);
    let state = 1;
    for (let i = n - 1; i > 0; --i) {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        const other = Math.floor(state / 2 ** 32 * (i + 1));
        [order[i], order[other]] = [order[other], order[i]];
    }
    return order;
}

export class Parallel extends Plot {
    #stage;
    #axes = [];
    #order;
    #xs = [];
    #ys = null;       // [axis][point], pixels from the top
    #base = null;     // all lines, pale
    #frame = null;    // the brushed ones over them, as far as they are drawn
    #shown = null;    // ... and the front over those
    #based = 0;       // how many of the order are in the base; `drawn` are in the frame

    constructor(sweep, selection, painter) {
        const lines = element('div', {class: 'lines'});
        const stage = element('div', {class: 'stage'}, lines);
        super(sweep, selection, painter, element('div', {class: 'parallel', role: 'group'}, stage), lines);
        this.#stage = stage;
        this.#order = shuffled(sweep.points);
    }

    setAxes(dimensions) {
        for (const axis of this.#axes) axis.node.remove();
        this.#axes = dimensions.map((one, place) => new Axis(one, makeScale(one, {even: true, log: spreads(one)}), {
            changed: (intervals, moving) => this.selection.setIntervals(one, intervals, {moving}),
            move: (by) => this.#axes[place + by]?.node.focus(),
        }));
        this.#stage.append(...this.#axes.map(({node}) => node));
        this.#stage.style.minWidth = `${2 * margin + narrowest * (dimensions.length - 1)}px`;
        this.#axes.forEach(({node}, i) => {
            const part = dimensions.length > 1 ? i / (dimensions.length - 1) : 0.5;
            node.style.left = `calc(${margin}px + (100% - ${2 * margin}px) * ${part})`;
            node.style.width = `calc((100% - ${2 * margin}px) / ${Math.max(1, dimensions.length - 1)})`;
        });
        this.relayout();
    }

    get isComplete() {
        return super.isComplete && this.#based === this.#order.length;
    }

    refresh(what) {
        for (const axis of this.#axes) axis.show(this.selection.intervals(axis.dimension));
        super.refresh(what);
    }

    label() {
        const {count} = this.selection;
        return `Parallel coordinates of ${this.#axes.length} axes: ${count} of ${this.sweep.points} points are brushed`;
    }

    layout() {
        const {node, ratio, width} = this.canvas;
        const n = this.sweep.points;
        const last = Math.max(1, this.#axes.length - 1);
        this.#xs = this.#axes.map((_, k) => Math.round((margin + (width - 2 * margin) * (this.#axes.length > 1 ? k / last : 0.5)) * ratio));
        this.#ys = new Float32Array(this.#axes.length * n);
        this.#axes.forEach(({dimension: {values}, scale}, k) => {
            // Lines to the same level spread within its band, so that one can see how many they are.
            const spread = scale.kind === 'bands' ? 0.5 / scale.levels.length : 0;
            for (let i = 0; i < n; ++i) {
                this.#ys[k * n + i] = 1 + (1 - scale.position(values[i]) - spread * jitter(i, k)) * (node.height - 4);
            }
        });
        this.#base = new Raster(node.width, node.height);
        this.#base.fill(pixel(themeColour('--surface')));
        this.#frame = new Raster(node.width, node.height);
        this.#shown = new Raster(node.width, node.height);
        this.#based = 0;
    }

    #line(raster, point, colour, weight, lower = 0) {
        const n = this.sweep.points;
        const xs = this.#xs;
        const ys = this.#ys;
        for (let k = 0; k + 1 < xs.length; ++k) {
            const from = ys[k * n + point] + lower;
            const to = ys[(k + 1) * n + point] + lower;
            if (from === from && to === to) raster.line(xs[k], from, xs[k + 1], to, colour, weight);
        }
    }

    /** Lines of the order from `at` on that `wanted` has, until the time is over; how far it came. */
    #lines(raster, at, wanted, weight, colourOf, until) {
        const order = this.#order;
        for (let drawn = 0; at < order.length; ++at) {
            const point = order[at];
            if (wanted && !wanted[point]) continue;
            this.#line(raster, point, colourOf(point), weight);
            if ((++drawn & 15) === 0 && performance.now() > until) return at + 1;
        }
        return at;
    }

    paint(until) {
        const {mask, count} = this.selection;
        const n = this.#order.length;
        const all = count === n;
        if (this.drawn < n) {
            if (this.drawn === 0) {
                if (all) this.#frame.fill(pixel(themeColour('--surface'))); else this.#frame.copy(this.#base);
            }
            const weight = Math.round(256 * Math.min(0.85, Math.max(0.1, 9 / Math.sqrt(count || 1))));
            const colours = this.colours;
            this.drawn = this.#lines(this.#frame, this.drawn, mask, weight, (point) => colours[point], until);
            this.#show();
        }
        if (this.drawn === n && this.#based < n) {
            const pale = pixel(themeColour('--line'));
            const weight = Math.round(256 * Math.min(0.4, Math.max(0.04, 4 / Math.sqrt(n))));
            this.#based = this.#lines(this.#base, this.#based, null, weight, () => pale, until);
            if (this.#based === n && !all) this.drawn = 0;
        }
        return this.drawn === n && this.#based === n;
    }

    /** The lines of the front, over all others; a little wider where they are few. */
    #fronts() {
        const {front} = this.sweep;
        const {mask} = this.selection;
        const points = [];
        for (let i = 0; i < front.length && points.length < mostFronts; ++i) {
            if (front[i] === 1 && mask[i]) points.push(i);
        }
        const colour = pixel(themeColour('--front'));
        const wide = points.length <= fewFronts && this.drawn === front.length;
        for (const point of points) {
            this.#line(this.#shown, point, colour, wide ? 230 : 200);
            if (wide) this.#line(this.#shown, point, colour, 150, 1);
        }
    }

    #show() {
        const {context} = this.canvas;
        this.#shown.copy(this.#frame);
        this.#fronts();
        context.putImageData(this.#shown.image, 0, 0);
        const {chosen} = this.selection;
        if (chosen < 0) return;
        this.#stroke(chosen, themeColour('--surface'), 7);
        this.#stroke(chosen, themeColour('--text'), 3);
    }

    #stroke(point, colour, width) {
        const {context, ratio} = this.canvas;
        const n = this.sweep.points;
        context.strokeStyle = colour;
        context.lineWidth = width * ratio;
        context.lineJoin = 'round';
        context.beginPath();
        for (let k = 0, pen = false; k < this.#xs.length; ++k) {
            const y = this.#ys[k * n + point];
            if (y !== y) pen = false;
            else if (pen) context.lineTo(this.#xs[k], y);
            else {
                context.moveTo(this.#xs[k], y);
                pen = true;
            }
        }
        context.stroke();
    }
}
