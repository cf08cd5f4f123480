// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

namespace census::detail {

/// Where a corpus stands in one domain, whose documents come as Document (census::numbered_document), in parts.
template <class Document>
struct domain_cursor {
  Document document;         // the document at hand, as far as it was read,
  std::size_t next = 0;      // its first token not yet in a sequence,
  std::uint32_t piece = 0;   // and how many sequences it gave,
  std::uint64_t offset = 0;  // of so many tokens
  std::uint64_t cut = 0;     // tokens of the domain's sequences, whether they were taken or not
  bool at_end = false;

  /// Makes sure that there is a next token, and `wanted` of them where the document has so many; false at the
  /// domain's end.
  template <class Next>
  bool fetch(Next& next_document, std::size_t domain, std::size_t wanted) {
    while (!at_end && (document.goes_on ? left() < wanted : left() == 0)) {
      std::optional<Document> read = next_document(domain);
      if (read && document.goes_on) {
        auto& tokens = document.tokens;
        tokens.erase(tokens.begin(), tokens.begin() + static_cast<std::ptrdiff_t>(std::exchange(next, 0)));
        tokens.insert(tokens.end(), read->tokens.begin(), read->tokens.end());
        document.goes_on = read->goes_on;
      } else {
        at_end = !read;
        document = read ? std::move(*read) : Document{};
        next = piece = 0, offset = 0;
      }
    }
    return !at_end;
  }
  std::size_t left() const { return document.tokens.size() - next; }
};

}  // namespace census::detail
