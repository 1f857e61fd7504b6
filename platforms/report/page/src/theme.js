// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Light, dark, or as the system has it.
import {select} from './dom.js';

export function themeControl(changes) {
    window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => changes.notify());
    return select('Theme', [['auto', 'as the system'], ['light', 'light'], ['dark', 'dark']], (theme) => {
        if (theme === 'auto') {
            delete document.documentElement.dataset.theme;
        } else {
            document.documentElement.dataset.theme = theme;
        }
        changes.notify();
    });
}
