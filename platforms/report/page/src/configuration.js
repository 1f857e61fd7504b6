// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// How the runs were configured: settings side by side, those that differ marked, and each run file in full.
import {element, section, table} from './dom.js';

export function configurationSection(data) {
    const names = [...new Set(data.runs.flatMap((run) => run.settings.map(([name]) => name)))];
    const rows = names.map((name) => {
        const values = data.runs.map((run) => run.settings.find(([own]) => own === name)?.[1] ?? '–');
        const differs = new Set(values).size > 1;
        return [differs ? element('span', {class: 'differs'}, `${name} ≠`) : name,
            ...values.map((value) => (differs ? element('b', {}, value) : value))];
    });
    return section('configuration', 'Configuration',
        table(data.runs.length > 1 ? 'Settings; ≠ marks those that differ' : 'Settings',
            ['setting', ...data.runs.map((run) => run.label)], rows, {numeric: false}),
        data.runs.map((run) => element('details', {},
            element('summary', {}, `Run file of ${run.label}`),
            element('p', {class: 'note'}, run.folder, run.result ? ` · wagesim ${run.result.version} · hash ${run.result.config_hash}` : ''),
            element('pre', {tabindex: '0'}, run.config))));
}
