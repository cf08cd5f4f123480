// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/text_list.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace census {

/// The text that a census is taken on: what is known of it before it is read again, and its sequences in texts of about
/// so many rows. census::corpus is one; docstrings there.
template <class C>
concept census_corpus = requires(C const& corpus, std::size_t rows) {
  { corpus.tokens() } -> std::convertible_to<std::uint64_t>;
  { corpus.distinct_tokens() } -> std::convertible_to<std::uint64_t>;
  { corpus.documents() } -> std::convertible_to<std::uint64_t>;
  { corpus.sequences() } -> std::convertible_to<std::uint64_t>;
  { corpus.full_sequences() } -> std::convertible_to<std::uint64_t>;
  { corpus.context() } -> std::convertible_to<std::size_t>;
  { corpus.domains() } -> std::convertible_to<std::vector<std::string>>;
  { corpus.bytes_held() } -> std::convertible_to<std::uint64_t>;
  { corpus.texts(rows) } -> std::convertible_to<text_list>;
};

}  // namespace census
