// SPDX-License-Identifier: MIT
#pragma once

#include <census/token_id.hpp>

#include <concepts>
#include <optional>

namespace census {

/// A token that may not be there, as beside the first of a sequence. A std::optional but for one thing: two that are
/// not there are not equal, so that a comparison of two places is true only where both hold a token, the same one.
/// Whether they differ is not asked by !=, which would be true where one is missing: see token_at::repeats.
struct optional_token : std::optional<token_id> {
  using std::optional<token_id>::optional;

  // Templates, so that neither takes a number or std::nullopt, which are compared as those of std::optional are.
  template <std::same_as<optional_token> T>
  friend bool operator==(T const& a, T const& b) {
    return a.has_value() && b.has_value() && *a == *b;
  }
  template <std::same_as<optional_token> T>
  friend bool operator!=(T const&, T const&) = delete;
};

}  // namespace census
