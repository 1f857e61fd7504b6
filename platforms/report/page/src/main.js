// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The page: its sections in order, each made from the data and none knowing of another. A section that has nothing to
// show is left out.
import {chipSection} from './chip.js';
import {configurationSection} from './configuration.js';
import {curvesSection} from './curves.js';
import {Changes, readData} from './data.js';
import {element} from './dom.js';
import {histogramsSection} from './histograms.js';
import {runsSection} from './runs.js';
import {themeControl} from './theme.js';

const data = readData();
const changes = new Changes();  // of the shown runs and of the theme
const drawn = [curvesSection(data, changes), histogramsSection(data, changes), chipSection(data, changes)].filter(Boolean);
const sections = [runsSection(data, changes), ...drawn.map((one) => one.section), configurationSection(data)];

const names = data.runs.map((run) => run.label);
document.title = `${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''} – wagesim report`;
document.getElementById('header').append(
    element('div', {class: 'bar'},
        element('div', {}, element('h1', {}, 'wagesim report'),
            element('p', {}, `${names.length} ${names.length === 1 ? 'run' : 'runs'} · wagesim ${data.program}`)),
        themeControl(changes)),
    element('nav', {'aria-label': 'Sections'}, sections.map((one) =>
        element('a', {href: `#${one.id}`}, one.querySelector('h2').textContent))));
document.getElementById('content').append(...sections);
for (const one of drawn) one.draw();
