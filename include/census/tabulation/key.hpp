// SPDX-License-Identifier: MIT
#pragma once

#include <census/tabulation/key_function.hpp>
#include <census/tabulation/token_at.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace census {

/// The keys of the paper. Each is a key function; a user's own is any callable on token_at.
namespace key {

/// One key for everything, BOS included: liveness.
struct nothing {
  std::monostate operator()(token_at) const { return {}; }
};

/// The domain of the corpus, BOS included.
struct domain {
  std::uint16_t operator()(token_at at) const { return at.domain(); }
};

/// The document of the corpus, BOS included. A table of it has a row a document; first_firings keeps less.
struct document {
  std::uint64_t operator()(token_at at) const { return at.document(); }
};

/// Whether the sequence begins its document: titles and licences make content depend on position there.
struct begins_document {
  bool operator()(token_at at) const { return at.sequence().piece == 0; }
};

/// The position in full-length sequences, from 0, BOS included; nothing in shorter ones.
struct position {
  std::optional<std::uint32_t> operator()(token_at at) const {
    if (!at.sequence().full) return std::nullopt;
    return at.position();
  }
};

/// The token at hand; nothing at BOS and where the text does not tell it.
struct token {
  std::optional<token_id> operator()(token_at at) const { return at.before(0); }
};

/// The N tokens that end here, in reading order; nothing where that would hold BOS or cross the start of the sequence.
template <std::size_t N>
requires(N >= 1) struct ngram {
  std::optional<std::array<token_id, N>> operator()(token_at at) const {
    std::array<token_id, N> tokens;
    for (std::size_t i = 0; i < N; ++i) {
      auto const one = at.before(static_cast<std::uint32_t>(N - 1 - i));
      if (!one) return std::nullopt;
      tokens[i] = *one;
    }
    return tokens;
  }
};

/// Several keys at once: std::tuple of theirs, nothing where one of them is nothing.
template <class... Keys>
class tuple {
  static_assert((detail::require_key_function<Keys>() && ...) || true);  // which says why one is none

 public:
  tuple() = default;
  explicit tuple(Keys... keys) requires(sizeof...(Keys) > 0) : keys_(std::move(keys)...) {}

  std::optional<std::tuple<key_of<Keys>...>> operator()(token_at at) const {
    return std::apply([&](Keys const&... key) { return joined(key_at(key, at)...); }, keys_);
  }

  /// The same, asked row by row along a sequence, and then along the next. Refers to this.
  auto walker() const {
    auto walkers = std::apply([](Keys const&... key) { return std::make_tuple(detail::walker_of(key)...); }, keys_);
    return [walkers = std::move(walkers)](token_at at) mutable {
      return std::apply([&](auto&... walker) { return joined(walker(at)...); }, walkers);
    };
  }

 private:
  static std::optional<std::tuple<key_of<Keys>...>> joined(std::optional<key_of<Keys>> const&... keys) {
    if (!(keys.has_value() && ...)) return std::nullopt;
    return std::tuple<key_of<Keys>...>(*keys...);
  }
  std::tuple<Keys...> keys_;
};

}  // namespace key
}  // namespace census
