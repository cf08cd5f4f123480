// SPDX-License-Identifier: MIT
#pragma once

#include <census/report/number.hpp>
#include <census/statistic/layer_census.hpp>

#include <ostream>
#include <vector>

namespace census {

/// dead_share.csv: how the share of dead neurons falls with the text that was read, documents shuffled.
inline void write_dead_share_csv(std::ostream& out, std::vector<layer_census> const& layers) {
  out << "layer,documents,tokens,dead_share\n";
  for (layer_census const& layer : layers)
    for (dead_share_point const& point : layer.dead_shares)
      out << number(layer.layer) << ',' << number(point.documents) << ',' << number(point.tokens) << ','
          << number(point.dead_share) << '\n';
}

}  // namespace census
