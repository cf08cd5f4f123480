// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace census::detail {

/// Of the page's script: the data, unpacked, and a census as an object that is asked for figures by neuron and column.
inline constexpr std::string_view script_data = R"js(
async function unpack() {
  const carried = byId('data');
  const text = atob(carried.textContent), packed = new Uint8Array(text.length);
  for (let i = 0; i < packed.length; ++i) packed[i] = text.charCodeAt(i);
  carried.remove();
  if (carried.dataset.encoding === 'none') return JSON.parse(new TextDecoder().decode(packed));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate'));
  return JSON.parse(await new Response(stream).text());
}

// The columns of a table by name: value(row) is a number, a text or null.
function columnsOf(carried) {
  return new Map(carried.map(({name, values, texts}) => [name, {
    name, values, isText: Boolean(texts), value: texts ? row => known(values[row]) ? texts[values[row]] : null
                                                       : row => values[row]}]));
}

// A neuron's examples that were drawn by lot, of all bins.
const drawnOf = told => (told.bins ?? []).flatMap(([, , examples]) => examples);

class Census {
  constructor(carried) {
    Object.assign(this, {name: carried.name, run: carried.run, tokens: carried.tokens, positions: carried.positions});
    this.layers = columnsOf(carried.layers);
    this.columns = columnsOf(carried.neurons);
    this.size = this.columns.get('layer').values.length;
    this.allRows = Array.from({length: this.size}, (_, row) => row);
    this.firstRow = new Map();  // by layer
    this.columns.get('layer').values.forEach((layer, row) => this.firstRow.has(layer) || this.firstRow.set(layer, row));
    this.detectors = this.byRow(carried.detectors);
    const told = carried.examples ?? [];
    this.examples = this.byRow(told);
    this.hasDrawn = told.some(one => drawnOf(one).length);
    // What would write top examples, where the page holds none of any neuron.
    this.lacksExamples = told.some(one => one.examples.length) ? null :
      told.some(one => one.of) ? 'census report --examples 5' : 'census take --examples 5';
    this.projections = carried.projections;
    this.counted = this.run.domains.reduce((sum, [, tokens]) => sum + tokens, 0);
  }

  // What is told of neurons, a list each, by row.
  byRow(told) {
    const all = new Map();
    for (const one of told) {
      const row = this.rowOf(one.layer, one.neuron);
      if (row === null) continue;
      if (!all.has(row)) all.set(row, []);
      all.get(row).push(one);
    }
    return all;
  }

  rowOf(layer, neuron) {
    const row = this.firstRow.has(layer) ? this.firstRow.get(layer) + neuron : -1;
    return this.of(row, 'layer') === layer && this.of(row, 'neuron') === neuron ? row : null;
  }

  // A neuron's figure; null where the census does not tell it.
  of(row, column) { return this.columns.get(column)?.value(row) ?? null; }
  nameOf(row) { return `${this.of(row, 'layer')}.${this.of(row, 'neuron')}`; }

  // The tokens at one end of what a neuron adds to the prediction, 'promoted' or 'suppressed': [number of a text,
  // score] each. Without projections of all neurons those of detectors; null where the census does not tell.
  ranked(row, end) {
    const told = this.projections;
    if (!told) return this.detectors.get(row)?.[0][end] ?? null;
    const from = row * told.ranked, scores = told[`${end}_scores`];
    return told[end].slice(from, from + told.ranked).map((text, i) => [text, scores[from + i]]);
  }

  setting(name) { return this.run.settings.find(([known]) => known === name)?.[1] ?? null; }

  // Over layers: the figures that there are, and their sum; null where a layer has none, for the others do not make it.
  layerValues(column) {
    const of = this.layers.get(column);
    return of && !of.isText ? of.values.filter(known) : [];
  }
  sum(column) {
    const values = this.layerValues(column);
    return values.length === this.firstRow.size ? values.reduce((a, b) => a + b, 0) : null;
  }
  first(column) { return this.layerValues(column)[0] ?? null; }

  // Of each text what a search for tokens looks at: in small letters, as it is and as it is shown.
  searchable() {
    this.lowered ??= this.tokens.map(one => visible(one) === one ? one.toLowerCase()
                                                                : `${one}\n${visible(one)}`.toLowerCase());
    return this.lowered;
  }

  // [row, number of a text] pairs: at what neurons fire, or what they promote or suppress.
  pairs(where) {
    this.found ??= new Map();
    if (this.found.has(where)) return this.found.get(where);
    let all = [];
    if (where !== 'fires on' && this.projections) {
      const {ranked, [where]: texts} = this.projections;
      all = new Uint32Array(2 * texts.length);
      texts.forEach((text, i) => { all[2 * i] = i / ranked, all[2 * i + 1] = text; });
    } else if (where !== 'fires on') {
      for (const row of this.detectors.keys())
        for (const [text] of this.ranked(row, where)) all.push(row, text);
    } else {
      for (const [row, told] of this.detectors)
        for (const one of told) for (const [text] of one.ngrams) all.push(row, text);
      for (const [row, [told]] of this.examples)
        for (const [, , , position, first, tokens] of [...told.examples, ...drawnOf(told)])
          all.push(row, tokens[position - first]);
    }
    this.found.set(where, Uint32Array.from(all));
    return this.found.get(where);
  }
}
)js";

}  // namespace census::detail
