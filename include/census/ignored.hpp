// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/printable.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace census {

/// What readers passed over: tensors, settings, files, lines, ids. Each kind is counted, and its first few places are
/// kept, so that memory does not grow with what is passed over. What is opened tells it by a member `ignored()`:
/// checkpoint, tokenizer, model, corpus; functions that read for them take an `ignored&` as their last parameter.
class ignored {
 public:
  struct kind {
    std::string what;                 ///< in the plural: "tensors that the model does not read"
    std::uint64_t count = 0;          ///< how many of them
    std::vector<std::string> places;  ///< the first few: "model.safetensors: tensor \"x\""
  };
  static constexpr std::size_t most_places = 3;

  /// Counts `count` more of a kind, found at a place.
  void add(std::string_view what, std::string_view place, std::uint64_t count = 1) {
    if (count == 0) return;
    auto& same = kind_of(what);
    same.count += count;
    if (same.places.size() < most_places) same.places.emplace_back(place);
  }

  /// Appends what another reader passed over.
  void add(ignored const& other) {
    for (kind const& one : other.kinds_) {
      auto& same = kind_of(one.what);
      same.count += one.count;
      for (auto const& place : one.places)
        if (same.places.size() < most_places) same.places.push_back(place);
    }
  }

  bool empty() const { return kinds_.empty(); }

  /// In the order in which each was first met.
  std::span<kind const> kinds() const { return kinds_; }

 private:
  kind& kind_of(std::string_view what) {
    auto const found = std::ranges::find(kinds_, what, &kind::what);
    return found != kinds_.end() ? *found : kinds_.emplace_back(kind{std::string(what), 0, {}});
  }

  std::vector<kind> kinds_;
};

/// A line a kind: "ignored: 2 tensors that the model does not read (PLACE; PLACE)".
inline void print_ignored(std::ostream& out, ignored const& passed_over) {
  for (auto const& kind : passed_over.kinds()) {
    std::string line = "ignored: " + std::to_string(kind.count) + ' ' + kind.what;
    for (std::size_t i = 0; i < kind.places.size(); ++i) line.append(i == 0 ? " (" : "; ").append(kind.places[i]);
    if (!kind.places.empty()) line += kind.count > kind.places.size() ? "; ...)" : ")";
    out << printable(line) << '\n';
  }
}

/// For a run that is to be strict: throws bad_input naming the first place of the first kind, where there is any.
inline void refuse_ignored(ignored const& passed_over) {
  if (passed_over.empty()) return;
  auto const& first = passed_over.kinds().front();
  throw bad_input(first.places.front(), "would be ignored, as " + std::to_string(first.count) + ' ' + first.what +
                                            "; a strict run ignores nothing");
}

}  // namespace census
