// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What stands behind the points of the scatter plot: grid, numbers along the axes, what they are.
import {themeColour} from './colours.js';

/** In a Canvas; `frame` are the margins in CSS pixels, the rest is of both axes. */
export function drawGrid(canvas, frame, [xScale, yScale], [across, up]) {
    const {context, node, ratio, width, height} = canvas;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = themeColour('--surface');
    context.fillRect(0, 0, node.width, node.height);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.font = `11px ${getComputedStyle(document.body).fontFamily}`;
    context.lineWidth = 1;
    const right = width - frame.right;
    const bottom = height - frame.bottom;
    const write = (text, x, y, align, room) => {
        context.textAlign = align;
        context.fillText(text, x, y, room);
    };
    context.fillStyle = themeColour('--soft');
    context.strokeStyle = themeColour('--grid');
    context.beginPath();
    const xTicks = xScale.ticks(Math.max(2, Math.round(width / 110)));
    for (const {at, text} of xTicks) {
        const x = Math.round(frame.left + at * (right - frame.left)) + 0.5;
        context.moveTo(x, frame.top);
        context.lineTo(x, bottom);
        write(text, x, bottom + 16, 'center', (right - frame.left) / xTicks.length);
    }
    for (const {at, text} of yScale.ticks(Math.max(2, Math.round(height / 60)))) {
        const y = Math.round(bottom - at * (bottom - frame.top)) + 0.5;
        context.moveTo(frame.left, y);
        context.lineTo(right, y);
        write(text, frame.left - 6, y + 4, 'right', frame.left - 22);
    }
    context.stroke();
    context.strokeStyle = themeColour('--line');
    context.strokeRect(frame.left + 0.5, frame.top + 0.5, right - frame.left, bottom - frame.top);
    context.fillStyle = themeColour('--text');
    context.font = `12px ${getComputedStyle(document.body).fontFamily}`;
    const name = ({label, direction}) => `${label}${{min: ' (less is better)', max: ' (more is better)'}[direction] ?? ''}`;
    write(name(across), (frame.left + right) / 2, height - 8, 'center', right - frame.left);
    context.save();
    context.translate(14, (frame.top + bottom) / 2);
    context.rotate(-Math.PI / 2);
    write(name(up), 0, 0, 'center', bottom - frame.top);
    context.restore();
    context.setTransform(1, 0, 0, 1, 0, 0);
}
