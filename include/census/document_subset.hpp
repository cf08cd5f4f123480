// SPDX-License-Identifier: MIT
#pragma once

#include <census/parse_number.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace census {

/// Some of a corpus's documents, told by their numbers alone: all of them, every Nth from the Ith on, or several such
/// parts together. So parts of one corpus can be taken apart, and whether two of them share a document is known without
/// a list of documents.
///
/// Equal sets compare equal however they came about: parts 1/2 and 2/2 together are all documents.
class document_subset {
 public:
  /// A part may have at most so many others beside it; parts that are joined, too.
  static constexpr std::uint64_t most_parts = 1 << 16;

  /// All documents.
  document_subset() = default;

  /// Part `number` of `parts`, counted from 1: documents whose number, modulo `parts`, is number - 1. Throws
  /// std::invalid_argument unless 1 <= number <= parts <= most_parts.
  static document_subset part(std::uint64_t number, std::uint64_t parts) {
    if (number == 0 || number > parts || parts > most_parts)
      throw std::invalid_argument("census::document_subset: part " + std::to_string(number) + " of " +
                                  std::to_string(parts) +
                                  ", where 1 <= number <= parts <= " + std::to_string(most_parts) + " is asked for");
    document_subset one;
    one.parts_ = parts, one.remainders_ = {number - 1};
    return one;
  }

  /// The part that a text such as "2/3" names. Throws std::invalid_argument where it names none.
  static document_subset parse(std::string_view text) {
    auto const slash = std::min(text.find('/'), text.size());
    auto const whole = [](std::string_view digits) { return parse_number<std::uint64_t>(digits).value_or(0); };
    auto const number = whole(text.substr(0, slash)), parts = whole(text.substr(std::min(slash + 1, text.size())));
    if (number == 0 || number > parts || parts > most_parts)
      throw std::invalid_argument("should read I/N: part I of N, 1 <= I <= N <= " + std::to_string(most_parts));
    return part(number, parts);
  }

  bool contains(std::uint64_t document) const {
    return std::binary_search(remainders_.begin(), remainders_.end(), document % parts_);
  }

  bool is_all() const { return parts_ == 1; }

  /// The parts that it is made of, as parse reads them: "1/3" and "3/3". All documents are "1/1".
  std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (std::uint64_t const remainder : remainders_)
      all.push_back(std::to_string(remainder + 1) + "/" + std::to_string(parts_));
    return all;
  }

  /// The first `count` documents of `first` to `last` that are in both sets; ascending.
  static std::vector<std::uint64_t> common(document_subset const& a, document_subset const& b, std::uint64_t first,
                                           std::uint64_t last, std::size_t count) {
    std::vector<std::uint64_t> found;
    std::uint64_t const repeats = std::lcm(a.parts_, b.parts_);  // behind which nothing new comes
    for (std::uint64_t i = 0; first <= last && i <= last - first && found.size() < count; ++i) {
      if (found.empty() && i >= repeats) break;
      if (a.contains(first + i) && b.contains(first + i)) found.push_back(first + i);
    }
    return found;
  }

  /// The documents of either set. Throws std::invalid_argument where a document is in both, or where they are of so
  /// different parts that the two together are more than most_parts.
  document_subset joined(document_subset const& other) const {
    std::uint64_t const parts = std::lcm(parts_, other.parts_);
    if (parts > most_parts)
      throw std::invalid_argument("census::document_subset: parts of " + std::to_string(parts_) + " and of " +
                                  std::to_string(other.parts_) + " are too different to be told as one set");
    document_subset both;
    both.parts_ = parts, both.remainders_.clear();
    for (std::uint64_t d = 0; d < parts; ++d) {
      if (contains(d) && other.contains(d))
        throw std::invalid_argument("census::document_subset: document " + std::to_string(d) + " is in both sets");
      if (contains(d) || other.contains(d)) both.remainders_.push_back(d);
    }
    both.shorten();
    return both;
  }

  friend bool operator==(document_subset const&, document_subset const&) = default;

 private:
  /// To the fewest parts that tell the same documents.
  void shorten() {
    for (std::uint64_t parts = 1; parts < parts_; ++parts) {
      if (parts_ % parts != 0) continue;
      auto const fewer = remainders_.size() * parts / parts_;
      bool const repeats = std::ranges::all_of(
          remainders_, [&](std::uint64_t r) { return std::ranges::binary_search(remainders_, (r + parts) % parts_); });
      if (!repeats) continue;
      remainders_.resize(fewer);
      parts_ = parts;
      return;
    }
  }

  std::uint64_t parts_ = 1;
  std::vector<std::uint64_t> remainders_{0};  // modulo parts_, ascending; parts_ is the least that will do
};

}  // namespace census
