// SPDX-License-Identifier: MIT
// A layer whose positional neurons are known, as blocks that are counted like any others.
#pragma once

#include <census/accumulator/paper_tables.hpp>
#include <census/activation/block.hpp>
#include <census/statistic/positional_verdict.hpp>
#include <census/tabulation/decoy_position.hpp>

#include <cstdint>
#include <memory>
#include <random>
#include <utility>
#include <vector>

namespace census_test {

/// What makes a neuron fire that ignores position: nothing but chance, token by token; stretches of 20 tokens, begun
/// anywhere, in which it fires at all of them or at none; the same with stretches that some neurons share, each of
/// which goes along with a part of them.
enum class chance { tokens, bursts, shared_bursts };

struct simulated_shape {
  std::uint32_t context = 256, sequences = 8, neurons = 1000;
  double positional = 0;  ///< share of neurons that hang on position
  chance noise = chance::tokens;
  std::uint32_t together = 10;  ///< neurons that share bursts
  double goes_along = 0.8;      ///< with these of them
  std::uint64_t seed = 1;
};

struct simulated_layer {
  std::vector<census::positional_evidence> evidence;  ///< [neuron]
  std::vector<bool> positional;                       ///< the truth [neuron]
};

/// Neurons fire at rates of their own, from 20 % to 80 %. The positional ones are those whose number is below the
/// share: they are silent outside a window of their own, of 10 to 60 % of the positions, and inside it fire at 70 % of
/// the tokens besides.
inline simulated_layer simulate(simulated_shape const& shape) {
  std::mt19937_64 random(shape.seed);
  std::uniform_real_distribution<double> unit;
  std::uint32_t const t = shape.context;
  auto const words = census::packed_firings::words_for(shape.neurons);
  std::shared_ptr<std::uint64_t[]> bits(new std::uint64_t[std::size_t{t} * shape.sequences * words]());
  census::text_rows rows{std::vector<census::token_id>(std::size_t{t} * shape.sequences, 5), {}};
  for (std::uint32_t s = 0; s < shape.sequences; ++s) {
    rows.sequences.push_back({.document = shape.seed * 1000 + s, .first_row = s * t, .length = t, .full = true});
    rows.tokens[s * t] += s;  // none is a copy of another
  }

  auto const stretches = [&](double rate) {  // whether each token of the text is in one, [row]
    std::vector<bool> in(std::size_t{t} * shape.sequences);
    for (std::uint32_t s = 0; s < shape.sequences; ++s) {
      bool now = unit(random) < rate;
      for (std::uint32_t p = 0, left = static_cast<std::uint32_t>(random() % 20 + 1); p < t; ++p) {
        if (left-- == 0) now = unit(random) < rate, left = 19;
        in[s * t + p] = now;
      }
    }
    return in;
  };
  simulated_layer layer;
  std::vector<bool> shared;
  double rate = 0;
  for (std::uint32_t n = 0; n < shape.neurons; ++n) {
    bool const positional = n < shape.positional * shape.neurons;
    if (n % shape.together == 0 || shape.noise != chance::shared_bursts) rate = 0.2 + 0.6 * unit(random);
    if (shape.noise == chance::shared_bursts && n % shape.together == 0) shared = stretches(rate);
    auto const own = shape.noise == chance::tokens ? std::vector<bool>{}
                                                   : stretches(shape.noise == chance::bursts ? rate : shape.goes_along);
    double const width = 0.1 + 0.5 * unit(random), from = (1 - width) * unit(random);
    for (std::uint32_t row = 0; row < t * shape.sequences; ++row) {
      double const x = double(row % t) / t;
      bool fires = shape.noise == chance::tokens ? unit(random) < rate : own[row];
      if (shape.noise == chance::shared_bursts) fires = fires && shared[row];
      if (positional) fires = x >= from && x < from + width && (fires || unit(random) < 0.7);
      if (fires) bits[row * words + n / 64] |= std::uint64_t{1} << n % 64;
    }
    layer.positional.push_back(positional);
  }
  census::block const block(0, census::share(std::move(rows)),
                            {std::move(bits), std::size_t{t} * shape.sequences, shape.neurons});
  census::position_information by_position;
  census::firings_by<census::key::decoy_position> by_decoy;
  by_position.observe(block);
  by_decoy.observe(block);
  layer.evidence = census::positional_evidence_of(by_position.table(0), by_decoy.table(0));
  return layer;
}

}  // namespace census_test
