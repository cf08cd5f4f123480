// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace census::detail {

/// Of the page's script: the verdicts on a neuron, each with what to doubt of it; in short what docs/results.md says
/// column by column under "do not believe it".
inline constexpr std::string_view script_doubts = R"js(
function livenessVerdicts(census, row) {
  const of = column => census.of(row, column), all = [];
  const bound = of('firing_rate_upper_95'), rounding = of('near_firings');
  if (of('provably_dead') === 1) all.push(['Provably dead', 'The weights prove that no input makes it fire.']);
  else if (of('firings') === 0) all.push(['Never fired', [known(bound) ? `With 95 % confidence it fires in fewer than ${
    percent(bound)} of documents of this kind; text of another kind may wake it.` : null,
    of('provably_dead') === 0 ? 'The weights do not prove it dead.' : null].filter(known).join(' ')]);
  if (of('always_on') === 1) all.push(['Always on', 'The weights prove that every input makes it fire.']);
  if (of('firings') > 0 && known(rounding) && rounding >= of('firings'))
    all.push(['Fires by rounding',
      'All of its firings lie within the bound on rounding: computed elsewhere, it may be silent.']);
  return all;
}

function detectorVerdicts(census, row) {
  const of = column => census.of(row, column), all = [];
  const rule = of('token_detector') === 1, verdict = of('token_detector_verdict'), order = of('detector_order');
  const told = census.detectors.get(row)?.find(one => one.n === 1);
  const rare = told ? ` Of its ${plural(told.of, 'token')}, ${count(told.supported)} ${told.supported === 1 ? 'occurs' :
    'occur'} 73 times or more, where firing on all of them speaks for 95 %.` : '';
  if (rule) all.push(['Token detector by the paper’s rule',
    'The same text chose its tokens: one that occurred once, and was fired on, has 100 %.' + rare]);
  if (verdict === 'surely') all.push(['Surely a token detector',
    'Claimed on one half of the documents and borne out by the other, with 5 % error for all claims together; ' +
    'occurrences count as independent, which in one document they are not.']);
  if (verdict === 'no' && rule) all.push(['Refuted as a token detector', 'By the other half of the documents.']);
  if (verdict === 'possibly' && rule) all.push(['Possibly a token detector', 'The text is too short to say more.']);
  if (order > 1) all.push([`Detects ${order}-grams, and nothing shorter`,
    'A handful of n-grams that occur once each is enough for that.' + (known(of('repeat_rate')) ?
    ` At another occurrence of a token at which it fired, it fires with ${percent(of('repeat_rate'))}.` : '')]);
  return all;
}

function informationVerdict(of) {
  const verdict = of('positional_verdict');
  if (verdict !== 'surely' && verdict !== 'possibly') return [];
  const low = of('mutual_information_lower_95'), high = of('mutual_information_upper_95');
  const interval = known(low) && known(high) ? ` (95 % interval ${digits(low)} to ${digits(high)} nats)` : '';
  return [[`${verdict === 'surely' ? 'Surely' : 'Possibly'} above 0.05 nats inside documents${interval}`,
    verdict === 'surely' ? 'With 5 % error for all neurons together; for documents like these.'
                         : 'With little text most neurons are possibly so.']];
}

function typeVerdict(of) {
  const type = of('positional_type');
  if (!known(type)) return [];
  const own = of('positional_type_by_own_rate'), doubts = [];
  if (of('positional_strong') === 0) doubts.push(type === 'other' ?
    'Not strong: its graph is not thin. In one of 100 sequences noise would be more than a twentieth.' :
    'Not strong: within 1 % of the extremes the type is another one, or too few cells (300) are behind it.');
  if (of('positional_confident') === 0)
    doubts.push('Not confident: in a half of the documents or a domain it is another one.');
  if (of('positional_confident') === null) doubts.push('Whether parts of the text agree is not known.');
  if (type === 'one_extreme' && of('frequency') < .1)
    doubts.push('It fires at fewer than a tenth of the tokens, so that being low over most positions is nothing of ' +
      `its own${known(own) ? `; for its own rate the type is ${titleOf(own)}` : ''}.`);
  const how = [of('positional_strong') === 1 ? 'strong' : null, of('positional_confident') === 1 ? 'confident' : null];
  return [[['Type: ' + titleOf(type), ...how.filter(known)].join(', '), doubts.join(' ')]];
}

function positionVerdicts(census, row) {
  const of = column => census.of(row, column), all = [];
  const plain = of('positional') === 1, corrected = of('positional_corrected');
  if (corrected === 1) all.push(['Positional beyond chance',
    'Held against a decoy; of the neurons that the decoy alone calls, a twentieth are false on average, more where ' +
    'many fire together.']);
  if (plain && corrected !== 1) all.push(['Positional by the paper’s rule alone', corrected === 0 ?
    'Not beyond chance: beginnings of documents, bursts or few sequences may make it so.' :
    isOfCountsAlone(census) ? 'Counts alone, of which the census was merged, do not tell what chance makes of it.' :
    'Too few full sequences lie inside documents to hold it against chance.']);
  return [...all, ...informationVerdict(of), ...typeVerdict(of)];
}

// [verdict, doubt] each.
const verdictsOf = (census, row) =>
  [...livenessVerdicts(census, row), ...detectorVerdicts(census, row), ...positionVerdicts(census, row)];

// The same in a few words, for the list.
function inShort(census, row) {
  const of = column => census.of(row, column), all = [];
  if (of('provably_dead') === 1) all.push('provably dead');
  else if (of('firings') === 0) all.push('never fired');
  if (of('always_on') === 1) all.push('always on');
  const verdict = of('token_detector_verdict');
  if (of('token_detector') === 1) all.push('token detector' + (known(verdict) ? `: ${verdict}` : ''));
  else if (known(of('detector_order'))) all.push(`${of('detector_order')}-gram detector`);
  const type = of('positional_type');
  if (of('positional_corrected') === 1) all.push(known(type) ? titleOf(type) : 'positional');
  else if (of('positional') === 1) all.push('positional?');
  return all.join(' · ');
}
)js";

}  // namespace census::detail
