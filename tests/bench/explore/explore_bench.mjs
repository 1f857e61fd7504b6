// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The explorer page with many points in headless Chromium, drawn without a graphics processor: how long it takes to open, and
// how long frames are while an interval is dragged.
//   node explore_bench.mjs [BUILD_FOLDER [POINTS]]      (build/release, 10000)
import {execFileSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import {mkdtemp, rm, stat} from 'node:fs/promises';
import {cpus, tmpdir} from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const [build = path.join(here, '../../../build/release'), points = '10000'] = process.argv.slice(2);
process.env.WAGESIM_NODE_MODULES ??= path.join(path.resolve(build), 'platforms/report/npm/node_modules');
process.env.WAGESIM_CHROMIUM ??= '/usr/bin/chromium';
if (!existsSync(process.env.WAGESIM_CHROMIUM)) throw new Error('no Chromium: scripts/install-deps.sh installs it');
const {startBrowser} = await import('../../report/browser.mjs');

const isReady = () => document.documentElement.explorer?.isIdle();
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(2)} MB`;
const quantile = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];

/** Seconds that the page's thread has computed; those that it waited for a core do not count. */
async function computed(session) {
    const {metrics} = await session.send('Performance.getMetrics');
    return metrics.find(({name}) => name === 'TaskDuration').value;
}

/** {times, busy}: milliseconds between frames while `work` goes on, and those of them that the page's thread computes. */
async function frames(page, session, work) {
    const before = await computed(session);
    await page.evaluate(() => {
        window.frameTimes = [];
        let last = performance.now();
        const note = () => {
            const now = performance.now();
            window.frameTimes.push(now - last);
            last = now;
            window.framesNoted = requestAnimationFrame(note);
        };
        window.framesNoted = requestAnimationFrame(note);
    });
    await work();
    const times = await page.evaluate(() => {
        cancelAnimationFrame(window.framesNoted);
        return window.frameTimes.slice(1);
    });
    return {times, busy: 1000 * (await computed(session) - before) / times.length};
}

function print(what, {times, busy}) {
    const sorted = [...times].sort((x, y) => x - y);
    const [median, late, most] = [0.5, 0.95, 1].map((part) => quantile(sorted, part).toFixed(1));
    console.log(`${what}: median ${median} ms, 95 % within ${late} ms, longest ${most} ms; ${busy.toFixed(1)} ms of computing (${times.length} frames)`);
}

/** Presses at one place of an axis, from 0 to 1, and moves over the others. */
async function drag(page, key, places) {
    const track = page.locator(`.axis[data-key="${key}"] .track`);
    await track.evaluate((at) => at.scrollIntoView({block: 'center', inline: 'center'}));
    const box = await track.boundingBox();
    const x = box.x + box.width / 2;
    const y = (place) => box.y + (1 - place) * box.height;
    await page.mouse.move(x, y(places[0]));
    await page.mouse.down();
    for (let i = 1; i < places.length; ++i) await page.mouse.move(x, y(places[i]), {steps: 60});
    await page.mouse.up();
}

const folder = await mkdtemp(path.join(tmpdir(), 'wagesim-explore-'));
const browser = await startBrowser();
try {
    const database = path.join(folder, 'points.sqlite');
    const html = path.join(folder, 'points.html');
    execFileSync(path.join(build, 'bench/make_points'), [database, points], {stdio: 'inherit'});
    const before = performance.now();
    execFileSync(path.join(build, 'bin/wagesim'), ['report', database, '-o', html], {stdio: 'inherit'});
    const written = performance.now() - before;
    console.log(`${points} points on ${cpus().length} cores of ${cpus()[0].model}`);
    console.log(`database ${megabytes((await stat(database)).size)}, page ${megabytes((await stat(html)).size)}, written in ${(written / 1000).toFixed(2)} s`);
    for (const width of [1280, 390]) {
        const opened = [];
        for (let i = 0; i < 3; ++i) {
            const {page, seen} = await browser.open(html, width, {isReady});
            opened.push(await page.evaluate(() => performance.now()));
            if (seen.errors.length + seen.requests.length > 0) throw new Error(JSON.stringify(seen));
            if (i < 2) {
                await page.close();
                continue;
            }
            console.log(`${width} pixels: all drawn after ${opened.map((one) => `${Math.round(one)} ms`).join(', ')}`);
            const session = await page.context().newCDPSession(page);
            await session.send('Performance.enable', {timeDomain: 'threadTicks'});
            // The first axis: its intervals keep many lines. An objective: any number of them. Then many at once.
            print('  brushing a setting', await frames(page, session, () => drag(page, 'chip.crossbar.rows', [0.05, 0.95, 0.3])));
            await page.keyboard.press('Escape');
            print('  brushing an objective', await frames(page, session, () => drag(page, 'chip.area_mm2', [0.02, 0.9, 0.2])));
            print('  moving that interval', await frames(page, session, () => drag(page, 'chip.area_mm2', [0.1, 0.6, 0.2, 0.5])));
            await page.locator('.scatter').evaluate((at) => at.scrollIntoView({block: 'center'}));
            const box = await page.locator('.scatter').boundingBox();
            print('  a rectangle in the scatter plot', await frames(page, session, async () => {
                await page.mouse.move(box.x + 80, box.y + 20);
                await page.mouse.down();
                await page.mouse.move(box.x + box.width - 30, box.y + box.height - 60, {steps: 100});
                await page.mouse.up();
            }));
            await page.close();
        }
    }
} finally {
    await browser.close();
    await rm(folder, {recursive: true, force: true});
}
