// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace census::detail {

/// Of the page's script: all that is known of a neuron.
inline constexpr std::string_view script_panel = R"js(
const panelFigures = [
  ['frequency', 'fires at, share of tokens', percent], ['firings', 'firings', count],
  ['firings_without_bos', 'without BOS', count],
  ['mutual_information', 'information on position, nats', digits],
  ['mutual_information_corrected', 'corrected', digits],
  ['cover_unigram', 'tokens that hold 95 % of firings', count], ['repeat_rate', 'repeat rate', percent],
];

function ngramTable(detector, census) {
  const what = detector.n === 1 ? 'token' : `${detector.n}-gram`;
  const rows = detector.ngrams.map(([text, firings, occurrences]) => [token(census.tokens[text]),
    percent(firings / occurrences), count(occurrences), percent(firings / detector.firings_without_bos)]);
  const more = detector.of - detector.ngrams.length;
  const heads = [[what], ['fires on', 'number'], ['occurrences', 'number'], ['share of its firings', 'number']];
  return [scrolled(`${capital(what)}s that it detects`, table(heads, rows)),
    more > 0 ? make('p', {class: 'quiet'}, `and ${plural(more, 'more', 'more')}`) : null];
}

// What it detects: the shortest n-grams open, longer ones, which hold them, behind a click.
const detected = (detectors, census) => detectors.flatMap((detector, i) => {
  const what = `${detector.n === 1 ? 'Token' : detector.n + '-gram'}s that it detects`;
  return i === 0 ? [make('h4', {}, what), ...ngramTable(detector, census)]
                 : [make('details', {}, make('summary', {}, what), ...ngramTable(detector, census))];
});

function rankedTokens(census, row) {
  const head = make('h4', {}, `What it ${census.of(row, 'firings') === 0 ? 'would add' : 'adds'} to the prediction`);
  const promoted = census.ranked(row, 'promoted'), suppressed = census.ranked(row, 'suppressed');
  if (!promoted) return [head, make('p', {class: 'quiet'},
    'Of neurons that detect nothing this census does not tell it: ',
    make('code', {}, 'census take --projections 8'), ' writes it of all.')];
  const ranked = told => make('div', {}, ...told.map(([text, score]) => {
    const element = token(census.tokens[text]);
    element.title = `score ${score}`;
    return element;
  }));
  const detector = census.detectors.get(row)?.[0], place = detector?.trigger_null_percentile;
  return [head, make('div', {class: 'ends'}, make('span', {}, 'promotes'), ranked(promoted),
    make('span', {}, 'suppresses'), ranked(suppressed)),
    known(place) ? make('p', {class: 'quiet'}, `The tokens that it detects score ${
      detector.trigger_projection < 0 ? 'below' : 'above'} 0, and lower than ${
      percent(1 - place)} of the tokens of about their frequency; half would be chance.`) : null];
}

function exampleText([value, , , position, first, tokens, values], census) {
  const text = make('div', {class: 'text', dir: 'ltr'});
  tokens.forEach((number, i) => {
    const shown = visible(census.tokens[number]), isMost = first + i === position;
    if (!(values[i] > 0) && !isMost) return text.append(shown);
    const element = make('span', {class: 'fires', title: digits(values[i])}, shown);
    element.classList.toggle('most', isMost);
    element.style.setProperty('--strength', isMost ? 1 : Math.min(1, values[i] / value));
    text.append(element);
  });
  return text;
}

function exampleOf(example, census) {
  const [value, document, piece, position] = example;
  return make('div', {class: 'example'}, make('div', {class: 'place'},
    `${digits(value)} at document ${document}, piece ${piece}, position ${position}`), exampleText(example, census));
}

function examplesOf(census, row) {
  const {examples, ...told} = census.examples.get(row)?.[0] ?? {examples: []}, drawn = drawnOf(told);
  const isLacking = census.lacksExamples && census.of(row, 'firings') > 0;
  if (!isLacking && !examples.length && !drawn.length) return [];
  return [make('h4', {}, 'Where it fires most'), isLacking ? make('p', {class: 'quiet'},
    'This page holds no top examples: ', make('code', {}, census.lacksExamples), ' writes them.') : null,
    ...examples.map(example => exampleOf(example, census)),
    drawn.length ? make('details', {}, make('summary', {}, 'Other firings, drawn by lot, from small to large'),
      ...drawn.map(example => exampleOf(example, census))) : null];
}

function positionOf(census, row) {
  if (!census.positions || !census.positions.levels[row]) return [];
  const type = census.of(row, 'positional_type'), head = 'Frequency by position';
  return [make('h4', {}, known(type) ? `${head}: ${titleOf(type)}` : head), positionPlot(census, row)];
}

function allColumnsOf(census, row) {
  const details = make('details', {}, make('summary', {}, 'Every column of neurons.csv'));
  details.addEventListener('toggle', () => {
    if (details.querySelector('table')) return;
    const rows = [...census.columns.values()].filter(column => known(column.value(row))).map(column =>
      [visible(column.name), column.isText ? visible(column.value(row)) : digits(column.value(row), 12)]);
    details.append(scrolled('Every column', table([['column'], ['value, rounded', 'number']], rows)));
  });
  return details;
}

function showNeuron(census, row) {
  const panel = byId('panel');
  if (row === null) return fill(panel, make('p', {class: 'quiet'}, 'No neuron is chosen.'));
  const name = `Layer ${census.of(row, 'layer')}, neuron ${census.of(row, 'neuron')}`;
  const figures = panelFigures.filter(([column]) => known(census.of(row, column))).map(([column, label, format]) =>
    make('div', {}, make('dt', {}, label), make('dd', {}, format(census.of(row, column)))));
  const verdicts = verdictsOf(census, row).map(([verdict, doubt]) => make('li', {}, make('b', {}, verdict),
    doubt ? make('span', {class: 'doubt'}, doubt) : null));
  const detectors = census.detectors.get(row) ?? [];
  fill(panel, make('h3', {}, name),
    verdicts.length ? make('ul', {class: 'verdicts'}, ...verdicts)
                    : make('p', {class: 'quiet'}, 'It fires, and none of the paper’s verdicts is on it.'),
    make('dl', {class: 'figures'}, ...figures),
    ...detected(detectors, census),
    ...rankedTokens(census, row), ...positionOf(census, row), ...examplesOf(census, row), allColumnsOf(census, row));
  panel.setAttribute('aria-label', name);
}
)js";

}  // namespace census::detail
