// SPDX-License-Identifier: MIT
// A model of four neurons in each of two layers, by rule: 0 wants token 30 at hand, 1 wants 30 behind 40 behind 20, 2
// is silent for ever, 3 fires always. The second layer asks for tokens that are larger by one.
#pragma once

#include <census/survey/activation_search.hpp>
#include <census/survey/input_proposals.hpp>
#include <census/survey/survey.hpp>

#include <support/toy_model.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace wanting {

using census::token_id;
using ids = std::vector<token_id>;

inline float value(std::uint32_t layer, std::size_t neuron, std::span<token_id const> s, std::size_t p) {
  auto const is = [&](std::size_t back, token_id t) { return p >= back && s[p - back] == t + layer ? 1.f : 0.f; };
  if (neuron == 0) return is(0, 30) - 0.5f;
  if (neuron == 1) return is(0, 30) + is(1, 40) + is(2, 20) - 2.5f;
  return neuron == 2 ? -1.f : 1.f;
}

inline elsewhere::toy_model model() { return {{}, value}; }

/// Both layers' blocks of pre-activations.
inline std::vector<census::block> run(std::vector<census::shared_text> const& texts) {
  std::vector<census::block> blocks;
  for (auto const& text : texts)
    for (std::uint32_t layer = 0; layer < 2; ++layer) blocks.push_back(model().run(layer, text, true));
  return blocks;
}

inline census::activation_search_options const options{
    .vocabulary_size = 60, .bos = 2, .longest = 6, .proposals = 300, .rows_per_text = 100};

inline census::shared_text a_text(ids tokens, std::uint64_t document = 0) {
  census::sequence const whole{
      .document = document, .length = static_cast<std::uint32_t>(tokens.size()), .has_bos = tokens.front() == 2};
  return census::share({std::move(tokens), {whole}});
}

/// A search after every token alone and so many rounds of mutations.
inline census::activation_search searched(int rounds) {
  census::activation_search search({{0, 1, 2}, {0, 1, 2}}, options);
  census::input_proposals propose(options);
  search.now_trying("single token");
  census::survey(run(propose.every_token()), search);
  search.now_trying("swaps");
  for (int round = 0; round < rounds; ++round) census::survey(run(propose.mutations(search)), search);
  return search;
}

}  // namespace wanting
