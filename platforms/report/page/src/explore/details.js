// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// All that is known of the chosen point: settings, figures, where its energy and its time went.
import {element, legend} from '../dom.js';
import {percent, short} from '../format.js';
import {themeColour} from './colours.js';
import {valueText} from './sweep.js';

/** Bars from 0 to `most`: [name, [[length, class], ...], what is written]. */
function bars(title, rows, most, note = null) {
    return element('div', {class: 'bars', role: 'table', 'aria-label': title}, element('h4', {}, title), note,
        rows.map(([name, parts, text]) => element('div', {role: 'row'}, element('span', {role: 'rowheader'}, name),
            element('span', {class: 'bar-room', 'aria-hidden': 'true'}, parts.map(([length, kind]) => {
                const bar = element('i', {class: kind});
                bar.style.width = `${most > 0 ? 100 * length / most : 0}%`;
                return bar;
            })), element('span', {role: 'cell', class: 'bar-value'}, text))));
}

function energyBars(energy) {
    const sorted = [...energy].map(({name, numbers: [joules]}) => ({name, joules})).sort((x, y) => y.joules - x.joules);
    const total = sorted.reduce((sum, {joules}) => sum + joules, 0);
    return bars(`Energy by component, ${short(total)} J`, sorted.filter(({joules}) => joules > 0).map(({name, joules}) =>
        [name, [[joules, 'energy']], `${short(joules)} J · ${percent(joules / total, 1)}`]), sorted[0].joules);
}

function timeBars(time) {
    return bars('Time by unit, of all cycles', time.map(({name, numbers: [busy, waiting]}) => [name,
        [[busy - waiting, 'busy'], [waiting, 'waiting']],
        waiting > 0.0005 ? `${percent(busy, 1)} · ${percent(waiting, 1)} waited for` : percent(busy, 1)]), 1,
    legend([[themeColour('--run-2'), 'busy'], [themeColour('--run-1'), 'busy while commands wait']]));
}

const list = (rows) => element('dl', {}, rows.flatMap(([what, value, title]) =>
    [element('dt', {title: title ?? what}, what), element('dd', {}, value)]));

export function detailsPanel(sweep, selection) {
    const panel = element('div', {class: 'details', role: 'region', 'aria-label': 'The chosen point', 'aria-live': 'polite'});
    const draw = () => {
        const point = selection.chosen;
        panel.dataset.point = String(point);
        if (point < 0) {
            panel.replaceChildren(element('h3', {}, 'No point chosen'),
                element('p', {class: 'note'}, 'Click a point in the plot or a row of the table, or walk with the arrow keys, to see '
                    + 'its settings, its figures and where its energy and time go.'));
            return;
        }
        const front = sweep.front[point];
        const {energy, time} = sweep.detailsOf(point);
        const figures = (all) => list(all.filter((one) => !Number.isNaN(one.values[point])).map((one) =>
            [one.label + ({min: ' ↓', max: ' ↑'}[one.direction] ?? ''), valueText(one, one.values[point], short), `${one.key}: ${one.values[point]}`]));
        const stage = sweep.stages.length > 1 ? `, stage ${sweep.stages[sweep.stage[point]].name}` : '';
        panel.replaceChildren(...[
            element('div', {class: 'row'}, element('h3', {}, `Point ${point}`),
                element('button', {type: 'button', onclick: () => selection.choose(-1)}, 'Let go')),
            element('p', {class: 'note'}, [sweep.stateOf(point) + stage, front === 1 ? 'on the Pareto front' : front > 1 ? `on front ${front}` : null,
                selection.mask[point] ? null : 'not brushed'].filter(Boolean).join(' · ')),
            sweep.errors[point] ? element('p', {class: 'error'}, sweep.errors[point]) : null,
            element('h4', {}, 'Settings'),
            list(sweep.variables.map((one) => [one.label, one.written(point), one.key])),
            sweep.objectives.length > 0 ? element('h4', {}, 'Objectives') : null,
            figures(sweep.objectives),
            energy.length > 0 ? energyBars(energy) : null,
            time.length > 0 ? timeBars(time) : null,
            element('h4', {}, 'Figures'),
            figures(sweep.figures.filter((one) => one.kind !== 'objective')),
            sweep.folders[point] ? element('p', {class: 'note'}, `Run folder: runs/${sweep.folders[point]}`) : null,
        ].filter(Boolean));
    };
    selection.listen((what) => {
        if (what !== 'brush') draw();
    });
    draw();
    return {panel, draw};
}
