// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The linked views of one sweep, with their controls. What they share is the selection; none knows of another.
import {element, section, select} from '../dom.js';
import {whole} from '../format.js';
import {paint} from './colours.js';
import {csvOf, download} from './csv.js';
import {detailsPanel} from './details.js';
import {filterBoxes} from './filters.js';
import {overview} from './overview.js';
import {Painter} from './painter.js';
import {Parallel} from './parallel.js';
import {makeScale, spreads} from './scale.js';
import {Scatter} from './scatter.js';
import {Selection} from './selection.js';
import {PointTable} from './table.js';

const mostAxes = 9;  // at first

/** A labelled box. */
function tick(label, checked, onchange) {
    const made = element('input', {type: 'checkbox', checked, onchange: () => onchange(made.checked)});
    return {made, node: element('label', {class: 'box'}, made, element('span', {}, label))};
}

/** Groups a <select>'s options; values are places in `dimensions`. */
function chooser(label, dimensions, chosen, none, onchange) {
    const options = dimensions.map((one) => [String(dimensions.indexOf(one)), one.label]);
    const control = select(label, none ? [['', none], ...options] : options, (value) => onchange(dimensions[value] ?? null));
    control.querySelector('select').value = chosen ? String(dimensions.indexOf(chosen)) : '';
    return control;
}

/** What is worth an axis: what varies, and objectives anyway. */
const worthy = (sweep) => sweep.dimensions.filter((one) => one.varies || one.kind === 'objective');

function parallelSection(sweep, parallel) {
    const all = worthy(sweep);
    const variables = all.filter((one) => ['free', 'held', 'seed'].includes(one.kind));
    const objectives = sweep.objectives;
    const first = [...variables.slice(0, Math.max(2, mostAxes - objectives.length)), ...objectives];
    const shown = new Set(first.length > 1 ? first : all.slice(0, 2));
    const update = () => parallel.setAxes(all.filter((one) => shown.has(one)));
    update();
    const boxes = all.map((one) => tick(one.label, shown.has(one), (on) => {
        if (on) shown.add(one); else shown.delete(one);
        update();
    }).node);
    return section('parallel', 'Parallel coordinates',
        element('p', {class: 'note'}, 'Drag along an axis to keep the lines that pass there; drag the interval or its ends; with Shift, '
            + 'add another; click beside it to clear. By keyboard: Tab to an axis, Enter makes an interval, arrows move it, with Shift '
            + 'its upper and with Alt its lower end, Escape clears.'),
        element('details', {}, element('summary', {}, 'Axes'), element('div', {class: 'filters', role: 'group', 'aria-label': 'Axes'}, boxes)),
        element('div', {class: 'scroll-parallel'}, parallel.frame),
        element('p', {class: 'legend'}, [['', 'Pareto front'], ['chosen', 'chosen point'], ['out', 'not brushed']].map(([kind, text]) =>
            element('span', {}, element('i', {class: `line ${kind}`}), text)), element('span', {}, 'other colours as below')));
}

function scatterSection(sweep, scatter, parallel, details) {
    const all = worthy(sweep);
    const [one, two] = sweep.objectives;
    const numbers = all.filter((each) => !each.texts);
    const x = two ? one : numbers.find((each) => each !== one) ?? one ?? all[0];
    const state = {x: x ?? sweep.fronts, y: two ?? one ?? all[1] ?? sweep.fronts, colour: null};
    state.colour = sweep.variables.find((each) => each.varies) ?? null;
    const logs = {};
    const update = () => {
        for (const axis of ['x', 'y']) {
            logs[axis].made.disabled = Boolean(state[axis].texts) || !(state[axis].min > 0);
            if (logs[axis].made.disabled) logs[axis].made.checked = false;
        }
        scatter.setAxes(...['x', 'y'].map((axis) => ({dimension: state[axis], log: logs[axis].made.checked})));
    };
    const key = element('div', {class: 'key'});
    const recolour = () => {
        const {colour} = state;
        const painted = paint(colour, colour && makeScale(colour, {even: true, log: spreads(colour)}), sweep.points);
        for (const view of [scatter, parallel]) view.setColours(painted.of);
        key.replaceChildren(...colourKey(colour, painted.legend));
    };
    for (const axis of ['x', 'y']) {
        logs[axis] = tick('log', spreads(state[axis]), update);
        logs[axis].made.setAttribute('aria-label', `${axis} logarithmic`);
    }
    const axisControls = ['x', 'y'].map((axis) => element('div', {class: 'with-log'},
        chooser(axis === 'x' ? 'Across' : 'Up', all, state[axis], null, (chosen) => {
            state[axis] = chosen;
            logs[axis].made.checked = spreads(chosen);
            update();
        }), logs[axis].node));
    const colourControl = chooser('Colour', all, state.colour, 'one for all', (chosen) => {
        state.colour = chosen;
        recolour();
    });
    update();
    recolour();
    const made = section('scatter', 'Points',
        element('div', {class: 'controls'}, axisControls, colourControl),
        element('div', {class: 'beside'}, element('div', {}, scatter.frame, key), details));
    return {made, recolour};
}

/** What marks and colours stand for. */
function colourKey(one, legend) {
    const shape = (kind, text) => element('span', {}, element('i', {class: `shape ${kind}`}), text);
    const out = [element('p', {class: 'legend'}, shape('dot', 'point'), shape('diamond', 'Pareto front'), shape('cross', 'breaks a constraint'))];
    if (!legend) return out;
    const line = element('p', {class: 'legend'}, element('span', {}, `${one.label}:`));
    for (const [fill, text] of legend.steps ?? []) {
        const mark = element('i', {});
        mark.style.background = fill;
        line.append(element('span', {}, mark, text));
    }
    if (legend.ramp) {
        const bar = element('i', {class: 'ramp'});
        bar.style.background = `linear-gradient(90deg, ${legend.ramp.join(', ')})`;
        line.append(element('span', {}, legend.from), bar, element('span', {}, legend.to));
    }
    return [...out, line];
}

function statusBar(sweep, selection, table) {
    const text = element('output', {'aria-live': 'polite'});
    const clear = element('button', {type: 'button', onclick: () => selection.clear()}, 'Clear all');
    const save = element('button', {type: 'button', onclick: () => download(`${sweep.name.replace(/[^\w.-]+/g, '_')}.csv`, csvOf(sweep, table.order))},
        'Export CSV');
    const chips = element('span', {class: 'chips'});
    const update = () => {
        text.textContent = `${whole(selection.count)} of ${whole(sweep.points)} points`;
        clear.disabled = !selection.isFiltered;
        save.disabled = selection.count === 0;
        chips.replaceChildren(...selection.brushed.map((one) => element('button', {type: 'button', class: 'chip',
            'aria-label': `Clear the interval of ${one.key}`, onclick: () => selection.setIntervals(one, [])}, one.label, ' ×')));
    };
    selection.listen((what) => {
        if (what === 'brush') text.textContent = `${whole(selection.count)} of ${whole(sweep.points)} points`;
        if (what === 'brushed') update();
    });
    update();
    return element('div', {class: 'status', role: 'group', 'aria-label': 'Brushed points'}, text, chips, clear, save);
}

/** {sections, draw, dispose, isIdle}: `draw` is for another theme. */
export function makeViews(sweep) {
    if (sweep.points === 0) {
        return {sections: [section('sweep', sweep.name || 'Sweep', overview(sweep),
            element('p', {class: 'note empty'}, 'No point of this sweep has been begun yet.'))], draw() {}, dispose() {}, isIdle: () => true};
    }
    const painter = new Painter();
    const selection = new Selection(sweep);
    const scatter = new Scatter(sweep, selection, painter);
    const parallel = new Parallel(sweep, selection, painter);
    const columns = [sweep.fronts, ...sweep.variables, ...sweep.figures].filter((one) => one.varies || one.kind === 'objective' || one === sweep.fronts);
    const table = new PointTable(sweep, selection, painter, columns);
    const {panel, draw} = detailsPanel(sweep, selection);
    const points = scatterSection(sweep, scatter, parallel, panel);
    const filters = filterBoxes(sweep, selection);
    return {
        sections: [
            section('sweep', sweep.name || 'Sweep', overview(sweep), filters),
            parallelSection(sweep, parallel),
            points.made,
            section('table', 'Table', element('p', {class: 'note'}, 'The brushed points; a head sorts, a row is chosen by a click or by arrow keys.'),
                table.frame),
            statusBar(sweep, selection, table),
        ],
        draw() {
            points.recolour();
            scatter.restyle();
            parallel.restyle();
            draw();
        },
        dispose() {
            scatter.dispose();
            parallel.dispose();
        },
        isIdle: () => painter.isIdle && scatter.isComplete && parallel.isComplete,
        selection,
        placeOf: (point) => scatter.placeOf(point),
    };
}
