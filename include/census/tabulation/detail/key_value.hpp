// SPDX-License-Identifier: MIT
#pragma once

#include <census/tabulation/optional_token.hpp>
#include <census/token_id.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace census::detail {

/// What stands for one bit of something else, as the references of std::vector<bool> and std::bitset do.
template <class T>
concept bit_reference = std::is_class_v<T> && std::convertible_to<T const&, bool> && requires(T& bit) {
  bit.flip();
};

/// The type of the value that a T refers to; T where it is a value itself.
template <class T>
struct value_of {
  using type = T;
};
template <class T>
using value_of_t = typename value_of<std::remove_cvref_t<T>>::type;

template <bit_reference T>
struct value_of<T> {
  using type = bool;
};
template <class T>
struct value_of<std::reference_wrapper<T>> {
  using type = value_of_t<T>;
};
template <class Char, class Traits>
struct value_of<std::basic_string_view<Char, Traits>> {
  using type = std::basic_string<Char, Traits>;
};
template <>
struct value_of<char const*> {
  using type = std::string;
};
template <>
struct value_of<char*> {
  using type = std::string;
};
template <>
struct value_of<optional_token> {
  using type = std::optional<token_id>;
};
template <class T>
struct value_of<std::optional<T>> {
  using type = std::optional<value_of_t<T>>;
};
template <class... T>
struct value_of<std::tuple<T...>> {
  using type = std::tuple<value_of_t<T>...>;
};
template <class A, class B>
struct value_of<std::pair<A, B>> {
  using type = std::pair<value_of_t<A>, value_of_t<B>>;
};

template <class T>
struct without_optional {
  using type = T;
};
template <class T>
struct without_optional<std::optional<T>> {
  using type = T;
};

/// The key of what returns T: its value, without the optional around it.
template <class T>
using key_value_t = typename without_optional<value_of_t<T>>::type;

/// Whether a value_of is still a way to something else: a pointer, an iterator, a reference of a library's own.
template <class T>
constexpr bool refers = requires(T const& one) {
  *one;
}
|| (std::is_class_v<T> && (std::is_assignable_v<T const&, T const&> ||
                           (!std::default_initializable<T> && std::convertible_to<T const&, double>)));
template <class T>
constexpr bool refers<std::optional<T>> = refers<T>;
template <class... T>
constexpr bool refers<std::tuple<T...>> = (refers<T> || ...);
template <class A, class B>
constexpr bool refers<std::pair<A, B>> = refers<A> || refers<B>;
template <class T, std::size_t N>
constexpr bool refers<std::array<T, N>> = refers<T>;

/// What may be a key: it is a value, and has an order.
template <class T>
concept key_value = std::copyable<T> && std::totally_ordered<T> && !refers<T>;

/// What a key function returned as a key, nothing where it returned an optional without one.
template <class Key, class Returned>
std::optional<Key> as_key(Returned&& returned) {
  using value = value_of_t<Returned>;
  if constexpr (std::same_as<value, typename without_optional<value>::type>) {
    return std::optional<Key>(std::in_place, std::forward<Returned>(returned));
  } else {
    if (!returned.has_value()) return std::nullopt;
    return std::optional<Key>(std::in_place, *std::forward<Returned>(returned));
  }
}

}  // namespace census::detail
