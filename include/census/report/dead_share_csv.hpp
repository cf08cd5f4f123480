// SPDX-License-Identifier: MIT
#pragma once

#include <census/report/column.hpp>
#include <census/report/column_name.hpp>
#include <census/report/detail/csv_writer.hpp>
#include <census/statistic/layer_census.hpp>
#include <census/statistic/unseen_estimate.hpp>

#include <ostream>
#include <span>
#include <vector>

namespace census {

/// What a row of dead_share.csv tells of: a layer after so much of the text.
struct dead_share_row {
  layer_census const& layer;
  dead_share_point const& point;
};

/// The columns of dead_share.csv.
inline columns<dead_share_row> dead_share_columns() {
  return {{column_name::layer, "the layer, from 0", [](dead_share_row const& row) { return row.layer.layer; }},
          {"documents", "read so far, in an order that shuffles the domains",
           [](dead_share_row const& row) { return row.point.documents; }},
          {"tokens", "in these documents, BOS included", [](dead_share_row const& row) { return row.point.tokens; }},
          {"dead_share", "share of the layer's neurons that fired in none of them",
           [](dead_share_row const& row) { return row.point.dead_share; }}};
}

/// dead_share.csv: how the share of dead neurons falls with the text that was read, documents shuffled.
inline void write_dead_share_csv(std::ostream& out, std::span<layer_census const> layers) {
  detail::csv_writer<dead_share_row> table(out, dead_share_columns());
  for (layer_census const& layer : layers)
    for (dead_share_point const& point : layer.liveness.dead_shares) table.write({layer, point});
}

}  // namespace census
