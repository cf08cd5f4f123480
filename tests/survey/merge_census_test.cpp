// SPDX-License-Identifier: MIT
#include <census/cancelled.hpp>
#include <census/document_subset.hpp>
#include <census/error.hpp>
#include <census/survey/merge_census.hpp>

#include <support/cancelled_group.hpp>
#include <support/catch.hpp>
#include <support/stored_results.hpp>
#include <support/temporary_folder.hpp>
#include <support/toy_model.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace {

using census::token_id;

float fires_by_token(std::uint32_t layer, std::size_t neuron, std::span<token_id const> tokens, std::size_t position) {
  if (neuron == 14) return position % 8 < 4 ? 1.f : -1.f;
  if (neuron == 15) return -1.f;
  return tokens[position] == 3 + neuron + layer ? 1.f : tokens[position] > 20 ? -.5f : -1e-9f;
}

elsewhere::toy_model two_layers() { return {{.layers = 2, .ffn_size = 16, .vocabulary_size = 24}, fires_by_token}; }

/// The documents of a corpus that are in a part of it.
struct part_of_corpus : elsewhere::toy_corpus {
  census::document_subset part;
  census::text_list texts(std::size_t rows = 0) const {
    std::vector<census::shared_text> some;
    for (auto const& text : toy_corpus::texts(rows))
      if (part.contains(text->sequences.front().document)) some.push_back(text);
    return some;
  }
};

/// A corpus in which one token is another.
struct corpus_with_token : elsewhere::toy_corpus {
  token_id token;
  census::text_list texts(std::size_t rows = 0) const {
    std::vector<census::shared_text> changed;
    for (auto const& text : toy_corpus::texts(rows)) changed.push_back(text);
    auto first = *changed.front();
    first.tokens[3] = token;
    changed.front() = census::share(std::move(first));
    return changed;
  }
};

/// Takes or merges a census into a folder, where states are kept.
using taken_census = std::vector<stored_bytes>;

template <class Corpus>
void keep(Corpus const& corpus, census::census_plan& plan, std::filesystem::path const& folder) {
  std::filesystem::create_directories(folder);
  census::write_state(folder / census::text_state_name, census::what_text_state_holds, census::kept_corpus(corpus));
  plan.options.keep_state = [folder](std::uint32_t layer, census::stored_state const& state) {
    census::stage_state(folder / census::state_file_name(layer), census::what_state_holds(layer), state)->commit();
  };
}

taken_census take(census::document_subset const& part, std::filesystem::path const& folder,
                  census::census_options const& options) {
  part_of_corpus const corpus{{40, 24, 24}, part};
  auto plan = census::plan_census(two_layers(), corpus, options);
  keep(corpus, plan, folder);
  return results_of(census::take_census(two_layers(), corpus, plan));
}

taken_census merge(std::vector<std::filesystem::path> const& folders, std::filesystem::path const& into,
                   census::census_options const& options) {
  auto const corpus = census::read_kept_corpus(two_layers(), folders);
  auto plan = census::plan_merge(two_layers(), corpus, options);
  keep(corpus, plan, into);
  return results_of(census::merge_census(two_layers(), corpus, plan, folders));
}

/// The least memory that a refusal of one byte names, in bytes: of tables alone, or of all.
std::uint64_t least_memory(std::vector<std::filesystem::path> const& folders, census::census_options options) {
  options.memory = 1;
  auto const corpus = census::read_kept_corpus(two_layers(), folders);
  for (;;) {
    try {
      census::plan_merge(two_layers(), corpus, options);
      return options.memory;
    } catch (census::bad_input const& error) {
      std::string const message = error.what(), before = "at least ";
      std::uint64_t const named = std::stoull(message.substr(message.find(before) + before.size())) << 20;
      REQUIRE(named > options.memory);
      options.memory = named;
    }
  }
}

}  // namespace

TEST_CASE("parts merged in any order and grouping are the census of the whole") {
  temporary_folder const folder;
  std::filesystem::path const at(folder / "");
  auto const nth = census::document_subset::part;
  for (std::size_t const ngrams : {1, 3})
    for (bool const pre_activations : {false, true}) {
      census::census_options const options{.longest_ngram = ngrams,
                                           .pre_activations = pre_activations,
                                           .examples = pre_activations ? 2u : 0u,
                                           .example_bins = 1,
                                           .keep_tables = true,
                                           .folder = at};
      auto const whole = take({}, at / "whole", options);
      REQUIRE(whole.size() == 3);
      for (std::uint64_t i : {1, 2, 3}) take(nth(i, 3), at / std::to_string(i), options);
      for (auto const& order : std::vector<std::vector<std::filesystem::path>>{{at / "1", at / "2", at / "3"},
                                                                               {at / "3", at / "1", at / "2"}})
        CHECK(merge(order, at / "merged", options) == whole);
      merge({at / "1", at / "2"}, at / "two", options);
      CHECK(merge({at / "two", at / "3"}, at / "merged", options) == whole);
      CHECK(merge({at / "whole"}, at / "again", options) == whole);
      auto tight = options;
      tight.memory = least_memory({at / "2", at / "3", at / "1"}, options);
      CHECK(merge({at / "2", at / "3", at / "1"}, at / "merged", tight) == whole);
    }
}

TEST_CASE("a merge is planned without what a forward pass holds: work of threads, values of blocks, residual streams") {
  temporary_folder const folder;
  elsewhere::toy_corpus const text(40, 24, 24);
  census::census_options const options{.pre_activations = true, .examples = 2, .threads = 64};
  auto const taken = census::plan_census(two_layers(), text, options),
             merged = census::plan_merge(two_layers(), census::kept_corpus(text), options);
  CHECK((taken.working > 64 * 24 && taken.values > 0 && taken.residuals > 0));
  auto const one_token_on_one_thread = 100;
  CHECK((merged.working == one_token_on_one_thread && merged.values == 0 && merged.residuals == 0));
  CHECK((merged.weights == taken.weights && merged.examples == taken.examples && merged.firings == taken.firings));
  CHECK(merged.survey.total() == taken.survey.total());
}

TEST_CASE("states that are missing, of another layer, spoiled, or of what was counted already are refused by name") {
  temporary_folder const folder;
  std::filesystem::path const at(folder / "");
  census::census_options const options{.longest_ngram = 1, .folder = at};
  take(census::document_subset::part(1, 2), at / "a", options);
  take(census::document_subset::part(2, 2), at / "b", options);
  take({}, at / "all", options);
  using Catch::Contains;
  CHECK(census_test::throws_in_cancelled_group<census::cancelled>([&] {
    merge({at / "a", at / "b"}, at / "m", options);
  }));
  CHECK_THROWS_WITH(merge({at / "a", at / "all"}, at / "m", options),
                    Contains("all/state-0.safetensors") && Contains("twice"));
  for (auto const* file : {"state-1.safetensors", "state-text.safetensors"}) {  // of other documents than the rest
    std::filesystem::copy(at / "b", at / "c");
    std::filesystem::copy_file(at / "all" / file, at / "c" / file, std::filesystem::copy_options::overwrite_existing);
    CHECK_THROWS_WITH(merge({at / "c"}, at / "m", options),
                      Contains("c/state-") && Contains("is not of the text that state-text.safetensors beside it"));
    std::filesystem::remove_all(at / "c");
  }
  std::filesystem::copy_file(at / "b/state-0.safetensors", at / "b/state-1.safetensors",
                             std::filesystem::copy_options::overwrite_existing);
  CHECK_THROWS_WITH(merge({at / "a", at / "b"}, at / "m", options),
                    Contains("b/state-1.safetensors: holds layer 0 of a census"));
  std::filesystem::remove(at / "b/state-1.safetensors");
  CHECK_THROWS_WITH(merge({at / "a", at / "b"}, at / "m", options), Contains("b/state-1.safetensors"));
  std::filesystem::resize_file(at / "b/state-text.safetensors", 100);
  CHECK_THROWS_WITH(merge({at / "a", at / "b"}, at / "m", options), Contains("b/state-text.safetensors"));
  auto more = options;
  more.longest_ngram = 2;
  CHECK_THROWS_WITH(merge({at / "a"}, at / "m", more),
                    Contains("a/state-0.safetensors") && Contains("no firings were kept"));
  CHECK_THROWS_AS(census::plan_merge(two_layers(), census::read_kept_corpus(two_layers(), {at / "a"}), {.memory = 1}),
                  census::bad_input);
}

TEST_CASE(
    "a kept text with a token that the model has not is refused by name, one with tokens that are not known is read") {
  temporary_folder const folder;
  for (token_id const token : {token_id{23}, token_id{24}, census::no_token}) {
    corpus_with_token const corpus{{4, 24, 24}, token};
    census::write_state(folder / census::text_state_name, census::what_text_state_holds, census::kept_corpus(corpus));
    auto const read = [&] { return census::read_kept_corpus(two_layers(), {folder.path()}); };
    if (token == 23)
      CHECK(read().tokens_end() == 24);
    else if (token == census::no_token)
      CHECK(read().tokens() == corpus.tokens());
    else
      CHECK_THROWS_WITH(read(), Catch::Contains("state-text.safetensors: has token " + std::to_string(token) +
                                                ", where the model has tokens 0 to 23"));
  }
}
