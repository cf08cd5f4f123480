// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/report/detail/page_number.hpp>
#include <census/report/detail/page_tokens.hpp>
#include <census/report/projections_file.hpp>
#include <census/report/read_census.hpp>
#include <census/statistic/layer_projections.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace census::detail {

/// What neurons promote and suppress as a page carries it: of either end at most `most` tokens.
class page_projections {
 public:
  using json = nlohmann::ordered_json;
  static constexpr std::size_t most = 10;

  /// {"ranked", "promoted", "promoted_scores", "suppressed", "suppressed_scores"}, lists of `ranked` for each neuron in
  /// the order of neurons.csv; tokens by their numbers among `tokens`, scores rounded. null where the census has no
  /// such file of a layer. Throws bad_input naming the file that is gone, spoiled, or not of this census.
  static json read(census_record const& census, page_tokens& tokens) {
    std::vector<std::filesystem::path> paths;
    for (layer_record const& layer : census.layers) {
      auto path = census.find_file(projections_file_name(layer.layer));
      if (!path) return nullptr;
      paths.push_back(*std::move(path));
    }
    json shown{{"ranked", nullptr}};
    for (auto const* list : {"promoted", "promoted_scores", "suppressed", "suppressed_scores"})
      shown[list] = json::array();
    for (std::size_t i = 0; i < paths.size(); ++i) {
      std::string const path = paths[i].string();
      auto const read = read_projections(paths[i]);
      if (auto const neurons = census.layers[i].neurons; read.neurons() != neurons)
        throw bad_input(path, "is of " + std::to_string(read.neurons()) + " neurons, not of the " +
                                  std::to_string(neurons) + " of layers.csv");
      json const ranked = std::min<std::size_t>(read.ranked, most);
      if (!shown["ranked"].is_null() && shown["ranked"] != ranked)
        throw bad_input(path, "tells of other numbers of tokens than the layer before");
      shown["ranked"] = ranked;
      append(shown, "promoted", read.promoted, read, tokens);
      append(shown, "suppressed", read.suppressed, read, tokens);
    }
    return shown;
  }

 private:
  static void append(json& shown, std::string const& name, token_ranking const& ranking, layer_projections const& of,
                     page_tokens& tokens) {
    for (std::size_t i = 0; i < ranking.ids.size(); ++i) {
      if (i % of.ranked >= most) continue;
      shown[name].push_back(tokens.number_of(page_text(of.token_texts, ranking.ids[i])));
      shown[name + "_scores"].push_back(page_number(ranking.scores[i], 3));
    }
  }
};

}  // namespace census::detail
