// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace census::detail {

/// The report's page: its sections, empty; the script fills them. write_html_report puts what belongs there in the
/// place of each name in double braces. Nothing here names anything outside the page.
inline constexpr std::string_view page_document = R"html(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{{policy}}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>A census of neurons</title>
<style>{{style}}</style>
</head>
<body>
<a class="skip" href="#neurons">To the neurons</a>
<header>
  <h1>A census of neurons</h1>
  <div id="abstract"></div>
  <nav aria-label="Sections">
    <a href="#counted">What was counted</a> <a href="#figures">Figures</a> <a href="#layers">Layers</a>
    <a href="#neurons">Neurons</a>
  </nav>
</header>
<main>
  <p id="state" role="status">Unpacking …</p>
  <noscript><p>The figures and tables of this page are packed; its script, which stands in the page, unpacks and shows
  them. It loads nothing and sends nothing.</p></noscript>

  <section id="counted" aria-labelledby="counted-title" hidden>
    <h2 id="counted-title">What was counted</h2>
    <div id="facts" class="wide-table" tabindex="0" role="region" aria-label="What was counted"></div>
    <h3>What to doubt</h3>
    <div id="doubts"></div>
  </section>

  <section id="figures" aria-labelledby="figures-title" hidden>
    <h2 id="figures-title">Figures</h2>
    <div id="drawn"></div>
    <div id="omitted"></div>
  </section>

  <div id="choice" role="radiogroup" aria-label="Census shown below" hidden></div>

  <section id="layers" aria-labelledby="layers-title" hidden>
    <h2 id="layers-title">Layers</h2>
    <p id="layers-of"></p>
    <div id="layer-tables" class="wide-table" tabindex="0" role="region" aria-label="Tables of the layers"></div>
    <details id="all-figures"><summary>Every column of layers.csv</summary>
      <div id="all-columns" class="wide-table" tabindex="0" role="region" aria-label="Every column"></div></details>
  </section>

  <section id="neurons" aria-labelledby="neurons-title" hidden>
    <h2 id="neurons-title">Neurons</h2>
    <form id="filters" role="search" aria-label="Neurons">
      <label class="grow">Search<input id="search" type="search" autocomplete="off" spellcheck="false"
        placeholder="3.17, or a token" aria-describedby="keys"></label>
      <label>in<select id="search-in"></select></label>
      <label>Layer<select id="by-layer"></select></label>
      <label>Firing<select id="by-firing"></select></label>
      <label>Detector<select id="by-detector"></select></label>
      <label>Position<select id="by-position"></select></label>
      <label>Sorted by<select id="sort-by"></select></label>
      <button id="descending" type="button"></button>
    </form>
    <p id="found" role="status"></p>
    <div id="browser">
      <div id="list" role="grid" tabindex="0" aria-label="Neurons" aria-describedby="keys">
        <div id="list-head" role="rowgroup"></div>
        <div id="rows" role="rowgroup"><div id="window"></div></div>
      </div>
      <article id="panel" tabindex="-1" aria-label="The neuron"></article>
    </div>
    <p id="keys" class="quiet"><kbd>/</kbd> search · <kbd>↑</kbd> <kbd>↓</kbd> <kbd>PgUp</kbd> <kbd>PgDn</kbd>
      <kbd>Home</kbd> <kbd>End</kbd> in the list · <kbd>Enter</kbd> to the neuron · <kbd>Esc</kbd> back</p>
  </section>
</main>
<footer>
  <p>Definitions: arXiv 2309.04827; what each column says, and when not to believe it: docs/results.md of census
  <span id="version"></span>. This file is whole: it loads nothing and sends nothing.</p>
</footer>
<script type="text/plain" id="data" data-encoding="{{encoding}}">{{data}}</script>
<script>{{script}}</script>
</body>
</html>
)html";

}  // namespace census::detail
