// SPDX-License-Identifier: MIT
// A small census of random blocks, and the same counted from the raw activations by nothing but its definition.
#pragma once

#include <census/activation/join.hpp>
#include <census/statistic/judge_detectors.hpp>
#include <census/statistic/judge_positional.hpp>
#include <census/statistic/layer_result.hpp>
#include <census/survey/paper_survey.hpp>
#include <census/survey/survey.hpp>

#include <support/random_blocks.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <vector>

namespace census_test {

/// The blocks of a source with these sizes, in which some neurons detect a token.
struct surveyed {
  static constexpr std::size_t neurons = 70, context = 12;
  static constexpr std::uint32_t layers = 3;
  static constexpr std::uint16_t domains = 3;
  static constexpr std::uint64_t documents = 20;

  static std::vector<census::block> blocks() {
    return random_blocks({.texts = 4,
                          .sequences = 5,
                          .neurons = neurons,
                          .layers = layers,
                          .context = context,
                          .domains = domains,
                          .seed = 21});
  }
};

/// All that is kept of the layers, token tables included, with their bigrams and trigrams; the order of the source's
/// blocks does not matter.
inline std::vector<census::layer_result> results_of(census::paper_survey const& seen,
                                                    std::vector<census::block> const& source) {
  std::vector<census::shared_text> texts;
  for (auto const& block : source)
    if (block.layer() == 0) texts.push_back(block.text());
  auto const whole = census::join(texts);
  std::vector<census::ngram_rows> ngrams;
  ngrams.emplace_back(2, whole), ngrams.emplace_back(3, whole);
  std::vector<census::layer_result> results;
  for (std::uint32_t layer = 0; layer < surveyed::layers; ++layer)
    results.push_back(
        {seen.result(layer, ngrams), seen.by_domain(layer), seen.by_position(layer), seen.by_token(layer)});
  return results;
}

inline std::vector<census::layer_result> results_of(std::vector<census::block> const& source) {
  census::paper_survey seen;
  census::survey(source, seen);
  return results_of(seen, source);
}

/// Their censuses, judged.
inline std::vector<census::layer_census> censuses_of(std::vector<census::layer_result> const& results) {
  std::vector<census::layer_census> layers;
  for (auto const& result : results) layers.push_back(result.census);
  census::judge_positional(layers);
  census::judge_detectors(layers);
  return layers;
}

/// What one neuron did, straight from the floats.
struct recounted_neuron {
  std::uint64_t tokens = 0, firings = 0, firings_without_bos = 0;
  std::map<std::uint32_t, std::uint64_t> by_domain, by_token, by_position;  // firings
  std::map<std::vector<std::uint32_t>, std::uint64_t> by_bigram, by_trigram;
  std::set<std::uint64_t> documents;  // in which it fired
};

/// What all neurons did [layer][neuron], and how often each key occurred, in one layer.
struct recount {
  std::vector<std::vector<recounted_neuron>> neurons;
  std::map<std::uint32_t, std::uint64_t> tokens, positions, domains;

  explicit recount(std::vector<census::block> const& source)
      : neurons(surveyed::layers, std::vector<recounted_neuron>(surveyed::neurons)) {
    for_each_row(source, [&](census::block const& block, std::uint32_t row, census::sequence const& sequence) {
      std::uint32_t const token = block.text()->tokens[row], position = row - sequence.first_row;
      if (block.layer() == 0) {
        ++domains[sequence.domain];
        if (position > 0) ++tokens[token];
        if (sequence.length == surveyed::context) ++positions[position];
      }
      auto const* const here = &block.text()->tokens[row];
      for (std::size_t n = 0; n < surveyed::neurons; ++n) {
        recounted_neuron& one = neurons[block.layer()][n];
        ++one.tokens;
        if (!(block.values().row(row)[n] > 0)) continue;
        ++one.firings, ++one.by_domain[sequence.domain];
        one.documents.insert(sequence.document);
        if (position > 0) ++one.firings_without_bos, ++one.by_token[token];
        if (position > 1) ++one.by_bigram[{here[-1], here[0]}];
        if (position > 2) ++one.by_trigram[{here[-2], here[-1], here[0]}];
        if (sequence.length == surveyed::context) ++one.by_position[position];
      }
    });
  }

  /// The tokens at which a neuron fires at 95 % of their occurrences or more.
  std::set<std::uint32_t> triggers(std::uint32_t layer, std::size_t neuron) const {
    std::set<std::uint32_t> found;
    for (auto const& [token, count] : neurons[layer][neuron].by_token)
      if (count > 0 && 100 * count >= 95 * tokens.at(token)) found.insert(token);
    return found;
  }

  bool is_detector(std::uint32_t layer, std::size_t neuron) const;
};

/// The smallest number of counts that hold 95 % of their sum.
template <class Counts>
std::uint64_t cover_by_definition(Counts const& counts) {
  std::multiset<std::uint64_t, std::greater<>> sizes;
  std::uint64_t sum = 0, held = 0, cover = 0;
  for (auto const& [key, count] : counts)
    if (count > 0) sizes.insert(count), sum += count;
  for (std::uint64_t const size : sizes) {
    if (100 * held >= 95 * sum) break;
    held += size, ++cover;
  }
  return cover;
}

/// Whether a neuron detects tokens, by the definition of section 4.2.
inline bool recount::is_detector(std::uint32_t layer, std::size_t neuron) const {
  recounted_neuron const& one = neurons[layer][neuron];
  std::uint64_t const cover = cover_by_definition(one.by_token);
  std::uint64_t explained = 0;
  for (auto const token : triggers(layer, neuron)) explained += one.by_token.at(token);
  return cover >= 1 && cover <= 5 && 100 * explained >= 95 * one.firings_without_bos;
}

inline double entropy_of(double p) { return p <= 0 || p >= 1 ? 0 : -p * std::log(p) - (1 - p) * std::log(1 - p); }

/// Mutual information between firing and position, as the difference of entropies.
inline double information_by_definition(recounted_neuron const& one, double sequences) {
  double conditional = 0, fired = 0;
  for (auto const& [position, count] : one.by_position) {
    conditional += entropy_of(static_cast<double>(count) / sequences) / surveyed::context;
    fired += static_cast<double>(count);
  }
  return entropy_of(fired / (sequences * surveyed::context)) - conditional;
}

/// How uncertain it is whether the neuron fires at a position from 1 on.
inline double entropy_behind_position_0(recounted_neuron const& one, double sequences) {
  double fired = 0;
  for (auto const& [position, count] : one.by_position)
    if (position > 0) fired += static_cast<double>(count);
  return entropy_of(fired / (sequences * (surveyed::context - 1)));
}

}  // namespace census_test
