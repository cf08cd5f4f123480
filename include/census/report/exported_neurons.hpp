// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/parse_number.hpp>
#include <census/report/column_name.hpp>
#include <census/report/csv_reader.hpp>
#include <census/report/detail/detector_lines.hpp>
#include <census/report/examples_reader.hpp>
#include <census/report/number.hpp>
#include <census/report/projections_file.hpp>
#include <census/report/read_census.hpp>
#include <census/statistic/layer_examples.hpp>
#include <census/statistic/layer_projections.hpp>
#include <census/token_id.hpp>

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace census {

/// A token that a neuron promotes or suppresses, with its score.
struct exported_token {
  std::string text;
  double score = 0;
};

/// Told how many neurons are exported, and of how many.
using tell_exported = std::function<void(std::uint64_t exported, std::uint64_t in_all)>;

/// A neuron as other tools take it, of what lies in its census's folder.
struct exported_neuron {
  std::uint32_t layer = 0, neuron = 0;
  std::uint64_t firings = 0;                         ///< BOS left out, as in its examples
  double frequency = 0;                              ///< share of the tokens at which it fires
  neuron_examples examples;                          ///< none of a neuron that never fired
  std::map<token_id, std::string> token_texts;       ///< UTF-8
  std::vector<exported_token> promoted, suppressed;  ///< of detectors alone where the census has no more (projections)

  /// The texts of an example's tokens, in order.
  std::vector<std::string> tokens_of(activation_example const& example) const {
    std::vector<std::string> texts;
    for (token_id const token : example.ids) {
      auto const found = token_texts.find(token);
      texts.push_back(found == token_texts.end() ? std::string() : found->second);
    }
    return texts;
  }
};

namespace detail {

/// Float32 as the double that its shortest decimals are, so that it is written as short as in the census's own files.
inline double in_decimals(float value) { return parse_number<double>(number(value)).value(); }
inline std::vector<double> in_decimals(std::vector<float> const& values) {
  std::vector<double> told;
  for (float const value : values) told.push_back(in_decimals(value));
  return told;
}

}  // namespace detail

/// Reads the neurons of a census back, one after the other, all of them. The files are not trusted: throws bad_input
/// naming file and line, also where they are not of one census, where one that run.json lists is gone, and where an
/// activation is infinite, for which other tools have no number.
class exported_neurons {
 public:
  explicit exported_neurons(std::filesystem::path const& folder)
      : folder_(folder), census_(checked(folder)), csv_(folder / "neurons.csv"), examples_(folder / examples_name),
        layer_(csv_.need(column_name::layer)), neuron_(csv_.need(column_name::neuron)),
        firings_(csv_.need(column_name::firings_without_bos)), frequency_(csv_.need("frequency")),
        next_examples_(examples_.next()) {
    read_detectors();
  }

  /// How many there are.
  std::uint64_t size() const {
    std::uint64_t neurons = 0;
    for (layer_record const& layer : census_.layers) neurons += layer.neurons;
    return neurons;
  }

  /// The next neuron; none after the last.
  std::optional<exported_neuron> next() {
    if (!csv_.next()) {
      if (next_examples_) throw bad_input(examples_.place(), "is of a neuron that neurons.csv does not have here");
      return std::nullopt;
    }
    exported_neuron neuron{needed(layer_),
                           needed(neuron_),
                           csv_.count(firings_).value_or(0),
                           csv_.real(frequency_).value_or(0),
                           {},
                           {},
                           {},
                           {}};
    if (neuron.firings > 0 && !next_examples_)
      throw detail::without_examples(folder_ / examples_name, neuron.layer, neuron.neuron);
    if (neuron.firings > 0 && !is_of(neuron, *next_examples_))
      throw bad_input(examples_.place(), "comes where layer " + std::to_string(neuron.layer) + ", neuron " +
                                             std::to_string(neuron.neuron) +
                                             ", which fired, should: the file is cut short, or of another census");
    if (next_examples_ && is_of(neuron, *next_examples_)) {
      check_finite(next_examples_->examples);
      neuron.examples = std::move(next_examples_->examples);
      neuron.token_texts = std::move(next_examples_->token_texts);
      next_examples_ = examples_.next();
    }
    add_projection(neuron);
    return neuron;
  }

 private:
  struct projection {
    std::vector<exported_token> promoted, suppressed;
  };

  static constexpr char const* examples_name = "examples.jsonl";

  /// What read_census reads, which refuses a census that was not finished, and files that are not of one.
  static census_record checked(std::filesystem::path const& folder) {
    auto census = read_census(folder);
    if (!census.find_file(examples_name))
      throw bad_input(folder.string(), "has no examples.jsonl, which an export is made of: census take --examples K");
    return census;
  }

  static bool is_of(exported_neuron const& neuron, examples_record const& examples) {
    return examples.layer == neuron.layer && examples.examples.neuron == neuron.neuron;
  }

  std::uint32_t needed(csv_reader::column column) const {
    auto const value = csv_.count(column);
    if (!value || *value > std::numeric_limits<std::uint32_t>::max())
      throw bad_input(csv_.place(), "is no row of a neuron");
    return static_cast<std::uint32_t>(*value);
  }

  void check_finite(neuron_examples const& examples) const {
    layer_examples{{examples}, {}}.for_each([&](activation_example const& one) {
      for (float const value : one.values)
        if (!std::isfinite(value)) throw bad_input(examples_.place(), "holds an infinite activation");
    });
  }

  /// What a neuron promotes and suppresses: of its layer's file, where there is one, else of detectors.jsonl.
  void add_projection(exported_neuron& neuron) {
    if (layer_at_hand_ != neuron.layer) read_projections_of(neuron.layer);
    if (of_layer_) {
      auto const path = folder_ / projections_file_name(neuron.layer);
      if (neuron.neuron >= of_layer_->neurons())
        throw bad_input(path.string(), "has no neuron " + std::to_string(neuron.neuron));
      neuron.promoted = scored(of_layer_->promoted, neuron.neuron);
      neuron.suppressed = scored(of_layer_->suppressed, neuron.neuron);
    } else if (auto const found = of_detectors_.find({neuron.layer, neuron.neuron}); found != of_detectors_.end()) {
      neuron.promoted = found->second.promoted, neuron.suppressed = found->second.suppressed;
    }
  }

  void read_projections_of(std::uint32_t layer) {
    layer_at_hand_ = layer;
    of_layer_.reset();
    if (auto const path = census_.find_file(projections_file_name(layer))) of_layer_ = read_projections(*path);
  }

  std::vector<exported_token> scored(token_ranking const& ranking, std::uint32_t neuron) const {
    std::vector<exported_token> all;
    for (std::size_t i = neuron * of_layer_->ranked; i < (neuron + std::size_t{1}) * of_layer_->ranked; ++i) {
      if (!std::isfinite(ranking.scores[i]))
        throw bad_input((folder_ / projections_file_name(*layer_at_hand_)).string(), "holds an infinite score");
      auto const text = of_layer_->token_texts.find(ranking.ids[i]);
      all.push_back({text == of_layer_->token_texts.end() ? std::string() : text->second,
                     detail::in_decimals(ranking.scores[i])});
    }
    return all;
  }

  void read_detectors() {
    detail::for_each_detector_line(census_, [&](nlohmann::json const& line) {
      std::pair const key(line.at("layer").get<std::uint32_t>(), line.at("neuron").get<std::uint32_t>());
      of_detectors_[key] = {scored(line.at("promoted")), scored(line.at("suppressed"))};
    });
  }

  static std::vector<exported_token> scored(nlohmann::json const& tokens) {
    std::vector<exported_token> all;
    for (auto const& one : tokens) all.push_back({one.at("text").get<std::string>(), one.at("score").get<double>()});
    return all;
  }

  std::filesystem::path folder_;
  census_record census_;
  csv_reader csv_;
  examples_reader examples_;
  csv_reader::column layer_, neuron_, firings_, frequency_;
  std::optional<examples_record> next_examples_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, projection> of_detectors_;  // by layer and neuron
  std::optional<std::uint32_t> layer_at_hand_;
  std::optional<layer_projections> of_layer_;  // at hand, where the census tells them
};

}  // namespace census
