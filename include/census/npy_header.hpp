// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace census {

/// What the header of a NumPy file, .npy, says of the array behind it.
struct npy_header {
  std::string type;            ///< as NumPy writes it: "<f4" is float32, little-endian
  bool fortran_order = false;  ///< the first index runs fastest
  std::vector<std::uint64_t> shape;
};

/// How an .npy file begins: `magic`, two bytes of its format, the header's length.
struct npy_start {
  static constexpr std::size_t bytes = 12;  ///< that say where the header lies, at most
  std::size_t header_begins = 0, header_bytes = 0;

  /// Where the array begins.
  std::size_t data_begins() const { return header_begins + header_bytes; }
};

/// Reads the first npy_start::bytes of a file, or all of a shorter one. Throws bad_input, naming `place`, where it is
/// no .npy file of format 1.0 or 2.0: 3.0 is for records with names beyond Latin letters.
inline npy_start read_npy_start(std::string_view file, std::string const& place) {
  constexpr std::string_view magic = "\x93NUMPY";
  if (!file.starts_with(magic) || file.size() < 8) throw bad_input(place, "is no .npy file");
  auto const number = [&](std::size_t at) { return static_cast<unsigned char>(file[at]); };
  if (number(6) < 1 || number(6) > 2 || number(7) != 0)
    throw bad_input(place, "is of .npy format " + std::to_string(number(6)) + '.' + std::to_string(number(7)) +
                               ", only 1.0 and 2.0 are read");
  std::size_t const width = number(6) == 1 ? 2 : 4;
  if (file.size() < 8 + width) throw bad_input(place, "the .npy file is cut short");
  npy_start start{.header_begins = 8 + width};
  for (std::size_t i = width; i-- > 0;) start.header_bytes = start.header_bytes << 8 | number(8 + i);
  if (start.header_bytes > 10'000) throw bad_input(place, "the .npy header is too long");  // NumPy's own limit
  return start;
}

namespace detail {

/// Reads a Python dictionary of strings, truth values and tuples of whole numbers, a piece at a time.
class npy_dictionary {
 public:
  npy_dictionary(std::string_view text, std::string const& place) : rest_(text), place_(place) {}

  [[noreturn]] void malformed() const { throw bad_input(place_, "the .npy header is malformed"); }

  /// Whether the next character but white space is this one; then it is passed.
  bool skip(char c) {
    auto const first = rest_.find_first_not_of(" \n");
    if (first == rest_.npos || rest_[first] != c) return false;
    rest_.remove_prefix(first + 1);
    return true;
  }
  void expect(char c) {
    if (!skip(c)) malformed();
  }

  std::string quoted() {
    expect('\'');
    auto value = until('\'');
    expect('\'');
    return value;
  }

  bool truth() {
    for (bool const value : {false, true}) {
      std::string_view const word = value ? "True" : "False";
      auto const first = rest_.find_first_not_of(' ');
      if (first == rest_.npos || !rest_.substr(first).starts_with(word)) continue;
      rest_.remove_prefix(first + word.size());
      return value;
    }
    malformed();
  }

  std::vector<std::uint64_t> sizes() {
    std::vector<std::uint64_t> all;
    expect('(');
    while (!skip(')')) {
      rest_.remove_prefix(rest_.find_first_not_of(' ') == rest_.npos ? 0 : rest_.find_first_not_of(' '));
      std::uint64_t size = 0;
      auto const [behind, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), size);
      if (error != std::errc() || size > std::uint64_t{1} << 48) malformed();
      rest_.remove_prefix(static_cast<std::size_t>(behind - rest_.data()));
      all.push_back(size);
      if (!skip(',') && !skip_ahead(')')) malformed();
    }
    return all;
  }

  bool is_list() const {
    auto const first = rest_.find_first_not_of(' ');
    return first != rest_.npos && rest_[first] == '[';
  }
  bool skip_ahead(char c) const {
    auto const first = rest_.find_first_not_of(" \n");
    return first != rest_.npos && rest_[first] == c;
  }

 private:
  std::string until(char end) {
    auto const value = rest_.substr(0, rest_.find(end));
    rest_.remove_prefix(value.size());
    return std::string(value);
  }

  std::string_view rest_;
  std::string const& place_;
};

}  // namespace detail

/// Reads "{'descr': '<u2', 'fortran_order': False, 'shape': (3, 4), }", its keys in any order. Throws bad_input, naming
/// `place`, where a key is missing, twice there or unknown, or the array holds records.
inline npy_header read_npy_header(std::string_view text, std::string const& place) {
  detail::npy_dictionary header(text, place);
  npy_header read;
  std::array<bool, 3> seen{};
  auto const first_time = [&](std::size_t key) {
    if (seen[key]) header.malformed();
    return seen[key] = true;
  };
  header.expect('{');
  while (!header.skip('}')) {
    auto const key = header.quoted();
    header.expect(':');
    if (key == "descr" && first_time(0)) {
      if (header.is_list()) throw bad_input(place, "holds records, not numbers");
      read.type = header.quoted();
    } else if (key == "fortran_order" && first_time(1)) {
      read.fortran_order = header.truth();
    } else if (key == "shape" && first_time(2)) {
      read.shape = header.sizes();
    } else {
      header.malformed();
    }
    if (!header.skip(',') && !header.skip_ahead('}')) header.malformed();
  }
  if (!seen[0] || !seen[1] || !seen[2]) header.malformed();
  return read;
}

}  // namespace census
