// SPDX-License-Identifier: MIT
#pragma once

#include <census/corpus/corpus.hpp>
#include <census/corpus/detail/document_reader.hpp>
#include <census/corpus/detail/document_split.hpp>
#include <census/corpus/detail/domain_reader.hpp>
#include <census/corpus/detail/text_domains.hpp>
#include <census/document_subset.hpp>
#include <census/error.hpp>
#include <census/ignored.hpp>
#include <census/json.hpp>
#include <census/tokenizer/text_encoding.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace census {

namespace detail {

/// Throws bad_input where no text was split as asked for; adds to `passed_over` those that were not, and that none was
/// where not all was read.
inline void check_split(std::string const& split, std::vector<corpus_source> const& sources, bool is_at_end,
                        ignored& passed_over) {
  if (split.empty()) return;
  std::string const place = "split at " + escaped_name(split);
  std::uint64_t splits = 0, texts = 0;
  for (corpus_source const& source : sources) splits += source.splits.value_or(0), texts += source.splits.has_value();
  if (texts == 0) throw bad_input(place, "there is no plain text (.txt) to split");
  if (splits == 0 && is_at_end) throw bad_input(place, "it is in no text, so that each file would be one document");
  for (corpus_source const& source : sources)
    if (source.splits == 0u)
      passed_over.add("texts that are not split, for the mark is not in what was read of them", source.path);
}

}  // namespace detail

/// Opens texts as a corpus, encoded by a tokenizer: model.tokenizer(), or model.encoding() where there may be none.
/// Each of `paths` is [NAME=]PATH, where PATH is a file or a folder: all text files in it and below, sorted by path,
/// hidden ones left out. The file's name says what is in it (document_reader tells how it is read): .jsonl, .ndjson,
/// .json, .npy, else plain text, byte for byte, which options.split may cut into documents; behind .gz or .zst a
/// compressed one. NAME is the domain, else the file's name without these endings, or the folder's name; paths of one
/// name are one domain. A NAME has no slash in it, and a file of the whole name comes first. Documents are numbered in
/// the order in which the corpus takes them.
///
/// With options.documents other documents are read as well, so that all are numbered as in the whole corpus and what is
/// wrong with a text is told by every part of it; but they are not encoded where nothing depends on how long they are.
///
/// What was passed over (files in folders, pads and BOS of token ids, ...) the corpus tells as `ignored`.
///
/// Throws bad_input naming the path where it is missing, unreadable, empty, given twice, of a format that is not read,
/// malformed, or a folder without text; where reading would hold more than options.reading_memory; and where the corpus
/// itself does (a BOS that is missing, a context too short); where options.split is asked for and in no text. Files
/// beyond options.tokens are not opened, and the last one of a domain is not read further than needed.
inline corpus open_corpus(text_encoding const& encoding, std::vector<std::string> const& paths,
                          corpus_options options = {}) {
  ignored passed_over;
  auto domains = find_texts(paths, passed_over);
  std::vector<std::string> names;
  for (text_domain const& domain : domains) names.push_back(domain.name);
  options.bos = options.bos && encoding.adds_bos();
  // How long other documents are does not matter where there is no other domain to balance with, and no limit.
  bool const alone = domains.size() == 1 && !options.tokens;
  domain_reader reader(encoding, std::move(domains),
                       {.field = options.field,
                        .bos = options.bos,
                        .document_bytes = options.document_bytes,
                        .documents = alone ? options.documents : document_subset(),
                        .split = options.split.empty() ? std::nullopt : std::optional(document_split(options.split))},
                       options.reading_memory, std::move(passed_over));
  auto const next = [&](std::size_t domain) {
    auto part = reader(domain);
    if (options.tell_reading) options.tell_reading(reader.state());
    return part;
  };
  corpus texts(std::move(names), next, encoding.bos(), options);
  auto all_passed_over = reader.passed_over();
  detail::check_split(options.split, reader.sources(), reader.is_at_end(), all_passed_over);
  auto sources = reader.sources();
  for (std::size_t i = 0; i < sources.size(); ++i) sources[i].documents = texts.documents_of(i);
  return std::move(texts).with_sources(std::move(sources)).with_ignored(std::move(all_passed_over));
}

}  // namespace census
