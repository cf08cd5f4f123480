// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace census::detail {

/// Of the page's script: a neuron's frequency by position, as page_positions has it.
inline constexpr std::string_view script_plot = R"js(
function draw(name, attributes, content) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (content !== undefined) element.textContent = content;
  return element;
}

function positionPlot(census, row) {
  const {positions, largest, levels} = census.positions;
  const most = largest[row], bins = levels[row].length;
  const width = 560, height = 150, left = 58, right = 8, top = 10, bottom = 34;
  const x = bin => left + (width - left - right) * bin / bins;
  const y = share => height - bottom - (height - top - bottom) * share;
  const share = bin => (levels[row].charCodeAt(bin) - 35) / 56;
  let path = '';
  for (let bin = 0; bin < bins; ++bin)
    path += `${bin ? 'L' : 'M'}${x(bin).toFixed(1)} ${y(share(bin)).toFixed(1)}H${x(bin + 1).toFixed(1)}`;
  const plot = draw('svg', {class: 'plot', viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label':
    `Frequency by position, positions 1 to ${positions - 1} in ${bins} bins; the largest is ${percent(most)}`});
  plot.append(
    draw('path', {class: 'area', d: `${path}V${y(0)}H${left}Z`}), draw('path', {class: 'curve', d: path}),
    draw('path', {class: 'axis', d: `M${left} ${top}V${y(0)}H${width - right}`}),
    draw('path', {class: 'axis', d: `M${left - 4} ${y(1)}h4M${left - 4} ${y(0)}h4`}),
    draw('text', {x: left - 8, y: y(1) + 4, 'text-anchor': 'end'}, percent(most)),
    draw('text', {x: left - 8, y: y(0) + 4, 'text-anchor': 'end'}, '0'),
    draw('text', {x: left, y: height - bottom + 15, 'text-anchor': 'middle'}, '1'),
    draw('text', {x: width - right, y: height - bottom + 15, 'text-anchor': 'end'}, String(positions - 1)),
    draw('text', {x: (left + width - right) / 2, y: height - 4, 'text-anchor': 'middle'},
      'position in the sequence, tokens'));
  return plot;
}
)js";

}  // namespace census::detail
