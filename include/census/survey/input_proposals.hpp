// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/text_rows.hpp>
#include <census/survey/activation_search.hpp>
#include <census/survey/detail/searched_neuron.hpp>
#include <census/token_id.hpp>

#include <cstddef>
#include <cstdint>
#include <random>
#include <stdexcept>
#include <utility>
#include <vector>

namespace census {

/// Makes up the inputs that an activation_search is shown. One seed, and the same calls in the same order, give the
/// same inputs.
class input_proposals {
 public:
  /// Throws std::invalid_argument where the vocabulary is empty or `longest` has no place for a token.
  explicit input_proposals(activation_search_options const& options) : options_(options), random_(options.seed) {
    if (options.vocabulary_size == 0 || options.longest < 1 + std::size_t{options.bos.has_value()})
      throw std::invalid_argument("census::input_proposals: there is no token to try, or no place for one");
  }

  /// Every token alone, behind BOS where there is one.
  std::vector<shared_text> every_token() const {
    std::vector<std::vector<token_id>> inputs;
    for (token_id t = 0; t < options_.vocabulary_size; ++t)
      inputs.push_back(options_.bos ? std::vector{*options_.bos, t} : std::vector{t});
    return texts_of(inputs);
  }

  /// The tokens of some texts in another order, drawn over all of them; sequences keep their lengths and their BOS.
  std::vector<shared_text> shuffled(std::vector<shared_text> const& texts) {
    std::vector<token_id> all;
    for (auto const& text : texts)
      for (sequence const& s : text->sequences)
        for (std::uint32_t p = s.has_bos; p < s.length; ++p) all.push_back(text->tokens[s.first_row + p]);
    for (std::size_t i = all.size(); i > 1; --i) std::swap(all[i - 1], all[random_() % i]);
    std::vector<shared_text> drawn;
    auto next = all.begin();
    for (auto const& text : texts) {
      text_rows rows = *text;
      for (sequence const& s : rows.sequences)
        for (std::uint32_t p = s.has_bos; p < s.length; ++p) rows.tokens[s.first_row + p] = *next++;
      drawn.push_back(share(std::move(rows)));
    }
    return drawn;
  }

  /// The next round of mutations: for the neurons still silent, in turn, the input that came nearest with a token
  /// changed, put in, left out, or two exchanged. What is better is kept by the search, so rounds climb. None once all
  /// fire.
  std::vector<shared_text> mutations(activation_search& search) {
    std::vector<detail::searched_neuron*> silent;
    for (auto& [layer, neurons] : search.layers_)
      for (detail::searched_neuron& one : neurons)
        if (!one.activated && (one.nearest || one.promising)) silent.push_back(&one);
    std::vector<std::vector<token_id>> inputs;
    for (std::size_t i = 0; i < options_.proposals && !silent.empty(); ++i) {
      detail::searched_neuron& one = *silent[turn_++ % silent.size()];
      if (one.promising)  // known from a longer text only: first see what is left of it
        inputs.push_back(std::exchange(one.promising, {})->ids);
      else if (one.nearest)
        inputs.push_back(changed(one));
    }
    return texts_of(inputs);
  }

 private:
  std::vector<token_id> changed(detail::searched_neuron const& one) {
    auto ids = one.nearest->ids;
    std::size_t const first = options_.bos ? 1 : 0, free = ids.size() - first;  // places that may change
    std::uint64_t const way = random_() % 8;
    if (free == 0 || (way == 0 && ids.size() < options_.longest)) {
      auto const place = first + random_() % (free + 1);
      ids.insert(ids.begin() + static_cast<std::ptrdiff_t>(place), any_token(one));
    } else if (way == 1 && free > 1) {
      ids.erase(ids.begin() + static_cast<std::ptrdiff_t>(first + random_() % free));
    } else if (way == 2 && free > 1) {
      std::swap(ids[first + random_() % free], ids[first + random_() % free]);
    } else {
      auto const token = any_token(one);
      ids[ids.size() - 1 - places_back(free)] = token;
    }
    return ids;
  }

  /// Half of the time one that came near by itself.
  token_id any_token(detail::searched_neuron const& one) {
    auto const& best = one.best_tokens;
    if (!best.empty() && random_() % 2 == 0) return best[random_() % best.size()].ids.front();
    return static_cast<token_id>(random_() % options_.vocabulary_size);
  }

  /// How far before the last of `free` places: 0 half of the time, 1 a quarter, ...
  std::size_t places_back(std::size_t free) {
    std::size_t back = 0;
    while (back + 1 < free && random_() % 2 == 0) ++back;
    return back;
  }

  std::vector<shared_text> texts_of(std::vector<std::vector<token_id>> const& inputs) const {
    std::vector<shared_text> texts;
    text_rows text;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      text.sequences.push_back({.document = i,
                                .first_row = static_cast<std::uint32_t>(text.tokens.size()),
                                .length = static_cast<std::uint32_t>(inputs[i].size()),
                                .has_bos = options_.bos.has_value()});
      text.tokens.insert(text.tokens.end(), inputs[i].begin(), inputs[i].end());
      if (i + 1 == inputs.size() || text.tokens.size() + inputs[i + 1].size() > options_.rows_per_text)
        texts.push_back(share(std::exchange(text, {})));
    }
    return texts;
  }

  activation_search_options options_;
  std::mt19937_64 random_;
  std::size_t turn_ = 0;
};

}  // namespace census
