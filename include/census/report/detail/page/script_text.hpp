// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace census::detail {

/// Of the page's script: elements and how numbers, and texts out of files, are shown. A text becomes the textContent of
/// an element and nothing else.
inline constexpr std::string_view script_text = R"js(
const byId = id => document.getElementById(id);
const known = value => value !== null && value !== undefined;

// make('td', {class: 'number'}, '5', another element, ...): an element with attributes and what it holds.
function make(name, attributes = {}, ...content) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return fill(element, ...content);
}

// Puts content into an element in the place of what it held; what is null is left out.
function fill(element, ...content) {
  element.replaceChildren(...content.filter(known));
  return element;
}

// What would not be seen, or would steer what is, as printable() has it: controls, format characters, line ends.
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
const shownAs = {'\n': '↵', '\t': '⇥', '\r': '␍'};
const escaped = code => code > 0xffff ? '\\U' + code.toString(16).padStart(8, '0') :
  '\\u' + code.toString(16).padStart(4, '0');
const visible = text => text.replace(unseen, one => shownAs[one] ?? escaped(one.codePointAt(0)));

// A token or n-gram, spaces and all.
const token = text => make('span', {class: 'token framed'}, visible(text));

const whole = new Intl.NumberFormat('en');
const count = value => known(value) ? whole.format(value) : '–';
const raised = text => text.replace(/[-+0-9]/g, one => '⁰¹²³⁴⁵⁶⁷⁸⁹'[one] ?? (one === '-' ? '⁻' : ''));
const digits = (value, most = 3) => !known(value) ? '–' : value !== 0 && Math.abs(value) < 1e-4 ?
  value.toExponential(most - 1).replace(/e(.*)/, (_, power) => ' · 10' + raised(power)) :
  String(Number(value.toPrecision(most)));
// What is not all of it is not rounded to 100.
const inPercent = (value, behind) => value < 1 ? Math.min(100 * value, 100 - 10 ** -behind) : 100 * value;
const percent = value => known(value) ? digits(inPercent(value, 1)) + ' %' : '–';
const fixed = (value, behind) => known(value) ? value.toFixed(behind).replace(/^-(0\.0*)$/, '$1') : '–';  // for columns
const plural = (value, one, more = one + 's') => `${count(value)} ${value === 1 ? one : more}`;
const titleOf = text => text.replaceAll('_', ' ');
const capital = text => text[0].toUpperCase() + text.slice(1);
const positionalTypes = ['oscillatory', 'both_extremes', 'one_extreme', 'other'];

function bytes(value) {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  for (; value >= 1024 && unit < units.length - 1; ++unit) value /= 1024;
  return digits(value) + ' ' + units[unit];
}

// A table: heads [[text, class, title]], rows of cells that are texts or elements; the first of a row is its head.
function table(heads, rows, caption) {
  const cell = (name, content, kind, title) => {
    const attributes = kind ? {class: kind} : {};
    if (title) attributes.title = title;
    if (name === 'th') attributes.scope = 'col';
    return make(name, attributes, content);
  };
  const head = make('tr', {}, ...heads.map(([text, kind, title]) => cell('th', text, kind, title)));
  const body = rows.map(cells => make('tr', {}, ...cells.map((content, i) =>
    i === 0 ? make('th', {scope: 'row', class: heads[0][1] ?? ''}, content) : cell('td', content, heads[i][1]))));
  return make('table', {}, caption ? make('caption', {}, caption) : null,
    make('thead', {}, head), make('tbody', {}, ...body));
}

// A table that scrolls by itself where it is too wide, by keys, too.
const scrolled = (name, content) =>
  make('div', {class: 'wide-table', tabindex: 0, role: 'region', 'aria-label': name}, content);
)js";

}  // namespace census::detail
