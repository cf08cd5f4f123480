// SPDX-License-Identifier: MIT
#pragma once

#include <census/ignored.hpp>
#include <census/report/run_identity.hpp>
#include <census/report/run_json.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace census {

namespace detail {

/// Files by their names, with their hashes, whatever folder they lie in.
inline std::map<std::string, std::uint64_t> hashes_by_name(std::vector<run_record::file> const& files) {
  std::map<std::string, std::uint64_t> hashes;
  for (auto const& file : files) hashes[std::filesystem::path(file.path).filename().string()] = file.hash;
  return hashes;
}

/// Gives `a` the setting of `b`, a whole number, where that is greater, or where `a` does not tell it.
inline void take_greater(run_record& a, run_record const& b, std::string const& setting) {
  auto const theirs = b.setting(setting);
  if (!theirs) return;
  auto const in_order = [](std::string const& digits) { return std::pair(digits.size(), digits); };
  auto const mine = std::ranges::find(a.settings, setting, &std::pair<std::string, std::string>::first);
  if (mine == a.settings.end())
    a.settings.emplace_back(setting, *theirs);
  else if (in_order(mine->second) < in_order(*theirs))
    mine->second = *theirs;
}

/// Whether what was passed over lies beside the model's files or in them, so that every census of this model passes it
/// over: the first place, "FILE" or "FILE: what of it", is in a folder of theirs.
inline bool is_of_model(ignored::kind const& kind, run_record const& run) {
  if (kind.places.empty()) return false;
  auto const folder =
      std::filesystem::path(kind.places.front().substr(0, kind.places.front().find(": "))).parent_path();
  return std::ranges::any_of(run.model, [&](run_record::file const& file) {
    return std::filesystem::path(file.path).parent_path() == folder;
  });
}

/// Adds what `b` passed over; without what `a` has told already, which is what lies in the model and, where the texts
/// of `b` are those of `a`, in these. What was passed over of a text that both hold parts of is told twice where `b`
/// has other texts, too: a record does not tell how many of a kind were of which text.
inline void add_ignored(run_record& a, run_record const& b, bool is_of_other_texts) {
  ignored more;
  for (auto const& kind : b.ignored.kinds()) {
    auto const known = a.ignored.kinds();
    bool const is_known = std::ranges::find(known, kind.what, &ignored::kind::what) != known.end();
    if (is_known && (!is_of_other_texts || is_of_model(kind, b))) continue;
    for (std::size_t i = 0; i < kind.places.size(); ++i)
      more.add(kind.what, kind.places[i], i == 0 ? kind.count - (kind.places.size() - 1) : 1);
  }
  a.ignored.add(more);
}

/// The first of some texts, not matched yet, that is a text of another part of the same corpus; their number where none
/// is.
inline std::size_t find_same_text(std::vector<run_record::file> const& texts, std::vector<bool> const& is_matched,
                                  run_record::file const& text) {
  for (std::size_t i = 0; i < texts.size(); ++i) {
    auto const& known = texts[i];
    if (!is_matched[i] && known.domain == text.domain && known.hash == text.hash && known.documents && text.documents &&
        known.documents->numbering == text.documents->numbering)
      return i;
  }
  return texts.size();
}

/// Adds the libraries of products and the kinds of devices of `b` that `a` did not run on.
inline void add_what_computed(run_record& a, run_record const& b) {
  constexpr std::string_view between = "; ";
  auto const listed = [&](std::string const& names) { return std::string(between) + names + std::string(between); };
  for (std::size_t from = 0; from < b.blas.size();) {
    auto const to = std::min(b.blas.find(between, from), b.blas.size());
    auto const name = b.blas.substr(from, to - from);
    if (listed(a.blas).find(listed(name)) == std::string::npos)
      a.blas += (a.blas.empty() ? "" : std::string(between)) + name;
    from = to + between.size();
  }
  for (auto const& device : b.devices)
    if (std::ranges::find(a.devices, identity_of_device(device), identity_of_device) == a.devices.end())
      a.devices.push_back(device);
}

}  // namespace detail

/// In what the files of two models, or of their tokenizers, differ, whatever folders they lie in; a sentence each.
inline std::vector<std::string> differing_files(std::vector<run_record::file> const& a,
                                                std::vector<run_record::file> const& b) {
  static constexpr std::array<std::string_view, 6> of_tokenizer{
      "vocab.json",       "merges.txt", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json",
      "added_tokens.json"};
  std::vector<std::string> found;
  auto const here = detail::hashes_by_name(a), there = detail::hashes_by_name(b);
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
  return found;
}

/// What makes the counts of two censuses none that could be added, a sentence each: another model or tokenizer, text
/// cut otherwise, other settings.
inline std::vector<std::string> not_addable(run_record const& a, run_record const& b) {
  auto found = differing_files(a.model, b.model);
  for (auto const* name :
       {"context", "bos", "bos_id", "field", "split", "ngrams", "pre_activations", "examples", "example_bins"})
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

/// The record of both censuses as one: texts, documents and tokens are those of both, and so is what was passed over
/// and what computed; times add up, settings are those of `a`, but for the greater of both projections, which no count
/// depends on. Figures that are of the text as a whole (halves, ngrams) are left out. Precondition: overlap(a, b) and
/// not_addable(a, b) are empty.
inline run_record joined(run_record a, run_record const& b) {
  bool is_of_other_texts = false;
  std::vector<bool> is_matched(a.texts.size(), false);  // two files may hold the same bytes: each goes with one of b's
  for (run_record::file const& text : b.texts) {
    auto const same = detail::find_same_text(a.texts, is_matched, text);
    if (same == a.texts.size()) {
      a.texts.push_back(text);
      is_matched.push_back(true);
      is_of_other_texts = true;
      continue;
    }
    is_matched[same] = true;
    auto& mine = *a.texts[same].documents;
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
  detail::add_ignored(a, b, is_of_other_texts);
  detail::add_what_computed(a, b);
  detail::take_greater(a, b, "projections");
  a.halves.reset(), a.ngrams.clear(), a.results.clear();
  return a;
}

}  // namespace census
