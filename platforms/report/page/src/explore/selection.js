// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What is brushed, filtered and chosen, for all views. Intervals are of values and belong to a dimension, whichever view they
// were drawn in; a point is brushed that lies in one interval of every dimension that has some, and is not filtered out.

export class Selection {
    #sweep;
    #listeners = [];
    #brushes = new Map();  // dimension -> [[from, to], ...]
    #hidden = new Map();   // dimension -> Set of values; 'state' -> Set of codes

    constructor(sweep) {
        this.#sweep = sweep;
        this.mask = new Uint8Array(sweep.points);
        this.count = 0;
        this.chosen = -1;
        this.fronts = Infinity;  // points on later ones, or on none, are left out
        this.#compute();
    }

    /** `listener(what)`: 'brush' while an interval is dragged, 'brushed' where it is left, 'chosen'. */
    listen(listener) {
        this.#listeners.push(listener);
    }

    intervals(dimension) {
        return this.#brushes.get(dimension) ?? [];
    }

    get brushed() {
        return [...this.#brushes.keys()];
    }

    get isFiltered() {
        return this.#brushes.size > 0 || this.#hidden.size > 0 || this.fronts !== Infinity;
    }

    setIntervals(dimension, intervals, {moving = false} = {}) {
        if (intervals.length > 0) this.#brushes.set(dimension, intervals); else this.#brushes.delete(dimension);
        this.#change(moving);
    }

    isShown(dimension, value) {
        return !this.#hidden.get(dimension)?.has(value);
    }

    show(dimension, value, shown) {
        const hidden = this.#hidden.get(dimension) ?? new Set();
        if (shown) hidden.delete(value); else hidden.add(value);
        if (hidden.size > 0) this.#hidden.set(dimension, hidden); else this.#hidden.delete(dimension);
        this.#change(false);
    }

    showFronts(most) {
        this.fronts = most;
        this.#change(false);
    }

    clear() {
        this.#brushes.clear();
        this.#hidden.clear();
        this.fronts = Infinity;
        this.#change(false);
    }

    choose(point) {
        if (point === this.chosen) return;
        this.chosen = point;
        this.#tell('chosen');
    }

    /** The brushed points, in order. */
    points() {
        const out = new Uint32Array(this.count);
        for (let i = 0, n = 0; i < this.mask.length; ++i) {
            if (this.mask[i]) out[n++] = i;
        }
        return out;
    }

    #change(moving) {
        this.#compute();
        this.#tell(moving ? 'brush' : 'brushed');
    }

    #tell(what) {
        for (const listener of this.#listeners) listener(what);
    }

    #compute() {
        const {mask} = this;
        mask.fill(1);
        for (const [{values}, intervals] of this.#brushes) {
            for (let i = 0; i < mask.length; ++i) {
                if (!mask[i]) continue;
                const value = values[i];
                let inside = 0;
                for (let k = 0; k < intervals.length && !inside; ++k) inside = value >= intervals[k][0] && value <= intervals[k][1] ? 1 : 0;
                mask[i] = inside;
            }
        }
        for (const [dimension, hidden] of this.#hidden) {
            const values = dimension === 'state' ? this.#sweep.state : dimension.values;
            for (let i = 0; i < mask.length; ++i) {
                if (mask[i] && hidden.has(values[i])) mask[i] = 0;
            }
        }
        const {front} = this.#sweep;
        this.count = 0;
        for (let i = 0; i < mask.length; ++i) {
            if (this.fronts !== Infinity && (front[i] === 0 || front[i] > this.fronts)) mask[i] = 0;
            this.count += mask[i];
        }
    }
}
