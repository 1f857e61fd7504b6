// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Points as comma-separated values, as `wagesim sweep export` has them where it has the same: RFC 4180 with plain newlines,
// variables as ROLE:KEY, what is missing empty. Numbers are those of the results, in full.

/** In quotes where it needs them. */
function field(text) {
    return /[",\n\r]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const line = (fields) => `${fields.map(field).join(',')}\n`;

export function csvOf(sweep, points) {
    const head = [...sweep.variables.map(({kind, key}) => (kind === 'seed' && key === 'seed' ? key : `${kind}:${key}`)), 'state', 'stage', 'front',
        ...sweep.figures.map(({key}) => key), 'run', 'error'];
    const number = (value) => (Number.isNaN(value) ? '' : String(value));
    const rows = Array.from(points, (i) => line([
        ...sweep.variables.map((one) => one.written(i)),
        sweep.stateOf(i),
        sweep.stages[sweep.stage[i]].name,
        sweep.front[i] > 0 ? String(sweep.front[i]) : '',
        ...sweep.figures.map(({values}) => number(values[i])),
        sweep.folders[i] ? `runs/${sweep.folders[i]}` : '',
        sweep.errors[i] ?? '',
    ]));
    return line(head) + rows.join('');
}

/** Offers `text` as a file, without leaving the page. */
export function download(name, text) {
    const url = URL.createObjectURL(new Blob([text], {type: 'text/csv'}));
    const link = document.createElement('a');
    link.href = url;
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
