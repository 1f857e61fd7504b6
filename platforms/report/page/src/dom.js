// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Elements in one expression. Texts become text nodes and never markup, whatever they contain.

/** element('p', {class: 'note', onclick: f}, 'text', otherElement, ...); false and null children are left out. */
export function element(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
        if (key.startsWith('on')) {
            made.addEventListener(key.slice(2), value);
        } else if (typeof value === 'boolean') {
            made.toggleAttribute(key, value);
        } else {
            made.setAttribute(key, value);
        }
    }
    made.append(...children.flat().filter((child) => child !== null && child !== false));
    return made;
}

/** A section with its heading; `name` is its anchor. */
export function section(name, title, ...children) {
    return element('section', {id: name, 'aria-labelledby': `${name}-title`},
        element('h2', {id: `${name}-title`}, title), ...children);
}

/** A labelled <select>; options are [value, text]. */
export function select(label, options, onchange) {
    const made = element('select', {onchange: () => onchange(made.value)},
        options.map(([value, text]) => element('option', {value}, text)));
    return element('label', {class: 'control'}, element('span', {}, label), made);
}

/** Marks and what they stand for: [colour or null, text]. */
export function legend(entries) {
    return element('p', {class: 'legend'}, entries.map(([fill, text]) => {
        const mark = element('i', {});
        if (fill) mark.style.background = fill;
        return element('span', {}, fill !== null && mark, text);
    }));
}

/** Rows of cells under a head; a cell is a text or an element. The first column is the rows' head; others are numbers
 *  where `numeric`. Scrolls sideways in itself where it is too wide. */
export function table(caption, head, rows, {numeric = true} = {}) {
    const align = numeric ? 'number' : 'text';
    return element('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption},
        element('table', {},
            element('caption', {}, caption),
            element('thead', {}, element('tr', {}, head.map((text, i) =>
                element('th', {scope: 'col', class: i === 0 ? 'text' : align}, text)))),
            element('tbody', {}, rows.map((cells) => element('tr', {}, cells.map((cell, i) =>
                i === 0 ? element('th', {scope: 'row'}, cell) : element('td', {class: align}, cell)))))));
}
