// SPDX-License-Identifier: MIT
#pragma once

#include <census/archive/stored_state.hpp>

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace census {

namespace detail {

/// An archive as far as `serialize` is concerned: what it is checked with.
struct any_archive {
  static constexpr bool is_reading = false;
};

template <class T>
concept has_serialize = requires(T& value, any_archive& archive) {
  value.serialize(archive);
};

template <class T>
inline constexpr bool is_storable = stored_number<T> || stored_enumeration<T> || has_serialize<T>;
template <>
inline constexpr bool is_storable<std::string> = true;
template <>
inline constexpr bool is_storable<std::monostate> = true;
template <class T>
inline constexpr bool is_storable<std::vector<T>> = is_storable<T>;
template <class T>
inline constexpr bool is_storable<std::optional<T>> = is_storable<T>;
template <class T, std::size_t N>
inline constexpr bool is_storable<std::array<T, N>> = is_storable<T>;
template <class T>
inline constexpr bool is_storable<std::set<T>> = is_storable<T>;
template <class Key, class T>
inline constexpr bool is_storable<std::map<Key, T>> = is_storable<Key>&& is_storable<T>;
template <class A, class B>
inline constexpr bool is_storable<std::pair<A, B>> = is_storable<A>&& is_storable<B>;
template <class... Parts>
inline constexpr bool is_storable<std::tuple<Parts...>> = (is_storable<Parts> && ...);

}  // namespace detail

/// What can be stored and restored: numbers, enumerations, strings, the standard containers of what can be, and every
/// class that names its parts, in the same order whether they are written or read:
///
///     template <class Archive>
///     void serialize(Archive& archive) {
///       archive("tokens", tokens_);
///       archive("by_layer", by_layer_);
///     }
///
/// Law (accumulator/laws.hpp checks it): what is restored from a stored value equals it, and goes on alike. What a
/// value is made with and that is no part of it (bounds, a key function, a folder for files) is not stored: a value is
/// restored into one that was made alike.
template <class T>
concept storable = detail::is_storable<std::remove_cvref_t<T>>;

namespace detail {

template <class T>
constexpr bool require_storable() {
  static_assert(storable<T>,
                "census: a value of this type cannot be stored. Give its class a member `template <class Archive> void "
                "serialize(Archive& archive)` that names its parts, archive(\"name\", part_); the key of a "
                "census::firings_by and each part of a census::together are to have one, too; "
                "census/archive/storable.hpp tells more");
  return storable<T>;
}

}  // namespace detail

}  // namespace census
