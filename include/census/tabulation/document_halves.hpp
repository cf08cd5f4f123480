// SPDX-License-Identifier: MIT
#pragma once

#include <census/tabulation/list_documents.hpp>
#include <census/tabulation/token_at.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <ranges>
#include <span>
#include <utility>
#include <vector>

namespace census {

/// How much text a half of the documents is.
struct text_half {
  std::uint64_t documents = 0;       ///< copies of one document count as one
  std::uint64_t tokens = 0;          ///< BOS included
  std::uint64_t full_sequences = 0;  ///< those that count for position

  friend bool operator==(text_half const&, text_half const&) = default;
};

/// The two halves of a text.
using text_halves = std::array<text_half, 2>;

/// Whether what is found in one half can be confirmed in the other: each holds two documents at least, for what a
/// single one shows may be a habit of its own.
inline bool can_confirm(text_halves const& halves) { return halves[0].documents >= 2 && halves[1].documents >= 2; }

/// The documents of a text in two halves, 0 and 1, so that what is found in one can be tested on the other. A key
/// function: the half of a place's document, nothing for a document that is not of the text.
///
/// In each domain the documents are ranked by a hash of their tokens, and in that order each goes to the half that has
/// fewer tokens of the domain so far; of each domain, the larger of its two parts then goes to the half that has fewer
/// tokens of all domains. Copies of a document go together, for one would confirm whatever the other shows; those in
/// several domains are dealt with one of these (list_documents).
/// So the halves differ, in each domain and in all, by at most the tokens of one document and its copies; but where one
/// document is as long as several others, the shortest of these joins it, so that four documents are two and two.
///
/// Law: which documents are in one half depends on the text alone, not on the order of documents, sequences or domains,
/// nor on their numbers. It does depend on the whole text: with a document more, others may change sides.
class document_halves {
 public:
  document_halves() = default;

  /// From texts, shared_text each, whose documents may be spread over several of them.
  template <std::ranges::input_range Texts>
  explicit document_halves(Texts const& texts) {
    deal(list_documents(texts));
  }

  /// Bytes of memory for a text of so many sequences and domains, from above, while they are dealt out: a list of
  /// sides takes up to twice what is in it.
  static std::uint64_t bytes(std::uint64_t sequences, std::uint64_t domains) {
    return list_documents_bytes(sequences) + 2 * sizeof(side) * sequences + 2 * sizeof(pile) * domains;
  }

  text_halves const& sizes() const { return sizes_; }

  /// The half of a document, by its number; nothing for one that is not of the text.
  std::optional<std::uint8_t> half_of(std::uint64_t number) const {
    if (sides_ == nullptr) return std::nullopt;
    auto const found = std::ranges::lower_bound(*sides_, number, {}, &side::document);
    if (found == sides_->end() || found->document != number) return std::nullopt;
    return found->half;
  }

  std::optional<std::uint8_t> operator()(token_at at) const { return half_of(at.document()); }

  /// The same, asked row by row along a sequence: a document is looked up once. Refers to this.
  auto walker() const {
    return [this, known = std::optional<std::uint64_t>(), half = std::optional<std::uint8_t>()](token_at at) mutable {
      if (known != at.document()) known = at.document(), half = half_of(at.document());
      return half;
    };
  }

 private:
  struct side {
    std::uint64_t document;
    std::uint8_t half;
  };
  /// The documents of a domain in two parts, and what these hold.
  struct pile {
    std::span<text_document const> documents;
    std::vector<bool> is_second;  // [document]
    text_halves sizes;
    std::uint64_t hash = 0;  // of all of them

    std::uint64_t difference() const {
      return std::max(sizes[0].tokens, sizes[1].tokens) - std::min(sizes[0].tokens, sizes[1].tokens);
    }
  };

  /// Deals the documents of one domain into two parts.
  static pile parted(std::span<text_document const> documents) {
    pile parts{documents, {}, {}, 0};
    bool second = false;
    for (std::size_t i = 0; i < documents.size(); ++i) {
      bool const is_copy = i > 0 && are_copies(documents[i - 1], documents[i]);
      if (!is_copy) second = parts.sizes[1].tokens < parts.sizes[0].tokens;
      parts.is_second.push_back(second);
      parts.hash += documents[i].hash;
      grow(parts.sizes[second], size_of(documents[i]), is_copy);
    }
    return parts;
  }

  static text_half size_of(text_document const& one) { return {1, one.tokens, one.full_sequences}; }

  static void grow(text_half& half, text_half const& more, bool is_copy = false) {
    half.documents += is_copy ? 0 : more.documents;
    half.tokens += more.tokens, half.full_sequences += more.full_sequences;
  }

  void deal(std::vector<text_document> const& documents) {
    std::vector<pile> domains;
    for (std::size_t first = 0, last = 0; first < documents.size(); first = last) {
      while (last < documents.size() && documents[last].domain == documents[first].domain) ++last;
      domains.push_back(parted(std::span(documents).subspan(first, last - first)));
    }
    // The most uneven first, so that later ones make up for it; of equals by content, for their numbers are arbitrary.
    std::ranges::sort(domains, {}, [](pile const& one) { return std::pair(~one.difference(), one.hash); });
    std::vector<side> sides;
    for (pile const& domain : domains) {
      bool const first_is_larger = domain.sizes[0].tokens >= domain.sizes[1].tokens;
      bool const second_is_shorter = sizes_[1].tokens < sizes_[0].tokens;
      bool const swapped = first_is_larger == second_is_shorter;  // the larger part to the half that has fewer tokens
      for (std::size_t i = 0; i < domain.documents.size(); ++i)
        sides.push_back({domain.documents[i].number, static_cast<std::uint8_t>(domain.is_second[i] != swapped)});
      grow(sizes_[swapped], domain.sizes[0]), grow(sizes_[!swapped], domain.sizes[1]);
    }
    std::ranges::sort(sides, {}, &side::document);
    join_a_lone_one(documents, sides);
    sides_ = std::make_shared<std::vector<side> const>(std::move(sides));
  }

  /// Where a half is a single document and the other three or more, the shortest of these changes sides.
  void join_a_lone_one(std::vector<text_document> const& documents, std::vector<side>& sides) {
    std::uint8_t const lone = sizes_[0].documents < sizes_[1].documents ? 0 : 1;
    if (sizes_[lone].documents != 1 || sizes_[1 - lone].documents < 3) return;
    auto const side_of = [&](text_document const& one) -> side& {
      return *std::ranges::lower_bound(sides, one.number, {}, &side::document);
    };
    text_document const* shortest = nullptr;
    for (text_document const& one : documents)
      if (side_of(one).half != lone &&
          (shortest == nullptr || std::pair(one.tokens, one.hash) < std::pair(shortest->tokens, shortest->hash)))
        shortest = &one;
    for (text_document const& one : documents)  // it and its copies
      if (are_copies(one, *shortest)) {
        side_of(one).half = lone;
        grow(sizes_[lone], size_of(one), true);
        sizes_[1 - lone].tokens -= one.tokens, sizes_[1 - lone].full_sequences -= one.full_sequences;
      }
    ++sizes_[lone].documents, --sizes_[1 - lone].documents;
  }

  std::shared_ptr<std::vector<side> const> sides_;  // ascending by document; copies share it
  text_halves sizes_{};
};

}  // namespace census
