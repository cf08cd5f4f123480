// SPDX-License-Identifier: MIT
#pragma once

#include <census/document_subset.hpp>
#include <census/printable.hpp>
#include <census/report/run_json.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace census {

namespace detail {

inline std::string name_of_text(run_record::file const& text) { return text.domain + " (" + text.path + ")"; }

/// "0, 3, 6 and more".
inline std::string name_documents(std::vector<std::uint64_t> const& some, bool more) {
  std::string text;
  for (std::uint64_t const document : some) text += (text.empty() ? "" : ", ") + std::to_string(document);
  return text + (more ? " and more" : "");
}

/// The numbers of the least and the greatest document that texts numbered alike hold, and the texts' names.
struct span_of_texts {
  std::uint64_t first = std::numeric_limits<std::uint64_t>::max(), last = 0;
  document_subset parts;
  std::string names;
};

/// What two censuses that number documents alike counted both; nothing where that is none.
inline std::optional<std::string> shared_documents(span_of_texts const& a, span_of_texts const& b) {
  constexpr std::size_t shown = 4;
  auto found =
      document_subset::common(a.parts, b.parts, std::max(a.first, b.first), std::min(a.last, b.last), shown + 1);
  if (found.empty()) return std::nullopt;
  bool const more = found.size() > shown;
  if (more) found.pop_back();
  return "document" + std::string(found.size() == 1 ? " " : "s ") + name_documents(found, more) + " of " + a.names;
}

/// The texts of a run by how they number documents; those that nothing was counted of left out.
inline std::map<std::uint64_t, span_of_texts> spans_of(run_record const& run) {
  std::map<std::uint64_t, span_of_texts> spans;
  for (run_record::file const& text : run.texts) {
    if (!text.documents || text.documents->count == 0) continue;
    auto& span = spans[text.documents->numbering];
    span.first = std::min(span.first, text.documents->first), span.last = std::max(span.last, text.documents->last);
    span.parts = text.documents->parts;
    span.names += (span.names.empty() ? "" : ", ") + name_of_text(text);
  }
  return spans;
}

/// Files by their names, with their hashes, whatever folder they lie in.
inline std::map<std::string, std::uint64_t> hashes_by_name(std::vector<run_record::file> const& files) {
  std::map<std::string, std::uint64_t> hashes;
  for (auto const& file : files) hashes[std::filesystem::path(file.path).filename().string()] = file.hash;
  return hashes;
}

}  // namespace detail

/// What two censuses both counted, by name, so that adding them would count it twice; empty where that is nothing. A
/// line each:
///  - documents of one corpus, where the parts that were taken of it have some in common;
///  - a text, by its hash, that is part of two corpora which number its documents otherwise: they may be the same.
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
                        ", which are not parts of one corpus: other texts, or another --tokens, stand beside them");
    }
  return found;
}

/// What makes the counts of two censuses none that could be added, a sentence each: another model or tokenizer, text
/// cut otherwise, other settings.
inline std::vector<std::string> not_addable(run_record const& a, run_record const& b) {
  static constexpr std::array<std::string_view, 6> of_tokenizer{
      "vocab.json",       "merges.txt", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json",
      "added_tokens.json"};
  std::vector<std::string> found;
  auto const here = detail::hashes_by_name(a.model), there = detail::hashes_by_name(b.model);
  std::set<std::string> names;
  for (auto const* hashes : {&here, &there})
    for (auto const& [name, hash] : *hashes) names.insert(name);
  for (auto const& name : names) {
    auto const mine = here.find(name), theirs = there.find(name);
    std::string const what = std::ranges::find(of_tokenizer, name) != of_tokenizer.end() ? "tokenizers" : "models";
    if (mine == here.end() || theirs == there.end())
      found.push_back("the " + what + " differ: " + name + " is part of one of them only");
    else if (mine->second != theirs->second)
      found.push_back("the " + what + " differ: " + name + " is not the same file (by its hash)");
  }
  for (auto const* name : {"context", "bos", "bos_id", "field", "split", "ngrams", "pre_activations"})
    if (auto const mine = a.setting(name), theirs = b.setting(name); mine != theirs)
      found.push_back(std::string(name) + " is " + mine.value_or("not told") + " here and " +
                      theirs.value_or("not told") + " there");
  return found;
}

/// What may make the same neuron fire otherwise at few tokens, though the censuses can be added: their sums are then
/// not byte for byte those of one run.
inline std::vector<std::string> rounded_otherwise(run_record const& a, run_record const& b) {
  std::vector<std::string> found;
  if (a.blas != b.blas) found.push_back("products are of " + a.blas + " here and of " + b.blas + " there");
  auto const names = [](run_record const& run) {
    std::set<std::string> all;
    for (auto const& device : run.devices)
      for (auto const& [name, value] : device)
        if (name == "name" || name == "precision") all.insert(value);
    return all;
  };
  if (names(a) != names(b)) found.push_back("they ran on other devices, or with products of another precision");
  return found;
}

/// The record of both censuses as one: texts, documents and tokens are those of both, times add up, settings are those
/// of `a`. Figures that are of the text as a whole (halves, ngrams) are left out. Precondition: overlap(a, b) and
/// not_addable(a, b) are empty.
inline run_record joined(run_record a, run_record const& b) {
  for (run_record::file const& text : b.texts) {
    auto const same = std::ranges::find_if(a.texts, [&](run_record::file const& known) {
      return known.domain == text.domain && known.hash == text.hash && known.documents && text.documents &&
             known.documents->numbering == text.documents->numbering;
    });
    if (same == a.texts.end()) {
      a.texts.push_back(text);
      continue;
    }
    auto& mine = *same->documents;
    auto const& theirs = *text.documents;
    if (mine.count == 0) mine.first = theirs.first, mine.last = theirs.last;
    if (theirs.count > 0) mine.first = std::min(mine.first, theirs.first), mine.last = std::max(mine.last, theirs.last);
    mine.count += theirs.count;
    mine.parts = mine.parts.joined(theirs.parts);
  }
  auto const add = [](auto& mine, auto const& theirs) {
    for (auto const& [name, figure] : theirs) {
      auto const known = std::ranges::find_if(mine, [&](auto const& one) { return one.first == name; });
      known == mine.end() ? void(mine.emplace_back(name, figure)) : void(known->second += figure);
    }
  };
  add(a.tokens_by_domain, b.tokens_by_domain);
  add(a.seconds, b.seconds);
  a.documents += b.documents, a.sequences += b.sequences, a.full_sequences += b.full_sequences;
  a.peak_memory = std::max(a.peak_memory, b.peak_memory);
  for (auto const& kind : b.ignored.kinds())
    if (std::ranges::find(a.ignored.kinds(), kind.what, &ignored::kind::what) == a.ignored.kinds().end())
      for (std::size_t i = 0; i < kind.places.size(); ++i)
        a.ignored.add(kind.what, kind.places[i], i == 0 ? kind.count - (kind.places.size() - 1) : 1);
  a.halves.reset(), a.ngrams.clear(), a.results.clear();
  return a;
}

}  // namespace census
