// SPDX-License-Identifier: MIT
#pragma once

#include <census/archive/detail/part_path.hpp>
#include <census/archive/storable.hpp>
#include <census/archive/stored_state.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace census {

/// The archive that takes values apart. Every number goes to the end of the array of its path, so that a vector of
/// structs becomes an array a member: `archive("rows", rows)` with rows of {key, count} makes "rows/key", "rows/count"
/// and, for how many they are, "rows.size".
class archive_writer {
 public:
  static constexpr bool is_reading = false;

  /// A part, copied. Throws std::logic_error where numbers of two types would share a path.
  template <class T>
  archive_writer& operator()(std::string_view name, T const& value) {
    if constexpr (detail::require_storable<T>()) {
      step const part(path_, name);
      put(value);
    }
    return *this;
  }

  /// What a value was made with: the one that this is restored into has to have the same.
  template <class T>
  void constant(std::string_view name, T const& value) {
    (*this)(name, value);
  }

  /// A large vector of numbers, referred to: it stays as it is until the state was written.
  template <stored_number T>
  requires(!std::same_as<T, bool>) void large(std::string_view name, std::vector<T> const& values) {
    pieces<T>(name, values.size(), [&values](auto const& sink) { sink(std::span<T const>(values)); });
  }

  /// So many numbers that come later, when the state is written: write(sink) hands them over by sink(std::span<T
  /// const>), in any number of calls. What it refers to stays as it is until then; it may be called several times.
  template <stored_number T, class Write>
  void pieces(std::string_view name, std::uint64_t count, Write write) {
    step const part(path_, name);
    put_size(count);
    state_array& array = of_type<T>();
    array.size += count;
    array.pieces.push_back([count, write = std::move(write)](byte_sink const& to) {
      std::uint64_t written = 0;
      write([&](std::span<T const> some) { written += some.size(), to(std::as_bytes(some)); });
      if (written != count) throw std::logic_error("census::archive_writer: other numbers came than were announced");
    });
    path_.kept() = {};  // what comes next begins a piece of its own
  }

  /// The state of all that was written.
  stored_state take() { return std::move(state_); }

 private:
  /// The end of an array, and the piece of it that is being filled.
  struct own_piece {
    state_array* array = nullptr;
    std::shared_ptr<std::vector<std::byte>> bytes;
  };
  using path = detail::part_path<own_piece>;
  using step = path::step;

  /// The array of the path.
  template <stored_number T>
  state_array& of_type() {
    state_array& array = state_.arrays[path_.name()];
    if (array.type.empty()) array.type = type_code<T>();
    check_type<T>(array);
    return array;
  }

  template <stored_number T>
  void check_type(state_array const& array) const {
    if (array.type != type_code<T>())
      throw std::logic_error("census::archive_writer: " + path_.name() + " is of " + array.type + " and of " +
                             type_code<T>());
  }

  template <stored_number T>
  void put_numbers(std::span<T const> numbers) {
    own_piece& own = path_.kept();
    if (own.array == nullptr) {
      own = {&of_type<T>(), std::make_shared<std::vector<std::byte>>()};
      own.array->pieces.push_back([bytes = own.bytes](byte_sink const& to) { to(*bytes); });
    }
    check_type<T>(*own.array);
    own.array->size += numbers.size();
    auto const bytes = std::as_bytes(numbers);
    own.bytes->insert(own.bytes->end(), bytes.begin(), bytes.end());
  }

  void put_size(std::uint64_t size) {
    step const of_size(path_, step::size());
    put(size);
  }

  template <stored_number T>
  void put(T const& value) {
    put_numbers(std::span<T const>(&value, 1));
  }
  template <stored_enumeration E>
  void put(E const& value) {
    put(static_cast<std::underlying_type_t<E>>(value));
  }
  void put(std::string const& text) {
    put_size(text.size());
    put_numbers(std::span(reinterpret_cast<std::uint8_t const*>(text.data()), text.size()));
  }
  void put(std::monostate) {}
  template <class T>
  void put(std::vector<T> const& values) {
    put_size(values.size());
    if constexpr (std::same_as<T, bool>) {
      for (bool const value : values) put(value);
    } else if constexpr (stored_number<T>) {
      put_numbers(std::span<T const>(values));
    } else {
      for (T const& value : values) put(value);
    }
  }
  template <class T, std::size_t N>
  void put(std::array<T, N> const& values) {
    for (T const& value : values) put(value);
  }
  template <class T>
  void put(std::optional<T> const& value) {
    put_size(value.has_value());
    if (value) put(*value);
  }
  template <class T>
  void put(std::set<T> const& values) {
    put_size(values.size());
    for (T const& value : values) put(value);
  }
  template <class Key, class T>
  void put(std::map<Key, T> const& values) {
    put_size(values.size());
    for (auto const& [key, value] : values) (*this)("key", key), (*this)("value", value);
  }
  template <class A, class B>
  void put(std::pair<A, B> const& value) {
    (*this)("0", value.first), (*this)("1", value.second);
  }
  template <class... Parts>
  void put(std::tuple<Parts...> const& value) {
    [&]<std::size_t... I>(std::index_sequence<I...>) { ((*this)(std::to_string(I), std::get<I>(value)), ...); }
    (std::index_sequence_for<Parts...>());
  }
  /// One `serialize` for both directions is no const member; this one only reads.
  template <detail::has_serialize T>
  void put(T const& value) {
    const_cast<T&>(value).serialize(*this);
  }

  path path_;
  stored_state state_;
};

/// Takes a value apart. The state refers to large parts of it, so that the value has to stay.
template <class T>
stored_state store(T const& value) {
  archive_writer archive;
  archive("", value);
  return archive.take();
}
template <class T>
stored_state store(T const&& value) = delete;

}  // namespace census
