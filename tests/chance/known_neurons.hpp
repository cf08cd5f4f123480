// SPDX-License-Identifier: MIT
// Neurons whose information with position is known exactly, as kept firings and tables of full sequences inside
// documents.
#pragma once

#include <census/accumulator/firings_by.hpp>
#include <census/activation/block.hpp>
#include <census/statistic/position_census.hpp>
#include <census/tabulation/decoy_position.hpp>
#include <census/tabulation/kept_layer.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace census_test {

inline double entropy_of_rate(double p) { return p <= 0 || p >= 1 ? 0 : -p * std::log(p) - (1 - p) * std::log(1 - p); }

inline double logistic(double x) { return 1 / (1 + std::exp(-x)); }

/// How a text's documents make neurons fire beside position: token by token; in stretches of 20 tokens that go one way;
/// or token by token at log odds that differ from document to document by a standard deviation of 1.
enum class text_noise { tokens, bursts, documents };

inline char const* name_of(text_noise noise) {
  return noise == text_noise::tokens   ? "token by token"
         : noise == text_noise::bursts ? "bursts of 20"
                                       : "documents differ";
}

/// A neuron by the log odds of its firing at each position from 1 on.
struct known_neuron {
  std::vector<double> log_odds;
  double information = 0;  ///< of all texts that the noise could make
  bool open = true;        ///< fires and is silent at a tenth of the tokens at least, at each position

  known_neuron(std::vector<double> odds, text_noise noise) : log_odds(std::move(odds)) {
    double mean = 0, conditional = 0;
    auto const positions = static_cast<double>(log_odds.size());
    for (double const each : log_odds) {
      double const rate = rate_of(each, noise);
      mean += rate / positions, conditional += entropy_of_rate(rate) / positions;
      open = open && rate >= 0.1 && rate <= 0.9;
    }
    information = entropy_of_rate(mean) - conditional;
  }

 private:
  /// The rate over all documents.
  static double rate_of(double log_odds, text_noise noise) {
    if (noise != text_noise::documents) return logistic(log_odds);
    double rate = 0, weights = 0;
    for (double z = -5; z <= 5; z += 0.05) {
      double const weight = std::exp(-z * z / 2);
      rate += weight * logistic(log_odds + z), weights += weight;
    }
    return rate / weights;
  }
};

/// Steps, ramps, windows and waves of all strengths, from none to 0.3 nats and more. Of every five neurons three are
/// open, with rates from 15 to 85 %; the others hardly fire at positions of their own, 2 of 1,000 times.
template <class Random>
std::vector<known_neuron> known_neurons(std::size_t count, std::uint32_t context, text_noise noise, Random& random) {
  std::uniform_real_distribution<double> unit;
  auto const log_odds = [](double p) { return std::log(p / (1 - p)); };
  std::vector<known_neuron> neurons;
  for (std::size_t n = 0; n < count; ++n) {
    bool const open = n % 5 < 3;
    double const swing = 0.7 * unit(random) * unit(random), low = open ? 0.15 + unit(random) * (0.7 - swing) : 0.002;
    double const high = open ? low + swing : 0.02 + 0.6 * unit(random) * unit(random);
    double const start = 0.7 * unit(random), width = 0.1 + 0.2 * unit(random), periods = 1 + random() % 8;
    std::vector<double> odds;
    for (std::uint32_t p = 1; p < context; ++p) {
      double const x = double(p) / context;
      double const level = n % 4 == 0   ? x >= start
                           : n % 4 == 1 ? x
                           : n % 4 == 2 ? x >= start && x < start + width
                                        : 0.5 + 0.5 * std::sin(6.283185307 * periods * x);
      odds.push_back(log_odds(low + level * (high - low)));
    }
    neurons.emplace_back(std::move(odds), noise);
  }
  return neurons;
}

/// What the neurons do in so many documents of one full sequence each.
template <class Random>
census::block fire(std::vector<known_neuron> const& neurons, std::uint32_t documents, text_noise noise,
                   Random& random) {
  std::uniform_real_distribution<double> unit;
  std::normal_distribution<double> normal;
  auto const context = static_cast<std::uint32_t>(neurons.front().log_odds.size() + 1);
  std::size_t const words = census::packed_firings::words_for(neurons.size()), rows = std::size_t{context} * documents;
  std::shared_ptr<std::uint64_t[]> bits(new std::uint64_t[rows * words]());
  census::text_rows text{std::vector<census::token_id>(rows, 5), {}};
  for (std::uint32_t d = 0; d < documents; ++d) {
    text.sequences.push_back({.document = d, .piece = 1, .first_row = d * context, .length = context, .full = true});
    text.tokens[d * context] += d;  // none is a copy of another
  }
  for (std::size_t n = 0; n < neurons.size(); ++n)
    for (std::uint32_t d = 0; d < documents; ++d) {
      double const off = noise == text_noise::documents ? normal(random) : 0;
      double draw = unit(random);
      std::uint32_t left = static_cast<std::uint32_t>(random() % 20);
      for (std::uint32_t p = 1; p < context; ++p) {
        if (noise != text_noise::bursts || left-- == 0) draw = unit(random), left = 19;
        if (draw < logistic(neurons[n].log_odds[p - 1] + off))
          bits[(std::size_t{d} * context + p) * words + n / 64] |= std::uint64_t{1} << n % 64;
      }
    }
  return {0, census::share(std::move(text)), census::packed_firings(std::move(bits), rows, neurons.size())};
}

/// A layer of one block, as a survey takes it.
inline census::layer_census census_of(census::block const& block) {
  using census::key::begins_document;
  census::firings_by<census::key::tuple<begins_document, census::key::position>> positions;
  census::firings_by<census::key::tuple<begins_document, census::key::decoy_position>> decoys;
  positions.observe(block), decoys.observe(block);
  census::kept_layer kept(block.firings().neurons());
  kept.add({block.text(), block.firings()});
  census::layer_census layer;
  layer.position = census::take_position_census(positions.table(0), decoys.table(0));
  layer.position.estimate = census::estimate_position(kept, census::by_position_inside(positions.table(0)));
  return layer;
}

}  // namespace census_test
