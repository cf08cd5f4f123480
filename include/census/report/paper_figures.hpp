// SPDX-License-Identifier: MIT
#pragma once

#include <census/report/column_name.hpp>
#include <census/report/detail/cover_figures.hpp>
#include <census/report/detail/dead_share_figure.hpp>
#include <census/report/detail/layer_figures.hpp>
#include <census/report/detail/pattern_figures.hpp>
#include <census/report/detail/position_figures.hpp>
#include <census/report/figure.hpp>
#include <census/report/read_census.hpp>

#include <algorithm>
#include <stdexcept>
#include <vector>

namespace census {

/// The paper's figures 1 to 4, 7 to 9 and 12 to 16 of one census, or of several overlaid or side by side, and the share
/// of dead neurons against the amount of text: ids "figure_1" to "figure_16", "dead_share", in this order. What no
/// census has the numbers for is omitted, with the reason; a census that lacks them where others have them is named in
/// the caption. Reads dead_share.csv and census.safetensors of the censuses' folders besides. Throws bad_input naming a
/// file that is spoiled, std::invalid_argument for no census, or one without layers.
inline figure_set paper_figures(std::vector<census_record> const& censuses) {
  if (censuses.empty() ||
      std::ranges::any_of(censuses, [](census_record const& census) { return census.layers.empty(); }))
    throw std::invalid_argument("census::paper_figures: there is no census, or one without layers");
  figure_set set;
  detail::add_layer_figure(set, detail::figure_1(), censuses);
  detail::add_cover_figure(set, "figure_2", "unigram", "tokens", censuses);
  detail::add_layer_figure(set, detail::figure_3(), censuses);
  detail::add_layer_figure(set, detail::figure_4(), censuses);
  detail::add_figure_7(set, censuses);
  detail::add_positional_figure(set, detail::figure_8, column_name::positional_corrected, censuses);
  detail::add_figure_9(set, censuses);
  detail::add_cover_figure(set, "figure_12", "bigram", "bigrams", censuses);
  detail::add_cover_figure(set, "figure_13", "trigram", "trigrams", censuses);
  detail::add_layer_figure(set, detail::figure_14(), censuses);
  detail::add_layer_figure(set, detail::figure_15(), censuses);
  detail::add_positional_figure(set, detail::figure_16, column_name::positional, censuses);
  detail::add_dead_share_figure(set, censuses);
  return set;
}

}  // namespace census
