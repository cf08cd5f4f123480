// SPDX-License-Identifier: MIT
#pragma once

#include <census/archive/detail/part_path.hpp>
#include <census/archive/storable.hpp>
#include <census/archive/stored_state.hpp>
#include <census/error.hpp>

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
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

/// Numbers of a stored array where they lie, at any alignment.
template <stored_number T>
class stored_numbers {
 public:
  explicit stored_numbers(std::span<std::byte const> bytes) : bytes_(bytes) {}

  std::size_t size() const { return bytes_.size() / sizeof(T); }

  /// Copies the numbers from `first` on. Precondition: there are as many.
  void copy(std::size_t first, std::span<T> into) const {
    if (!into.empty()) std::memcpy(into.data(), bytes_.data() + first * sizeof(T), into.size_bytes());
  }

 private:
  std::span<std::byte const> bytes_;
};

/// The archive that puts values together again, from arrays that are not trusted: memory is used in proportion to their
/// own bytes. Throws bad_input naming the place, and the array that ends too soon or is of another type.
class archive_reader {
 public:
  static constexpr bool is_reading = true;

  /// An array to be read: the type of its numbers, and their bytes, which stay where they are.
  struct array {
    std::string type;
    std::span<std::byte const> bytes;
    std::size_t read = 0;  ///< bytes
  };

  archive_reader(std::string place, std::map<std::string, array> arrays)
      : place_(std::move(place)), arrays_(std::move(arrays)) {}

  std::string const& place() const { return place_; }

  template <class T>
  archive_reader& operator()(std::string_view name, T& value) {
    if constexpr (detail::require_storable<T>()) {
      step const part(path_, name);
      get(value);
    }
    return *this;
  }

  /// Throws bad_input where what was stored was made with another.
  template <class T>
  void constant(std::string_view name, T const& value) {
    T stored = T();
    (*this)(name, stored);
    if (!(stored == value)) throw bad_input(place_, "was stored with other " + std::string(name));
  }

  template <stored_number T>
  requires(!std::same_as<T, bool>) void large(std::string_view name, std::vector<T>& values) { (*this)(name, values); }

  /// The numbers that archive_writer::pieces stored; they stay where they are.
  template <stored_number T>
  stored_numbers<T> pieces(std::string_view name) {
    step const part(path_, name);
    return stored_numbers<T>(take(type_code<T>(), get_size(), sizeof(T)));
  }

  /// Throws bad_input where the next values are not all read.
  void check_read_to_end() const {
    for (auto const& [path, one] : arrays_)
      if (one.read != one.bytes.size()) refuse(path, "holds more than was asked for");
  }

 private:
  using path = detail::part_path<array*>;  // that which lies there; null until it was looked for
  using step = path::step;

  [[noreturn]] void refuse(std::string const& path, std::string const& cause) const {
    throw bad_input(place_, "array " + (path.empty() ? std::string("without a name") : path) + " " + cause);
  }

  /// The bytes of the next `count` elements at the path.
  std::span<std::byte const> take(char const* type, std::uint64_t count, std::size_t element_bytes) {
    array*& known = path_.kept();
    if (known == nullptr) {
      auto const found = arrays_.find(path_.name());
      if (found == arrays_.end()) refuse(path_.name(), "is missing");
      known = &found->second;
    }
    array& here = *known;
    if (here.type != type) refuse(path_.name(), "holds " + here.type + " instead of " + type);
    if (count > (here.bytes.size() - here.read) / element_bytes) refuse(path_.name(), "ends too soon");
    auto const bytes = here.bytes.subspan(here.read, count * element_bytes);
    here.read += bytes.size();
    taken_ += bytes.size();
    return bytes;
  }

  std::uint64_t get_size() {
    step const of_size(path_, step::size());
    std::uint64_t size = 0;
    get(size);
    return size;
  }

  template <stored_number T>
  void get(T& value) {
    if constexpr (std::same_as<T, bool>) {
      auto const byte = take(type_code<T>(), 1, 1)[0];
      if (byte > std::byte{1})
        refuse(path_.name(), "holds " + std::to_string(std::to_integer<int>(byte)) + " as a bool");
      value = byte == std::byte{1};
    } else {
      stored_numbers<T>(take(type_code<T>(), 1, sizeof(T))).copy(0, std::span(&value, 1));
    }
  }
  template <stored_enumeration E>
  void get(E& value) {
    auto number = std::underlying_type_t<E>();
    get(number);
    if (!std::cmp_less(number, enumerators(value)))
      refuse(path_.name(), "holds " + std::to_string(number) + " as a choice");
    value = static_cast<E>(number);
  }
  void get(std::string& text) {
    auto const bytes = take(type_code<std::uint8_t>(), get_size(), 1);
    text.assign(reinterpret_cast<char const*>(bytes.data()), bytes.size());
  }
  void get(std::monostate&) {}
  template <class T>
  void get(std::vector<T>& values) {
    if constexpr (stored_number<T> && !std::same_as<T, bool>) {
      stored_numbers<T> const numbers(take(type_code<T>(), get_size(), sizeof(T)));
      values.resize(numbers.size());
      numbers.copy(0, std::span(values));
    } else {
      values.clear();
      each([&] {
        T value = T();
        get(value);
        values.push_back(std::move(value));
      });
    }
  }
  template <class T, std::size_t N>
  void get(std::array<T, N>& values) {
    for (T& value : values) get(value);
  }
  template <class T>
  void get(std::optional<T>& value) {
    value.reset();
    each([&] { get(value.emplace()); });
  }
  template <class T>
  void get(std::set<T>& values) {
    values.clear();
    each([&] {
      T value = T();
      get(value);
      if (!values.insert(std::move(value)).second) refuse(path_.name(), "holds an element twice");
    });
  }
  template <class Key, class T>
  void get(std::map<Key, T>& values) {
    values.clear();
    each([&] {
      Key key = Key();
      (*this)("key", key);
      auto const [place, is_new] = values.try_emplace(std::move(key));
      if (!is_new) refuse(path_.name(), "holds a key twice");
      (*this)("value", place->second);
    });
  }
  template <class A, class B>
  void get(std::pair<A, B>& value) {
    (*this)("0", value.first), (*this)("1", value.second);
  }
  template <class... Parts>
  void get(std::tuple<Parts...>& value) {
    [&]<std::size_t... I>(std::index_sequence<I...>) { ((*this)(std::to_string(I), std::get<I>(value)), ...); }
    (std::index_sequence_for<Parts...>());
  }
  template <detail::has_serialize T>
  void get(T& value) {
    value.serialize(*this);
  }

  /// Calls one() for each element of a container at the path. Where these have no bytes, there is at most one.
  template <class One>
  void each(One const& one) {
    std::uint64_t const size = get_size();
    for (std::uint64_t i = 0; i < size; ++i) {
      std::uint64_t const before = taken_;
      one();
      if (taken_ == before && size > 1)
        refuse(path_.name(), "says that there are " + std::to_string(size) + " of nothing");
    }
  }

  std::string place_;
  path path_;
  std::map<std::string, array> arrays_;
  std::uint64_t taken_ = 0;  // bytes
};

/// Reads a value out of an archive, to its end. What the value's own checks throw becomes bad_input naming the place.
/// The value is unchanged then; where it cannot be copied, it is of no more use.
template <class T>
void restore(archive_reader archive, T& value) {
  auto const read = [&](T& into) {
    try {
      archive("", into);
      archive.check_read_to_end();
    } catch (std::logic_error const& error) {
      throw bad_input(archive.place(), error.what());
    } catch (std::overflow_error const& error) {
      throw bad_input(archive.place(), error.what());
    }
  };
  if constexpr (std::copyable<T>) {
    T fresh = value;
    read(fresh);
    value = std::move(fresh);
  } else {
    read(value);
  }
}

/// Makes `value`, which was made as the stored one was made and is otherwise fresh, what was stored. Throws bad_input
/// naming the place, "a stored state" unless told, where the state is of something else; the value is unchanged then.
template <class T>
void restore(stored_state const& state, T& value, std::string place = "a stored state") {
  std::vector<std::vector<std::byte>> held;
  std::map<std::string, archive_reader::array> arrays;
  for (auto const& [path, stored] : state.arrays) {
    held.push_back(stored.bytes());
    arrays[path] = {stored.type, held.back(), 0};
  }
  restore(archive_reader(std::move(place), std::move(arrays)), value);
}

}  // namespace census
