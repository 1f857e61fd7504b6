// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The brushed points as a table of any length: only the rows that can be seen are elements. A head sorts by its column.
import {element} from '../dom.js';
import {short, whole} from '../format.js';
import {valueText} from './sweep.js';

const rowHeight = 28;  // as in explore.css
const spare = 6;       // rows beyond what is seen, on either side
const slow = 250;      // milliseconds between two fillings while an interval is dragged
const many = 20_000;   // points, of which the table waits until the interval is left

export class PointTable {
    #sweep;
    #selection;
    #painter;
    #columns;
    #order = new Uint32Array(0);
    #sort = {column: 0, down: false};
    #body = element('tbody');
    #above = element('tr', {'aria-hidden': 'true'}, element('td'));
    #below = element('tr', {'aria-hidden': 'true'}, element('td'));
    #heads;
    #stale = true;
    #filled = 0;
    #scroller;
    #table;

    constructor(sweep, selection, painter, dimensions) {
        this.#sweep = sweep;
        this.#selection = selection;
        this.#painter = painter;
        this.#columns = [
            {head: 'point', of: (i) => i, text: (i) => whole(i)},
            {head: 'state', of: (i) => sweep.state[i], text: (i) => sweep.stateOf(i), words: true},
            ...dimensions.map((one) => ({head: one.label, title: one.key, of: (i) => one.values[i], words: one.texts !== null,
                text: one.kind === 'front' ? (i) => (sweep.front[i] > 0 ? String(sweep.front[i]) : '–')
                    : one.written ?? ((i) => valueText(one, one.values[i], short))})),
        ];
        this.#heads = this.#columns.map(({head, title, words}, column) => element('th', {
            scope: 'col', class: words ? 'text' : 'number', title: title ?? head,
        }, element('button', {type: 'button', onclick: () => this.#sortBy(column)}, head, element('span', {'aria-hidden': 'true'}))));
        this.#table = element('table', {'aria-colcount': String(this.#columns.length)},
            element('caption', {class: 'unseen'}, 'Brushed points'),
            element('thead', {}, element('tr', {'aria-rowindex': '1'}, this.#heads)), this.#body);
        this.#scroller = element('div', {class: 'points', tabindex: '0', role: 'region',
            'aria-label': 'Brushed points; arrows choose', onkeydown: (event) => this.#key(event)}, this.#table);
        this.#scroller.addEventListener('scroll', () => painter.ask(this));
        this.frame = this.#scroller;
        this.#order = selection.points();
        this.#sortBy(Math.max(0, dimensions.findIndex((one) => one.kind === 'front')) + 2);
        selection.listen((what) => {
            if (what === 'brush' && sweep.points > many) return;
            if (what !== 'chosen') this.#stale = true;
            if (what === 'chosen') this.#reveal(selection.chosen);
            painter.ask(this);
        });
    }

    /** The points in the table's order. */
    get order() {
        if (this.#stale) this.#refill();
        return this.#order;
    }

    #sortBy(column) {
        this.#sort = {column, down: this.#sort.column === column && !this.#sort.down};
        this.#heads.forEach((head, i) => {
            const sorted = i === column;
            if (sorted) head.setAttribute('aria-sort', this.#sort.down ? 'descending' : 'ascending'); else head.removeAttribute('aria-sort');
            head.querySelector('span').textContent = sorted ? (this.#sort.down ? ' ▼' : ' ▲') : '';
        });
        this.#stale = true;
        this.#scroller.scrollTop = 0;
        this.#painter.ask(this);
    }

    #refill() {
        this.#stale = false;
        const {of} = this.#columns[this.#sort.column];
        const sign = this.#sort.down ? -1 : 1;
        const keys = Float64Array.from({length: this.#sweep.points}, (_, i) => of(i));
        const missing = (x) => keys[x] !== keys[x];
        this.#order = this.#selection.points().sort((x, y) =>
            missing(x) || missing(y) ? missing(x) - missing(y) || x - y : sign * (keys[x] - keys[y]) || x - y);
        this.#filled = performance.now();
    }

    draw() {
        // Sorting ten thousand rows is no work for every frame of a drag; the last state is always shown.
        const wait = this.#filled + slow - performance.now();
        if (this.#stale && wait > 0) return false;
        if (this.#stale) this.#refill();
        const {scrollTop, clientHeight} = this.#scroller;
        const rows = this.#order.length;
        const first = Math.max(0, Math.min(rows, Math.floor(scrollTop / rowHeight) - spare));
        const end = Math.min(rows, first + Math.ceil(clientHeight / rowHeight) + 2 * spare);
        this.#above.firstChild.style.height = `${first * rowHeight}px`;
        this.#below.firstChild.style.height = `${(rows - end) * rowHeight}px`;
        this.#table.setAttribute('aria-rowcount', String(rows + 1));
        this.#body.replaceChildren(...[first > 0 && this.#above,
            ...Array.from(this.#order.subarray(first, end), (point, i) => this.#row(point, first + i)),
            end < rows && this.#below].filter(Boolean));
        return true;
    }

    #row(point, place) {
        const chosen = point === this.#selection.chosen;
        const kind = this.#sweep.front[point] === 1 ? 'front' : '';
        return element('tr', {'data-point': String(point), 'aria-rowindex': String(place + 2), 'aria-selected': String(chosen),
            class: `${kind} ${chosen ? 'chosen' : ''}`, onclick: () => this.#selection.choose(point)},
        this.#columns.map(({text, words}) => element('td', {class: words ? 'text' : 'number'}, text(point))));
    }

    /** Scrolls to the point's row, if it has one that cannot be seen. */
    #reveal(point) {
        const place = this.order.indexOf(point);
        if (place < 0) return;
        const {scrollTop, clientHeight} = this.#scroller;
        const top = place * rowHeight;
        if (top < scrollTop) this.#scroller.scrollTop = top;
        if (top + 2 * rowHeight > scrollTop + clientHeight) this.#scroller.scrollTop = top + 2 * rowHeight - clientHeight;
    }

    #key(event) {
        if (event.target !== this.#scroller) return;
        const order = this.order;
        const at = order.indexOf(this.#selection.chosen);
        const page = Math.max(1, Math.floor(this.#scroller.clientHeight / rowHeight) - 2);
        const to = {ArrowUp: at - 1, ArrowDown: at + 1, PageUp: at - page, PageDown: at + page, Home: 0, End: order.length - 1}[event.key];
        if (event.key === 'Escape') {
            this.#selection.choose(-1);
        } else if (to === undefined || order.length === 0) {
            return;
        } else {
            this.#selection.choose(order[Math.min(order.length - 1, Math.max(0, to))]);
        }
        event.preventDefault();
    }
}
