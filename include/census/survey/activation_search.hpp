// SPDX-License-Identifier: MIT
#pragma once

#include <census/accumulator/largest_values.hpp>
#include <census/accumulator/valued_block.hpp>
#include <census/activation/activating_input.hpp>
#include <census/activation/text_rows.hpp>
#include <census/token_id.hpp>

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <numeric>
#include <optional>
#include <random>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace census {

/// How a search goes about it.
struct activation_search_options {
  std::size_t vocabulary_size = 0;   ///< tokens 0 .. vocabulary_size - 1 are tried
  std::optional<token_id> bos = {};  ///< put before every input that is made up, where there is one
  std::size_t longest = 16;          ///< tokens, BOS included, of the contexts that are mutated
  std::size_t proposals = 4096;      ///< inputs a round of mutations, shared among the neurons still silent
  std::size_t rows_per_text = 8192;
  std::uint64_t seed = 1;
};

/// The search for inputs that make silent neurons fire: an observer of blocks of pre-activations, which also makes up
/// what to run next. Whatever it is shown, it keeps for each silent neuron the input that came nearest to waking it;
/// every input is looked at for every neuron.
///
///     census::activation_search search(silent, {.vocabulary_size = 50272, .bos = 2});
///     auto const look = [&](auto const& texts) {
///       census::survey(census::activations(model, texts, {.keep_values = census::pre_activations}), search);
///     };
///     look(search.every_token());
///     for (int round = 0; round < 20; ++round) look(search.mutations());
///
/// The same blocks in the same order give the same activating_inputs, whatever the threads.
class activation_search {
 public:
  /// silent [layer]: the neurons to wake, in layer 0, 1, ... Throws std::invalid_argument where the vocabulary is empty
  /// or `longest` has no place for a token.
  activation_search(std::vector<std::vector<std::uint32_t>> const& silent, activation_search_options const& options)
      : options_(options), random_(options.seed) {
    for (std::uint32_t layer = 0; layer < silent.size(); ++layer)
      for (std::uint32_t const neuron : std::set(silent[layer].begin(), silent[layer].end()))
        layers_[layer].push_back({neuron, {}, {}, {}, {}});
    if (options.vocabulary_size == 0 || options.longest < 1 + std::size_t{options.bos.has_value()})
      throw std::invalid_argument("census::activation_search: there is no token to try, or no place for one");
  }

  /// Says what is being tried, for activating_inputs found from now on.
  void now_trying(std::string what) { trying_ = std::move(what); }

  /// Throws std::invalid_argument where the block carries firings only.
  template <valued_block B>
  void observe(B const& block) {
    require_values(block, "census::activation_search");
    auto const layer = layers_.find(block.layer());
    if (layer == layers_.end()) return;
    text_rows const& text = *block.text();
    tbb::parallel_for(std::size_t{0}, layer->second.size(), [&](std::size_t i) {
      silent_neuron& one = layer->second[i];
      if (one.activated) return;
      for (sequence const& s : text.sequences) {
        float largest = -std::numeric_limits<float>::infinity();
        std::uint32_t at = 0;
        for (std::uint32_t p = 0; p < s.length; ++p)
          if (float const value = block.values().row(s.first_row + p)[one.neuron]; value >= largest)
            largest = value, at = p;
        take(one, block.layer(), text, s, at, largest);
        if (one.activated) return;
      }
    });
  }

  /// Starts from what a survey of the corpus saw: the contexts of the largest pre-activations of a layer, read from a
  /// text of that corpus.
  void start_from(std::uint32_t layer, std::span<largest_value const> largest, text_rows const& text) {
    auto const found = layers_.find(layer);
    if (found == layers_.end()) return;
    std::map<std::pair<std::uint64_t, std::uint32_t>, sequence const*> sequences;
    for (sequence const& s : text.sequences) sequences[{s.document, s.piece}] = &s;
    for (silent_neuron& one : found->second) {
      largest_value const& seen = largest[one.neuron];
      auto const where = sequences.find({seen.place.document, seen.place.piece});
      if (!one.activated && where != sequences.end() && seen.place.position < where->second->length)
        take(one, layer, text, *where->second, seen.place.position, seen.value);
    }
  }

  /// Every token alone, behind BOS where there is one.
  std::vector<shared_text> every_token() const {
    std::vector<std::vector<token_id>> inputs;
    for (token_id t = 0; t < options_.vocabulary_size; ++t) inputs.push_back(with_bos({t}));
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
  /// changed, put in, left out, or two exchanged. What is better is kept by `observe`, so rounds climb. None once all
  /// are awake.
  std::vector<shared_text> mutations() {
    std::vector<silent_neuron*> silent;
    for (auto& [layer, neurons] : layers_)
      for (silent_neuron& one : neurons)
        if (!one.activated && (one.nearest || one.promising)) silent.push_back(&one);
    std::vector<std::vector<token_id>> inputs;
    for (std::size_t i = 0; i < options_.proposals && !silent.empty(); ++i) {
      silent_neuron& one = *silent[turn_++ % silent.size()];
      if (one.promising) {  // known from a longer text only: first see what is left of it
        inputs.push_back(std::exchange(one.promising, {})->ids);
      } else if (one.nearest) {
        inputs.push_back(changed(one));
      }
    }
    return texts_of(inputs);
  }

  /// How many are still silent, of all layers.
  std::size_t still_silent() const {
    std::size_t count = 0;
    for (auto const& [layer, neurons] : layers_)
      count += static_cast<std::size_t>(std::ranges::count_if(neurons, [](auto const& one) { return !one.activated; }));
    return count;
  }

  /// What was found, by layer and neuron.
  std::vector<activating_input> activating_inputs() const {
    std::vector<activating_input> all;
    for (auto const& [layer, neurons] : layers_)
      for (silent_neuron const& one : neurons)
        if (one.activated) all.push_back(*one.activated);
    return all;
  }

  /// Strikes out what does not hold: values [activating_input] are those of a replay of activating_inputs(). Those not
  /// above 0 go back among the silent; of the others the value is kept. Returns how many were struck out.
  std::size_t confirm(std::span<float const> values) {
    std::size_t next = 0, struck = 0;
    for (auto& [layer, neurons] : layers_)
      for (silent_neuron& one : neurons) {
        if (!one.activated) continue;
        float const value = values[next++];
        if (value > 0) {
          one.activated->pre_activation = value;
        } else {
          ++struck;
          one.activated.reset();
        }
      }
    return struck;
  }

  /// The largest pre-activation that anything tried gave a silent neuron; −infinity for others.
  float largest(std::uint32_t layer, std::uint32_t neuron) const {
    auto const found = layers_.find(layer);
    if (found == layers_.end()) return -std::numeric_limits<float>::infinity();
    auto const one = std::ranges::lower_bound(found->second, neuron, {}, &silent_neuron::neuron);
    return one == found->second.end() || one->neuron != neuron ? -std::numeric_limits<float>::infinity() : one->largest;
  }

 private:
  struct context {
    std::vector<token_id> ids;
    float value;
  };
  struct silent_neuron {
    std::uint32_t neuron;
    std::optional<activating_input> activated;
    std::optional<context> nearest, promising;  // a whole input; the end of a longer one, whose value it need not have
    std::vector<context> telling;               // the single tokens of the largest values, descending
    float largest = -std::numeric_limits<float>::infinity();
  };
  static constexpr std::size_t telling_tokens = 8;

  std::vector<token_id> with_bos(std::vector<token_id> ids) const {
    if (options_.bos) ids.insert(ids.begin(), *options_.bos);
    return ids;
  }

  // The neuron had this value at position `at` of a sequence, the largest there.
  void take(silent_neuron& one, std::uint32_t layer, text_rows const& text, sequence const& s, std::uint32_t at,
            float value) const {
    auto const ids = std::span(text.tokens).subspan(s.first_row, at + std::size_t{1});
    one.largest = std::max(one.largest, value);
    if (value > 0) {
      one.activated = activating_input{layer, one.neuron, {ids.begin(), ids.end()}, value, trying_};
      return;
    }
    std::size_t const alone = options_.bos ? 2 : 1;
    if (ids.size() == alone && (one.telling.size() < telling_tokens || value > one.telling.back().value)) {
      auto const place = std::ranges::find_if(one.telling, [&](context const& c) { return c.value < value; });
      one.telling.insert(place, {{ids.back()}, value});
      if (one.telling.size() > telling_tokens) one.telling.pop_back();
    }
    if (ids.size() <= options_.longest) {  // of equals the new one, so that a search drifts where it cannot climb
      if (!one.nearest || value >= one.nearest->value) one.nearest = {{ids.begin(), ids.end()}, value};
    } else if (!one.nearest || value > one.nearest->value) {
      if (one.promising && one.promising->value >= value) return;
      auto const end = ids.last(options_.longest - (options_.bos ? 1 : 0));
      one.promising = {with_bos({end.begin(), end.end()}), value};
    }
  }

  std::vector<token_id> changed(silent_neuron const& one) {
    auto ids = one.nearest->ids;
    std::size_t const first = options_.bos ? 1 : 0, free = ids.size() - first;  // places that may change
    auto const any_token = [&] {
      if (!one.telling.empty() && random_() % 2 == 0) return one.telling[random_() % one.telling.size()].ids.front();
      return static_cast<token_id>(random_() % options_.vocabulary_size);
    };
    auto const any_place = [&] {  // the last one half of the time, the one before a quarter, ...
      std::size_t back = 0;
      while (back + 1 < free && random_() % 2 == 0) ++back;
      return ids.size() - 1 - back;
    };
    std::uint64_t const way = random_() % 8;
    if (free == 0 || (way == 0 && ids.size() < options_.longest)) {
      auto const place = first + random_() % (free + 1);
      ids.insert(ids.begin() + static_cast<std::ptrdiff_t>(place), any_token());
    } else if (way == 1 && free > 1) {
      ids.erase(ids.begin() + static_cast<std::ptrdiff_t>(first + random_() % free));
    } else if (way == 2 && free > 1) {
      std::swap(ids[first + random_() % free], ids[first + random_() % free]);
    } else {
      ids[any_place()] = any_token();
    }
    return ids;
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
  std::map<std::uint32_t, std::vector<silent_neuron>> layers_;
  std::string trying_;
  std::size_t turn_ = 0;
};

}  // namespace census
