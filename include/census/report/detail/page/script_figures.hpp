// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace census::detail {

/// Of the page's script: the figures, as images, in which nothing can run or be loaded; and the tables of layers.
inline constexpr std::string_view script_figures = R"js(
// "Figure 7. " where it is one of the paper's.
const paperNumber = id => /^figure_\d+$/.test(id) ? `Figure ${id.slice(7)}. ` : '';

function showFigures({drawn, omitted}) {
  fill(byId('drawn'), ...drawn.map(one => make('figure', {id: one.id},
    make('div', {class: 'drawing'},
      make('img', {alt: one.title, src: 'data:image/svg+xml;charset=utf-8,' + encodeURIComponent(one.svg)})),
    make('figcaption', {}, make('b', {}, `${paperNumber(one.id)}${visible(one.title)}. `), visible(one.caption)))));
  if (omitted.length)
    fill(byId('omitted'), make('h3', {}, 'Not drawn'), make('ul', {}, ...omitted.map(one =>
      make('li', {}, make('b', {}, paperNumber(one.id) + visible(one.title)), ': ', visible(one.reason)))));
}

const ngramColumns = (ngram, n, shorter) => [
  [`${ngram}_detectors`, `${capital(ngram)} detectors`, count, 'by the rule of token detectors with cover ≤ 50'],
  [`${ngram}_detectors_of_that_order`, `of order ${n}`, count, `${ngram} detectors that detect no ${shorter}`],
];

// The columns of layers.csv that tell most: name, head, how a figure is shown, what the head says when pointed at.
const layerTables = {
  'Firing': [
    ['neurons', 'Neurons', count, 'neurons of the layer'],
    ['dead', 'Never fired', count, 'neurons that never fired, BOS included'],
    ['dead_share', 'their share', percent, 'share of the layer’s neurons that never fired'],
    ['mean_frequency_alive', 'Mean frequency of the others', percent, 'mean share of tokens at which they fire'],
    ['provably_dead', 'Provably dead', count, 'by their weights, whatever the input'],
    ['always_on', 'Always on', count, 'by their weights, whatever the input'],
  ],
  'Detectors': [
    ['token_detectors', 'Token detectors', count, 'by the paper’s rule'],
    ['token_detectors_supported', 'supported', count, 'token detectors at tokens that occur 73 times or more'],
    ['token_detectors_surely', 'surely', count, 'token detectors on one half of the text, borne out by the other'],
    ['detected_tokens', 'Tokens detected', count, 'distinct tokens that some detector of the layer detects'],
    ...ngramColumns('bigram', 2, 'tokens'), ...ngramColumns('trigram', 3, 'tokens or bigrams'),
  ],
  'Position': [
    ['positional', 'Positional', count, 'by the paper’s rule: above 0.05 nats'],
    ['positional_corrected', 'beyond chance', count, 'positional inside documents, and against a decoy'],
    ['positional_surely', 'surely', count, 'above 0.05 nats inside documents, 5 % error for all neurons together'],
    ...positionalTypes.map(type =>
      [`positional_${type}`, capital(titleOf(type)), count, 'of those positional beyond chance']),
  ],
};

function layerTable(census, name, columns) {
  const shown = columns.filter(([column]) => census.layerValues(column).length > 0);
  const layers = census.layers.get('layer').values;
  const heads = [['Layer', 'number'], ...shown.map(([, head, , title]) => [head, 'number', title])];
  const all = table(heads, layers.map((layer, i) =>
    [String(layer), ...shown.map(([column, , format]) => format(census.layers.get(column).value(i)))]), name);
  const addsUp = ([column, , format]) => format === count && column !== 'detected_tokens';  // of which layers share some
  const sums = shown.map(one => make('td', {class: 'number'}, addsUp(one) ? count(census.sum(one[0])) : ''));
  if (layers.length > 1)
    all.append(make('tfoot', {}, make('tr', {}, make('th', {scope: 'row', class: 'number'}, 'all'), ...sums)));
  return shown.length ? all : null;
}

function showLayers(census) {
  fill(byId('layer-tables'),
    ...Object.entries(layerTables).map(([name, columns]) => layerTable(census, name, columns)));
  byId('layers-of').textContent = `Of ${visible(census.name)}, on ${plural(census.counted, 'token')}.`;
  fill(byId('all-columns'));
  byId('all-figures').open = false;
  byId('all-figures').ontoggle = () => byId('all-columns').hasChildNodes() || showAllColumns(census);
}

function showAllColumns(census) {
  const [layer, ...others] = census.layers.values();
  fill(byId('all-columns'), table([['column'], ...layer.values.map(number => [`layer ${number}`, 'number'])],
    others.map(column => [visible(column.name), ...layer.values.map((_, i) => {
      const value = column.value(i);
      if (!known(value)) return '';
      return column.isText ? visible(value) : Number.isInteger(value) ? count(value) : digits(value, 4);
    })])));
}
)js";

}  // namespace census::detail
