// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace census::detail {

/// How the report's page looks: on a wide and a narrow window, in light and dark, on paper, and in grey, where nothing
/// is told by colour alone.
inline constexpr std::string_view page_style = R"css(
:root {
  color-scheme: light dark;
  --paper: #fdfdfb; --raised: #f6f5f0; --ink: #1c1b19; --quiet: #5f5d57; --rule: #cfcdc5; --accent: #1d4f82;
  --chosen: #e3ebf4; --mark: 226 144 20;
  --serif: Charter, "Bitstream Charter", "Iowan Old Style", "Source Serif 4", Georgia, "DejaVu Serif", serif;
  --sans: system-ui, "Segoe UI", "Helvetica Neue", Arial, "Noto Sans", "DejaVu Sans", sans-serif;
  --mono: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #17181b; --raised: #1f2125; --ink: #e5e3dd; --quiet: #a09d95; --rule: #3d3f45; --accent: #8fbbe8;
    --chosen: #26374a; --mark: 200 128 30;
  }
  #drawn img { filter: invert(.91) hue-rotate(180deg); mix-blend-mode: lighten; }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { scroll-behavior: smooth; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0 auto; padding: 0 1.5rem 4rem; max-width: 78rem; background: var(--paper); color: var(--ink);
  font: 1.0625rem/1.55 var(--serif); overflow-wrap: break-word; }
header { padding-top: 3rem; }
h1 { font-size: 2.1rem; line-height: 1.2; font-weight: 600; margin: 0 0 .75rem; }
h2 { font-size: 1.4rem; font-weight: 600; margin: 3.25rem 0 1rem; padding-top: .6rem;
  border-top: 1px solid var(--rule); }
section { scroll-margin-top: 3rem; }
h3 { font-size: 1.08rem; font-weight: 600; margin: 1.6rem 0 .5rem; }
h4 { font: 600 .8rem/1.4 var(--sans); letter-spacing: .02em; color: var(--quiet); margin: 1.25rem 0 .35rem; }
p, ul { margin: .5rem 0; max-width: 46rem; }
ul { padding-left: 1.2rem; }
li { margin: .3rem 0; }
a { color: var(--accent); }
nav { margin-top: 1.25rem; font: .9rem var(--sans); display: flex; flex-wrap: wrap; gap: .4rem 1.4rem; }
footer { margin-top: 4rem; border-top: 1px solid var(--rule); font-size: .9rem; color: var(--quiet); }
.quiet { color: var(--quiet); font-size: .9rem; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--paper); padding: .4rem .8rem; z-index: 2; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
:focus:not(:focus-visible) { outline: none; }
kbd { font: .78rem var(--sans); border: 1px solid var(--rule); border-radius: 3px; padding: 0 .35em; }
code, .token { font-family: var(--mono); font-size: .86em; }

table { border-collapse: collapse; font: .86rem/1.45 var(--sans); font-variant-numeric: tabular-nums;
  border-top: 1.5px solid var(--ink); border-bottom: 1.5px solid var(--ink); }
caption { text-align: left; font: .92rem/1.5 var(--serif); padding-bottom: .5rem; }
th, td { padding: .22rem .7rem; text-align: left; vertical-align: top; }
thead th { border-bottom: 1px solid var(--ink); font-weight: 600; vertical-align: bottom; }
th.number, td.number { text-align: right; white-space: nowrap; }
tbody th { font-weight: 500; white-space: nowrap; }
tfoot td, tfoot th { border-top: 1px solid var(--rule); font-weight: 600; }
.wide-table { overflow-x: auto; max-width: 100%; padding: 2px; }
#facts tbody th { color: var(--quiet); padding-left: 0; }
#facts td { max-width: 34rem; min-width: 9rem; overflow-wrap: anywhere; }
#facts td > div { margin: 0; }
#layer-tables { display: flex; flex-wrap: wrap; gap: 1.4rem 2.4rem; }
#layer-tables caption { font-weight: 600; padding-bottom: .3rem; }
#layer-tables thead th { min-width: 4rem; max-width: 7rem; font-size: .8rem; line-height: 1.3; white-space: normal; }
#layer-tables :is(th, td) { padding-inline: .5rem; }
details { margin: 1rem 0; }
summary { cursor: pointer; font: .9rem var(--sans); color: var(--accent); padding: .2rem 0; }
#all-columns table { margin-top: .6rem; font-size: .8rem; }

#drawn { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)); gap: 2.4rem 2.2rem;
  align-items: start; }
figure { margin: 0; break-inside: avoid; }
figure img { display: block; width: 100%; height: auto; mix-blend-mode: darken; }
figcaption { font-size: .92rem; line-height: 1.5; margin-top: .4rem; }
figcaption b { font-weight: 600; }

#choice { position: sticky; top: 0; z-index: 1; margin: 2.5rem 0 -1.5rem; padding: .55rem 0; background: var(--paper);
  font: .9rem var(--sans); display: flex; flex-wrap: wrap; gap: .3rem 1.4rem; }
#choice label { display: inline-flex; gap: .4rem; align-items: center; cursor: pointer; }

#filters { display: flex; flex-wrap: wrap; gap: .6rem .8rem; align-items: flex-end; font: .8rem var(--sans);
  color: var(--quiet); }
#filters label { display: flex; flex-direction: column; gap: .15rem; }
#filters .grow { flex: 1 1 13rem; }
input, select, button { font: .9rem var(--sans); color: var(--ink); background: var(--paper); padding: .35rem .5rem;
  border: 1px solid var(--rule); border-radius: 3px; min-width: 0; max-width: 9.6rem; }
.grow input { max-width: none; width: 100%; }
button { cursor: pointer; }
#found { font: .85rem var(--sans); color: var(--quiet); margin: .8rem 0 .5rem; }
#browser { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 2rem; align-items: start; }
#list { height: 40rem; overflow: hidden auto; border: 1px solid var(--rule); font: .84rem/1.3 var(--sans);
  outline-offset: 1px; font-variant-numeric: tabular-nums; position: relative; contain: strict; }
#list-head { position: sticky; top: 0; background: var(--raised); border-bottom: 1px solid var(--rule); z-index: 1; }
.row { display: grid; grid-template-columns: 4.1rem 4.5rem 4.7rem 4.2rem 3.3rem minmax(0, 1fr); align-items: center;
  height: 28px; padding: 0 .6rem; gap: .5rem; }
.row > * { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.row > :not(:first-child):not(:last-child) { text-align: right; }
#list-head button { all: unset; cursor: pointer; font: 600 .78rem var(--sans); color: var(--quiet); }
#list-head button:focus-visible { outline: 2px solid var(--accent); }
#list-head [aria-sort=ascending] button::after { content: " ↑"; }
#list-head [aria-sort=descending] button::after { content: " ↓"; }
#rows { position: relative; }
#window { position: absolute; left: 0; right: 0; }
#window .row { cursor: pointer; }
#window .row:hover { background: var(--raised); }
#window .row[aria-selected=true] { background: var(--chosen); box-shadow: inset 3px 0 var(--accent); }
.verdict { color: var(--quiet); }

#panel { min-height: 12rem; padding: 0 .2rem; contain: layout style; }
#panel h3 { margin: 0 0 .4rem; font-size: 1.25rem; }
#panel p { margin: .35rem 0; }
.verdicts { list-style: none; padding: 0; margin: .7rem 0; border-left: 3px solid var(--rule); }
.verdicts li { margin: 0 0 .55rem; padding-left: .8rem; }
.verdicts b { font-weight: 600; }
.verdicts .doubt { display: block; font-size: .9rem; color: var(--quiet); line-height: 1.45; }
.figures { display: flex; flex-wrap: wrap; gap: .3rem 1.7rem; font: .86rem var(--sans); margin: .5rem 0; }
.figures div { display: flex; flex-direction: column; }
.figures dt { color: var(--quiet); font-size: .78rem; }
.figures dd { margin: 0; font-variant-numeric: tabular-nums; }
.token { white-space: pre-wrap; unicode-bidi: isolate; overflow-wrap: anywhere; }
.token.framed { background: var(--raised); border: 1px solid var(--rule); border-radius: 3px; padding: 0 .25em; }
.ends { display: grid; grid-template-columns: 4.6rem minmax(0, 1fr); gap: .35rem .6rem; align-items: baseline;
  font: .86rem/1.7 var(--sans); }
.ends > :nth-child(odd) { color: var(--quiet); }
.ends .framed { margin-right: .35rem; }
.example { border-top: 1px solid var(--rule); padding: .45rem 0 .55rem; }
.example .place { font: .78rem var(--sans); color: var(--quiet); font-variant-numeric: tabular-nums; }
.example .text { font-family: var(--mono); font-size: .84rem; line-height: 1.75; white-space: pre-wrap;
  overflow-wrap: anywhere; unicode-bidi: isolate; }
.fires { background: rgb(var(--mark) / calc(.08 + .62 * var(--strength))); border-radius: 2px; unicode-bidi: isolate;
  text-decoration: underline; text-underline-offset: .25em;
  text-decoration-thickness: calc(1px + 2px * var(--strength)); }
.fires.most { font-weight: 700; }
.plot { display: block; width: 100%; max-width: 36rem; height: auto; font: 11px var(--sans); }
.plot .curve { fill: none; stroke: var(--accent); stroke-width: 1.4; }
.plot .area { fill: var(--accent); opacity: .14; }
.plot .axis { stroke: var(--quiet); stroke-width: 1; fill: none; }
.plot text { fill: var(--quiet); }

@media (max-width: 56rem) {
  body { padding: 0 1rem 3rem; font-size: 1rem; }
  header { padding-top: 1.5rem; }
  h1 { font-size: 1.7rem; }
  #browser { grid-template-columns: minmax(0, 1fr); gap: 1.2rem; }
  #list { height: 20rem; }
  #filters label { flex: 1 1 8rem; }
  #filters .grow { flex-basis: 100%; }
  #filters :is(input, select) { max-width: none; width: 100%; }
}
@media (max-width: 34rem) {
  .drawing { overflow-x: auto; }
  figure img { min-width: 30rem; }
  .row { grid-template-columns: 4.3rem 4.6rem 3.4rem minmax(0, 1fr); }
  .row > :nth-child(3), .row > :nth-child(5) { display: none; }
}
@media print {
  :root { color-scheme: light; --paper: #fff; --raised: #fff; --ink: #000; --quiet: #444; --rule: #999; --accent: #000;
    --chosen: #fff; }
  #drawn img { filter: none; mix-blend-mode: normal; }
  @page { margin: 16mm 15mm; }
  body { font-size: 10pt; max-width: none; padding: 0; }
  nav, .skip, #choice, #filters, #found, #list, #keys, #state, details { display: none !important; }
  #drawn { grid-template-columns: 1fr 1fr; gap: 6mm 8mm; }
  figcaption { font-size: 8pt; line-height: 1.4; }
  #layer-tables { display: block; }
  #layer-tables table { margin: 0 0 6mm; break-inside: avoid; }
  .wide-table { overflow: visible; }
  table { font-size: 8pt; }
  #facts td { min-width: 0; }
  th, td { padding-inline: 1.5mm; }
  #browser { display: block; }
  h2, h3, h4 { break-after: avoid; }
  .example, .verdicts li, tr { break-inside: avoid; }
  .fires { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
)css";

}  // namespace census::detail
