// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What the sweep is, in a few lines.
import {element} from '../dom.js';
import {whole} from '../format.js';

const arrow = {min: '↓', max: '↑'};

export function overview(sweep) {
    const states = sweep.states.map((state, code) => [state, sweep.stateCounts[code]]).filter(([, count]) => count > 0);
    const onFront = sweep.front.reduce((sum, one) => sum + (one === 1 ? 1 : 0), 0);
    const held = sweep.variables.filter((one) => one.kind === 'held').map((one) => one.label);
    const rows = [
        ['Points', `${whole(sweep.points)}: ${states.map(([state, count]) => `${whole(count)} ${state}`).join(', ')}`],
        sweep.points < sweep.points_in_all && ['Shown', `of ${whole(sweep.points_in_all)} points those of the Pareto front, and of the `
            + 'others so many at even distances; all figures on this page are of these'],
        ['Objectives', sweep.objectives.map((one) => `${arrow[one.direction]} ${one.key}`).join(', ') || 'none'],
        ['Pareto front', `${whole(onFront)} points${held.length > 0 ? `, of each value of ${held.join(', ')}` : ''}`],
        sweep.constraints.length > 0 && ['Constraints', sweep.constraints.join(', ')],
        ['Varied', sweep.variables.map((one) => `${one.label} (${one.levels.length})`).join(', ')],
        ['Stages', sweep.stages.map(({name, command, steps, keep}, i) => [name === command ? name : `${name}: ${command}`,
            steps !== null && `${whole(steps)} steps`, i > 0 && (keep === '1 fronts' ? 'of the front' : `of ${keep}`)].filter(Boolean).join(', ')).join(' → ')],
    ].filter(Boolean);
    return element('dl', {class: 'facts'}, rows.map(([what, text]) => element('div', {}, element('dt', {}, what), element('dd', {}, text))));
}
