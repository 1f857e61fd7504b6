// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The explorer page: one sweep at a time, chosen where there are several.
import {Changes} from '../data.js';
import {element, select} from '../dom.js';
import {themeControl} from '../theme.js';
import {forgetTheme} from './colours.js';
import {readSweep} from './sweep.js';
import {makeViews} from './views.js';

const data = JSON.parse(document.getElementById('data').textContent);
const changes = new Changes();  // of the theme
const content = document.getElementById('content');
let views = null;

function show(which) {
    views?.dispose();
    views = makeViews(readSweep(data.sweeps[which]));
    content.replaceChildren(...views.sections);
    document.title = `${data.sweeps[which].name} – wagesim explorer`;
    document.documentElement.explorer = views;  // for tests and benchmarks: whether all is drawn, and where
}

const chooser = data.sweeps.length > 1 && select('Sweep', data.sweeps.map(({name, file}, i) => [String(i), `${name} (${file})`]), (which) => show(which));
document.getElementById('header').append(
    element('div', {class: 'bar'},
        element('div', {}, element('h1', {}, 'wagesim explorer'), element('p', {}, `wagesim ${data.program}`)),
        element('div', {class: 'controls'}, chooser, themeControl(changes))));
changes.listen(() => {
    forgetTheme();
    views.draw();
});
show(0);
