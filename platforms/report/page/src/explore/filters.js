// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Boxes that leave points out: by state, by front, and by each value of what has texts or few values.
import {element} from '../dom.js';
import {short} from '../format.js';
import {valueText} from './sweep.js';

const most = 12;  // values; of more, an axis is the better filter

function group(title, boxes) {
    return element('fieldset', {}, element('legend', {}, title), boxes);
}

function box(text, checked, onchange) {
    const made = element('input', {type: 'checkbox', checked, onchange: () => onchange(made.checked)});
    return {made, label: element('label', {class: 'box'}, made, element('span', {}, text))};
}

export function filterBoxes(sweep, selection) {
    const restore = [];
    const boxes = (key, entries) => entries.map(([value, text]) => {
        const {made, label} = box(text, true, (shown) => selection.show(key, value, shown));
        restore.push(() => { made.checked = selection.isShown(key, value); });
        return label;
    });
    const groups = [];
    const states = sweep.states.map((state, code) => [code, `${state} (${sweep.stateCounts[code].toLocaleString('en-US')})`])
        .filter(([code]) => sweep.stateCounts[code] > 0);
    if (states.length > 1) groups.push(group('State', boxes('state', states)));
    if (sweep.fronts.known > 0) {
        const {made, label} = box('Pareto front alone', false, (only) => selection.showFronts(only ? 1 : Infinity));
        restore.push(() => { made.checked = selection.fronts === 1; });
        groups.push(group('Front', [label]));
    }
    const categorical = sweep.variables.filter((one) => one.varies && one.levels.length <= most && (one.texts || one.kind === 'held'));
    const others = sweep.variables.filter((one) => one.varies && one.levels.length <= most && !categorical.includes(one));
    const of = (one) => group(one.label, boxes(one, one.levels.map((level) => [level, valueText(one, level, short)])));
    groups.push(...categorical.map(of));
    selection.listen((what) => {
        if (what === 'brushed') for (const one of restore) one();
    });
    if (groups.length + others.length === 0) return null;
    return element('div', {class: 'filters', role: 'group', 'aria-label': 'Filters'}, groups,
        others.length > 0 && element('details', {}, element('summary', {}, 'By values of other settings'),
            element('div', {class: 'filters'}, others.map(of))));
}
