// SPDX-License-Identifier: MIT
#pragma once

#include <census/accumulator/kept_firings.hpp>
#include <census/accumulator/top_examples.hpp>
#include <census/archive/stored_state.hpp>
#include <census/error.hpp>
#include <census/projection/profile_builder.hpp>
#include <census/projection/project_neurons.hpp>
#include <census/statistic/layer_census.hpp>
#include <census/survey/census_corpus.hpp>
#include <census/survey/census_model.hpp>
#include <census/survey/rank_exchange.hpp>
#include <census/survey/survey_memory.hpp>
#include <census/tabulation/document_halves.hpp>
#include <census/tabulation/list_documents.hpp>
#include <census/token_id.hpp>

#include <tbb/global_control.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

namespace census {

/// What a census is to tell, and what it may use; the results do not depend on memory, threads or folder.
struct census_options {
  std::size_t first_layer = 0, last_layer = std::numeric_limits<std::size_t>::max();  ///< layers first .. last - 1
  std::size_t longest_ngram = 3;  ///< detectors of n-grams up to this n; 1 keeps no firings, and tells of tokens alone
  bool pre_activations = false;   ///< also what goes into the activation function: how near neurons came to firing
  std::size_t examples = 0;       ///< of each neuron: its largest activations and the text around them
  std::size_t example_bins = 0;   ///< and, of so many quantiles of its firings, a few
  bool observers_need_values = false;  ///< blocks carry the values of all neurons: for observers of take_census
  std::size_t projections = 0;         ///< of each neuron: tokens that it promotes most, and as many that it suppresses
  bool keep_tables = false;            ///< each layer's result carries its table by token
  std::uint64_t memory = std::uint64_t{4} << 30;  ///< bytes
  std::uint64_t held_elsewhere = 0;               ///< of these, by the caller
  /// What the plan reckons with. take_census runs on the threads that oneTBB has: the caller limits it to as many, by
  /// tbb::global_control.
  std::size_t threads = tbb::global_control::active_value(tbb::global_control::max_allowed_parallelism);
  std::filesystem::path folder = {};  ///< for nameless files of what does not fit; empty: that for temporary files
  census_rules rules = {};
  /// Told each layer's state, where it is to be kept, before the layer's results are made of it; the state refers to
  /// what is gone afterwards.
  std::function<void(std::uint32_t layer, stored_state const& state)> keep_state = {};
  /// Where several processes take the census together, each some of the texts: how they put it together, on rank 0.
  /// All of them plan alike, and have the same rows_per_block.
  std::shared_ptr<rank_exchange> ranks = {};
  /// Told what is begun, of a layer or of all of them: what a run does beside surveying blocks, which observers see.
  /// progress::step takes it.
  std::function<void(std::string const& step, std::optional<std::uint32_t> layer)> tell_step = {};

  bool keeps_examples() const { return examples > 0 || example_bins > 0; }
  /// Of blocks, while they are looked at: whether they carry values, and whether those of firings suffice.
  bool keeps_values() const { return pre_activations || observers_need_values || keeps_examples(); }
  bool firings_suffice() const { return !pre_activations && !observers_need_values; }
  example_options which_examples() const { return {.count = examples, .bins = example_bins}; }
};

/// What a census will hold and read, in bytes, from above; docs/memory.md gives the formulas.
struct census_plan {
  census_options options;  ///< as asked, the range of layers filled in, and no more projections than tokens
  survey_size size;
  std::uint64_t full_sequences = 0;
  std::uint64_t copies = 0;                ///< documents that say the same as another, which counts as the one
  std::optional<text_halves> halves = {};  ///< of the documents, where firings are kept: what confirms what

  std::uint64_t weights = 0;  ///< of one layer, in float32, and the largest tensor of it as it is stored
  std::uint64_t working = 0;  ///< of the threads, and the block at hand
  std::uint64_t values = 0;   ///< pre-activations or activations, where they are asked for
  std::uint64_t examples = 0, projections = 0;
  survey_memory survey = {};
  std::uint64_t text = 0;     ///< the sequences that the corpus holds, and those being read
  std::uint64_t program = 0;  ///< the program itself, and projecting on the vocabulary
  std::uint64_t residuals = 0,
                residuals_held = 0;             ///< residual streams of the whole text; those not held wait in a file
  std::uint64_t firings = 0, firings_held = 0;  ///< a layer's firings, likewise
  std::uint64_t gathering = 0;                  ///< tables and examples of all ranks, and of those that are being added
  std::uint64_t weights_read = 0;               ///< of all layers, once each
  std::size_t rows_per_block = 0;

  /// All but what the forward pass itself holds.
  std::uint64_t beside_pass() const {
    return values + examples + projections + survey.total() + gathering + text + program + firings_held +
           options.held_elsewhere;
  }
  std::uint64_t total() const { return weights + working + residuals_held + beside_pass(); }
};

namespace detail {

inline constexpr std::uint64_t bytes_of_program = 48 << 20;      // its code, its libraries, the allocator's reserve
inline constexpr std::uint64_t bytes_of_reading_text = 4 << 20;  // texts on their way out of the corpus

/// The most tokens that go through the model here, where texts of so many rows are dealt to several ranks.
inline std::uint64_t tokens_passed(census_plan const& plan, std::uint64_t rows_of_text) {
  std::uint64_t const ranks = plan.options.ranks == nullptr ? 1 : plan.options.ranks->ranks();
  return ranks == 1 ? plan.size.tokens : std::min(plan.size.tokens, plan.size.tokens / ranks + rows_of_text);
}

/// Sets what the forward pass holds beside the rest, with blocks of at most so many tokens; throws what plan_layers
/// throws where that is too much. A model that runs on nothing gives its weights alone.
template <census_model Model>
void plan_pass(Model const& model, std::size_t context, std::size_t most_rows, bool runs_model, census_plan& plan) {
  auto const& options = plan.options;
  std::size_t const threads = runs_model ? options.threads : 1, longest = runs_model ? context : 1;
  auto const tokens =
      runs_model ? tokens_passed(plan, std::max<std::uint64_t>(8192, 2 * options.threads * context)) : 0;
  auto const pass = plan_layers(model, {options.first_layer, options.last_layer}, tokens, longest, threads,
                                plan.beside_pass(), options.memory, most_rows, runs_model && options.keeps_values());
  plan.weights = pass.weights;
  plan.working = pass.working;
  plan.residuals = pass.residuals;
  plan.residuals_held = pass.residuals_held;
  plan.weights_read = pass.weights_read;
  plan.rows_per_block = pass.rows_per_block;
}

/// What examples hold: those of a layer, its result with the texts of their tokens, and the numbers of the two while a
/// snapshot is written.
inline std::uint64_t bytes_of_examples(census_options const& options, survey_size const& size) {
  constexpr std::uint64_t text_of_token = 128;
  if (!options.keeps_examples()) return 0;
  return 3 * top_examples::bytes(options.which_examples(), size.neurons, size.sequences) +
         text_of_token * size.distinct_tokens;
}

/// What projecting a layer's neurons on the vocabulary holds, and its result with the texts of its tokens, in memory
/// and while it is written.
inline std::uint64_t bytes_of_projections(census_options const& options, survey_size const& size,
                                          std::uint64_t hidden_size, std::uint64_t vocabulary) {
  constexpr std::uint64_t text_of_token = 128;
  if (options.projections == 0) return 0;
  std::uint64_t const told = 2 * options.projections * size.neurons;
  return project_neurons_bytes(options.projections, hidden_size, options.threads) +
         3 * told * (sizeof(token_id) + sizeof(float)) + text_of_token * std::min(told, vocabulary);
}

/// What merging a part's state takes beside a layer's own: the part's tables and examples, and a copy that stays as it
/// was should the merge fail.
inline std::uint64_t bytes_to_merge(census_options const& options, survey_size const& size) {
  return 2 * (plan_survey(size).tables + bytes_of_examples(options, size));
}

/// How many full sequences a block of the plan has, the last one maybe in part.
inline std::uint64_t sequences_of_block(census_plan const& plan) {
  std::uint64_t const rows = std::min<std::uint64_t>(plan.rows_per_block, plan.size.tokens);
  return (rows + plan.size.positions - 1) / plan.size.positions;
}

/// How many sequences' values a block carries, where each takes so many bytes and there is room for so many more: those
/// of the planned block, for smaller ones take longer to count, else one for each thread. Of either no more than take a
/// quarter of the memory; one at least.
inline std::uint64_t sequences_with_values(census_plan const& plan, std::uint64_t a_sequence, std::uint64_t room) {
  auto const& options = plan.options;
  std::uint64_t const whole_block = sequences_of_block(plan);
  for (std::uint64_t const count : {whole_block, std::min<std::uint64_t>(whole_block, options.threads)})
    if (count * a_sequence <= options.memory / 4 && (count - 1) * a_sequence <= room) return count;
  return 1;
}

}  // namespace detail

/// The size of the survey that a census of a model's layers on a corpus is. Throws bad_input where the model has no
/// such layers.
template <census_model Model, census_corpus Corpus>
survey_size size_of_census(Model const& model, Corpus const& corpus, census_options const& options = {}) {
  auto const range = layers_of(model.architecture(), {options.first_layer, options.last_layer});
  return {.tokens = corpus.tokens(),
          .sequences = corpus.sequences(),
          .documents = corpus.documents(),
          .distinct_tokens = corpus.distinct_tokens(),
          .positions = corpus.context(),
          .domains = corpus.domains().size(),
          .neurons = model.architecture().ffn_size,
          .layers = range.last - range.first,
          .longest_ngram = options.longest_ngram,
          .threads = options.threads};
}

namespace detail {

/// Tells how many documents are copies of others, and, where firings are kept, how they are halved. Without firings it
/// holds a list of the documents, which takes less of each sequence than the tables that are not there yet.
template <census_corpus Corpus>
void look_at_documents(Corpus const& corpus, census_plan& plan) {
  text_list const texts(corpus.texts(8192));
  std::uint64_t distinct = 0;
  if (plan.options.longest_ngram > 1) {
    plan.halves = document_halves(texts).sizes();
    distinct = (*plan.halves)[0].documents + (*plan.halves)[1].documents;
  } else {
    distinct = count_distinct(list_documents(texts));
  }
  plan.copies = plan.size.documents - std::min(plan.size.documents, distinct);
}

/// plan_census; of a model that does not run, without what its forward pass and the values of its blocks hold.
template <census_model Model, census_corpus Corpus>
census_plan plan_run(Model const& model, Corpus const& corpus, census_options const& options, bool runs_model) {
  if (options.longest_ngram == 0) throw std::invalid_argument("census::plan_census: an n-gram has at least one token");
  auto const& shape = model.architecture();
  auto const range = layers_of(shape, {options.first_layer, options.last_layer});
  std::size_t const context = corpus.context();
  census_plan plan{.options = options, .size = size_of_census(model, corpus, options)};
  plan.options.first_layer = range.first, plan.options.last_layer = range.last;
  plan.options.projections = std::min<std::size_t>(options.projections, tokens_named(model));
  plan.full_sequences = corpus.full_sequences();
  look_at_documents(corpus, plan);
  plan.survey = plan_survey(plan.size);
  plan.examples = bytes_of_examples(options, plan.size);
  plan.projections = bytes_of_projections(plan.options, plan.size, shape.hidden_size, tokens_named(model));
  plan.text = corpus.bytes_held() + bytes_of_reading_text;
  bool const is_gathered = options.ranks != nullptr && options.ranks->ranks() > 1;
  if (is_gathered) plan.gathering = bytes_to_merge(options, plan.size);
  plan.program = bytes_of_program + projection_bytes(tokens_named(model), shape.hidden_size);

  // Of each sequence at work its values, and those of the block before, or before the activation function. Of
  // pre-activations, which a thread looks at a sequence of, a block has as many as there are threads.
  std::uint64_t const a_sequence = 2 * sizeof(float) * context * shape.ffn_size;
  std::size_t most_rows = std::numeric_limits<std::size_t>::max();
  bool const keeps_values = runs_model && options.keeps_values();
  if (keeps_values) plan.values = a_sequence;
  if (keeps_values && options.pre_activations) most_rows = options.threads * context;

  try {
    plan_pass(model, context, most_rows, runs_model, plan);
  } catch (bad_input const& error) {
    if (options.longest_ngram == 1) throw;
    throw bad_input(error.what(), "without n-grams it needs less");
  }
  auto const left = [&] { return options.memory - (plan.total() - plan.residuals_held); };
  if (keeps_values) {
    std::uint64_t const sequences = sequences_with_values(plan, a_sequence, left());
    plan.values = sequences * a_sequence, most_rows = sequences * context;
  }
  // What is left is shared by the firings and the residual streams; what does not fit waits in files.
  if (options.longest_ngram > 1) plan.firings = kept_firings::bytes(plan.size.tokens, shape.ffn_size);
  plan.firings_held = std::min(plan.firings, left() / 2);
  if (is_gathered) plan.firings_held /= 2;  // of all ranks; the other half of the one that is being added
  plan_pass(model, context, most_rows, runs_model, plan);
  if (keeps_values) plan.values = std::min(plan.values, a_sequence * sequences_of_block(plan));
  return plan;
}

}  // namespace detail

/// Plans the census of a model's layers on a corpus within options.memory. Throws bad_input with the smallest memory
/// that would do where that is too little, and where the model has no such layers; std::invalid_argument where the
/// longest n-gram has no token.
template <census_model Model, census_corpus Corpus>
census_plan plan_census(Model const& model, Corpus const& corpus, census_options const& options = {}) {
  return detail::plan_run(model, corpus, options, true);
}

}  // namespace census
