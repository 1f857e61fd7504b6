// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Who draws when: before each frame all views that have something to draw, as long as the frame's time lasts. A view that
// runs out of it shows what it has and goes on in the next frame.

const milliseconds = 14;  // of drawing in a frame; layout and the browser's own work need the rest of 50

export class Painter {
    #waiting = new Set();
    #asked = false;

    /** `view.draw(until)` is called before the next frame; it returns whether it has finished. */
    ask(view) {
        this.#waiting.add(view);
        if (this.#asked) return;
        this.#asked = true;
        requestAnimationFrame(() => this.#frame());
    }

    get isIdle() {
        return this.#waiting.size === 0;
    }

    #frame() {
        this.#asked = false;
        const until = performance.now() + milliseconds;
        const views = [...this.#waiting];
        this.#waiting.clear();
        for (const view of views) {
            if (!view.draw(until)) this.ask(view);
        }
    }
}
