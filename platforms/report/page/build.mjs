// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Bundles src/ into one HTML page and writes it as a C++ source: the page_template() of ../page.hpp, of runs, or its
// explore_template(), of sweeps.
//   node build.mjs page|explore NODE_MODULES OUTPUT.cpp [OUTPUT.html]
import {createHash} from 'node:crypto';
import {readFile, writeFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const pages = {
    page: {html: 'page.html', script: 'main.js', style: 'page.css'},
    explore: {html: 'explore/explore.html', script: 'explore/main.js', style: 'explore/explore.css'},
};
const [kind, modules, output, html] = process.argv.slice(2);
const source = path.join(path.dirname(fileURLToPath(import.meta.url)), 'src');
const {build} = createRequire(path.join(path.resolve(modules), 'from-here.js'))('esbuild');

/** One file with everything that `entry` needs. */
async function bundle(entry, options) {
    const result = await build({
        entryPoints: [path.join(source, entry)],
        bundle: true,
        minify: true,
        write: false,
        nodePaths: [path.resolve(modules)],
        target: ['es2020', 'chrome100', 'firefox100', 'safari15'],
        legalComments: 'eof',
        logLevel: 'warning',
        ...options,
    });
    return result.outputFiles[0].text.trimEnd();
}

/** `text` with each mark replaced by a part of the page; every mark stands there once. */
function fill(text, parts) {
    for (const [mark, part] of Object.entries(parts)) {
        if (text.split(mark).length !== 2) throw new Error(`${pages[kind].html}: ${mark} does not stand there once`);
        text = text.replace(mark, () => part);
    }
    return text;
}

/** A string literal in lines; every byte that is not plain ASCII as three octal digits. */
function literal(bytes) {
    let lines = '';
    for (let at = 0; at < bytes.length; at += 1000) {
        lines += '    "';
        for (const byte of bytes.subarray(at, at + 1000)) {
            const plain = byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c && byte !== 0x3f;
            lines += plain ? String.fromCharCode(byte) : '\\' + byte.toString(8).padStart(3, '0');
        }
        lines += '"\n';
    }
    return lines;
}

const script = await bundle(pages[kind].script, {format: 'iife'});
const style = await bundle(pages[kind].style, {});
for (const [part, end] of [[script, '</script'], [style, '</style']]) {
    if (part.toLowerCase().includes(end)) throw new Error(`the bundle contains ${end}`);
}
const hash = createHash('sha256').update(script).digest('base64');
const page = fill(await readFile(path.join(source, pages[kind].html), 'utf8'), {
    '@WAGESIM_STYLE@': style,
    '@WAGESIM_SCRIPT@': script,
    '@WAGESIM_SCRIPT_HASH@': `sha256-${hash}`,
});
const bytes = Buffer.from(page, 'utf8');
// Of its own for each page: both may be compiled as one file.
const constant = `k${kind[0].toUpperCase()}${kind.slice(1)}`;
await writeFile(output, `// Written by platforms/report/page/build.mjs.
#include "platforms/report/page.hpp"

namespace wagesim::report {
namespace {

constexpr char ${constant}[] =
${literal(bytes)}    ;

}  // namespace

std::string_view ${kind}_template()
{
    return {${constant}, ${bytes.length}};
}

}  // namespace wagesim::report
`);
if (html) await writeFile(html, page);
