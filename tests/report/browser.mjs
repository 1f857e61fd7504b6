// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A headless Chromium of its own, and a page in it that notes whatever the report must not do.
import {mkdtemp, rm} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {pathToFileURL} from 'node:url';

const {WAGESIM_NODE_MODULES, WAGESIM_CHROMIUM} = process.env;

/** The program, which may not be there. */
export const chromium = WAGESIM_CHROMIUM || '/usr/bin/chromium';

const hasChart = () => document.querySelector('.chart svg path') !== null;

/** {open(file, width, options), close()}; a page is open once its `isReady` is true there. */
export async function startBrowser() {
    const playwright = createRequire(path.join(WAGESIM_NODE_MODULES, 'from-here.js'))('playwright-core');
    const profile = await mkdtemp(path.join(tmpdir(), 'wagesim-chromium-'));
    const context = await playwright.chromium.launchPersistentContext(profile, {
        executablePath: chromium,
        headless: true,
        args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
            '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    });
    return {
        async open(file, width, {colorScheme = 'light', height = 900, isReady = hasChart} = {}) {
            const page = await context.newPage();
            const seen = {errors: [], requests: []};
            page.on('console', (message) => {
                if (['error', 'warning'].includes(message.type())) seen.errors.push(message.text());
            });
            page.on('pageerror', (error) => seen.errors.push(String(error)));
            page.on('dialog', (dialog) => {
                seen.errors.push(`dialog: ${dialog.message()}`);
                dialog.dismiss();
            });
            await page.route('**/*', (route) => {
                const url = route.request().url();
                if (url === pathToFileURL(file).href) return route.continue();
                seen.requests.push(url);
                return route.abort();
            });
            await page.setViewportSize({width, height});
            await page.emulateMedia({colorScheme, reducedMotion: 'reduce'});  // boxes stay where they are measured
            await page.goto(pathToFileURL(file).href);
            await page.waitForFunction(isReady);
            return {page, seen};
        },
        async close() {
            await context.close();
            await rm(profile, {recursive: true, force: true});
        },
    };
}
