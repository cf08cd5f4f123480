// SPDX-License-Identifier: MIT
#pragma once

#include <census/document_subset.hpp>
#include <census/report/run_json.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace census {

namespace detail {

inline std::string name_of_text(run_record::file const& text) { return text.domain + " (" + text.path + ")"; }

/// "a, b and more", so many of them at most.
inline std::string name_some(std::vector<std::string> const& all, std::size_t most) {
  std::string text;
  for (std::size_t i = 0; i < std::min(all.size(), most); ++i) text += (text.empty() ? "" : ", ") + all[i];
  return text + (all.size() > most ? " and more" : "");
}

/// Why a text that two censuses counted is part of two corpora.
inline std::string why_of_two_corpora(run_record::file const& a, run_record::file const& b) {
  if (a.format.empty() || b.format.empty() || a.format == b.format)
    return "other texts, or another --tokens, stand beside them";
  return "one census read them as " + a.format + ", the other (" + b.path + ") as " + b.format;
}

/// The numbers of the least and the greatest document that texts numbered alike hold, and the texts' names.
struct span_of_texts {
  std::uint64_t first = std::numeric_limits<std::uint64_t>::max(), last = 0;
  document_subset parts;
  std::vector<std::string> names;
};

/// What two censuses that number documents alike counted both; nothing where that is none.
inline std::optional<std::string> shared_documents(span_of_texts const& a, span_of_texts const& b) {
  constexpr std::size_t shown = 4;
  std::vector<std::string> found;
  for (std::uint64_t const document :
       document_subset::common(a.parts, b.parts, std::max(a.first, b.first), std::min(a.last, b.last), shown + 1))
    found.push_back(std::to_string(document));
  if (found.empty()) return std::nullopt;
  return (found.size() == 1 ? "document " : "documents ") + name_some(found, shown) + " of " +
         name_some(a.names, shown);
}

/// The texts of a run by how they number documents; those that nothing was counted of left out.
inline std::map<std::uint64_t, span_of_texts> spans_of(run_record const& run) {
  std::map<std::uint64_t, span_of_texts> spans;
  for (run_record::file const& text : run.texts) {
    if (!text.documents || text.documents->count == 0) continue;
    auto& span = spans[text.documents->numbering];
    span.first = std::min(span.first, text.documents->first), span.last = std::max(span.last, text.documents->last);
    span.parts = text.documents->parts;
    span.names.push_back(name_of_text(text));
  }
  return spans;
}

}  // namespace detail

/// Whether two censuses number the documents of all their texts alike: both are of one corpus, or of parts of it.
inline bool of_one_corpus(run_record const& a, run_record const& b) {
  auto const told = [](run_record const& run) {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> texts;
    for (auto const& text : run.texts) texts.emplace_back(text.hash, text.documents ? text.documents->numbering : 0);
    return texts;
  };
  return !a.texts.empty() && a.texts.front().documents && told(a) == told(b);
}

/// What two censuses both counted, by name, so that adding them would count it twice; empty where that is nothing. A
/// line each:
///  - documents of one corpus, where the parts that were taken of it have some in common;
///  - a text, by its hash, that is part of two corpora which number its documents otherwise, one that was read in two
///    formats, too: they may be the same.
/// Numbers are those that documents have in the whole corpus.
inline std::vector<std::string> overlap(run_record const& a, run_record const& b) {
  std::vector<std::string> found;
  auto const here = detail::spans_of(a), there = detail::spans_of(b);
  for (auto const& [numbering, span] : here)
    if (auto const same = there.find(numbering); same != there.end())
      if (auto shared = detail::shared_documents(span, same->second)) found.push_back(*std::move(shared));
  for (auto const& text : a.texts)
    for (auto const& other : b.texts) {
      auto const &mine = text.documents, &theirs = other.documents;
      bool const is_counted = (!mine || mine->count > 0) && (!theirs || theirs->count > 0);
      bool const told_apart = mine && theirs && mine->numbering == theirs->numbering;
      if (text.hash == other.hash && text.bytes == other.bytes && is_counted && !told_apart)
        found.push_back("documents of " + detail::name_of_text(text) +
                        ", which are not parts of one corpus: " + detail::why_of_two_corpora(text, other));
    }
  return found;
}

}  // namespace census
