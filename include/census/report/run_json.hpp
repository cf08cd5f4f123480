// SPDX-License-Identifier: MIT
#pragma once

#include <census/content_hash.hpp>
#include <census/document_subset.hpp>
#include <census/ignored.hpp>
#include <census/json.hpp>
#include <census/statistic/text_coverage.hpp>
#include <census/tabulation/document_halves.hpp>
#include <census/version.hpp>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace census {

/// What was run on what: enough to repeat a run, and to tell whether two runs should give the same bytes.
struct run_record {
  /// The documents of a text that were counted, by the numbers that they have in the whole corpus.
  struct counted_documents {
    std::uint64_t count = 0, first = 0, last = 0;  ///< first and last: the least and the greatest number
    document_subset parts = {};                    ///< of the corpus: what else between them was counted
    std::uint64_t numbering = 0;                   ///< the same for runs that number documents alike

    friend bool operator==(counted_documents const&, counted_documents const&) = default;
  };
  struct file {
    std::string path, domain;                         ///< domain: of a text; empty for a model's file
    std::uint64_t bytes = 0, hash = 0;                ///< hash: FNV-1a of the bytes, 64 bits
    std::optional<std::uint64_t> splits = {};         ///< of a text that was to be split: how often it was
    std::optional<counted_documents> documents = {};  ///< of a text, where the run told
    std::string format = {};                          ///< as what a text was read; empty where the run did not tell

    friend bool operator==(file const&, file const&) = default;
  };
  std::string blas;                                                       ///< the library of products and its kernel
  std::vector<std::vector<std::pair<std::string, std::string>>> devices;  ///< each it ran on, but for the host
  std::vector<file> model, texts;
  std::vector<std::pair<std::string, std::string>> settings;
  std::vector<std::pair<std::string, std::uint64_t>> tokens_by_domain;  ///< BOS included
  census::ignored ignored;                                              ///< what readers passed over
  std::uint64_t documents = 0, sequences = 0, full_sequences = 0;
  std::optional<text_halves> halves = {};                     ///< of the documents, where they were compared
  std::vector<std::pair<std::size_t, text_coverage>> ngrams;  ///< by n: how far the text goes
  std::vector<std::pair<std::string, double>> seconds;        ///< by phase
  std::uint64_t peak_memory = 0;                              ///< bytes
  std::vector<std::string> results;                           ///< the files beside run.json that the run wrote

  /// A setting; nothing where the run does not tell it.
  std::optional<std::string> setting(std::string_view name) const {
    for (auto const& [known, value] : settings)
      if (known == name) return value;
    return std::nullopt;
  }
};

namespace detail {

inline nlohmann::ordered_json json_of_files(std::vector<run_record::file> const& files) {
  auto all = nlohmann::ordered_json::array();
  for (auto const& file : files) {
    nlohmann::ordered_json one{{"path", file.path}, {"bytes", file.bytes}, {"fnv1a_64", hash_digits(file.hash)}};
    if (!file.domain.empty()) one["domain"] = file.domain;
    if (!file.format.empty()) one["format"] = file.format;
    if (file.splits) one["splits"] = *file.splits;
    if (auto const& counted = file.documents)
      one["documents"] = {{"count", counted->count},
                          {"first", counted->first},
                          {"last", counted->last},
                          {"parts", counted->parts.names()},
                          {"numbering", hash_digits(counted->numbering)}};
    all.push_back(std::move(one));
  }
  return all;
}

inline nlohmann::ordered_json json_of_ngrams(std::vector<std::pair<std::size_t, text_coverage>> const& ngrams) {
  auto all = nlohmann::ordered_json::array();
  for (auto const& [n, text] : ngrams)
    all.push_back({{"n", n},
                   {"tokens", text.tokens},
                   {"distinct", text.distinct},
                   {"once", text.once},
                   {"unseen_mass", text.unseen_mass()},
                   {"in_one_document", text.in_one_document},
                   {"unseen_mass_by_document", text.unseen_mass_by_document()},
                   {"decidable_share", text.decidable_share()}});
  return all;
}

}  // namespace detail

/// run.json. The only file of a census whose bytes differ between two runs alike: it holds their times.
inline void write_run_json(std::ostream& out, run_record const& run) {
  using json = nlohmann::ordered_json;
  auto const object = [](auto const& pairs) {
    json all = json::object();
    for (auto const& [name, value] : pairs) all[name] = value;
    return all;
  };
  json ignored = json::array();
  for (auto const& kind : run.ignored.kinds())
    ignored.push_back({{"what", kind.what}, {"count", kind.count}, {"places", kind.places}});
  json record{{"census", version},
              {"compiler", __VERSION__},
              {"blas", run.blas},
              {"settings", object(run.settings)},
              {"model", detail::json_of_files(run.model)},
              {"texts", detail::json_of_files(run.texts)},
              {"ignored", std::move(ignored)},
              {"tokens_by_domain", object(run.tokens_by_domain)},
              {"documents", run.documents},
              {"sequences", run.sequences},
              {"full_sequences", run.full_sequences},
              {"ngrams", detail::json_of_ngrams(run.ngrams)},
              {"seconds", object(run.seconds)},
              {"peak_memory_bytes", run.peak_memory},
              {"files", run.results}};
  if (run.halves)
    for (text_half const& half : *run.halves)
      record["halves"].push_back(
          {{"documents", half.documents}, {"tokens", half.tokens}, {"full_sequences", half.full_sequences}});
  if (run.devices.size() == 1) record["device"] = object(run.devices.front());
  if (run.devices.size() > 1)
    for (auto const& device : run.devices) record["device"].push_back(object(device));
  out << json_text(record, 2) << '\n';
}

}  // namespace census
