// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace census::detail {

/// Of the page's script: the list of neurons. Of its rows only those in sight are elements, however many there are.
inline constexpr std::string_view script_list = R"js(
const rowHeight = 28;
// Nor is what is some of it rounded to 0.
const frequencyOf = value =>
  known(value) ? fixed(value > 0 ? Math.max(inPercent(value, 2), 0.01) : 0, 2) + ' %' : '–';
const listColumns = [
  ['Neuron', '', (census, row) => census.nameOf(row)],
  ['Frequency', 'frequency', (census, row) => frequencyOf(census.of(row, 'frequency'))],
  ['Firings', 'firings', (census, row) => count(census.of(row, 'firings'))],
  ['Nats', 'mutual_information_corrected', (census, row) => fixed(census.of(row, 'mutual_information_corrected'), 3)],
  ['Cover', 'cover_unigram', (census, row) => count(census.of(row, 'cover_unigram'))],
  ['Verdicts', null, inShort],
];
const columnTitles = {Nats: 'what a neuron’s firing tells of the position, corrected, in nats',
  Cover: 'the fewest tokens that hold 95 % of its firings'};

class List {
  constructor(whenChosen, whenSorted) {
    Object.assign(this, {census: null, rows: [], at: -1, whenChosen});
    this.box = byId('list'), this.window = byId('window'), this.body = byId('rows');
    this.height = this.box.clientHeight, this.scrolled = 0;  // known here: to ask for them costs a layout of the page
    this.box.addEventListener('scroll', () => {
      this.scrolled = this.box.scrollTop;
      this.draw();
    }, {passive: true});
    this.box.addEventListener('keydown', event => this.key(event));
    this.window.addEventListener('click', event => {
      const row = event.target.closest('.row');
      if (row) this.choose(Number(row.dataset.at));
    });
    new ResizeObserver(() => {
      this.height = this.box.clientHeight;
      this.draw();
    }).observe(this.box);
    fill(byId('list-head'), make('div', {class: 'row', role: 'row'}, ...listColumns.map(([label, column]) =>
      make('div', {role: 'columnheader', ...(columnTitles[label] ? {title: columnTitles[label]} : {})},
        column === null ? make('span', {class: 'quiet'}, label) : this.sorter(label, column, whenSorted)))));
  }

  sorter(label, column, whenSorted) {
    const button = make('button', {type: 'button', 'data-column': column}, label);
    button.addEventListener('click', () => whenSorted(column));
    return button;
  }

  show(census, rows, staysChosen, sortedBy, descending) {
    const chosen = staysChosen && this.census === census ? this.rows[this.at] : undefined;
    Object.assign(this, {census, rows});
    this.body.style.height = `${rows.length * rowHeight}px`;
    this.box.setAttribute('aria-rowcount', rows.length + 1);
    for (const button of byId('list-head').querySelectorAll('button'))
      button.parentElement.setAttribute('aria-sort', button.dataset.column !== sortedBy ? 'none' :
        descending ? 'descending' : 'ascending');
    this.scrollTo(0);
    this.at = -1;
    this.choose(Math.max(0, rows.indexOf(chosen)));
  }

  // Goes to the neuron at a place of the list.
  choose(at) {
    const before = this.rows[this.at];
    this.at = Math.min(Math.max(at, 0), this.rows.length - 1);
    const top = this.at * rowHeight, seen = this.height - rowHeight - 1;  // less the head
    if (top < this.scrolled) this.scrollTo(Math.max(0, top));
    else if (top + rowHeight > this.scrolled + seen) this.scrollTo(top + rowHeight - seen);
    this.draw();
    if (this.rows[this.at] !== before || this.at < 0) this.whenChosen(this.rows[this.at] ?? null);
  }

  scrollTo(top) {
    if (top === this.scrolled) return;
    this.box.scrollTop = top;
    this.scrolled = this.box.scrollTop;
  }

  draw() {
    if (!this.census) return;
    const first = Math.max(0, Math.floor(this.scrolled / rowHeight) - 4);
    const end = Math.min(this.rows.length, first + Math.ceil(this.height / rowHeight) + 8);
    if (this.drawn !== this.rows || this.first !== first || this.end !== end) {
      Object.assign(this, {drawn: this.rows, first, end});
      this.window.style.top = `${first * rowHeight}px`;
      fill(this.window, ...this.rows.slice(first, end).map((row, i) => this.row(row, first + i)));
    }
    for (const row of this.window.children) row.setAttribute('aria-selected', Number(row.dataset.at) === this.at);
    if (this.at >= 0) this.box.setAttribute('aria-activedescendant', `at-${this.at}`);
    else this.box.removeAttribute('aria-activedescendant');
  }

  row(row, at) {
    return make('div', {class: 'row', role: 'row', id: `at-${at}`, 'data-at': at, 'aria-rowindex': at + 2},
      ...listColumns.map(([label, , text]) => make('div', {role: 'gridcell',
        ...(label === 'Verdicts' ? {class: 'verdict'} : {})}, text(this.census, row))));
  }

  key(event) {
    if (event.target !== this.box || event.altKey || event.ctrlKey || event.metaKey) return;
    const page = Math.max(1, Math.floor(this.height / rowHeight) - 2);
    const all = this.rows.length;
    const steps = {ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -all, End: all};
    if (event.key in steps) this.choose(this.at + steps[event.key]);
    else if (event.key === 'Enter') byId('panel').focus();
    else return;
    event.preventDefault();
  }
}
)js";

}  // namespace census::detail
