// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/fingerprint.hpp>
#include <census/activation/text_rows.hpp>
#include <census/splitmix64.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <ranges>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

namespace census {

/// A document of a text: how much of it there is, and what it says. Whatever deals documents out ranks them by what
/// they say, so that it depends neither on their order nor on their numbers.
struct text_document {
  std::uint64_t number = 0;          ///< sequence::document
  std::uint64_t hash = 0;            ///< of its tokens and pieces; where some token is not known, of its number as well
  std::uint16_t domain = 0;          ///< which domain of the corpus
  std::uint64_t tokens = 0;          ///< BOS included
  std::uint64_t full_sequences = 0;  ///< those that count for position
  std::uint64_t full_inside = 0;     ///< of these, those that do not begin the document

  friend bool operator==(text_document const&, text_document const&) = default;
};

namespace detail {

/// A sequence as a part of its document. Documents without tokens look alike and need not be copies of one another, so
/// that their numbers tell them apart.
inline text_document part_of_document(text_rows const& text, sequence one) {
  auto const tokens = std::span(text.tokens).subspan(one.first_row, one.length);
  std::uint64_t const number = one.document;
  if (std::ranges::find(tokens, no_token) == tokens.end()) one.document = 0;
  return {.number = number,
          .hash = splitmix64(fingerprint(text, one)),
          .domain = one.domain,
          .tokens = one.length,
          .full_sequences = one.full ? 1u : 0u,
          .full_inside = one.full && one.piece > 0 ? 1u : 0u};
}

/// Adds a part of a document to another: sums, so that their order does not matter.
inline void add_part(text_document& into, text_document const& more) {
  into.hash += more.hash;
  into.domain = std::min(into.domain, more.domain);
  into.tokens += more.tokens, into.full_sequences += more.full_sequences, into.full_inside += more.full_inside;
}

}  // namespace detail

/// Bytes of memory for the documents of a text of so many sequences, from above, while they are listed: a list takes up
/// to twice what is in it.
inline std::uint64_t list_documents_bytes(std::uint64_t sequences) { return 2 * sizeof(text_document) * sequences; }

/// The documents of some texts, shared_text each, over several of which a document may be spread: each once, in order
/// of domain, hash and number.
template <std::ranges::input_range Texts>
std::vector<text_document> list_documents(Texts const& texts) {
  std::vector<text_document> parts;
  for (shared_text const& text : texts)
    for (sequence const& one : text->sequences) {
      auto const part = detail::part_of_document(*text, one);
      if (!parts.empty() && parts.back().number == part.number)
        detail::add_part(parts.back(), part);
      else
        parts.push_back(part);
    }
  std::ranges::sort(parts, {}, &text_document::number);
  std::size_t documents = 0;
  for (text_document const& part : parts)
    if (documents > 0 && parts[documents - 1].number == part.number)
      detail::add_part(parts[documents - 1], part);
    else
      parts[documents++] = part;
  parts.resize(documents);
  std::ranges::sort(parts, {}, [](text_document const& one) { return std::tuple(one.domain, one.hash, one.number); });
  return parts;
}

}  // namespace census
