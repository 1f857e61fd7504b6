// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What the plots have in common: a canvas in a frame, the points' colours, and when what is drawn anew. What is drawn is said by
// those that extend it: label(), layout(), paint(until).
import {Canvas} from './canvas.js';

export class Plot {
    colours = null;  // a pixel for each point
    drawn = 0;       // how many points are
    stale = true;    // nobody knows yet where they stand

    /** `frame` is the plot's node; `within` the one of its parts that the canvas fills. */
    constructor(sweep, selection, painter, frame, within = frame) {
        Object.assign(this, {sweep, selection, painter, frame});
        this.canvas = new Canvas(within, () => this.relayout());
        selection.listen((what) => this.refresh(what));
    }

    setColours(colours) {
        this.colours = colours;
        this.refresh();
    }

    /** Colours of the theme have changed. */
    restyle() {
        this.relayout();
    }

    dispose() {
        this.canvas.dispose();
    }

    get isComplete() {
        return !this.stale && this.drawn === this.sweep.points;
    }

    /** Points stand elsewhere. */
    relayout() {
        this.stale = true;
        this.refresh();
    }

    /** They stand where they stood; `what` the selection says has changed, if it was that. */
    refresh(what) {
        this.drawn = 0;
        if (what !== 'brush') this.frame.setAttribute('aria-label', this.label());
        this.painter.ask(this);
    }

    /** For the painter. */
    draw(until) {
        if (this.canvas.node.clientWidth === 0) return true;
        if (this.stale) {
            this.stale = false;
            this.canvas.measure();
            this.layout();
        }
        return this.paint(until);
    }
}
