// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A sweep as ../../../sweep_json.hpp lays it out, decoded: dimensions (variables, figures, the front's number) with a number
// for every point, and details of one point when they are asked for.
import {column, part} from './base64.js';

const indexTypes = {1: Uint8Array, 2: Uint16Array, 4: Uint32Array};
const indices = ({bytes, data}) => column(data, indexTypes[bytes]);

/** What all views know a column by. `values` are numbers; of texts, their places in `texts`. `levels` are the distinct
 *  values of a variable, in ascending order; null of a figure. */
function dimension(fields) {
    let min = Infinity;
    let max = -Infinity;
    let known = 0;
    for (const value of fields.values) {
        if (Number.isNaN(value)) continue;
        ++known;
        if (value < min) min = value;
        if (value > max) max = value;
    }
    return {texts: null, levels: null, direction: null, ...fields, min, max, known, varies: known > 0 && min < max};
}

function variableDimension({key, role, numeric, values, index}) {
    const codes = indices(index);
    const numbers = values.map((text, code) => (numeric ? Number(text) : code));
    return dimension({
        key,
        kind: role,
        texts: numeric ? null : values,
        levels: [...new Set(numbers)],
        values: Float64Array.from(codes, (code) => numbers[code]),
        written: (point) => values[codes[point]],
    });
}

const figureDimension = ({field, direction, data}) =>
    dimension({key: field, kind: direction ? 'objective' : 'figure', direction, values: column(data, Float64Array)});

/** Keys without `chip.`, where that leaves them different. */
function label(dimensions) {
    const short = (key) => key.replace(/^chip\./, '');
    for (const one of dimensions) {
        const alike = dimensions.filter((other) => short(other.key) === short(one.key));
        one.label = alike.length === 1 ? short(one.key) : one.key;
    }
}

/** Energy by component and time by unit of a point; null where it has none. */
function details({components, units, data}, point) {
    const width = components.length + 2 * units.length;
    const row = width > 0 ? new Float32Array(part(data, 4 * width * point, 4 * width * (point + 1)).buffer) : [];
    const known = (entries) => entries.filter(({numbers}) => !numbers.some(Number.isNaN));
    return {
        energy: known(components.map((name, i) => ({name, numbers: [row[i]]}))),
        time: known(units.map((name, i) => ({
            name,
            numbers: [row[components.length + i], row[components.length + units.length + i]],
        }))),
    };
}

export function readSweep(raw) {
    const front = indices(raw.front);
    const variables = raw.variables.map(variableDimension);
    const figures = raw.figures.map(figureDimension);
    const fronts = dimension({key: 'front', kind: 'front', values: Float64Array.from(front, (one) => (one > 0 ? one : NaN))});
    const dimensions = [...variables, ...figures, fronts];
    label(dimensions);
    const state = indices(raw.state);
    const counts = raw.states.map((_, code) => state.reduce((sum, one) => sum + (one === code ? 1 : 0), 0));
    return {
        ...raw,
        front,
        fronts,
        variables,
        figures,
        dimensions,
        objectives: figures.filter((one) => one.kind === 'objective'),
        state,
        stateCounts: counts,
        stage: indices(raw.stage),
        stateOf: (point) => raw.states[state[point]],
        detailsOf: (point) => details(raw.details, point),
    };
}

/** A dimension's value as people read it. */
export function valueText(one, value, format) {
    return one.texts && Number.isInteger(value) ? one.texts[value] ?? '–' : format(value);
}
