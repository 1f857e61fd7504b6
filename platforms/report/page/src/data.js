// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The page's data as ../../run_json.hpp lays them out, and what all sections share: which runs are shown, and how a run
// is called and marked. Runs are told apart by colour, by dash and by symbol.

const colours = 8;  // --run-0 .. --run-7 in page.css
const dashes = ['solid', [8, 4], [2, 3], [8, 3, 2, 3], [14, 4], [4, 2], [1, 2], [12, 3, 2, 3, 2, 3]];
const symbols = ['circle', 'rect', 'triangle', 'diamond', 'emptyCircle', 'emptyRect', 'emptyTriangle', 'emptyDiamond'];

const lastPart = (folder) => folder.split('/').filter(Boolean).pop() ?? folder;

/** The run's name, and its folder where another run has the same name. */
function label(run, runs) {
    const name = run.name || lastPart(run.folder);
    const alike = runs.filter((other) => (other.name || lastPart(other.folder)) === name);
    if (alike.length === 1) return name;
    const folders = alike.map((other) => lastPart(other.folder));
    const unique = folders.filter((folder) => folder === lastPart(run.folder)).length === 1;
    return `${name} (${unique ? lastPart(run.folder) : run.folder})`;
}

export function readData() {
    const data = JSON.parse(document.getElementById('data').textContent);
    data.runs.forEach((run, index) => {
        run.index = index;
        run.label = label(run, data.runs);
        run.colour = `--run-${index % colours}`;
        // Each round of the colours begins with the next dash and the next symbol.
        const mark = index + Math.floor(index / colours);
        run.dash = dashes[mark % dashes.length];
        run.symbol = symbols[mark % symbols.length];
        run.shown = true;
    });
    return data;
}

/** Tells listeners that what is shown has changed. */
export class Changes {
    #listeners = [];

    listen(listener) {
        this.#listeners.push(listener);
    }

    notify() {
        for (const listener of this.#listeners) listener();
    }
}
