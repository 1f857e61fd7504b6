// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Numbers as people read them. null and NaN are a dash.

const missing = (value) => value === null || value === undefined || Number.isNaN(value);

/** 1234567 -> "1,234,567". */
export const whole = (value) => (missing(value) ? '–' : Math.round(value).toLocaleString('en-US'));

/** Four significant digits: "0.08125", "12.3", "1.66e+4" never below a million. */
export function short(value) {
    if (missing(value)) return '–';
    if (value === 0) return '0';
    const size = Math.abs(value);
    if (size >= 1e6 || size < 1e-3) return value.toExponential(2);
    return size >= 1000 ? whole(value) : String(Number(value.toPrecision(4)));
}

/** A fraction in percent: 0.1234 -> "12.34 %"; what would read 0 though it is not becomes "3e-5 %". */
export function percent(fraction, digits = 2) {
    if (missing(fraction)) return '–';
    const value = 100 * fraction;
    if (value !== 0 && Math.abs(value) < 0.5 * 10 ** -digits) return `${value.toExponential(0)} %`;
    return `${value.toFixed(digits)} %`;
}

const units = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'];
/** 22540197888 -> "22.5 GB". */
export function bytes(value) {
    if (missing(value)) return '–';
    let unit = 0;
    while (value >= 999.5 && unit < units.length - 1) {
        value /= 1000;
        ++unit;
    }
    return unit === 0 ? `${value} ${units[0]}` : `${value.toPrecision(3)} ${units[unit]}`;
}

/** Seconds: "0.41 s", "12.3 s", "3 min 05 s", "2 h 07 min". */
export function duration(seconds) {
    if (missing(seconds)) return '–';
    if (seconds < 60) return `${Number(seconds.toPrecision(3))} s`;
    const pad = (value) => String(value).padStart(2, '0');
    const minutes = Math.floor(seconds / 60);
    if (minutes < 60) return `${minutes} min ${pad(Math.floor(seconds % 60))} s`;
    return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
}

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';
/** power(2, 10) -> "2¹⁰". */
export function power(base, exponent) {
    const digits = String(Math.abs(exponent)).replace(/\d/g, (digit) => superscripts[digit]);
    return `${base}${exponent < 0 ? '⁻' : ''}${digits}`;
}
