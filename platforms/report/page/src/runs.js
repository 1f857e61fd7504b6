// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The table of runs: which are shown, and what came out. It is the legend of every chart.
import {element, section, table} from './dom.js';
import {duration, percent, short, whole} from './format.js';

const svgNamespace = 'http://www.w3.org/2000/svg';

/** The run's line and colour. */
export function swatch(run) {
    const svg = document.createElementNS(svgNamespace, 'svg');
    svg.setAttribute('class', 'swatch');
    svg.setAttribute('viewBox', '0 0 34 12');
    svg.setAttribute('aria-hidden', 'true');
    const line = document.createElementNS(svgNamespace, 'path');
    line.setAttribute('d', 'M1 6H33');
    line.setAttribute('stroke', `var(${run.colour})`);
    line.setAttribute('stroke-width', '3');
    if (run.dash !== 'solid') line.setAttribute('stroke-dasharray', run.dash.join(' '));
    svg.append(line);
    return svg;
}

export function runsSection(data, changes) {
    const rows = data.runs.map((run) => {
        const box = element('input', {type: 'checkbox', checked: true, onchange: () => {
            run.shown = box.checked;
            changes.notify();
        }});
        const last = run.epochs.length > 0 ? run.epochs[run.epochs.length - 1] : {};
        const tested = run.epochs.map((row) => row.test_error).filter((error) => error !== null);
        const result = run.result ?? {};
        return [
            element('label', {class: 'run'}, box, swatch(run), element('span', {}, run.label)),
            percent(result.final_test_error ?? last.test_error),
            percent(tested.length > 0 ? Math.min(...tested) : null),
            percent(last.train_error),
            short(last.loss),
            whole(run.epochs.length),
            whole(result.steps),
            duration(result.wall_seconds),
            run.complete ? run.command : 'not complete',
        ];
    });
    return section('runs', 'Runs',
        element('p', {class: 'note'}, 'Untick a run to leave it out of the charts. Errors are of the last epoch.'),
        table('Results', ['run', 'test error', 'lowest test error', 'training error', 'loss', 'epochs', 'steps', 'wall time',
            'command'], rows));
}
