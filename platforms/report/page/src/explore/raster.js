// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Lines and marks of many points, blended into pixels by hand. A canvas without a graphics processor takes somewhat longer to
// stroke them, and above all later, when the frame is composed: only here one can see what each costs, and stop after any of
// them. Red and blue of a pixel are blended in one multiplication. All numbers in the loops are 32-bit integers, signed, since
// engines keep unsigned ones as floating point.

export class Raster {
    constructor(width, height) {
        this.width = Math.max(1, width);
        this.height = Math.max(1, height);
        this.image = new ImageData(this.width, this.height);
        this.pixels = new Int32Array(this.image.data.buffer);  // 0xAABBGGRR
    }

    fill(colour) {
        this.pixels.fill(colour);
    }

    copy(other) {
        this.pixels.set(other.pixels);
    }

    /** From (x0, y0) to (x1, y1), x0 < x1 whole, a pixel wide, `weight` of 256; each step is shared by the two pixels that it
     *  lies between. Nothing of a line that leaves the raster sideways. */
    line(x0, y0, x1, y1, colour, weight) {
        const {pixels, width, height} = this;
        const slope = (y1 - y0) / (x1 - x0);
        const flat = slope >= -1 && slope <= 1;
        // Places across the steps in 16.16 fixed point, so that a shift and a mask split them.
        const count = flat ? x1 - x0 : Math.abs(Math.round(y1) - Math.round(y0));
        const step = Math.round(65536 * (flat ? slope : 1 / Math.abs(slope)));
        const most = flat ? height - 2 : width - 2;
        const next = flat ? width : 1;
        const along = flat ? 1 : slope > 0 ? width : -width;
        const across = flat ? width : 1;
        let place = Math.round(65536 * (flat ? y0 : x0));
        let base = flat ? x0 : Math.round(y0) * width;
        const redBlue = colour & 0xff00ff;
        const green = colour & 0x00ff00;
        for (let i = 0; i < count; ++i, place += step, base += along) {
            const whole = place >> 16;
            if (whole < 0 || whole > most) continue;
            const second = ((place & 0xffff) * weight) >> 16;
            const first = weight - second;
            const at = base + whole * across;
            let under = pixels[at];
            let rest = 256 - first;
            pixels[at] = 0xff000000
                | (((Math.imul(under & 0xff00ff, rest) + Math.imul(redBlue, first)) >>> 8) & 0xff00ff)
                | (((Math.imul(under & 0x00ff00, rest) + Math.imul(green, first)) >>> 8) & 0x00ff00);
            under = pixels[at + next];
            rest = 256 - second;
            pixels[at + next] = 0xff000000
                | (((Math.imul(under & 0xff00ff, rest) + Math.imul(redBlue, second)) >>> 8) & 0xff00ff)
                | (((Math.imul(under & 0x00ff00, rest) + Math.imul(green, second)) >>> 8) & 0x00ff00);
        }
    }

    /** A mark of ./marks.js around (x, y), where all of it is in the raster. */
    stamp(x, y, {size, cover}, colour, weight) {
        const {pixels, width, height} = this;
        const left = Math.round(x - size / 2);
        const top = Math.round(y - size / 2);
        if (left < 0 || top < 0 || left + size > width || top + size > height) return;
        const redBlue = colour & 0xff00ff;
        const green = colour & 0x00ff00;
        for (let row = 0, i = 0; row < size; ++row) {
            for (let at = (top + row) * width + left, end = at + size; at < end; ++at, ++i) {
                const part = (cover[i] * weight) >> 8;
                if (part === 0) continue;
                const under = pixels[at];
                const rest = 256 - part;
                pixels[at] = 0xff000000
                    | (((Math.imul(under & 0xff00ff, rest) + Math.imul(redBlue, part)) >>> 8) & 0xff00ff)
                    | (((Math.imul(under & 0x00ff00, rest) + Math.imul(green, part)) >>> 8) & 0x00ff00);
            }
        }
    }
}
