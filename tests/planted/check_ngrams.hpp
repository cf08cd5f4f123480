// SPDX-License-Identifier: MIT
// What an n-gram census says against what was planted, and against brute force on what was planted.
#pragma once

#include "open_world.hpp"

#include <census/accumulator/kept_firings.hpp>
#include <census/activation/join.hpp>
#include <census/statistic/ngram_census.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace planted {

/// All n-grams of the text that a neuron detects, by the definition of section 4.2 and nothing else; nothing where it
/// is no detector. `fires(ids, position)` says where it fires.
template <class Fires>
std::vector<phrase> detected_by_definition(world const& w, std::size_t n, Fires const& fires) {
  struct count {
    std::uint64_t fired = 0, occurred = 0;
  };
  std::map<phrase, count> counts;
  for (phrase const& document : w.documents)
    for (std::size_t end = n; end <= document.size(); ++end) {
      count& c = counts[phrase(document.begin() + static_cast<std::ptrdiff_t>(end - n),
                               document.begin() + static_cast<std::ptrdiff_t>(end))];
      ++c.occurred;
      c.fired += fires(document, end);  // behind BOS, the document's token end - 1 stands at position end
    }
  std::uint64_t fired = 0, held = 0, explained = 0;
  std::multiset<std::uint64_t, std::greater<>> sizes;
  std::vector<phrase> detected;
  for (auto const& [ngram, c] : counts) {
    fired += c.fired;
    sizes.insert(c.fired);
    if (c.fired > 0 && 20 * c.fired >= 19 * c.occurred) detected.push_back(ngram), explained += c.fired;
  }
  std::size_t cover = 0;
  for (auto size = sizes.begin(); fired > 0 && 20 * held < 19 * fired; ++size, ++cover) held += *size;
  bool const is_one = fired > 0 && cover <= (n == 1 ? 5 : 50) && 20 * explained >= 19 * fired;
  return is_one ? detected : std::vector<phrase>{};
}

/// Detectors of n = 1, 2 and 3: the planted ones with the planted n-grams, none of a lower order than planted, and of
/// higher orders those that the definition makes of them.
inline void check_ngrams(opened_world const& world, std::uint32_t layer, census::kept_layer const& kept) {
  auto const& answers = world.planted.answers[layer];
  auto const& neurons = world.planted.checkpoint.layers[layer];
  auto const text = census::join(kept.texts());
  std::size_t planted_here = 0;
  for (unsigned n = 1; n <= 3; ++n) {
    census::ngram_rows const ngrams(n, text);
    auto const taken = census::take_ngram_census(kept, ngrams);
    std::map<std::uint32_t, std::vector<phrase>> found;
    for (census::detector const& one : taken.detectors) {
      for (auto const& key : one.detected) {
        auto const tokens = ngrams.tokens_of(key.row);
        found[one.neuron].emplace_back(tokens.begin(), tokens.end());
      }
      std::ranges::sort(found[one.neuron]);
    }
    for (std::uint32_t neuron = 0; neuron < answers.size(); ++neuron) {
      answer const& expected = answers[neuron];
      INFO("n = " << n << ", layer " << layer << ", neuron " << neuron << ": " << expected.name);
      if (expected.order == 0 || n < expected.order) CHECK(!found.contains(neuron));
      if (n == expected.order) {
        CHECK((found.contains(neuron) ? found[neuron] : std::vector<phrase>{}) == expected.detected);
        ++planted_here;
      }
      if (expected.dead || neurons[neuron].what != planted_neuron::kind::reads) continue;
      phrase ids;
      auto const by_definition =
          detected_by_definition(world.planted, n, [&](phrase const& document, std::size_t position) {
            if (position <= n || ids.empty()) {
              ids = {census_test::planted_bos};
              ids.insert(ids.end(), document.begin(), document.end());
            }
            return neurons[neuron].drive(ids, position) > 0;
          });
      CHECK((found.contains(neuron) ? found[neuron] : std::vector<phrase>{}) == by_definition);
    }
  }
  CHECK(planted_here ==
        static_cast<std::size_t>(std::ranges::count_if(answers, [](answer const& one) { return one.order > 0; })));
}

}  // namespace planted
