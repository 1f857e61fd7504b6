// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// One axis of the parallel coordinates: what is written at it, and the intervals on it, which are made, moved, resized and
// cleared by pointer and by keyboard. Knows places from 0 (bottom) to 1; what they mean is the scale's.
import {element} from '../dom.js';
import {short} from '../format.js';
import {valueText} from './sweep.js';

const grip = 7;          // CSS pixels around an end that count as the end
const shortest = 0.004;  // of an interval; below, a press is a click
const clamp = (place) => Math.min(1, Math.max(0, place));

export class Axis {
    #intervals = [];  // [[from, to], ...] places
    #drag = null;
    #shown = null;

    /** `changed(intervals, moving)` gets places. `move(direction)` puts the focus on the axis before or after. */
    constructor(dimension, scale, {changed, move}) {
        Object.assign(this, {dimension, scale, changed});
        const better = {min: '↓ less is better', max: '↑ more is better'}[dimension.direction];
        this.marks = element('div', {class: 'intervals'});
        this.track = element('div', {class: 'track'}, element('div', {class: 'rule'}), this.marks);
        this.node = element('div', {
            class: 'axis', tabindex: '0', role: 'slider', 'aria-orientation': 'vertical', 'aria-valuemin': '0',
            'aria-valuemax': '100', 'data-key': dimension.key, onkeydown: (event) => this.#key(event, move),
        }, element('div', {class: `name ${dimension.kind}`, title: dimension.key},
            dimension.label.split(/(?<=[._])/).flatMap((piece) => [piece, element('wbr')]),
            better ? element('small', {}, better) : null), this.track);
        this.node.setAttribute('aria-label', `${dimension.key}${better ? `, ${better.slice(2)}` : ''}`);
        this.track.append(...scale.ticks(6).map(({at, text}) => {
            const tick = element('span', {class: 'tick'}, text);
            tick.style.bottom = `${100 * at}%`;
            return tick;
        }));
        this.track.addEventListener('pointerdown', (event) => this.#press(event));
        this.track.addEventListener('pointermove', (event) => this.#moveTo(event));
        for (const end of ['pointerup', 'pointercancel']) this.track.addEventListener(end, () => this.#release());
        this.show([]);
    }

    /** The intervals as the selection has them, in values. */
    show(intervals) {
        const state = JSON.stringify(intervals);
        if (state === this.#shown) return;
        this.#shown = state;
        if (!this.#drag) this.#intervals = intervals.map((ends) => ends.map((value) => clamp(this.scale.position(value))));
        this.marks.replaceChildren(...this.#intervals.map(([from, to]) => {
            const mark = element('div', {class: 'interval'});
            mark.style.bottom = `${100 * from}%`;
            mark.style.height = `${100 * (to - from)}%`;
            return mark;
        }));
        const text = (place) => {
            const value = this.scale.value(place);
            return this.dimension.texts ? valueText(this.dimension, Math.round(value), short) : short(value);
        };
        const [first] = this.#intervals;
        this.node.setAttribute('aria-valuenow', String(Math.round(first ? 50 * (first[0] + first[1]) : 50)));
        this.node.setAttribute('aria-valuetext', first
            ? this.#intervals.map(([from, to]) => `${text(from)} to ${text(to)}`).join(', ') : 'no interval');
    }

    #place(event) {
        const box = this.track.getBoundingClientRect();
        return clamp((box.bottom - event.clientY) / box.height);
    }

    #press(event) {
        if (event.button !== 0) return;
        event.preventDefault();
        this.node.focus({preventScroll: true});
        this.track.setPointerCapture(event.pointerId);
        const at = this.#place(event);
        const near = grip / this.track.clientHeight;
        let which = this.#intervals.findIndex(([from, to]) => at > from - near && at < to + near);
        const fresh = which < 0;
        if (fresh) {
            if (!event.shiftKey) this.#intervals = [];
            which = this.#intervals.push([at, at]) - 1;
        }
        const [from, to] = this.#intervals[which];
        // A short interval is rather moved than resized.
        const reach = Math.min(near, (to - from) / 3 || near);
        const end = fresh || Math.abs(at - to) < reach ? 1 : Math.abs(at - from) < reach ? 0 : null;
        this.#drag = {which, at, from, to, end, fresh, moved: false};
    }

    #moveTo(event) {
        const drag = this.#drag;
        if (!drag) return;
        const at = this.#place(event);
        if (!drag.moved && Math.abs(at - drag.at) < shortest) return;
        drag.moved = true;
        if (drag.fresh) {
            this.#intervals[drag.which] = [Math.min(drag.at, at), Math.max(drag.at, at)];
        } else if (drag.end === null) {
            const by = Math.min(1 - drag.to, Math.max(-drag.from, at - drag.at));
            this.#intervals[drag.which] = [drag.from + by, drag.to + by];
        } else {
            const other = drag.end === 1 ? drag.from : drag.to;
            this.#intervals[drag.which] = [Math.min(other, at), Math.max(other, at)];
        }
        this.#tell(true);
    }

    #release() {
        const drag = this.#drag;
        if (!drag) return;
        this.#drag = null;
        if (!drag.moved && drag.fresh) this.#intervals = [];  // a click beside all intervals
        if (this.scale.kind === 'bands') this.#intervals = this.#intervals.map((ends) => this.#whole(ends));
        this.#tell(false);
    }

    /** The interval as wide as the levels whose places it covers, or as the one that it lies in. */
    #whole([from, to]) {
        const n = this.scale.levels.length;
        const first = Math.ceil(from * n - 0.5);
        const last = Math.floor(to * n - 0.5);
        if (first <= last) return [first / n, (last + 1) / n];
        const within = Math.min(n - 1, Math.floor((from + to) / 2 * n));
        return [within / n, (within + 1) / n];
    }

    #tell(moving) {
        this.changed(this.#intervals.map((ends) => ends.map((place) => this.scale.value(place))), moving);
    }

    #key(event, move) {
        const {key} = event;
        const levels = this.scale.kind === 'bands' ? this.scale.levels.length : 0;
        if (key === 'ArrowLeft' || key === 'ArrowRight') {
            move(key === 'ArrowLeft' ? -1 : 1);
        } else if (key === 'Escape' || key === 'Delete') {
            this.#intervals = [];
            this.#tell(false);
        } else if (key === 'Enter') {
            if (this.#intervals.length === 0) {
                this.#intervals = [levels > 0 ? [Math.floor(levels / 4) / levels, Math.ceil(3 * levels / 4) / levels] : [0.25, 0.75]];
            }
            this.#tell(false);
        } else if (['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown'].includes(key) && this.#intervals.length > 0) {
            const step = levels > 0 ? 1 / levels : key.startsWith('Page') ? 0.1 : 0.01;
            const by = key.endsWith('Up') ? step : -step;
            let [from, to] = this.#intervals[0];
            if (event.shiftKey) {
                to = Math.max(from + step / 2, clamp(to + by));
            } else if (event.altKey) {
                from = Math.min(to - step / 2, clamp(from + by));
            } else {
                const inside = Math.min(1 - to, Math.max(-from, by));
                [from, to] = [from + inside, to + inside];
            }
            this.#intervals[0] = [from, to];
            this.#tell(false);
        } else {
            return;
        }
        event.preventDefault();
    }
}
