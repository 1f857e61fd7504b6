// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A canvas as large as its frame, in the screen's own pixels.
import {element} from '../dom.js';

const mostRatio = 2;

export class Canvas {
    /** `changed()` is called when the frame's size has changed. */
    constructor(frame, changed) {
        this.node = element('canvas', {'aria-hidden': 'true'});
        this.context = this.node.getContext('2d', {alpha: false, willReadFrequently: true});
        this.width = 0;   // CSS pixels
        this.height = 0;
        this.ratio = 1;
        frame.prepend(this.node);
        this.observer = new ResizeObserver(() => {
            if (this.measure()) changed();
        });
        this.observer.observe(frame);
    }

    /** Whether the frame has another size than before. */
    measure() {
        const {clientWidth: width, clientHeight: height} = this.node.parentElement;
        const ratio = Math.min(window.devicePixelRatio || 1, mostRatio);
        if (width === this.width && height === this.height && ratio === this.ratio) return false;
        Object.assign(this, {width, height, ratio});
        this.node.width = Math.max(1, Math.round(width * ratio));
        this.node.height = Math.max(1, Math.round(height * ratio));
        return true;
    }

    dispose() {
        this.observer.disconnect();
    }
}
