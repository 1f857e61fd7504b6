// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The page of `wagesim report` as a reader has it: opened from a file, drawn, operated with mouse and keyboard, at two
// widths and in both themes, without a network.
import assert from 'node:assert/strict';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {after, before, test} from 'node:test';

import {startBrowser} from './browser.mjs';
import {evil, skipWithoutChromium, tinyRun, wagesim} from './page_support.mjs';

skipWithoutChromium();

let folder;
let report;
let chips;  // a page of simulated runs: one recorded, one of fidelity timing
let timings;  // of the latter alone
let browser;

before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'wagesim-report-'));
    const run = path.join(folder, 'tiny.yaml');
    const out = (name) => path.join(folder, name);
    await writeFile(run, tinyRun({batch: 8, epochs: 3}));
    wagesim('train', '-c', run, '--quiet', '--record', '--out', out('first'));
    wagesim('train', '-c', run, '--quiet', '--record', '--out', out('evil'), '--set', `name='${evil}'`,
        '--set', 'training.gamma=4');
    wagesim('simulate', '-c', run, '--quiet', '--record', '--out', out('chip'), '--steps', '14');
    report = out('report.html');
    wagesim('simulate', '-c', run, '--quiet', '--out', out('timed'), '--set', 'chip.fidelity=timing', '--set', 'name=timed',
        '--steps', '4');
    wagesim('report', out('first'), out('evil'), out('chip'), '-o', report);
    chips = out('chips.html');
    wagesim('report', out('chip'), out('timed'), '-o', chips);
    timings = out('timings.html');
    wagesim('report', out('timed'), '-o', timings);
    browser = await startBrowser();
});

after(async () => {
    await browser?.close();
    await rm(folder, {recursive: true, force: true});
});

/** Opens the report, runs `work` on it, and requires that nothing went wrong meanwhile. */
async function onPage(width, work, {file = report, ...options} = {}) {
    const {page, seen} = await browser.open(file, width, options);
    await work(page);
    await page.close();
    assert.deepEqual(seen, {errors: [], requests: []});
}

const count = (page, selector) => page.locator(selector).count();
/** What a chart's paths are, in whatever order, to see whether it was drawn anew. */
const drawing = (page, selector) => page.locator(selector).evaluateAll((frames) => frames.map((frame) =>
    [...frame.querySelectorAll('path')].map((one) => one.getAttribute('d')).sort().join('|')).join('\n'));

for (const width of [1280, 390]) {
    test(`every chart is drawn and nothing overflows at ${width} pixels`, () => onPage(width, async (page) => {
        const charts = await page.locator('.chart').evaluateAll((frames) => frames.map((frame) => ({
            label: frame.getAttribute('aria-label'),
            marks: frame.querySelectorAll('svg path').length,
            width: frame.getBoundingClientRect().width,
            drawn: frame.querySelector('svg').getBoundingClientRect().width,
        })));
        assert.equal(charts.length, 2 + 2 * 4 + 8, 'two curves, four histograms a layer, eight figures of the chip');
        for (const chart of charts) {
            assert.ok(chart.marks > 3, `${chart.label} has marks`);
            assert.ok(chart.label.length > 10);
            assert.ok(Math.abs(chart.width - chart.drawn) < 1.5, `${chart.label} fills its frame`);
        }
        const overflow = await page.evaluate(() =>
            document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.equal(overflow, 0);
    }));
}

test('a run can be left out and taken back, by mouse and by keyboard', () => onPage(1280, async (page) => {
    const curves = '#curves figure:first-of-type .chart';
    const all = await drawing(page, curves);
    const boxes = page.locator('#runs input[type=checkbox]');
    assert.equal(await boxes.count(), 3);
    await boxes.nth(1).uncheck();
    const fewer = await drawing(page, curves);
    assert.notEqual(fewer, all);
    await boxes.nth(1).focus();
    await page.keyboard.press('Space');
    assert.equal(await drawing(page, curves), all);
    for (let i = 0; i < 3; ++i) await boxes.nth(i).uncheck();
    assert.match(await page.locator(curves).getAttribute('aria-label'), /no run/);
}));

test('layer, epoch, scale and run of the histograms can be chosen', () => onPage(1280, async (page) => {
    const control = (name) => page.locator('#histograms .controls').getByLabel(name);
    const panels = '#histograms .chart';
    assert.match(await page.locator('#histograms output').textContent(), /epoch 3 \(step 35\)/);
    await control('Layer').selectOption('1');
    assert.equal(await count(page, panels), 7);
    assert.match(await page.locator('[data-tensor=error_in] .remark').textContent(), /max \|e\| .*rounds to 0 up to/);
    const last = await drawing(page, panels);
    await control('Sampled after').focus();
    await page.keyboard.press('ArrowLeft');
    assert.match(await page.locator('#histograms output').textContent(), /epoch 2 \(step 23\)/);
    const earlier = await drawing(page, panels);
    assert.notEqual(earlier, last);
    await control('Share of elements').selectOption('log');
    assert.notEqual(await drawing(page, panels), earlier);
    await control('Run').selectOption({label: 'tiny (chip)'});
    assert.match(await page.locator('#histograms output').textContent(), /step 13/);
    await control('Layer').selectOption('all');
    assert.equal(await count(page, panels), 8);
}));

test('the shares of a histogram are those of the record', () => onPage(1280, async (page) => {
    const shown = await page.evaluate(() => {
        const {runs} = JSON.parse(document.getElementById('data').textContent);
        const {samples} = runs[0].histograms.layers[0].tensors.weight_q;
        const {counts, first} = samples[samples.length - 1];
        return {counts, first};
    });
    await page.locator('#histograms .controls').getByLabel('Layer').selectOption('0');
    const text = await page.locator('[data-tensor=weight_q] .remark').textContent();
    const elements = shown.counts.reduce((sum, one) => sum + one, 0);
    const zeros = shown.counts[1 - shown.first];
    assert.equal(text, `${elements} elements · ${(100 * zeros / elements).toFixed(1)} % zero`);
}));

test('an epoch that was left open ends where it was left', () => onPage(1280, async (page) => {
    await page.locator('#curves').getByLabel('Error of').selectOption('test');
    for (const run of [0, 1]) await page.locator('#runs input[type=checkbox]').nth(run).uncheck();
    const frame = page.locator('#curves figure:first-of-type .chart');
    const box = await frame.boundingBox();
    await page.mouse.move(box.x + 0.9 * box.width, box.y + 0.5 * box.height);
    await page.waitForSelector('.tip');
    assert.match(await page.locator('.tip strong').first().textContent(), /after 1\.167 epochs/);
}));

test('a tooltip names run and value', () => onPage(1280, async (page) => {
    const frame = page.locator('#curves figure:first-of-type .chart');
    const box = await frame.boundingBox();
    await page.mouse.move(box.x + 0.66 * box.width, box.y + 0.5 * box.height);
    await page.waitForSelector('.tip');
    const text = await page.locator('.tip').first().textContent();
    assert.ok(text.includes(`${evil}: test`), text);
    assert.match(text, /\d\.\d %/);
}));

test('texts of a run stay texts', () => onPage(1280, async (page) => {
    assert.equal(await count(page, 'img'), 0);
    assert.ok((await page.title()).includes(evil));
    assert.ok((await page.locator('#runs').textContent()).includes(evil));
}));

test('settings that differ are marked', () => onPage(1280, async (page) => {
    const marked = await page.locator('#configuration .differs').allTextContents();
    assert.deepEqual(marked, ['gamma ≠']);
}));

test('the chip section shows the work of each phase', () => onPage(1280, async (page) => {
    const chart = page.locator('#chip .chart').first();
    const training = await drawing(page, '#chip .chart');
    await page.locator('#chip .controls').getByLabel('Work').selectOption('evaluation');
    assert.notEqual(await drawing(page, '#chip .chart'), training);
    assert.match(await chart.getAttribute('aria-label'), /tiny \(chip\)/);
    assert.ok(await count(page, '#chip table') >= 5);
}));

test('the chip\'s figures are those of the result', () => onPage(1280, async (page) => {
    const work = await page.evaluate(() => JSON.parse(document.getElementById('data').textContent).runs[2].chip.training);
    const labels = await page.locator('#chip .chart').evaluateAll((frames) => frames.map((one) => one.getAttribute('aria-label')));
    for (const what of ['Use of', 'Energy', 'Busy', 'Roofline', 'Area', 'Power', 'Traffic', 'Wear']) {
        assert.ok(labels.some((label) => label.startsWith(what)), `${what} among ${labels}`);
    }
    const cells = (caption) => page.locator('#chip table', {has: page.locator(`caption:text-is("${caption}")`)}).locator('tbody tr')
        .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)));
    const layers = await cells('Layers');
    assert.deepEqual(layers.map((row) => row.slice(0, 3)), work.layers.map((layer) =>
        [layer.name, layer.macs.toLocaleString('en-US'), layer.cycles.toLocaleString('en-US')]));
    const energy = await cells('Energy by component and phase, joules');
    assert.equal(energy.length, Object.keys(work.energy_by).length);
    const shares = energy.map((row) => Number(row[row.length - 1].replace(',', '')));
    const all = shares.reduce((sum, one) => sum + one, 0);
    assert.ok(Math.abs(all - work.energy_j) < 0.01 * work.energy_j, `${all} of ${work.energy_j}`);
    const bars = await drawing(page, '#chip .chart[aria-label^="Energy"]');
    await page.locator('#chip .controls').getByLabel('Energy').selectOption('shares');
    assert.notEqual(await drawing(page, '#chip .chart[aria-label^="Energy"]'), bars);
    assert.ok(shares.every((one, i) => i === 0 || one <= shares[i - 1]), 'the largest first');
    const average = await page.locator('#chip [aria-label^="Power"] text').allTextContents();
    assert.ok(average.some((text) => text.startsWith('average')) && average.some((text) => text.startsWith('peak')), String(average));
}));

test('tooltips of the chip name component, phase and value', () => onPage(1280, async (page) => {
    for (const [label, expected] of [['Energy', / J/], ['Area', /mm²/], ['Power', /ms on/], ['Busy', /cycles/], ['Wear', /pulses/]]) {
        const frame = page.locator(`#chip .chart[aria-label^="${label}"]`);
        await frame.scrollIntoViewIfNeeded();
        const box = await frame.boundingBox();
        await page.mouse.move(box.x + 0.45 * box.width, box.y + 0.3 * box.height);
        await page.waitForFunction((text) => [...document.querySelectorAll('.tip')].some((tip) => new RegExp(text).test(tip.textContent)),
            expected.source);
        await page.mouse.move(0, 0);
    }
}));

test('another run\'s figures can be chosen; those that it does not have are left out', () => onPage(1280, async (page) => {
    assert.equal(await count(page, '#chip .chart'), 8);
    await page.locator('#chip .controls').getByLabel('Figures below of').selectOption({label: 'timed'});
    const labels = await page.locator('#chip .chart').evaluateAll((frames) => frames.map((one) => one.getAttribute('aria-label')));
    assert.equal(labels.length, 6, 'neither power over time nor wear');
    assert.ok(await page.locator('#chip .controls').getByLabel('Wear of').isHidden());
    assert.ok(labels.slice(1).every((label) => label.endsWith('of timed')), String(labels));
    await page.locator('#chip .controls').getByLabel('Work').selectOption('evaluation');
    assert.equal(await count(page, '#chip .chart'), 6);
}, {file: chips}));

test('runs without epochs have no curves, and a sentence in a table is read without scrolling', () => onPage(1280, async (page) => {
    assert.equal(await count(page, '#curves'), 0);
    assert.deepEqual(await page.locator('nav a').allTextContents(), ['Runs', 'The chip', 'Configuration']);
    const wider = await page.getByRole('region', {name: 'Cycles, rates, energy'}).evaluate((at) => at.scrollWidth - at.clientWidth);
    assert.equal(wider, 0);
}, {file: timings}));

test('wear is shown of each group of cells', () => onPage(1280, async (page) => {
    const wear = await page.evaluate(() => JSON.parse(document.getElementById('data').textContent).runs[2].chip.wear);
    const rows = await page.locator('#chip table', {has: page.locator('caption:text-is("Pulses of single cells")')}).locator('tbody tr')
        .evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent)));
    assert.deepEqual(rows.map((row) => [row[1], row[5]]), wear.units.map((unit) => [unit.unit, String(unit.most)]));
    assert.ok(wear.units.some((unit) => unit.most > 0));
    const map = '#chip .chart[aria-label^="Wear"]';
    const first = await drawing(page, map);
    await page.locator('#chip .controls').getByLabel('Wear of').selectOption({index: 1});
    assert.notEqual(await drawing(page, map), first);
}));

test('everything can be reached by keyboard, with a visible focus', () => onPage(1280, async (page) => {
    const reached = [];
    for (let i = 0; i < 60; ++i) {
        await page.keyboard.press('Tab');
        const one = await page.evaluate(() => {
            const {activeElement: at} = document;
            if (at === document.body) return null;
            return {name: `${at.tagName} ${at.type ?? ''}`, outlined: getComputedStyle(at).outlineStyle !== 'none'};
        });
        if (!one) break;
        assert.ok(one.outlined, `${one.name} shows its focus`);
        reached.push(one.name);
    }
    for (const name of ['A ', 'INPUT checkbox', 'INPUT range', 'SELECT select-one', 'SUMMARY ']) {
        assert.ok(reached.includes(name), `${name} is reached`);
    }
}));

test('both themes are readable, by the system and by choice', async () => {
    /** WCAG contrast of an element's text on its section. */
    const contrast = (page, selector) => page.locator(selector).first().evaluate((at) => {
        const luminance = (colour) => {
            const parts = colour.match(/\d+(\.\d+)?/g).slice(0, 3).map((part) => {
                const value = Number(part) / 255;
                return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
            });
            return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
        };
        const [one, two] = [getComputedStyle(at).color, getComputedStyle(at.closest('section')).backgroundColor].map(luminance);
        return (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
    });
    for (const colorScheme of ['light', 'dark']) {
        await onPage(1280, async (page) => {
            const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
            const own = await ground();
            for (const selector of ['#runs h2', '#runs .note', '#runs td', '#curves figcaption', '#configuration summary']) {
                assert.ok(await contrast(page, selector) >= 4.5, `${selector} in the ${colorScheme} theme`);
            }
            await page.getByLabel('Theme').selectOption(colorScheme === 'light' ? 'dark' : 'light');
            assert.notEqual(await ground(), own);
            assert.ok(await contrast(page, '#runs .note') >= 4.5);
        }, {colorScheme});
    }
});
