// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Shapes of points as coverage of pixels, 0 to 256: a disc for what is done, a diamond for the front, a cross for what breaks
// a constraint. Shapes tell what colours need not.

const samples = 4;

/** `inside(x, y)`, coordinates from the middle in pixels. */
function mark(radius, inside) {
    const size = 2 * Math.ceil(radius) + 1;
    const cover = new Uint16Array(size * size);
    for (let i = 0; i < cover.length; ++i) {
        let hits = 0;
        for (let k = 0; k < samples * samples; ++k) {
            const x = (i % size) + ((k % samples) + 0.5) / samples - size / 2;
            const y = Math.floor(i / size) + (Math.floor(k / samples) + 0.5) / samples - size / 2;
            if (inside(x, y)) ++hits;
        }
        cover[i] = Math.round(256 * hits / (samples * samples));
    }
    return {size, cover};
}

export const disc = (radius) => mark(radius, (x, y) => x * x + y * y <= radius * radius);
export const diamond = (radius) => mark(radius, (x, y) => Math.abs(x) + Math.abs(y) <= radius);
export const cross = (radius, thick) => mark(radius, (x, y) =>
    Math.abs(Math.abs(x) - Math.abs(y)) <= thick && Math.max(Math.abs(x), Math.abs(y)) <= radius * 0.75);
