// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace census::detail {

/// Of the page's script: what was counted on what, and what is to be doubted of a whole run.
inline constexpr std::string_view script_counted = R"js(
function abstractOf(census) {
  const dead = census.sum('dead'), share = dead / census.size;
  const told = [`${plural(census.size, 'neuron')} in ${plural(census.firstRow.size, 'layer')}, ` +
    `${plural(census.counted, 'token')} of ${plural(census.run.documents, 'document')}.`,
    `${count(dead)} never fired (${percent(share)})`];
  const detectors = census.sum('token_detectors'), positional = census.sum('positional_corrected');
  if (known(detectors)) told.push(`${count(detectors)} detect tokens by the paper’s rule`);
  if (known(positional)) told.push(`${count(positional)} are positional beyond chance`);
  const last = told.length > 2 ? told.slice(1, -1).join(', ') + ', and ' + told.at(-1) : told[1];
  return make('p', {}, make('b', {}, visible(census.name)), ': ', told[0], ' ', last, '.');
}

// Files in one line: the one, or how many there are in which folder.
function filesIn(files) {
  if (files.length < 2) return files[0]?.path ?? 'not told';
  const folders = files.map(file => file.path.split('/').slice(0, -1));
  let common = 0;
  while (common < folders[0].length && folders.every(folder => folder[common] === folders[0][common])) ++common;
  return plural(files.length, 'file') + (common ? ' in ' + folders[0].slice(0, common).join('/') : '');
}

function factsOf({run, counted, size, firstRow}) {
  const lines = texts => make('div', {}, ...texts.map(text => make('div', {}, visible(text))));
  const folder = run.settings.find(([name]) => name === 'model')?.[1];
  const files = run.model.length ? ` (${plural(run.model.length, 'file')}, ${
    bytes(run.model.reduce((sum, file) => sum + file.bytes, 0))})` : '';
  const told = name => run.settings.find(([known]) => known === name)?.[1];
  const layers = [...firstRow.keys()];
  return [
    ['Model', lines([(folder ?? run.model[0]?.path ?? 'not told') + files])],
    ['Neurons', `${count(size)}, layers ${layers[0]} to ${layers.at(-1)}`],
    ['Tokens', `${count(counted)}${told('bos') === 'yes' ? ', BOS included' : ''}`],
    ['by domain', lines(run.domains.map(([name, tokens]) => `${name}: ${count(tokens)}`))],
    ['Documents', count(run.documents)],
    ['Sequences', `${count(run.sequences)}, of which ${count(run.full_sequences)} are full` +
      (told('context') ? ` (${told('context')} tokens)` : '')],
    ['Texts', lines([filesIn(run.texts)])],
    ['n-grams up to', told('ngrams') ?? 'not told'],
    ['Computed by', lines(run.devices.length ? run.devices.map(device => device.map(pair => pair[1]).join(', '))
                                             : [run.blas || 'not told'])],
    ['Time', `${digits(run.seconds.reduce((sum, [, took]) => sum + took, 0))} s`],
    ['Passed over', run.ignored.length ? lines(run.ignored.map(kind =>
      `${count(kind.count)} ${kind.what}${kind.places.length ? ': ' + kind.places.join('; ') : ''}`)) : 'nothing'],
  ];
}

function showFacts(censuses) {
  const all = censuses.map(factsOf);
  const rows = all[0].map(([label], i) => [label, ...all.map(facts => facts[i][1])]);
  fill(byId('facts'), table([[''], ...censuses.map(census => [visible(census.name)])], rows));
}

// Whether it was merged from censuses that kept no states: then no layer tells its documents.
const isOfCountsAlone = census => census.first('documents') === null;

// What the counts of a run do not tell, a sentence each, from its own figures.
function doubtsOf(census) {
  const doubts = [], {run} = census;
  const inside = census.first('full_sequences_inside');
  if (isOfCountsAlone(census))
    doubts.push('Merged from counts alone: nothing is known of documents, of what chance would make of positions, and ' +
      'of what supports detectors (census take --keep-state keeps it).');
  if (run.full_sequences === 0) doubts.push('No sequence is full, so that nothing is known of position.');
  else if (known(inside) && inside < 10)
    doubts.push(`Only ${plural(inside, 'full sequence')} lie inside documents: nothing is decided of position.`);
  else if (known(inside) && inside < 50)
    doubts.push(`Only ${plural(inside, 'full sequence')} lie inside documents: verdicts on position rest on those ` +
      'that begin documents, too, where titles and licences make content depend on position.');
  const context = Number(census.setting('context'));
  if (context > 0 && context <= 256 && run.full_sequences > 0)
    doubts.push(`With sequences of ${context} tokens, a neuron that fires at just the first ${
      Math.max(1, Math.ceil(.0087 * context))} of them is positional. Look at the strong and the confident ones.`);
  const rule = census.sum('token_detectors'), supported = census.sum('token_detectors_supported');
  if (known(supported) && supported < rule)
    doubts.push(`Of ${plural(rule, 'token detector')} by the paper’s rule, ${count(supported)} ${
      supported === 1 ? 'is' : 'are'} supported by tokens that occur 73 times or more, and at which they fired in ` +
      'two documents; of the others too many firings are at other tokens.');
  if (known(rule) && !known(census.sum('token_detectors_surely')))
    doubts.push(`No detector is held against text that did not choose it: ${isOfCountsAlone(census) ?
      'the census was merged from counts alone.' : census.setting('ngrams') === '1' ?
      'with --ngrams 1 no firings are kept.' : 'a half of the documents has fewer than two.'}`);
  const wakes = census.sum('still_to_wake'), dead = census.sum('dead');
  if (wakes >= 1)
    doubts.push(`Of the ${count(dead)} silent neurons at least some ${count(Math.round(wakes))} would still fire with ` +
      'more text of this kind; other text may wake others. See the dead share against text.');
  const proved = census.sum('provably_dead');
  if (known(proved) && proved < dead)
    doubts.push(`Silent is not dead: the weights prove it of ${proved === 0 ? 'none' : count(proved)}; census wake ` +
      'searches for inputs that wake the others.');
  const rounding = census.sum('dead_by_rounding');
  if (rounding > 0) doubts.push(`Of ${plural(rounding, 'neuron')} that fired, every firing lies within the bound on ` +
    'rounding: computed elsewhere, they could be silent.');
  const differ = census.sum('rounding_firings_differ');
  if (differ > 0)
    doubts.push(`In a sample that was also computed in double precision, ${count(differ)} firings differ.`);
  if (run.ignored.length) doubts.push('The run passed something over: see above whether it was meant to count.');
  return doubts;
}

// Each doubt once, with the names of the censuses that it is of where it is not of all.
function showDoubts(censuses, differences) {
  const namesOf = new Map(differences.map(([other, first, what]) => [`${other} beside ${first}: ${what}.`, censuses]));
  for (const census of censuses)
    for (const doubt of doubtsOf(census)) namesOf.set(doubt, [...(namesOf.get(doubt) ?? []), census]);
  const items = [...namesOf].map(([doubt, of]) => make('li', {}, of.length < censuses.length ?
    make('b', {}, visible(of.map(census => census.name).join(', ')) + ': ') : null, visible(doubt)));
  fill(byId('doubts'), items.length ? make('ul', {}, ...items)
                                    : make('p', {}, 'Nothing beyond what each verdict says.'));
}
)js";

}  // namespace census::detail
