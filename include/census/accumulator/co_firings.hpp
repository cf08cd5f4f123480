// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/block.hpp>
#include <census/activation/fingerprint.hpp>
#include <census/activation/text_rows.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace census {

/// A neuron of a model.
struct layer_neuron {
  std::uint32_t layer = 0, neuron = 0;
  friend auto operator<=>(layer_neuron const&, layer_neuron const&) = default;
};

/// At how many tokens two neurons fired, alone and together. BOS is left out, where many neurons fire whatever follows.
struct co_firing {
  std::uint64_t tokens = 0, a = 0, b = 0, both = 0;

  /// Together / at least one; nothing where neither fired.
  std::optional<double> jaccard() const {
    if (a + b == 0) return std::nullopt;
    return static_cast<double>(both) / static_cast<double>(a + b - both);
  }

  /// The correlation of firing with firing, from -1 to 1; nothing where one of the two never or always fired.
  std::optional<double> phi() const {
    auto const n = static_cast<double>(tokens), x = static_cast<double>(a), y = static_cast<double>(b);
    double const spread = x * (n - x) * y * (n - y);
    if (!(spread > 0)) return std::nullopt;
    return (static_cast<double>(both) * n - x * y) / std::sqrt(spread);
  }

  friend bool operator==(co_firing const&, co_firing const&) = default;
};

/// An accumulator: where some chosen neurons fired, within a layer and across layers, one bit a neuron and token, so
/// that each two of them can be set side by side. Whatever the order in which layers and texts come.
///
///     census::co_firings together{{{.layer = 0, .neuron = 17}, {.layer = 3, .neuron = 201}}};
///     census::survey(source, together);
///     auto const phi = together.of({0, 17}, {3, 201}).phi();
class co_firings {
 public:
  explicit co_firings(std::set<layer_neuron> chosen) {
    auto by_layer = std::map<std::uint32_t, std::vector<std::uint32_t>>();
    for (layer_neuron const& one : chosen) by_layer[one.layer].push_back(one.neuron);
    chosen_ = std::make_shared<std::map<std::uint32_t, std::vector<std::uint32_t>> const>(std::move(by_layer));
  }

  /// Passes over layers of which no neuron was chosen. Throws std::invalid_argument where a layer has not a chosen
  /// neuron, or has observed a sequence of the block already. This is unchanged then.
  template <host_block B>
  void observe(B const& block) {
    auto const chosen = chosen_->find(block.layer());
    if (chosen == chosen_->end()) return;
    require_rows(block, "census::co_firings");
    if (std::size_t const neurons = block.firings().neurons(); chosen->second.back() >= neurons)
      throw std::invalid_argument("census::co_firings: layer " + std::to_string(block.layer()) + " has no neuron " +
                                  std::to_string(chosen->second.back()) + ", but " + std::to_string(neurons));
    layer_bits fresh;
    auto const prints = fingerprints(*block.text());
    for (std::size_t s = 0; s < prints.size(); ++s)
      if (!fresh.emplace(prints[s], bits_of(block, block.text()->sequences[s], chosen->second)).second)
        throw std::invalid_argument("census::co_firings: a sequence comes twice in a block");
    check_disjoint(block.layer(), fresh);
    seen_[block.layer()].merge(fresh);
  }

  /// Throws std::invalid_argument where both have observed the same sequence in the same layer, or chose other neurons.
  /// This is unchanged then.
  void merge(co_firings const& other) {
    if (*chosen_ != *other.chosen_)
      throw std::invalid_argument("census::co_firings: the two sides of this merge chose different neurons");
    for (auto const& [layer, bits] : other.seen_) check_disjoint(layer, bits);
    for (auto const& [layer, bits] : other.seen_) seen_[layer].insert(bits.begin(), bits.end());
  }

  /// Two chosen neurons, over the tokens that both their layers have observed. Throws std::out_of_range for a neuron
  /// that was not chosen, std::invalid_argument where a sequence is longer in one of the layers: then what was restored
  /// here is of another text.
  co_firing of(layer_neuron a, layer_neuron b) const {
    std::size_t const in_a = place_of(a), in_b = place_of(b);
    co_firing counted;
    auto const of_a = seen_.find(a.layer), of_b = seen_.find(b.layer);
    if (of_a == seen_.end() || of_b == seen_.end()) return counted;
    for (auto const& [print, bits] : of_a->second) {
      auto const other = of_b->second.find(print);
      if (other == of_b->second.end()) continue;
      if (other->second.tokens != bits.tokens) refuse_lengths(a.layer, bits.tokens, b.layer, other->second.tokens);
      counted.tokens += bits.tokens;
      for (std::size_t w = 0; w < bits.words(); ++w) {
        std::uint64_t const x = bits.fired[in_a * bits.words() + w], y = other->second.fired[in_b * bits.words() + w];
        counted.a += static_cast<std::uint64_t>(std::popcount(x));
        counted.b += static_cast<std::uint64_t>(std::popcount(y));
        counted.both += static_cast<std::uint64_t>(std::popcount(x & y));
      }
    }
    return counted;
  }

  /// Throws bad_input where what is restored is of other neurons, std::invalid_argument where it has not a bit for
  /// each, or a sequence is longer in one layer than in another.
  template <class Archive>
  void serialize(Archive& archive) {
    archive.constant("chosen neurons", *chosen_);
    archive("seen", seen_);
    if constexpr (Archive::is_reading) check_restored();
  }

  friend bool operator==(co_firings const& a, co_firings const& b) {
    return *a.chosen_ == *b.chosen_ && a.seen_ == b.seen_;
  }

 private:
  /// The tokens of a sequence, BOS aside, at which each chosen neuron of a layer fired: bit i of its words is token i.
  struct sequence_bits {
    std::uint64_t tokens = 0;
    std::vector<std::uint64_t> fired;  // [neuron, word]

    std::size_t words() const { return (tokens + 63) / 64; }
    template <class Archive>
    void serialize(Archive& archive) {
      archive("tokens", tokens)("fired", fired);
    }
    friend bool operator==(sequence_bits const&, sequence_bits const&) = default;
  };
  using layer_bits = std::map<std::uint64_t, sequence_bits>;  // by fingerprint

  template <class B>
  static sequence_bits bits_of(B const& block, sequence const& of, std::vector<std::uint32_t> const& neurons) {
    std::uint32_t const first = of.has_bos ? 1 : 0;
    sequence_bits bits{of.length - first, {}};
    bits.fired.assign(neurons.size() * bits.words(), 0);
    for (std::size_t i = 0; i < bits.tokens; ++i) {
      auto const row = block.firings().row(of.first_row + first + i);
      for (std::size_t n = 0; n < neurons.size(); ++n)
        bits.fired[n * bits.words() + i / 64] |= (row[neurons[n] / 64] >> neurons[n] % 64 & 1) << i % 64;
    }
    return bits;
  }

  void check_restored() const {
    constexpr std::uint64_t longest = std::numeric_limits<std::uint32_t>::max();
    std::map<std::uint64_t, std::pair<std::uint32_t, std::uint64_t>> known;  // by fingerprint: a layer, tokens there
    for (auto const& [layer, sequences] : seen_)
      for (auto const& [print, bits] : sequences) {
        if (!chosen_->contains(layer) || bits.tokens > longest ||
            bits.fired.size() != chosen_->at(layer).size() * bits.words())
          throw std::invalid_argument("census::co_firings: layer " + std::to_string(layer) +
                                      " has not a bit for each token and chosen neuron");
        auto const& [below, tokens] = known.emplace(print, std::pair(layer, bits.tokens)).first->second;
        if (tokens != bits.tokens) refuse_lengths(below, tokens, layer, bits.tokens);
      }
  }

  [[noreturn]] static void refuse_lengths(std::uint32_t a, std::uint64_t tokens_in_a, std::uint32_t b,
                                          std::uint64_t tokens_in_b) {
    throw std::invalid_argument("census::co_firings: a sequence has " + std::to_string(tokens_in_a) +
                                " tokens in layer " + std::to_string(a) + ", but " + std::to_string(tokens_in_b) +
                                " in layer " + std::to_string(b));
  }

  void check_disjoint(std::uint32_t layer, layer_bits const& others) const {
    auto const mine = seen_.find(layer);
    if (mine == seen_.end()) return;
    for (auto const& [print, bits] : others)
      if (mine->second.contains(print))
        throw std::invalid_argument(
            "census::co_firings: layer " + std::to_string(layer) +
            " was shown the same sequence before (document, piece and tokens); it would count twice");
  }

  std::size_t place_of(layer_neuron wanted) const {
    auto const layer = chosen_->find(wanted.layer);
    if (layer != chosen_->end())
      if (auto const at = std::ranges::lower_bound(layer->second, wanted.neuron);
          at != layer->second.end() && *at == wanted.neuron)
        return static_cast<std::size_t>(at - layer->second.begin());
    throw std::out_of_range("census::co_firings: neuron " + std::to_string(wanted.neuron) + " of layer " +
                            std::to_string(wanted.layer) + " was not chosen");
  }

  std::shared_ptr<std::map<std::uint32_t, std::vector<std::uint32_t>> const> chosen_;  // [layer]: ascending
  std::map<std::uint32_t, layer_bits> seen_;
};

}  // namespace census
