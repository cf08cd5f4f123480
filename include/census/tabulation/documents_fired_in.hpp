// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/packed_firings.hpp>
#include <census/tabulation/detail/kept_rows.hpp>
#include <census/tabulation/kept_layer.hpp>
#include <census/tabulation/ngram_rows.hpp>
#include <census/tabulation/select_neurons.hpp>
#include <census/token_id.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <unordered_map>
#include <variant>
#include <vector>

namespace census {

/// A neuron, and a key at which it is looked for: the number of an n-gram, or a token.
struct neuron_at_key {
  std::uint32_t neuron, key;
};

namespace detail {

inline constexpr std::size_t neurons_looked_for = 128;  // at a time: their firings take 16 bytes a token

/// Calls visit(some of `asked`, the number of each one's neuron among those selected, these neurons' firings), for so
/// many at a time as are of neurons_looked_for neurons.
template <class Visit>
void select_asked(kept_layer const& layer, std::span<neuron_at_key const> asked, Visit const& visit) {
  if (!std::ranges::is_sorted(asked, {}, &neuron_at_key::neuron))
    throw std::invalid_argument("census::fired_in_two_documents: the neurons are to ascend");
  while (!asked.empty()) {
    std::vector<std::uint32_t> neurons, selected_as;
    for (neuron_at_key const& one : asked) {
      if (neurons.empty() || neurons.back() != one.neuron) {
        if (neurons.size() == neurons_looked_for) break;
        neurons.push_back(one.neuron);
      }
      selected_as.push_back(static_cast<std::uint32_t>(neurons.size() - 1));
    }
    visit(asked.first(selected_as.size()), selected_as, select_neurons(layer, neurons));
    asked = asked.subspan(selected_as.size());
  }
}

inline bool fires(kept_layer const& selected, kept_row at, std::uint32_t neuron) {
  return std::get<packed_firings>(selected.parts()[at.part].firings).fires(at.row, neuron);
}

/// Documents as they are met: the first, and whether there was another.
class documents_met {
 public:
  void add(std::uint64_t document) {
    if (!first_) first_ = document;
    are_two_ |= *first_ != document;
  }
  bool are_two() const { return are_two_; }

 private:
  std::optional<std::uint64_t> first_;
  bool are_two_ = false;
};

}  // namespace detail

/// Bytes of memory to find out, from above.
inline std::uint64_t fired_in_two_documents_bytes(std::uint64_t tokens, std::uint64_t sequences) {
  return detail::neurons_looked_for / 8 * tokens + detail::kept_places::bytes(tokens, sequences);
}

/// Whether each of some neurons fired at its n-gram in two documents at least [asked]. No counts by document are kept:
/// an n-gram's occurrences are gone through until a second document is met. Throws std::invalid_argument where neurons
/// do not ascend or are not the layer's, or where the n-grams are of another text; bad_input where firings lie in a
/// file that cannot be read.
inline std::vector<bool> fired_in_two_documents(kept_layer const& layer, ngram_rows const& ngrams,
                                                std::span<neuron_at_key const> asked) {
  std::vector<bool> found;
  if (asked.empty()) return found;
  detail::kept_places const place(layer, ngrams);
  detail::select_asked(layer, asked, [&](auto some, auto const& selected_as, kept_layer const& selected) {
    for (std::size_t i = 0; i < some.size(); ++i) {
      detail::documents_met met;
      for (std::uint32_t const row :
           ngrams.order().subspan(ngrams.first()[some[i].key], ngrams.occurrences(some[i].key))) {
        if (detail::fires(selected, place(row), selected_as[i])) met.add(place.sequence_of(row).document);
        if (met.are_two()) break;
      }
      found.push_back(met.are_two());
    }
  });
  return found;
}

/// The same of tokens, BOS aside.
inline std::vector<bool> fired_in_two_documents(kept_layer const& layer, std::span<neuron_at_key const> asked) {
  std::vector<bool> found;
  detail::select_asked(layer, asked, [&](auto some, auto const& selected_as, kept_layer const& selected) {
    std::unordered_map<token_id, std::vector<std::size_t>> asked_of;  // those of a token
    for (std::size_t i = 0; i < some.size(); ++i) asked_of[some[i].key].push_back(i);
    std::vector<detail::documents_met> met(some.size());
    for (std::uint32_t part = 0; part < selected.parts().size(); ++part) {
      text_rows const& text = *selected.parts()[part].text;
      for (sequence const& in : text.sequences)
        for (std::uint32_t row = in.first_row + in.has_bos; row < in.first_row + in.length; ++row)
          if (auto const here = asked_of.find(text.tokens[row]); here != asked_of.end())
            for (std::size_t const i : here->second)
              if (detail::fires(selected, {part, row}, selected_as[i])) met[i].add(in.document);
    }
    for (detail::documents_met const& one : met) found.push_back(one.are_two());
  });
  return found;
}

}  // namespace census
