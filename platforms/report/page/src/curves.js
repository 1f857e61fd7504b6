// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Training curves, runs overlaid (Figure 3 of the paper): error rates and loss over the epochs trained.
import {Chart, axis, colour, tip} from './chart.js';
import {element, section, select, table} from './dom.js';
import {percent, short} from './format.js';

/** Epochs trained when a row was written: a run may end inside its last epoch, which its record knows. */
const trained = (run, row) => Math.min(row.epoch + 1, run.steps ? run.steps.steps / run.steps.steps_per_epoch : Infinity);

/** [epochs trained, value] of one quantity of the epochs; null, a gap, where it was not measured or overflowed. */
const perEpoch = (run, key) => run.epochs.map((row) => [trained(run, row), row[key]]);

/** Of the steps, where the record has them finer than by epochs; else of the epochs. */
function perStep(run, key) {
    const {steps} = run;
    if (!steps || steps[key].length === 0 || steps.per_window >= steps.steps_per_epoch) return perEpoch(run, key);
    return steps[key].map((value, i) => [(i + 0.5) * steps.per_window / steps.steps_per_epoch, value]);
}

function line(run, name, data, {marked}) {
    return {
        type: 'line',
        name,
        data,
        symbol: run.symbol,
        symbolSize: 7,
        showSymbol: marked && data.length <= 60,
        lineStyle: {type: run.dash, width: marked ? 2.2 : 1.2, color: colour(run.colour), opacity: marked ? 1 : 0.75},
        itemStyle: {color: colour(run.colour)},
        emphasis: {disabled: true},
    };
}

const lossNames = {sse: 'squared errors', softmax: 'cross-entropy'};
const lossName = (run) => `${run.label}: ${lossNames[run.loss]}`;

/** The point of a series that lies nearest to `at`. */
const nearest = (series, at) => series.data.reduce((best, point) =>
    (Math.abs(point[0] - at) < Math.abs(best[0] - at) ? point : best));

const octave = (round, value) => 2 ** round(Math.log2(value));

/** Epochs below, `name` at the left, in `scale`. */
function option(series, name, scale, format) {
    const values = series.flatMap((one) => one.data.map(([, value]) => value)).filter((value) => value > 0);
    const logarithmic = scale === 'log' && values.length > 0;
    const last = Math.max(1, ...series.flatMap((one) => one.data.map(([epochs]) => epochs)));
    return {
        grid: {left: 62, right: 18, top: 14, bottom: 44},
        xAxis: axis({type: 'value', name: 'epochs trained', nameGap: 28, minInterval: 1, min: 0,
            max: last > 1 ? Math.ceil(last - 1e-9) : last}),
        yAxis: axis({
            // Powers of 2: errors and losses span few powers of 10.
            ...(logarithmic ? {type: 'log', logBase: 2, min: octave(Math.floor, Math.min(...values)),
                max: octave(Math.ceil, Math.max(...values))} : {type: 'value', min: 0}),
            name,
            nameGap: 46,
            axisLabel: {formatter: format},
        }),
        tooltip: {
            trigger: 'axis',
            formatter: ([{axisValue}]) => tip(`after ${short(axisValue)} epochs`, series
                .filter((one) => one.data.length > 0)
                .map((one) => [one.itemStyle.color, one.name, format(nearest(one, axisValue)[1])])),
        },
        series,
    };
}

/** The curves as numbers, for those who cannot see or want to copy them. */
function numbers(data) {
    const rows = data.runs.flatMap((run) => run.epochs.map((row) => [
        `${run.label}, epoch ${row.epoch}`, short(row.loss), percent(row.train_error), percent(row.test_error)]));
    return element('details', {}, element('summary', {}, 'The same as a table'),
        table('Epochs', ['run and epoch', 'loss', 'training error', 'test error'], rows));
}

/** Null where no run was trained. */
export function curvesSection(data, changes) {
    if (data.runs.every((run) => perStep(run, 'loss').length === 0)) return null;
    const errors = new Chart('tall');
    const losses = new Chart('tall');
    const state = {scale: 'linear', errors: 'both'};
    const rate = (fraction) => percent(fraction, 1);

    function draw() {
        const shown = data.runs.filter((run) => run.shown);
        const names = shown.map((run) => run.label).join(', ') || 'no run';
        const test = shown.map((run) => line(run, `${run.label}: test`, perEpoch(run, 'test_error'), {marked: true}));
        const train = shown.map((run) => line(run, `${run.label}: training`, perStep(run, 'train_error'), {marked: false}));
        const chosen = [...(state.errors === 'training' ? [] : test), ...(state.errors === 'test' ? [] : train)];
        errors.draw(option(chosen, 'error', state.scale, rate), `Error over epochs of ${names}`);
        const loss = shown.map((run) => line(run, lossName(run), perStep(run, 'loss'), {marked: false}));
        losses.draw(option(loss, 'loss an image', state.scale, short), `Loss over epochs of ${names}`);
    }

    const made = section('curves', 'Training curves',
        element('div', {class: 'controls'},
            select('Error of', [['both', 'test and training images'], ['test', 'test images'],
                ['training', 'training images']], (value) => { state.errors = value; draw(); }),
            select('Scale', [['linear', 'linear'], ['log', 'logarithmic']], (value) => { state.scale = value; draw(); })),
        element('div', {class: 'pair'},
            element('figure', {}, element('figcaption', {}, 'Error: thick with symbols on test images, thin on training images'),
                errors.frame),
            element('figure', {}, element('figcaption', {}, 'Loss: mean over the training images; losses of two kinds do not compare'),
                losses.frame)),
        numbers(data));
    changes.listen(draw);
    return {section: made, draw};
}
