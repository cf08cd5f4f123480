// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace census::detail {

/// Of the page's script: what follows what. The chosen neuron stands in the address behind #, as CENSUS/LAYER.NEURON,
/// so that it can be kept and sent.
inline constexpr std::string_view script_browser = R"js(
class Browser {
  constructor(censuses) {
    this.censuses = censuses;
    this.list = new List(row => this.choose(row), column => this.sortBy(column));
    for (const where of ['fires on', 'promoted', 'suppressed'])
      byId('search-in').append(make('option', {value: where},
        {'fires on': 'what it fires on', promoted: 'what it promotes', suppressed: 'what it suppresses'}[where]));
    for (const id of ['search-in', 'by-layer', 'by-firing', 'by-detector', 'by-position'])
      byId(id).addEventListener('change', () => this.refresh());
    byId('sort-by').addEventListener('change', () => this.turn(byId('sort-by').value !== ''));
    byId('search').addEventListener('input', () => this.refresh());
    byId('filters').addEventListener('submit', event => event.preventDefault());
    byId('descending').addEventListener('click', () => this.turn(byId('descending').value !== 'yes'));
    document.addEventListener('keydown', event => this.key(event));
    this.offerCensuses();
    addEventListener('hashchange', () => this.goTo(location.hash));
    this.show(censuses[0]);
    this.goTo(location.hash);
  }

  offerCensuses() {
    if (this.censuses.length < 2) return;
    byId('choice').hidden = false;
    byId('choice').append(make('span', {class: 'quiet'}, 'Census'), ...this.censuses.map((census, i) => {
      const radio = make('input', {type: 'radio', name: 'census', value: i});
      radio.addEventListener('change', () => this.show(census));
      return make('label', {}, radio, visible(census.name));
    }));
  }

  // Shows a census's layers and neurons.
  show(census) {
    this.census = census;
    const radio = byId('choice').querySelectorAll('input')[this.censuses.indexOf(census)];
    if (radio) radio.checked = true;
    (globalThis.requestIdleCallback ?? setTimeout)(() => {  // so that the first letter searched for waits for nothing
      census.searchable();
      for (const where of ['fires on', 'promoted', 'suppressed']) census.pairs(where);
    });
    showLayers(census);
    offerLayers(byId('by-layer'), census);
    offer(byId('by-firing'), census, firingFilters, 'any');
    offer(byId('by-detector'), census, detectorFilters(census), 'any');
    offer(byId('by-position'), census, positionFilters, 'any');
    offerSorting(byId('sort-by'), census);
    this.turn(false);
  }

  turn(descending) {
    const button = byId('descending');
    button.value = descending ? 'yes' : 'no';
    button.textContent = descending ? '↓' : '↑';
    button.setAttribute('aria-label', descending ? 'descending; turn' : 'ascending; turn');
    this.refresh(false);
  }

  // By a column of the list: the most first, and turned when it is asked for again.
  sortBy(column) {
    const again = byId('sort-by').value === column, descending = byId('descending').value === 'yes';
    byId('sort-by').value = column;
    this.turn(again ? !descending : column !== '');
  }

  // Shows what is asked for; the chosen neuron stays so where it is among them, but for another order, of which the
  // first is looked for.
  refresh(staysChosen = true) {
    const rows = chosenRows(this.census);
    const {value} = byId('search'), firing = byId('search-in').value === 'fires on';
    const {lacksExamples, hasDrawn, projections} = this.census;
    const hint = rows.length > 0 || !value || (firing ? !lacksExamples || hasDrawn : projections) ? '' :
      ` Of neurons that detect nothing no tokens are known: ${
        firing ? lacksExamples : 'census take --projections 8'} writes them.`;
    byId('found').textContent = `${count(rows.length)} of ${plural(this.census.size, 'neuron')}.${hint}`;
    this.list.show(this.census, rows, staysChosen, byId('sort-by').value, byId('descending').value === 'yes');
  }

  choose(row) {
    showNeuron(this.census, row);
    if (row === null || !this.isStarted) return;
    const address = `#${this.censuses.indexOf(this.census)}/${this.census.nameOf(row)}`;
    clearTimeout(this.addressing);  // not for each neuron that is passed
    this.addressing = setTimeout(() => history.replaceState(null, '', address), 250);
  }

  // #CENSUS/LAYER.NEURON; anything else is a place of the page, or nothing.
  goTo(hash) {
    const [, number, layer, neuron] = /^#(\d+)\/(\d+)\.(\d+)$/.exec(hash) ?? [];
    this.isStarted = true;
    const census = this.censuses[number];
    if (!census) return;
    if (census !== this.census) this.show(census);
    const at = this.list.rows.indexOf(census.rowOf(Number(layer), Number(neuron)));
    if (at < 0) return;
    this.list.choose(at);
    byId('neurons').scrollIntoView();
  }

  key(event) {
    const typing = event.target.matches('input, select, textarea');
    if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey) {
      byId('search').focus();
      byId('search').select();
      event.preventDefault();
    } else if (event.key === 'Escape' && (event.target === byId('search') || byId('panel').contains(event.target))) {
      if (event.target === byId('search') && byId('search').value) {
        byId('search').value = '';
        this.refresh();
      }
      byId('list').focus();
      event.preventDefault();
    } else if (event.key === 'Enter' && event.target === byId('search')) {
      byId('list').focus();
      event.preventDefault();
    }
  }
}

async function start() {
  const data = await unpack();
  const censuses = data.censuses.map(carried => new Census(carried));
  document.title = 'A census of neurons: ' + censuses.map(census => visible(census.name)).join(', ');
  byId('version').textContent = data.version;
  fill(byId('abstract'), ...censuses.map(abstractOf));
  showFacts(censuses);
  showDoubts(censuses, data.differences);
  showFigures(data.figures);
  for (const id of ['counted', 'figures', 'layers', 'neurons']) byId(id).hidden = false;
  byId('figures').hidden = !data.figures.drawn.length && !data.figures.omitted.length;
  new Browser(censuses);
  byId('state').remove();
  document.documentElement.dataset.ready = 'yes';
}

start().catch(error => { byId('state').textContent = `This page cannot be shown: ${error.message}`; });
)js";

}  // namespace census::detail
