// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What the simulated chip did: cycles, energy, area, power, use of its units, traffic, work of the layers. Figures that a
// run does not have are left out.
import {Chart} from './chart.js';
import {areaOption, energyLegend, energyOption, energyTable, powerOption} from './chip_energy.js';
import {rooflineLegend, rooflineOption, trafficLegend, trafficOption, trafficTable} from './chip_memory.js';
import {timeLegend, timeOption, utilisationOption} from './chip_time.js';
import {wearChoices, wearOption, wearTable} from './chip_wear.js';
import {element, legend, section, select, table} from './dom.js';
import {percent, short, whole} from './format.js';

const works = [['training', 'training steps'], ['evaluation', 'evaluations']];

/** The runs' figures side by side. */
function figures(runs, phase) {
    const rows = runs.map((run) => {
        const chip = run.chip[phase];
        return [run.label, whole(chip.cycles), short(chip.seconds), short(chip.images_per_second), short(chip.tops),
            short(chip.energy_j), short(chip.power_w?.average), short(chip.power_w?.peak), short(chip.tops_per_w),
            short(chip.area_mm2), element('span', {class: 'sentence'}, chip.bottleneck ?? '–')];
    });
    return table('Cycles, rates, energy', ['run', 'cycles', 'chip seconds', 'images/s', 'TOPS', 'joules', 'W, average', 'W, peak',
        'TOPS/W', 'mm²', 'limited by'], rows);
}

function waits(work) {
    const rows = Object.entries(work.waits_cycles).map(([unit, cycles]) =>
        [unit, whole(cycles.forward), whole(cycles.backward), whole(cycles.other)]);
    return table('Cycles in which a command waited for its busy unit', ['unit', 'forward', 'backward', 'other'], rows);
}

/** Converters with which nothing is lost. */
const bits = (exact) => (exact ? `${exact.forward}${exact.backward === null ? '' : `, backward ${exact.backward}`}` : '–');

function layers(work) {
    const energy = work.layers.reduce((sum, layer) => sum + (layer.energy_j ?? 0), 0);
    const rows = work.layers.map((layer) => [layer.name, whole(layer.macs), whole(layer.cycles),
        percent(work.cycles > 0 ? layer.cycles / work.cycles : null, 1), short(layer.cycles > 0 ? layer.macs / layer.cycles : null),
        short(layer.energy_j), percent(energy > 0 ? (layer.energy_j ?? 0) / energy : null, 1), bits(layer.exact_adc_bits)]);
    return table('Layers', ['layer', 'MACs', 'busy cycles of all units', 'of all cycles', 'MACs a busy cycle', 'joules, no leakage',
        'of the energy', 'bits of exact converters'], rows);
}

/** A figure with a legend. */
function panel(title, kind) {
    const chart = new Chart(kind);
    const marks = element('div', {});
    return {
        figure: element('figure', {}, element('figcaption', {}, title), marks, chart.frame),
        frame: chart.frame,
        draw(option, text, entries = []) {
            marks.replaceChildren(...(entries.length > 0 ? [legend(entries)] : []));
            chart.draw(option, text);
        },
        dispose: () => chart.dispose(),
    };
}

/** The figures of one run and kind of work: [panel, whether there is one, () => [option, text, legend], rows]. */
function runPanels() {
    const energy = panel('Energy by component and phase', 'units');
    const time = panel('Time of units and memories', 'units');
    const roofline = panel('Roofline: what arrays and memories allow, and what was reached', 'tall');
    const area = panel('Area', 'tall');
    const power = panel('Power over the first training step; average and peak of all of them', 'tall');
    const traffic = panel('Traffic by stream', 'tall');
    const wear = panel('Programming pulses of a weight’s cells, by its place', 'tall');
    return (run, phase, scale, group) => {
        const {chip, label} = run;
        const work = chip[phase];
        return [
            [energy, work.energy_by, () => [energyOption(work, scale), `Energy by component and phase of ${label}`, energyLegend(work)],
                Object.keys(work.energy_by ?? {}).length],
            [time, true, () => [timeOption(work), `Busy, waiting and idle cycles of ${label}`, timeLegend()],
                Object.keys(work.utilisation).length],
            [roofline, chip.roofs, () => [rooflineOption(chip), `Roofline of ${label}`, rooflineLegend(chip)]],
            [area, work.area_by, () => [areaOption(work), `Area by component of ${label}`]],
            [power, chip.power, () => [powerOption(chip.power, chip.training.power_w ?? {}), `Power over a training step of ${label}`]],
            [traffic, true, () => [trafficOption(work), `Traffic by stream of ${label}`, trafficLegend()]],
            [wear, chip.wear, () => [wearOption(chip.wear.units[group]), `Wear of cells of ${label}`]],
        ];
    };
}

export function chipSection(data, changes) {
    const simulated = data.runs.filter((run) => run.chip);
    if (simulated.length === 0) return null;
    const state = {phase: 'training', run: simulated[0], scale: 'joules', group: 0};
    const units = panel('Use of units and memories', 'units');
    const panelsOf = runPanels();
    const pair = element('div', {class: 'pair'});
    const tables = element('div', {});
    const details = element('div', {});
    const groups = select('Wear of', [], (value) => { state.group = Number(value); drawRun(); });

    /** The groups of the run whose figures are shown. */
    function offerGroups() {
        state.group = 0;
        const choices = state.run.chip.wear ? wearChoices(state.run.chip.wear) : [];
        groups.querySelector('select').replaceChildren(...choices.map(([value, text]) => element('option', {value}, text)));
        groups.hidden = choices.length === 0;
    }

    function drawRun() {
        const work = state.run.chip[state.phase];
        const panels = panelsOf(state.run, state.phase, state.scale, state.group);
        const shown = panels.filter(([, there]) => there);
        for (const [one, there] of panels) {
            if (!there) one.dispose();
        }
        pair.replaceChildren(...shown.map(([one]) => one.figure));
        for (const [one, , drawing, rows] of shown) {
            if (rows) one.frame.style.height = `${70 + rows * 26}px`;
            one.draw(...drawing());
        }
        details.replaceChildren(layers(work), trafficTable(work), waits(work), ...(work.energy_by ? [energyTable(work)] : []),
            ...(state.run.chip.wear ? [wearTable(state.run.chip.wear)] : []));
    }

    function draw() {
        const runs = simulated.filter((run) => run.shown);
        const names = new Set(runs.flatMap((run) => Object.keys(run.chip[state.phase].utilisation)));
        units.frame.style.height = `${70 + names.size * Math.max(26, 16 + 18 * runs.length)}px`;
        units.draw(utilisationOption(runs, state.phase), `Use of the chip's units by ${runs.map((run) => run.label).join(', ') || 'no run'}`);
        tables.replaceChildren(figures(runs, state.phase));
        drawRun();
    }

    const choices = simulated.map((run) => [String(run.index), run.label]);
    const made = section('chip', 'The chip',
        element('div', {class: 'controls'},
            select('Work', works, (value) => { state.phase = value; draw(); }),
            simulated.length > 1 && select('Figures below of', choices, (value) => {
                state.run = data.runs[Number(value)];
                offerGroups();
                drawRun();
            }),
            select('Energy', [['joules', 'in joules'], ['shares', 'each component as a whole']],
                (value) => { state.scale = value; drawRun(); }), groups),
        tables, units.figure, pair, details);
    offerGroups();
    changes.listen(draw);
    return {section: made, draw};
}
