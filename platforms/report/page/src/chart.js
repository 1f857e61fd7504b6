// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// One chart in its frame: ECharts with the parts that we use, drawn as SVG, in the page's colours and at the frame's
// size. What is drawn is the sections' business.
import {BarChart, HeatmapChart, LineChart, ScatterChart, TreemapChart} from 'echarts/charts';
import {GridComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent, VisualMapComponent} from 'echarts/components';
import * as echarts from 'echarts/core';
import {SVGRenderer} from 'echarts/renderers';

import {element} from './dom.js';

echarts.use([BarChart, GridComponent, HeatmapChart, LineChart, MarkAreaComponent, MarkLineComponent, SVGRenderer, ScatterChart,
    TooltipComponent, TreemapChart, VisualMapComponent]);

/** The value of a custom property of page.css, as it is in the present theme. */
export function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Lines and texts of an axis; `more` is laid over it. */
export function axis(more) {
    const {axisLabel, nameTextStyle, ...rest} = more;
    return {
        axisLine: {show: true, onZero: false, lineStyle: {color: colour('--line')}},
        axisTick: {show: true, lineStyle: {color: colour('--line')}},
        splitLine: {lineStyle: {color: colour('--grid')}},
        axisLabel: {color: colour('--soft'), fontSize: 11, hideOverlap: true, ...axisLabel},
        nameTextStyle: {color: colour('--soft'), fontSize: 11, ...nameTextStyle},
        nameLocation: 'middle',
        ...rest,
    };
}

/** A tooltip's content: a head, then [mark colour or null, what, value]. */
export function tip(head, rows) {
    return element('div', {class: 'tip'}, element('strong', {}, head), rows.map(([mark, what, value]) => {
        const swatch = element('i', {});
        swatch.style.background = mark ?? 'transparent';
        return element('div', {}, swatch, element('span', {}, what), element('b', {}, value));
    }));
}

const observer = new ResizeObserver((entries) => {
    for (const {target} of entries) echarts.getInstanceByDom(target)?.resize();
});

export class Chart {
    #instance = null;
    #frame;

    /** `frame` is put where the chart shall be; `kind` is a class of page.css that gives its height. */
    constructor(kind) {
        this.#frame = element('div', {class: `chart ${kind}`, role: 'img'});
    }

    get frame() {
        return this.#frame;
    }

    /** `text` says in words what the chart shows. */
    draw(option, text) {
        this.#frame.setAttribute('aria-label', text);
        if (!this.#instance) {
            this.#instance = echarts.init(this.#frame, null, {renderer: 'svg'});
            observer.observe(this.#frame);
        }
        const {tooltip, ...rest} = option;
        this.#instance.setOption({
            animation: false,
            textStyle: {fontFamily: getComputedStyle(document.body).fontFamily},
            tooltip: {
                confine: true,
                transitionDuration: 0,
                backgroundColor: colour('--surface'),
                borderColor: colour('--line'),
                textStyle: {color: colour('--text'), fontSize: 12},
                axisPointer: {lineStyle: {color: colour('--soft')}, shadowStyle: {color: colour('--grid')}},
                ...tooltip,
            },
            ...rest,
        }, {notMerge: true});
    }

    dispose() {
        if (!this.#instance) return;
        observer.unobserve(this.#frame);
        this.#instance.dispose();
        this.#instance = null;
    }
}
