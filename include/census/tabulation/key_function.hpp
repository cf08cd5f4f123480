// SPDX-License-Identifier: MIT
#pragma once

#include <census/tabulation/detail/key_value.hpp>
#include <census/tabulation/token_at.hpp>

#include <concepts>
#include <functional>
#include <optional>
#include <type_traits>

namespace census {

/// The key that F gives a token: the value of what F returns, without the optional around it. A reference or a proxy,
/// such as std::vector<bool>::reference, becomes what it refers to, also inside a tuple; a view of a text becomes a
/// std::string.
template <class F>
using key_of = detail::key_value_t<std::invoke_result_t<F const&, token_at>>;

/// A key function gives each place in a text the key under which its firings are counted, or std::nullopt: not counted
/// here. Law: pure. The same place gives the same key, whatever was asked before; it knows the text and never the
/// activations. What depends on all tokens before, as "inside quotes" does, is key::running.
template <class F>
concept key_function =
    std::copy_constructible<F> && std::regular_invocable<F const&, token_at> && detail::key_value<key_of<F>>;

/// The key of a place; nothing where it is not counted.
template <key_function F>
std::optional<key_of<F>> key_at(F const& key, token_at at) {
  return detail::as_key<key_of<F>>(std::invoke(key, at));
}

namespace detail {

/// Says in one line why F is no key function.
template <class F>
constexpr bool require_key_function() {
  constexpr bool is_asked = std::copy_constructible<F> && std::regular_invocable<F const&, token_at>;
  static_assert(is_asked,
                "not a census::key_function: it is to be copyable, and to be called, as a const object, with a "
                "census::token_at. A mutable lambda is none, for no key may depend on what was asked before; "
                "census::key::running carries a state along a sequence");
  if constexpr (is_asked) {
    constexpr bool is_value = !refers<key_of<F>>;
    static_assert(is_value,
                  "not a census::key_function: it returns a pointer or a proxy, a way to something that may change. It "
                  "is to return the value, as in bool{flags[i]}");
    static_assert(!is_value || key_value<key_of<F>>,
                  "not a census::key_function: its key has no order. A key is copyable and has == and <, as with "
                  "`auto operator<=>(my_key const&) const = default;`, or is a std::optional of such");
  }
  return key_function<F>;
}

/// How a key is asked along a sequence, row by row from its first: as it is, or through its walker(), which may carry a
/// state. Refers to the key.
template <key_function F>
auto walker_of(F const& key) {
  if constexpr (requires { key.walker(); })
    return key.walker();
  else
    return [&key](token_at at) { return key_at(key, at); };
}

}  // namespace detail
}  // namespace census
