// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace census::detail {

/// Of the page's script: which neurons are shown, in which order.
inline constexpr std::string_view script_filters = R"js(
// [label, column, what its figure has to be] each; a label is offered where the census has the column.
const is = wanted => figure => figure === wanted;
const firingFilters = [
  ['never fired', 'firings', is(0)], ['fired', 'firings', figure => figure > 0],
  ['provably dead', 'provably_dead', is(1)], ['always on', 'always_on', is(1)],
];
const positionFilters = [
  ['positional, the paper’s rule', 'positional', is(1)], ['beyond chance', 'positional_corrected', is(1)],
  ['surely', 'positional_verdict', is('surely')], ['possibly', 'positional_verdict', is('possibly')],
  ...positionalTypes.map(type => [titleOf(type), 'positional_type', is(type)]),
  ['strong type', 'positional_strong', is(1)], ['confident type', 'positional_confident', is(1)],
];
const detectorFilters = census => [
  ['token detector, the paper’s rule', 'token_detector', is(1)],
  ...['surely', 'possibly', 'no'].map(verdict =>
    [verdict === 'no' ? 'surely none' : verdict, 'token_detector_verdict', is(verdict)]),
  ...[...new Set(census.columns.get('detector_order')?.values.filter(known) ?? [])].sort().map(order =>
    [`order ${order}`, 'detector_order', is(order)]),
];

function offer(select, census, filters, any) {
  const options = [make('option', {value: ''}, any)];
  select.tests = filters.filter(([, column]) => census.columns.has(column)).map(([label, name, holds]) => {
    const column = census.columns.get(name), test = row => holds(column.value(row));
    let found = 0;
    for (let row = 0; row < census.size; ++row) found += test(row);
    options.push(make('option', {value: options.length}, `${label} (${count(found)})`));
    return test;
  });
  fill(select, ...options);
}

function offerLayers(select, census) {
  fill(select, make('option', {value: ''}, 'all'),
    ...[...census.firstRow.keys()].map(layer => make('option', {value: layer}, String(layer))));
}

const sortLabels = {frequency: 'frequency', firings: 'firings', mutual_information: 'information, the paper’s',
  mutual_information_corrected: 'information, corrected', cover_unigram: 'cover, tokens',
  cover_bigram: 'cover, bigrams', cover_trigram: 'cover, trigrams', repeat_rate: 'repeat rate'};

function offerSorting(select, census) {
  const numbers = [...census.columns.values()].filter(({name, isText}) =>
    !isText && name !== 'layer' && name !== 'neuron');
  const first = Object.keys(sortLabels).filter(name => census.columns.has(name));
  const others = numbers.map(column => column.name).filter(name => !first.includes(name));
  const group = (label, names) => make('optgroup', {label}, ...names.map(name =>
    make('option', {value: name}, sortLabels[name] ?? visible(titleOf(name)))));
  fill(select, make('option', {value: ''}, 'layer, neuron'), group('most used', first),
    group('other columns', others));
}

// Whether a neuron is searched for: by name, or by a token; null where nothing is.
function searched(census, text, where) {
  if (text === '') return null;
  const [, layer, neuron] = /^\s*(\d+)\s*[.,:]\s*(\d*)\s*$/.exec(text) ?? [];
  if (layer !== undefined && neuron === '') return one => census.of(one, 'layer') === Number(layer);
  if (layer !== undefined) {
    const row = census.rowOf(Number(layer), Number(neuron));
    return one => one === row;
  }
  const lower = text.toLowerCase(), wanted = census.searchable().map(one => one.includes(lower));
  const pairs = census.pairs(where), rows = new Uint8Array(census.size);
  for (let i = 0; i < pairs.length; i += 2) if (wanted[pairs[i + 1]]) rows[pairs[i]] = 1;
  return row => rows[row] === 1;
}

// The rows that are shown, in their order.
function chosenRows(census) {
  const tests = ['by-firing', 'by-detector', 'by-position'].map(byId).filter(select => select.value)
    .map(select => select.tests[select.value - 1]);
  const layer = byId('by-layer').value, column = byId('sort-by').value, layers = census.columns.get('layer').values;
  if (layer !== '') tests.push(row => layers[row] === Number(layer));
  const search = searched(census, byId('search').value, byId('search-in').value);
  if (search) tests.push(search);
  const rows = tests.reduce((left, test) => left.filter(test), census.allRows.slice());
  const descending = byId('descending').value === 'yes';
  if (column === '') return descending ? rows.reverse() : rows;
  const keys = Float64Array.from(census.columns.get(column).values, value =>  // what is not known comes last
    !known(value) ? Infinity : descending ? -value : value);
  return rows.sort((a, b) => keys[a] - keys[b] || a - b);
}
)js";

}  // namespace census::detail
