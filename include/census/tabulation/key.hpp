// SPDX-License-Identifier: MIT
#pragma once

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

namespace detail {
template <class T>
struct without_optional {
  using type = T;
};
template <class T>
struct without_optional<std::optional<T>> {
  using type = T;
};
}  // namespace detail

/// The key that F gives a token: what F returns, without the optional around it.
template <class F>
using key_of = typename detail::without_optional<std::remove_cvref_t<std::invoke_result_t<F const&, token_at>>>::type;

/// A key function gives each place in a text the key under which its firings are counted, or std::nullopt: not counted
/// here. Law: pure. The same place gives the same key, whatever was asked before; it knows the text and never the
/// activations.
template <class F>
concept key_function = std::copy_constructible<F> && std::regular_invocable<F const&, token_at> &&
    std::totally_ordered<key_of<F>> && std::copyable<key_of<F>>;

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

/// The token at hand; nothing at BOS.
struct token {
  std::optional<token_id> operator()(token_at at) const { return at.before(0); }
};

/// The N tokens that end here, in reading order; nothing where that would hold BOS or cross the start of the sequence.
template <std::size_t N>
requires(N >= 1) struct ngram {
  std::optional<std::array<token_id, N>> operator()(token_at at) const {
    if (!at.before(N - 1)) return std::nullopt;
    std::array<token_id, N> tokens;
    for (std::size_t i = 0; i < N; ++i) tokens[i] = *at.before(static_cast<std::uint32_t>(N - 1 - i));
    return tokens;
  }
};

/// Several keys at once: std::tuple of theirs, nothing where one of them is nothing.
template <key_function... Keys>
class tuple {
 public:
  tuple() = default;
  explicit tuple(Keys... keys) requires(sizeof...(Keys) > 0) : keys_(std::move(keys)...) {}

  std::optional<std::tuple<key_of<Keys>...>> operator()(token_at at) const {
    return std::apply([&](Keys const&... key) { return joined(std::optional<key_of<Keys>>(key(at))...); }, keys_);
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
