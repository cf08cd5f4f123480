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
  std::uint16_t domain = 0;          ///< which domain of the corpus; of copies in several, one of these for all
  std::uint64_t tokens = 0;          ///< BOS included
  std::uint64_t full_sequences = 0;  ///< those that count for position
  std::uint64_t full_inside = 0;     ///< of these, those that do not begin the document

  friend bool operator==(text_document const&, text_document const&) = default;
};

/// Whether two documents say the same.
inline bool are_copies(text_document const& a, text_document const& b) { return a.hash == b.hash; }

/// How many documents there are where copies count as one; of documents in list_documents' order.
inline std::size_t count_distinct(std::span<text_document const> documents) {
  std::size_t distinct = documents.empty() ? 0 : 1;
  for (std::size_t i = 1; i < documents.size(); ++i) distinct += !are_copies(documents[i - 1], documents[i]);
  return distinct;
}

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

/// Lets copies that several domains hold be of one of these: that of the least sum of hashes, for numbers of domains
/// are arbitrary. Changes the order of documents.
inline void gather_copies(std::vector<text_document>& documents) {
  std::vector<std::uint64_t> hash_of;
  for (text_document const& one : documents) {
    if (one.domain >= hash_of.size()) hash_of.resize(one.domain + std::size_t{1});
    hash_of[one.domain] += one.hash;
  }
  std::ranges::sort(documents, {},
                    [&](text_document const& one) { return std::tuple(one.hash, hash_of[one.domain], one.domain); });
  for (std::size_t i = 1; i < documents.size(); ++i)
    if (documents[i].hash == documents[i - 1].hash) documents[i].domain = documents[i - 1].domain;
}

}  // namespace detail

/// Bytes of memory for the documents of a text of so many sequences, from above, while they are listed: a list takes up
/// to twice what is in it.
inline std::uint64_t list_documents_bytes(std::uint64_t sequences) {
  return 2 * (sizeof(text_document) + sizeof(std::uint64_t)) * sequences;
}

/// The documents of some texts, shared_text each, over several of which a document may be spread: each once, in order
/// of domain, hash and number, so that copies are neighbours.
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
  detail::gather_copies(parts);
  std::ranges::sort(parts, {}, [](text_document const& one) { return std::tuple(one.domain, one.hash, one.number); });
  return parts;
}

}  // namespace census
