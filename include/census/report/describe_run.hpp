// SPDX-License-Identifier: MIT
#pragma once

#include <census/content_hash.hpp>
#include <census/report/run_json.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace census {

namespace detail {

/// A hash of what numbers a corpus's documents: its domains, its texts in their order and as what they are read, and
/// where it ends. Beside it, tokenizer and cut into sequences do so, which are to be the same for censuses that are
/// added anyway.
template <class Corpus>
std::uint64_t numbering_of(Corpus const& corpus, std::vector<std::pair<std::string, std::string>> const& settings) {
  std::uint64_t hash = content_hash({});
  auto const take = [&](std::string const& part) { hash = content_hash(part + '\0', hash); };
  for (auto const& domain : corpus.domains()) take(domain);
  for (auto const& text : corpus.sources()) {
    take(text.domain), take(hash_digits(text.hash));
    if constexpr (requires { text.format; }) take(text.format);
  }
  for (auto const& [name, value] : settings)
    if (name == "tokens") take(value);
  return hash;
}

}  // namespace detail

/// The files that a model was read from (origin_of(model)), as run.json tells of them.
template <class Origin>
std::vector<run_record::file> files_of(Origin const& origin) {
  std::vector<run_record::file> files;
  for (auto const& file : origin.files) files.push_back({file.path, "", file.bytes, file.hash});
  return files;
}

/// What is known of a run before it begins, for run.json: what the model was read from and by what it runs
/// (origin_of(model), found by argument-dependent lookup; with a member `devices`, on which; with a member `recording`,
/// a hash, which one was replayed, told as a setting), the texts, what was ignored of both, the settings, in the
/// caller's words.
template <class Model, class Corpus>
run_record describe_run(Model const& model, Corpus const& corpus,
                        std::vector<std::pair<std::string, std::string>> settings) {
  run_record run;
  auto const origin = origin_of(model);
  run.blas = origin.blas;
  if constexpr (requires { origin.devices; }) run.devices = origin.devices;
  run.model = files_of(origin);
  [[maybe_unused]] std::uint64_t const numbering = detail::numbering_of(corpus, settings);
  for (auto const& text : corpus.sources()) {
    run.texts.push_back({text.path, text.domain, text.bytes, text.hash, text.splits});
    if constexpr (requires { text.documents; })  // a recording's text does not tell, and is of all
      run.texts.back().documents = run_record::counted_documents{text.documents.count, text.documents.first,
                                                                 text.documents.last, corpus.subset(), numbering};
    if constexpr (requires { text.format; }) run.texts.back().format = text.format;  // nor as what it was read
  }
  run.ignored.add(origin.ignored);
  run.ignored.add(corpus.ignored());
  run.settings = std::move(settings);
  if constexpr (requires { origin.recording; })
    run.settings.emplace_back("recording_fnv1a_64", hash_digits(origin.recording));

  for (std::size_t d = 0; d < corpus.domains().size(); ++d)
    run.tokens_by_domain.emplace_back(corpus.domains()[d], corpus.tokens_in(d));
  run.documents = corpus.documents(), run.sequences = corpus.sequences(), run.full_sequences = corpus.full_sequences();
  return run;
}

/// The same of a census that is planned: settings of the corpus and of the plan follow those of the caller, where the
/// caller does not name them.
template <class Model, class Corpus, class Plan>
run_record describe_run(Model const& model, Corpus const& corpus, Plan const& plan,
                        std::vector<std::pair<std::string, std::string>> settings) {
  auto const& options = plan.options;
  auto const yes_or_no = [](bool value) { return std::string(value ? "yes" : "no"); };
  std::vector<std::pair<std::string, std::string>> known{
      {"context", std::to_string(corpus.context())},
      {"bos", yes_or_no(corpus.bos().has_value())},
      {"layers", std::to_string(options.first_layer) + ":" + std::to_string(options.last_layer)},
      {"memory", std::to_string(options.memory)},
      {"ngrams", std::to_string(options.longest_ngram)},
      {"pre_activations", yes_or_no(options.pre_activations)},
      {"threads", std::to_string(options.threads)}};
  if (options.examples > 0) known.emplace_back("examples", std::to_string(options.examples));
  if (options.example_bins > 0) known.emplace_back("example_bins", std::to_string(options.example_bins));
  if (options.projections > 0) known.emplace_back("projections", std::to_string(options.projections));
  if (corpus.bos()) known.emplace_back("bos_id", std::to_string(*corpus.bos()));
  for (auto const& setting : known)
    if (std::ranges::find(settings, setting.first, &std::pair<std::string, std::string>::first) == settings.end())
      settings.push_back(setting);
  auto run = describe_run(model, corpus, std::move(settings));
  run.halves = plan.halves;
  return run;
}

}  // namespace census
