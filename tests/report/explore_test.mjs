// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The explorer page of a real sweep as a reader has it: opened from a file, brushed, filtered, sorted, exported, by mouse and by
// keyboard. What it shows is compared with what `wagesim sweep export` and `wagesim simulate` say.
import assert from 'node:assert/strict';
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {after, before, test} from 'node:test';

import {startBrowser} from './browser.mjs';
import {evil, skipWithoutChromium, tinyRun, wagesim} from './page_support.mjs';

skipWithoutChromium();

const sweepFile = (name) => `name: '${name}'
base: tiny.yaml
command: simulate
set: {chip.fidelity: timing}
axes:
  - chip.lanes: [4, 8, 16]
  - chip.dram.bytes_per_cycle: [8, 16, 32, 64]
  - chip.backward: [shared, dedicated]
  - training.batch: [10, 20]
constraints: [chip.area_mm2 < 10]
objectives: {chip.energy_j: min, chip.cycles: min, chip.area_mm2: min}
`;

let folder;
let report;
let rows;  // of `wagesim sweep export`: {key: text}
let browser;

/** Lines of CSV without quotes in them. */
function parsed(csv) {
    const [head, ...lines] = csv.trimEnd().split('\n').map((line) => line.split(','));
    return lines.map((fields) => Object.fromEntries(fields.map((field, i) => [head[i], field])));
}

before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'wagesim-explore-'));
    const file = (name) => path.join(folder, name);
    await writeFile(file('tiny.yaml'), tinyRun({batch: 10, epochs: 1}));
    for (const [name, title] of [['one', 'one'], ['two', evil]]) {
        await writeFile(file(`${name}.yaml`), sweepFile(title));
        wagesim('sweep', 'run', '-c', file(`${name}.yaml`), '--out', file(name), '--jobs', '2');
    }
    wagesim('sweep', 'export', '-c', file('one.yaml'), '--out', file('one'), '-o', file('one.csv'));
    rows = parsed(await readFile(file('one.csv'), 'utf8'));
    report = file('one.html');
    wagesim('report', file('one/sweep.sqlite'), '-o', report);
    wagesim('report', file('one/sweep.sqlite'), file('two/sweep.sqlite'), '-o', file('both.html'));
    browser = await startBrowser();
});

after(async () => {
    await browser?.close();
    await rm(folder, {recursive: true, force: true});
});

const isReady = () => document.documentElement.explorer?.isIdle();
const drawn = (page) => page.waitForFunction(isReady);

/** Opens the page, runs `work` on it, and requires that nothing went wrong meanwhile. */
async function onPage(width, work, {file = report, ...options} = {}) {
    const {page, seen} = await browser.open(path.resolve(folder, file), width, {isReady, ...options});
    await work(page);
    assert.doesNotMatch(await page.locator('body').innerText(), /undefined|NaN|\[object/);
    await page.close();
    assert.deepEqual(seen, {errors: [], requests: []});
}

const brushedCount = async (page) => Number((await page.locator('.status output').textContent()).split(' ')[0].replace(',', ''));
const rowCount = async (page) => {
    await drawn(page);
    return Number(await page.locator('.points table').getAttribute('aria-rowcount')) - 1;
};
const track = (page, key) => page.locator(`.axis[data-key="${key}"] .track`);
/** A hash of what a canvas shows. */
const picture = async (page, selector) => {
    await drawn(page);
    return page.locator(`${selector} canvas`).evaluate((canvas) => {
        const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        return new Uint32Array(data.buffer).reduce((hash, pixel) => (Math.imul(hash, 31) + pixel) >>> 0, 7);
    });
};

/** Scrolls an element to the middle of the window, away from the bar at its lower end. */
const middle = (page, selector) => page.locator(selector).evaluate((at) => at.scrollIntoView({block: 'center', inline: 'center'}));

/** Presses at one place of an axis, from 0 to 1, and moves over the others. */
async function drag(page, key, places) {
    await middle(page, `.axis[data-key="${key}"]`);
    const box = await track(page, key).boundingBox();
    const y = (place) => box.y + (1 - place) * box.height;
    await page.mouse.move(box.x + box.width / 2, y(places[0]));
    await page.mouse.down();
    for (const place of places.slice(1)) await page.mouse.move(box.x + box.width / 2, y(place), {steps: 5});
    await page.mouse.up();
}

for (const width of [1280, 390]) {
    for (const colorScheme of ['light', 'dark']) {
        test(`both plots are drawn and nothing overflows at ${width} pixels, ${colorScheme}`, () => onPage(width, async (page) => {
            for (const selector of ['.parallel', '.scatter']) {
                const colours = await page.locator(`${selector} canvas`).evaluate((canvas) => {
                    const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
                    return new Set(new Uint32Array(data.buffer)).size;
                });
                assert.ok(colours > 20, `${selector} has ${colours} colours`);
            }
            assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
            assert.equal(await brushedCount(page), rows.length);
        }, {colorScheme}));
    }
}

test('the overview counts what the export has', () => onPage(1280, async (page) => {
    const text = await page.locator('#sweep .facts').textContent();
    for (const state of ['done', 'infeasible']) {
        const count = rows.filter((row) => row.state === state).length;
        assert.ok(count > 0, `the sweep has points that are ${state}`);
        assert.ok(text.includes(`${count} ${state}`), text);
    }
    assert.match(text, /↓ chip\.energy_j, ↓ chip\.cycles, ↓ chip\.area_mm2/);
    assert.match(text, /chip\.area_mm2 < 10/);
}));

test('an interval is made, moved, resized and cleared, and filters everything', () => onPage(1280, async (page) => {
    const [lines, points] = [await picture(page, '.parallel'), await picture(page, '.scatter')];
    await drag(page, 'chip.lanes', [0.02, 0.3]);  // 4, of three levels
    const of = (...values) => rows.filter((row) => values.includes(Number(row['free:chip.lanes']))).length;
    assert.equal(await brushedCount(page), of(4));
    assert.equal(await rowCount(page), of(4));
    assert.notEqual(await picture(page, '.parallel'), lines);
    assert.notEqual(await picture(page, '.scatter'), points);
    assert.match(await page.locator('.axis[data-key="chip.lanes"]').getAttribute('aria-valuetext'), / to /);
    await drag(page, 'chip.lanes', [0.15, 0.5]);  // moved by a level
    assert.equal(await brushedCount(page), of(8));
    await drag(page, 'chip.lanes', [0.66, 0.98]);  // its upper end
    assert.equal(await brushedCount(page), of(8, 16));
    await page.keyboard.down('Shift');
    await drag(page, 'chip.lanes', [0.05, 0.28]);  // another one
    await page.keyboard.up('Shift');
    assert.equal(await page.locator('.axis[data-key="chip.lanes"] .interval').count(), 2);
    assert.equal(await brushedCount(page), rows.length);
    await drag(page, 'chip.backward', [0.55, 0.95]);
    await page.locator('.chip', {hasText: 'lanes'}).click();
    assert.equal(await page.locator('.axis[data-key="chip.lanes"] .interval').count(), 0);
    assert.equal(await brushedCount(page), rows.filter((row) => row['free:chip.backward'] === 'dedicated').length);
    await page.getByRole('button', {name: 'Clear all'}).click();
    assert.equal(await brushedCount(page), rows.length);
    assert.equal(await picture(page, '.parallel'), lines);
    assert.equal(await picture(page, '.scatter'), points);
}));

test('an axis works by keyboard', () => onPage(1280, async (page) => {
    const axis = page.locator('.axis[data-key="chip.dram.bytes_per_cycle"]');
    const of = (...values) => rows.filter((row) => values.includes(Number(row['free:chip.dram.bytes_per_cycle']))).length;
    await axis.focus();
    assert.equal(await axis.evaluate((at) => getComputedStyle(at).outlineStyle !== 'none'), true);
    await page.keyboard.press('Enter');
    assert.equal(await brushedCount(page), of(16, 32));
    await page.keyboard.press('ArrowUp');
    assert.equal(await brushedCount(page), of(32, 64));
    await page.keyboard.press('Alt+ArrowUp');
    assert.equal(await brushedCount(page), of(64));
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    assert.equal(await brushedCount(page), of(8));
    await page.keyboard.press('Shift+ArrowUp');
    assert.equal(await brushedCount(page), of(8, 16));
    await page.keyboard.press('ArrowRight');
    assert.equal(await page.evaluate(() => document.activeElement.dataset.key), 'chip.backward');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Escape');
    assert.equal(await brushedCount(page), rows.length);
}));

test('boxes leave points out', () => onPage(1280, async (page) => {
    await page.getByLabel(/^infeasible/).uncheck();
    const done = rows.filter((row) => row.state === 'done');
    assert.equal(await brushedCount(page), done.length);
    await page.getByLabel('shared').uncheck();
    assert.equal(await brushedCount(page), done.filter((row) => row['free:chip.backward'] === 'dedicated').length);
    await page.getByLabel('shared').check();
    await page.getByLabel('Pareto front alone').check();
    const costs = done.map((row) => ['chip.energy_j', 'chip.cycles', 'chip.area_mm2'].map((field) => Number(row[field])));
    const dominates = (x, y) => x.every((one, i) => one <= y[i]) && x.some((one, i) => one < y[i]);
    const front = costs.filter((one) => !costs.some((other) => dominates(other, one)));
    assert.equal(await brushedCount(page), front.length);
    await page.getByRole('button', {name: 'Clear all'}).click();
    assert.equal(await page.getByLabel(/^infeasible/).isChecked(), true);
}));

test('the table sorts both ways', () => onPage(1280, async (page) => {
    const head = page.locator('.points thead th', {hasText: 'energy_j'}).first();
    const place = await head.evaluate((at) => at.cellIndex);
    const shown = async () => {
        await drawn(page);
        return page.locator('.points tbody tr:not([aria-hidden])').evaluateAll((all, column) =>
            all.map((row) => Number(row.children[column].textContent)), place);
    };
    await head.getByRole('button').click();
    assert.equal(await head.getAttribute('aria-sort'), 'ascending');
    const up = await shown();
    assert.ok(up.length > 10 && up.every((one, i) => i === 0 || up[i - 1] <= one), String(up));
    await head.getByRole('button').click();
    assert.equal(await head.getAttribute('aria-sort'), 'descending');
    const down = await shown();
    assert.ok(down.every((one, i) => i === 0 || down[i - 1] >= one), String(down));
    assert.ok(down[0] > up[0]);
}));

test('the export is the brushed subset, as the database has it', () => onPage(1280, async (page) => {
    await drag(page, 'chip.lanes', [0.02, 0.3]);
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', {name: 'Export CSV'}).click()]);
    assert.equal(download.suggestedFilename(), 'one.csv');
    const exported = parsed(await readFile(await download.path(), 'utf8'));
    const variables = Object.keys(rows[0]).filter((key) => key.includes(':'));
    const identity = (row) => variables.map((key) => row[key]).join(' ');
    const expected = new Map(rows.filter((row) => row['free:chip.lanes'] === '4').map((row) => [identity(row), row]));
    assert.equal(exported.length, expected.size);
    for (const row of exported) {
        const same = expected.get(identity(row));
        assert.equal(row.state, same.state);
        assert.equal(row.stage, same.stage);
        assert.equal(row.run, same.run);
        for (const field of ['chip.energy_j', 'chip.cycles', 'chip.area_mm2', 'wall_seconds']) {
            assert.equal(Number(row[field]), Number(same[field]), field);
        }
    }
}));

test('a point is chosen everywhere, and its details are those of the run', () => onPage(1280, async (page) => {
    await middle(page, '.scatter');
    const box = await page.locator('.scatter').boundingBox();
    const [x, y] = await page.evaluate(() => document.documentElement.explorer.placeOf(5));
    const before = await picture(page, '.parallel');
    await page.mouse.click(box.x + x, box.y + y);
    await page.waitForFunction(() => Number(document.querySelector('.details').dataset.point) >= 0);
    const point = Number(await page.locator('.details').getAttribute('data-point'));
    assert.deepEqual(await page.evaluate((one) => document.documentElement.explorer.placeOf(one), point), [x, y]);
    assert.notEqual(await picture(page, '.parallel'), before);
    assert.equal(await page.locator('.points tr[aria-selected="true"]').getAttribute('data-point'), String(point));

    const pairs = await page.locator('.details dl').evaluateAll((lists) => lists.map((list) =>
        Object.fromEntries([...list.querySelectorAll('dt')].map((term) => [term.title.split(':')[0], [term.title, term.nextSibling.textContent]]))));
    const [settings, figures] = pairs;  // the objectives among the figures
    const run = path.join(folder, 'tiny.yaml');
    const sets = Object.entries(settings).flatMap(([key, [, value]]) => ['--set', `${key}=${value}`]);
    const {chip} = JSON.parse(wagesim('simulate', '-c', run, '--quiet', '--json', '--set', 'chip.fidelity=timing', ...sets));
    assert.equal(Number(figures['chip.energy_j'][0].split(': ')[1]), chip.energy_j);
    assert.equal(Number(figures['chip.cycles'][0].split(': ')[1]), chip.cycles);
    const bars = (title) => page.locator(`.details .bars[aria-label^="${title}"] [role=row]`).evaluateAll((all) =>
        all.map((row) => [row.querySelector('[role=rowheader]').textContent, row.querySelector('[role=cell]').textContent]));
    const energy = Object.entries(chip.energy_by).map(([name, by]) => [name, Object.values(by).reduce((sum, one) => sum + one, 0)])
        .filter(([, joules]) => joules > 0).sort((one, other) => other[1] - one[1]);
    const shownEnergy = await bars('Energy');
    assert.deepEqual(shownEnergy.map(([name]) => name), energy.map(([name]) => name));
    shownEnergy.forEach(([name, text], i) => {
        const joules = Number(text.split(' ')[0].replaceAll(',', ''));
        assert.ok(Math.abs(joules - energy[i][1]) <= 0.006 * energy[i][1], `${name}: ${text} of ${energy[i][1]}`);
    });
    const time = Object.fromEntries(await bars('Time'));
    assert.deepEqual(Object.keys(time).sort(), Object.keys(chip.utilisation).sort());
    for (const [unit, part] of Object.entries(chip.utilisation)) {
        assert.ok(Math.abs(parseFloat(time[unit]) - 100 * part) < 0.06, `${unit}: ${time[unit]} of ${part}`);
    }
}));

test('points are walked by keyboard, in the plot and in the table', () => onPage(1280, async (page) => {
    const chosen = () => page.locator('.details').getAttribute('data-point');
    await page.locator('.scatter').focus();
    await page.keyboard.press('ArrowRight');
    const first = await chosen();
    await page.keyboard.press('ArrowRight');
    assert.notEqual(await chosen(), first);
    await page.keyboard.press('Escape');
    assert.equal(await chosen(), '-1');
    await page.locator('.points').focus();
    await page.keyboard.press('ArrowDown');
    const top = await chosen();
    await page.keyboard.press('End');
    assert.notEqual(await chosen(), top);
    await drawn(page);
    assert.equal(await page.locator('.points tr[aria-selected="true"]').getAttribute('data-point'), await chosen(), 'scrolled to');
}));

test('axes, scales and colours can be chosen', () => onPage(1280, async (page) => {
    const controls = page.locator('#scatter .controls');
    let last = await picture(page, '.scatter');
    for (const change of [() => controls.getByLabel('Across').selectOption({label: 'lanes'}),
        () => controls.getByLabel('x logarithmic').check(), () => controls.getByLabel('Up').selectOption({label: 'backward'}),
        () => controls.getByLabel('Colour').selectOption({label: 'cycles'})]) {
        await change();
        const next = await picture(page, '.scatter');
        assert.notEqual(next, last);
        last = next;
    }
    assert.ok(await controls.getByLabel('y logarithmic').isDisabled(), 'of texts');
    const axes = await page.locator('.axis').count();
    await page.locator('#parallel summary').click();
    await page.getByRole('checkbox', {name: 'lanes'}).uncheck();
    assert.equal(await page.locator('.axis').count(), axes - 1);
}));

test('a rectangle in the plot brushes both of its dimensions', () => onPage(1280, async (page) => {
    await middle(page, '.scatter');
    const box = await page.locator('.scatter').boundingBox();
    await page.mouse.move(box.x + 70, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height - 50, {steps: 5});
    await page.mouse.up();
    const count = await brushedCount(page);
    assert.ok(count > 0 && count < rows.length, String(count));
    assert.equal(await page.locator('.chip').count(), 2);
}));

test('everything can be reached by keyboard, with a visible focus', () => onPage(1280, async (page) => {
    const reached = new Set();
    for (let i = 0; i < 80; ++i) {
        await page.keyboard.press('Tab');
        const one = await page.evaluate(() => {
            const {activeElement: at} = document;
            if (at === document.body) return null;
            return {name: at.getAttribute('class') || at.type || at.tagName, outlined: getComputedStyle(at).outlineStyle !== 'none'};
        });
        if (!one) break;
        assert.ok(one.outlined, `${one.name} shows its focus`);
        reached.add(one.name);
    }
    for (const name of ['axis', 'scatter', 'points', 'checkbox', 'select-one', 'SUMMARY', 'button']) assert.ok(reached.has(name), name);
}));

test('of several sweeps one is shown, and texts stay texts', () => onPage(1280, async (page) => {
    await page.getByLabel('Sweep').selectOption('1');
    await drawn(page);
    assert.equal(await page.locator('#sweep h2').textContent(), evil);
    assert.ok((await page.title()).includes(evil));
    assert.equal(await page.locator('img').count(), 0);
    assert.equal(await brushedCount(page), rows.length);
}, {file: 'both.html'}));

test('a sweep without points says so', async () => {
    const html = await readFile(report, 'utf8');
    const empty = path.join(folder, 'empty.html');
    await writeFile(empty, html.replace(/(<script id="data" type="application\/json">)([^]*?)(<\/script>)/, (_, open, text, close) => {
        const data = JSON.parse(text);
        const none = {bytes: 1, data: ''};
        Object.assign(data.sweeps[0], {points: 0, state: none, stage: none, front: none});
        for (const one of data.sweeps[0].variables) Object.assign(one, {values: [], index: none});
        for (const one of data.sweeps[0].figures) one.data = '';
        return open + JSON.stringify(data).replaceAll('<', '\\u003c') + close;
    }));
    await onPage(1280, async (page) => {
        assert.match(await page.locator('.empty').textContent(), /No point of this sweep has been begun/);
    }, {file: empty});
});
