// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Histograms of weights, activations, gradients and errors: of all layers side by side (Figure 5 of the paper), or of
// one layer with stored and quantized tensors and the windows of the quantizers (Figure 4).
import {Chart} from './chart.js';
import {element, section, select} from './dom.js';
import {percent, short, whole} from './format.js';
import {histogramOption, total} from './histogram_chart.js';

// `paper`: whether the paper's Figure 5 shows it on a logarithmic scale.
const tensors = {
    weight_stored: {letter: 'W', title: 'Weights, stored', fill: '--w', paper: false},
    weight_q: {letter: 'W', title: 'Weights, quantized', fill: '--w', paper: false},
    input: {letter: 'A', title: 'Activations, input of the layer', fill: '--a', paper: true},
    gradient: {letter: 'G', title: 'Gradients |g|, exact sums', fill: '--g', paper: false},
    delta: {letter: 'G', title: 'Weight steps d', fill: '--g', paper: false},
    error_in: {letter: 'E', title: 'Errors |e|, exact sums', fill: '--e', paper: false},
    error_q: {letter: 'E', title: 'Errors, quantized', fill: '--e', paper: true},
};
const overview = ['weight_stored', 'input', 'delta', 'error_q'];

/** What a chart cannot show, in words. */
function remark(tensor, index, limits) {
    const sample = tensor.samples[index];
    const all = total(sample);
    const parts = [`${whole(all)} elements`];
    const zeroBin = tensor.edges.findIndex((edge, i) => edge < 0 && tensor.edges[i + 1] > 0);
    const zeros = tensor.scale === 'log2' ? sample.zero : sample.counts[zeroBin - sample.first] ?? 0;
    parts.push(`${percent(zeros / all, 1)} zero`);
    if (sample.below + sample.above > 0) parts.push(`${percent((sample.below + sample.above) / all)} beyond the axis`);
    if (limits?.least) parts.push(`max |e| ${short(limits.largest)}, rounds to 0 up to ${short(limits.least)}`);
    if (limits?.step) parts.push(`max |g| ${short(limits.largest)}, one step at ${short(limits.step)}`);
    return parts.join(' · ');
}

const limitsOf = (layer, name, index) =>
    name === 'error_in' ? layer.errors[index] : name === 'gradient' ? layer.gradients[index] : null;

/** One histogram with its caption; draw(index, scale) draws a sample. */
function panel(layer, name, {small}) {
    const {letter, title, fill, paper} = tensors[name];
    const chart = new Chart(small ? 'small' : 'middle');
    const note = element('p', {class: 'remark'});
    const head = small ? [element('b', {}, letter), ` ${layer.name}`] : [element('b', {}, letter), ` ${title}`];
    const figure = element('figure', {class: small ? 'cell' : '', 'data-tensor': name},
        element('figcaption', {}, head), chart.frame, !small && note);
    return {
        figure,
        chart,
        draw(index, scale) {
            const limits = limitsOf(layer, name, index);
            const kind = {fill, small, logarithmic: scale === 'paper' ? paper : scale === 'log'};
            chart.draw(histogramOption(layer.tensors[name], index, kind, limits),
                `${title}, ${layer.name}: ${remark(layer.tensors[name], index, limits)}`);
            note.textContent = remark(layer.tensors[name], index, limits);
        },
    };
}

export function histogramsSection(data, changes) {
    const recorded = data.runs.filter((run) => run.histograms && run.histograms.samples.length > 0);
    if (recorded.length === 0) return null;
    const state = {run: recorded[0], layer: 'all', index: 0, scale: 'paper'};
    let panels = [];

    const slider = element('input', {id: 'sample', type: 'range', min: 0, step: 1, value: 0, oninput: () => {
        state.index = Number(slider.value);
        draw();
    }});
    const reading = element('output', {for: 'sample'});
    const board = element('div', {});
    const layers = select('Layer', [], (value) => { state.layer = value; build(); });
    const layerList = layers.querySelector('select');

    function draw() {
        const sample = state.run.histograms.samples[state.index];
        const text = `epoch ${short(sample.epoch)} (step ${whole(sample.step)})`;
        reading.textContent = text;
        slider.setAttribute('aria-valuetext', text);
        for (const one of panels) one.draw(state.index, state.scale);
    }

    /** The panels of the chosen run and layer. */
    function build() {
        for (const one of panels) one.chart.dispose();
        const {layers: all} = state.run.histograms;
        if (state.layer === 'all') {
            const rows = all.map((layer) => ({layer, cells: overview.map((name) => panel(layer, name, {small: true}))}));
            panels = rows.flatMap(({cells}) => cells);
            board.replaceChildren(element('div', {class: 'matrix'},
                element('div', {class: 'heads', 'aria-hidden': 'true'},
                    overview.map((name) => element('span', {}, element('b', {}, tensors[name].letter), ` ${tensors[name].title}`))),
                rows.map(({layer, cells}) => element('div', {class: 'row'},
                    element('h3', {}, layer.name, element('small', {}, layer.text)), cells.map(({figure}) => figure)))));
        } else {
            panels = Object.keys(tensors).map((name) => panel(all[Number(state.layer)], name, {small: false}));
            board.replaceChildren(element('div', {class: 'panels'}, panels.map(({figure}) => figure)));
        }
        draw();
    }

    function chooseRun(run) {
        state.run = run;
        state.index = run.histograms.samples.length - 1;
        slider.max = state.index;
        slider.value = state.index;
        const choices = [['all', 'all layers'],
            ...run.histograms.layers.map((layer, i) => [String(i), `${layer.name}: ${layer.text}`])];
        if (state.layer !== 'all' && Number(state.layer) >= run.histograms.layers.length) state.layer = 'all';
        layerList.replaceChildren(...choices.map(([value, text]) => element('option', {value}, text)));
        layerList.value = state.layer;
    }

    chooseRun(state.run);
    const made = section('histograms', 'Weights, activations, gradients, errors',
        element('div', {class: 'controls'},
            select('Run', recorded.map((run) => [run.index, run.label]), (value) => {
                chooseRun(data.runs[Number(value)]);
                build();
            }),
            layers,
            select('Share of elements', [['paper', 'as in the paper'], ['linear', 'linear'], ['log', 'logarithmic']],
                (value) => { state.scale = value; draw(); }),
            element('div', {class: 'control wide'},
                element('span', {}, element('label', {for: 'sample'}, 'Sampled after'), ' ', reading), slider)),
        element('p', {class: 'note'}, 'Exact counts of one training step’s tensors, as integer codes. Dashed lines mark the '
            + 'quantizers’ limits: errors left of the shaded window round to 0, a gradient at “one step” moves its weight by 1.'),
        board);
    changes.listen(draw);
    return {section: made, draw: build};
}
