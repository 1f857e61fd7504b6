// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A scatter plot of two dimensions, coloured by a third. Points that are not brushed stay as pale marks; discs are done, diamonds
// are on the Pareto front, crosses break a constraint. A rectangle that is dragged brushes both dimensions.
import {element} from '../dom.js';
import {short} from '../format.js';
import {pixel, themeColour} from './colours.js';
import {cross, diamond, disc} from './marks.js';
import {Plot} from './plot.js';
import {Raster} from './raster.js';
import {jitter, makeScale} from './scale.js';
import {drawGrid} from './scatter_grid.js';
import {valueText} from './sweep.js';

const frame = {left: 76, right: 16, top: 12, bottom: 46};
const reach = 14;  // CSS pixels around a point in which it is pointed at

export class Scatter extends Plot {
    #tip = element('div', {class: 'tip point', hidden: true});
    #rectangle = element('div', {class: 'rectangle', hidden: true});
    #x = null;  // {dimension, log}
    #y = null;
    #scales = null;
    #xs = null;
    #ys = null;
    #base = null;
    #raster = null;
    #drag = null;

    constructor(sweep, selection, painter) {
        super(sweep, selection, painter, element('div', {
            class: 'scatter', tabindex: '0', role: 'application', 'aria-roledescription': 'scatter plot',
            onkeydown: (event) => this.#key(event),
        }));
        const node = this.frame;
        node.append(this.#rectangle, this.#tip);
        node.addEventListener('pointerdown', (event) => this.#press(event));
        node.addEventListener('pointermove', (event) => this.#point(event));
        node.addEventListener('pointerup', (event) => this.#release(event));
        node.addEventListener('pointercancel', () => this.#forget());
        node.addEventListener('pointerleave', () => { this.#tip.hidden = true; });
    }

    /** {dimension, log} each. */
    setAxes(x, y) {
        this.#x = x;
        this.#y = y;
        this.relayout();
    }

    /** Where a point stands in the frame, in CSS pixels. */
    placeOf(point) {
        return [this.#xs[point] / this.canvas.ratio, this.#ys[point] / this.canvas.ratio];
    }

    refresh(what) {
        if (this.#x) super.refresh(what);
    }

    label() {
        const {chosen, count} = this.selection;
        const words = chosen >= 0 ? `; chosen: ${this.#words(chosen)}` : '';
        return `${this.#y.dimension.key} over ${this.#x.dimension.key}, ${count} points${words}`;
    }

    #words(point) {
        return [this.#x, this.#y].map(({dimension}) =>
            `${dimension.label} ${valueText(dimension, dimension.values[point], short)}`).join(', ');
    }

    layout() {
        const {node, ratio, width, height} = this.canvas;
        const n = this.sweep.points;
        const across = (width - frame.left - frame.right) * ratio;
        const up = (height - frame.top - frame.bottom) * ratio;
        this.#scales = [this.#x, this.#y].map(({dimension, log}) => makeScale(dimension, {log}));
        const [xScale, yScale] = this.#scales;
        const place = (scale, dimension, point, salt) => scale.position(dimension.values[point])
            + (scale.kind === 'bands' ? 0.6 * jitter(point, salt) / scale.levels.length : 0);
        this.#xs = Float32Array.from({length: n}, (_, i) => frame.left * ratio + place(xScale, this.#x.dimension, i, 0) * across);
        this.#ys = Float32Array.from({length: n}, (_, i) => frame.top * ratio + (1 - place(yScale, this.#y.dimension, i, 7)) * up);
        drawGrid(this.canvas, frame, this.#scales, [this.#x.dimension, this.#y.dimension]);
        this.#base = new Raster(node.width, node.height);
        this.#base.image.data.set(this.canvas.context.getImageData(0, 0, node.width, node.height).data);
        const pale = pixel(themeColour('--line'));
        const mark = disc(1.4 * ratio);
        for (let i = 0; i < n; ++i) this.#stamp(this.#base, i, mark, pale, 150);
        this.#raster = new Raster(node.width, node.height);
    }

    #stamp(raster, point, mark, colour, weight) {
        const x = this.#xs[point];
        const y = this.#ys[point];
        if (x === x && y === y) raster.stamp(x, y, mark, colour, weight);
    }

    paint(until) {
        const {mask, count} = this.selection;
        const {front, state, states} = this.sweep;
        const {ratio} = this.canvas;
        const broken = states.indexOf('infeasible');
        const radius = count > 3000 ? 2.2 : count > 500 ? 2.8 : 3.6;
        const [dot, crossed] = [disc(radius * ratio), cross((radius + 1.2) * ratio, 0.9 * ratio)];
        if (this.drawn === 0) this.#raster.copy(this.#base);
        for (let drawn = 0; this.drawn < mask.length; ++this.drawn) {
            const i = this.drawn;
            if (!mask[i] || front[i] === 1) continue;
            this.#stamp(this.#raster, i, state[i] === broken ? crossed : dot, this.colours[i], count > 3000 ? 170 : 220);
            if ((++drawn & 255) === 0 && performance.now() > until) break;
        }
        if (this.drawn === mask.length) this.#diamonds(radius);
        this.canvas.context.putImageData(this.#raster.image, 0, 0);
        this.#ring();
        return this.drawn === mask.length;
    }

    /** Points of the front, over all others. */
    #diamonds(radius) {
        const {front} = this.sweep;
        const {mask} = this.selection;
        const {ratio} = this.canvas;
        const [outer, inner] = [diamond((radius + 3.6) * ratio), diamond((radius + 2.2) * ratio)];
        const text = pixel(themeColour('--text'));
        for (let i = 0; i < mask.length; ++i) {
            if (!mask[i] || front[i] !== 1) continue;
            this.#stamp(this.#raster, i, outer, text, 256);
            this.#stamp(this.#raster, i, inner, this.colours[i], 256);
        }
    }

    #ring() {
        const {chosen} = this.selection;
        const {context, ratio} = this.canvas;
        if (chosen < 0 || Number.isNaN(this.#xs[chosen] + this.#ys[chosen])) return;
        for (const [colour, width] of [['--surface', 6], ['--accent', 3]]) {
            context.strokeStyle = themeColour(colour);
            context.lineWidth = width * ratio;
            context.beginPath();
            context.arc(this.#xs[chosen], this.#ys[chosen], 9 * ratio, 0, 2 * Math.PI);
            context.stroke();
        }
    }

    #at(event) {
        const box = this.frame.getBoundingClientRect();
        return [event.clientX - box.left - this.frame.clientLeft, event.clientY - box.top - this.frame.clientTop];
    }

    /** The brushed point nearest to a place; -1 where none is near. */
    #nearest([x, y]) {
        const {ratio} = this.canvas;
        const {mask} = this.selection;
        let best = -1;
        let least = (reach * ratio) ** 2;
        for (let i = 0; i < mask.length; ++i) {
            if (!mask[i]) continue;
            const distance = (this.#xs[i] - x * ratio) ** 2 + (this.#ys[i] - y * ratio) ** 2;
            if (distance < least) [best, least] = [i, distance];
        }
        return best;
    }

    #press(event) {
        if (event.button !== 0 || event.pointerType === 'touch' && !event.isPrimary) return;
        this.#drag = {from: this.#at(event), moved: false};
        if (event.pointerType !== 'touch') this.frame.setPointerCapture(event.pointerId);
    }

    #point(event) {
        if (this.stale || !this.#xs) return;
        const at = this.#at(event);
        if (this.#drag && event.pointerType !== 'touch') {
            const {from} = this.#drag;
            if (!this.#drag.moved && Math.hypot(at[0] - from[0], at[1] - from[1]) < 5) return;
            this.#drag.moved = true;
            this.#tip.hidden = true;
            this.#brush(from, at, true);
            return;
        }
        const point = this.#nearest(at);
        this.#tip.hidden = point < 0;
        if (point < 0) return;
        this.#tip.replaceChildren(...[this.#x, this.#y].map(({dimension}) => element('div', {}, element('span', {}, dimension.label),
            element('b', {}, valueText(dimension, dimension.values[point], short)))));
        const left = at[0] > this.frame.clientWidth / 2;
        this.#tip.style.left = left ? '' : `${at[0] + 14}px`;
        this.#tip.style.right = left ? `${this.frame.clientWidth - at[0] + 14}px` : '';
        this.#tip.style.top = `${Math.max(0, at[1] - 24)}px`;
    }

    #release(event) {
        const drag = this.#drag;
        this.#forget();
        if (!drag) return;
        const at = this.#at(event);
        if (drag.moved) this.#brush(drag.from, at, false); else this.selection.choose(this.#nearest(at));
    }

    #forget() {
        this.#drag = null;
        this.#rectangle.hidden = true;
    }

    #brush(from, to, moving) {
        const {width, height} = this.canvas;
        const [left, right] = [from[0], to[0]].sort((x, y) => x - y);
        const [top, bottom] = [from[1], to[1]].sort((x, y) => x - y);
        Object.assign(this.#rectangle.style, {left: `${left}px`, top: `${top}px`, width: `${right - left}px`, height: `${bottom - top}px`});
        this.#rectangle.hidden = !moving;
        const [xScale, yScale] = this.#scales;
        const x = (place) => xScale.value((place - frame.left) / (width - frame.left - frame.right));
        const y = (place) => yScale.value((height - frame.bottom - place) / (height - frame.top - frame.bottom));
        this.selection.setIntervals(this.#x.dimension, [[x(left), x(right)]], {moving: true});
        this.selection.setIntervals(this.#y.dimension, [[y(bottom), y(top)]], {moving});
    }

    /** Arrows go from point to point, the next one in their direction; Escape lets go. */
    #key(event) {
        const step = {ArrowLeft: [this.#xs, -1], ArrowRight: [this.#xs, 1], ArrowUp: [this.#ys, -1], ArrowDown: [this.#ys, 1]}[event.key];
        if (event.key === 'Escape') {
            this.selection.choose(-1);
        } else if (step) {
            this.selection.choose(this.#next(...step));
        } else {
            return;
        }
        event.preventDefault();
    }

    #next(places, sign) {
        const {mask, chosen} = this.selection;
        let best = -1;
        let least = Infinity;
        for (let i = 0; i < mask.length; ++i) {
            if (!mask[i] || i === chosen || Number.isNaN(this.#xs[i] + this.#ys[i])) continue;
            // Of points in one place, that which comes later is further on.
            const by = chosen < 0 ? sign * places[i] : sign * (places[i] - places[chosen]) + (i > chosen ? 1e-6 : -1e-6) * sign;
            if ((chosen < 0 || by > 0) && by < least) [best, least] = [i, by];
        }
        return best < 0 ? chosen : best;
    }
}
