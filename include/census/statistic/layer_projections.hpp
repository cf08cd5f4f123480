// SPDX-License-Identifier: MIT
#pragma once

#include <census/token_id.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace census {

/// Of each neuron as many tokens, those that come first by score first.
struct token_ranking {
  std::vector<token_id> ids;  ///< [neuron, rank]
  std::vector<float> scores;  ///< [neuron, rank]

  template <class Archive>
  void serialize(Archive& archive) {
    archive("ids", ids)("scores", scores);
  }
  friend bool operator==(token_ranking const&, token_ranking const&) = default;
};

/// What the neurons of a layer add to the prediction of the next token: of each, those that never fired among them, the
/// tokens of the vocabulary that its update promotes most and suppresses most (paper, section 4.3).
struct layer_projections {
  std::uint64_t ranked = 0;                          ///< how many tokens are told at either end
  token_ranking promoted;                            ///< highest score first, of equals the lower id
  token_ranking suppressed;                          ///< lowest score first, likewise
  std::map<token_id, std::string> token_texts = {};  ///< of these tokens, their bytes; empty where not told

  std::size_t neurons() const { return ranked == 0 ? 0 : promoted.ids.size() / ranked; }

  /// Whether there are `ranked` tokens and scores at either end of each neuron.
  bool fits_together() const {
    std::size_t const size = neurons() * ranked;
    return promoted.ids.size() == size && promoted.scores.size() == size && suppressed.ids.size() == size &&
           suppressed.scores.size() == size;
  }

  /// Sets the texts of all these tokens, by name(token).
  template <std::invocable<token_id> Name>
  void name_tokens(Name const& name) {
    for (auto const* ranking : {&promoted, &suppressed})
      for (token_id const token : ranking->ids)
        if (auto const [place, is_new] = token_texts.try_emplace(token); is_new) place->second = name(token);
  }

  /// Throws std::invalid_argument where what is restored does not fit together.
  template <class Archive>
  void serialize(Archive& archive) {
    archive("ranked", ranked)("promoted", promoted)("suppressed", suppressed)("token_texts", token_texts);
    if (Archive::is_reading && !fits_together())
      throw std::invalid_argument("census::layer_projections: rankings that are not of as many tokens each");
  }
  friend bool operator==(layer_projections const&, layer_projections const&) = default;
};

}  // namespace census
