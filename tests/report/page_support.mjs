// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What the tests of both pages begin with: a browser or no tests at all, the program, a run that takes no time, and a name that
// no page may take for markup.
import {execFileSync} from 'node:child_process';
import {existsSync} from 'node:fs';

import {chromium} from './browser.mjs';

const {WAGESIM_BINARY, WAGESIM_SOURCE_DIR} = process.env;

export const evil = '</script><img src=x onerror=alert(1)> & "quoted"';

/** Ends the process, its tests skipped, where there is no browser. */
export function skipWithoutChromium() {
    if (existsSync(chromium)) return;
    console.log('no Chromium: scripts/install-deps.sh installs it');
    process.exit(0);
}

/** What the program prints. */
export const wagesim = (...args) => execFileSync(WAGESIM_BINARY, args, {encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit']});

/** A run file. */
export const tinyRun = ({batch, epochs}) => `name: tiny
seed: 7
network:
  name: tiny
  input: {channels: 1, height: 6, width: 6}
  layers:
    - conv: {filters: 4, kernel: 3, pool: 2}
    - dense: {units: 10}
chip: ${WAGESIM_SOURCE_DIR}/configs/chips/small.yaml
data: {format: synthetic, count: 100, test_count: 30, classes: 10, range: unit}
training: {batch: ${batch}, epochs: ${epochs}, eta: {0: 0}}
`;
