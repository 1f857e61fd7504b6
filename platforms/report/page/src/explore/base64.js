// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Columns of numbers out of base64. Typed arrays have the machine's byte order: little-endian wherever browsers run.

function bytesOf(text) {
    const raw = atob(text);
    const bytes = new Uint8Array(raw.length);
    for (let i = 0; i < raw.length; ++i) bytes[i] = raw.charCodeAt(i);
    return bytes;
}

/** All of a column as a `Type`, such as Float64Array. */
export const column = (text, Type) => new Type(bytesOf(text).buffer);

/** Bytes from `from` to before `to`, without decoding others than their neighbours. */
export function part(text, from, to) {
    const first = Math.floor(from / 3);
    const bytes = bytesOf(text.slice(first * 4, Math.ceil(to / 3) * 4));
    return bytes.slice(from - first * 3, to - first * 3);
}
