// SPDX-License-Identifier: MIT
#pragma once

#include <census/report/csv.hpp>
#include <census/report/ngram_name.hpp>
#include <census/report/number.hpp>
#include <census/statistic/layer_census.hpp>
#include <census/statistic/liveness.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace census {

/// A neuron as a row of neurons.csv. `documents` is how many the text had: the bound of a silent neuron goes by them.
inline csv_row neuron_row(layer_census const& layer, std::size_t neuron, bool token_detector, std::uint64_t documents) {
  auto const of = [&](auto const& figures, auto text) {
    return figures.empty() ? std::string() : text(figures[neuron]);
  };
  auto const figure = [](double value) { return cell_of(value); };
  auto const verdict = [](bool value) { return std::string(value ? "1" : "0"); };
  auto const cover = [&](std::vector<std::uint32_t> const& covers) {
    return covers[neuron] == 0 ? std::string() : number(covers[neuron]);
  };
  std::uint64_t const firings = layer.firings[neuron];
  csv_row row{{"layer", number(layer.layer)},
              {"neuron", number(neuron)},
              {"firings", number(firings)},
              {"firings_without_bos", number(layer.firings_without_bos[neuron])},
              {"frequency", number(static_cast<double>(firings) / static_cast<double>(layer.tokens))},
              {"firing_rate_upper_95", firings == 0 ? number(firing_rate_upper_95(documents)) : ""},
              {"cover_unigram", cover(layer.cover)},
              {"token_detector", verdict(token_detector)},
              {"mutual_information", of(layer.mutual_information, figure)},
              {"mutual_information_corrected", of(layer.mutual_information_corrected, figure)},
              {"positional", of(layer.positional, verdict)},
              {"positional_corrected", of(layer.positional_corrected, verdict)}};
  for (ngram_census const& taken : layer.ngrams)
    row.emplace_back("cover_" + name_of_ngram(taken.n), cover(taken.cover));
  row.emplace_back("detector_order",
                   of(layer.detector_order, [](std::uint32_t n) { return n == 0 ? std::string() : number(n); }));
  row.emplace_back("repeat_rate", of(layer.token_repeat_rate, cell_of));
  row.emplace_back("mutual_information_inside", of(layer.mutual_information_inside, figure));
  row.emplace_back("decoy_w", of(layer.decoy_w, figure));
  auto const type = layer.positional_type.empty() ? std::nullopt : layer.positional_type[neuron];
  row.emplace_back("positional_type", type ? std::string(name_of(type->type)) : "");
  row.emplace_back("positional_strong", type ? verdict(type->strong) : "");
  row.emplace_back("positional_confident", type ? of(layer.positional_confident, verdict) : "");
  pre_activation_census const none, &weights = layer.pre_activations ? *layer.pre_activations : none;
  row.emplace_back("demanded_cosine", of(weights.demanded_cosine, figure));
  row.emplace_back("largest_cosine", of(weights.largest_cosine, figure));
  row.emplace_back("provably_dead", of(weights.provably_dead, verdict));
  row.emplace_back("always_on", of(weights.always_on, verdict));
  row.emplace_back("near_firings", of(weights.near_zero, [](auto const& one) { return number(one.near_firings); }));
  row.emplace_back("near_silences", of(weights.near_zero, [](auto const& one) { return number(one.near_silences); }));
  return row;
}

/// neurons.csv: a row a neuron.
inline void write_neurons_csv(std::ostream& out, std::vector<layer_census> const& layers, std::uint64_t documents) {
  bool first = true;
  for (layer_census const& layer : layers) {
    auto detector = layer.token_detectors.begin();  // ascending by neuron
    for (std::size_t neuron = 0; neuron < layer.neurons(); ++neuron) {
      bool const detects = detector != layer.token_detectors.end() && detector->neuron == neuron;
      if (detects) ++detector;
      auto const row = neuron_row(layer, neuron, detects, documents);
      if (std::exchange(first, false)) write_csv_header(out, row);
      write_csv_line(out, row);
    }
  }
}

}  // namespace census
