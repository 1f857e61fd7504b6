// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Colours of points: of few texts Okabe and Ito's as in ../page.css, of numbers a ramp whose lightness only grows, so that
// it can be read whatever colours one sees. Pixels are 0xAABBGGRR.
import {short} from '../format.js';
import {valueText} from './sweep.js';

const categories = 8;

/** '#rrggbb' as a pixel. */
export function pixel(hex) {
    const value = parseInt(hex.slice(1), 16);
    return 0xff000000 | ((value & 0xff) << 16) | (value & 0xff00) | (value >> 16);
}

export const css = (colour) => `rgb(${colour & 255}, ${(colour >> 8) & 255}, ${(colour >> 16) & 255})`;

const known = new Map();  // asking for a style makes the browser compute all of them

/** The value of a custom property of the pages' styles, as it is in the present theme. */
export function themeColour(name) {
    if (!known.has(name)) known.set(name, getComputedStyle(document.documentElement).getPropertyValue(name).trim());
    return known.get(name);
}

/** The theme is another one. */
export const forgetTheme = () => known.clear();

/** Of `stops`, [[r, g, b], ...] at even distances, the one at `place` from 0 to 1. */
function between(stops, place) {
    const at = Math.min(Math.max(place, 0), 1) * (stops.length - 1);
    const i = Math.min(Math.floor(at), stops.length - 2);
    const [r, g, b] = stops[i].map((from, k) => Math.round(from + (stops[i + 1][k] - from) * (at - i)));
    return 0xff000000 | (b << 16) | (g << 8) | r;
}

const rampSteps = 64;
function ramp() {
    const stops = ['--ramp-0', '--ramp-1', '--ramp-2', '--ramp-3'].map((name) => {
        const value = pixel(themeColour(name));
        return [value & 255, (value >> 8) & 255, (value >> 16) & 255];
    });
    return Int32Array.from({length: rampSteps}, (_, i) => between(stops, i / (rampSteps - 1)));
}

/** {of: a pixel for each point, legend: {steps: [[css, text]]} or {ramp: [css], from, to}}; `one` is null for one colour. */
export function paint(one, scale, points) {
    const of = new Int32Array(points);
    if (!one) {
        of.fill(pixel(themeColour('--run-0')));
        return {of, legend: null};
    }
    const nothing = pixel(themeColour('--run-6'));
    if (scale.kind === 'bands' && scale.levels.length <= categories) {
        const fills = scale.levels.map((_, i) => (one.texts ? pixel(themeColour(`--run-${i}`))
            : ramp()[Math.round((rampSteps - 1) * i / Math.max(1, scale.levels.length - 1))]));
        const place = new Map(scale.levels.map((level, i) => [level, fills[i]]));
        for (let i = 0; i < points; ++i) of[i] = place.get(one.values[i]) ?? nothing;
        return {of, legend: {steps: scale.levels.map((level, i) => [css(fills[i]), valueText(one, level, short)])}};
    }
    const steps = ramp();
    for (let i = 0; i < points; ++i) {
        const at = scale.position(one.values[i]);
        of[i] = Number.isFinite(at) ? steps[Math.min(rampSteps - 1, Math.max(0, Math.floor(at * rampSteps)))] : nothing;
    }
    return {of, legend: {ramp: Array.from(steps, css), from: valueText(one, one.min, short), to: valueText(one, one.max, short)}};
}
