// SPDX-License-Identifier: MIT
#pragma once

#include <census/accumulator/concepts.hpp>
#include <census/activation/join.hpp>
#include <census/archive/store.hpp>
#include <census/generated_range.hpp>
#include <census/projection/layer_profiles.hpp>
#include <census/statistic/layer_result.hpp>
#include <census/statistic/text_coverage.hpp>
#include <census/survey/layer_state.hpp>
#include <census/survey/paper_survey.hpp>
#include <census/survey/plan_census.hpp>
#include <census/survey/pre_activation_survey.hpp>
#include <census/survey/stopwatch.hpp>
#include <census/survey/survey.hpp>

#include <Eigen/Core>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace census {

namespace detail {

/// Names a model's tokens.
template <census_model Model>
struct token_namer {
  Model model;
  std::string operator()(token_id token) const { return token_text(model, token); }
};

/// Where the states of layers come from: blocks are surveyed as the model gives them.
template <class... Observers>
class surveyed_blocks {
 public:
  surveyed_blocks(bool pre_activations, Observers&... observers)
      : pre_activations_(pre_activations), observers_(observers...) {}

  /// A layer of which no result is asked for: observers see it.
  template <class Layer>
  void pass(Layer&& layer) {
    show(layer);
  }

  template <class Layer>
  void fill(Layer&& layer, layer_state& state) {
    pre_activations_ ? show(layer, state.paper, state.pre_activations) : show(layer, state.paper);
  }

 private:
  /// One pass over a layer's blocks; where nobody looks at them, the source runs through them by itself.
  template <class Layer, class... More>
  void show(Layer&& layer, More&... more) {
    if constexpr (sizeof...(More) + sizeof...(Observers) > 0)
      std::apply([&](Observers&... others) { survey(layer, more..., others...); }, observers_);
  }

  bool pre_activations_;
  std::tuple<Observers&...> observers_;
};

/// A census on its way: gives the results layer by layer, and gathers what needs all of them. The model goes through
/// `passed` for `States` to look at; what is counted is of `texts`.
template <census_model Model, class States>
class layer_taker {
 public:
  layer_taker(Model const& model, text_list const& passed, text_list texts, census_plan const& plan, States states)
      : model_(model), plan_(plan), texts_(std::move(texts)), states_(std::move(states)),
        layers_(layers(model_, passed,
                       {.layers = {0, plan.options.last_layer},
                        .keep_values = {plan.options.pre_activations, plan.options.pre_activations},
                        .residual_memory = plan.residuals_held,
                        .residual_folder = plan.options.folder})),
        profiles_(token_namer<Model>{model}) {}

  std::optional<layer_result> operator()() {
    if (is_done_) return std::nullopt;
    if (!here_) {
      sort_ngrams();
      here_.emplace(layers_.begin());
    } else {
      watch_.lap("statistics");
      ++*here_, ++number_;
    }
    for (; *here_ != layers_.end() && number_ < plan_.options.first_layer; ++*here_, ++number_) states_.pass(**here_);
    is_done_ = *here_ == layers_.end();
    if (is_done_) return std::nullopt;
    return take(**here_);
  }

  std::vector<neuron_profile> const& project() {
    if (!is_done_) throw std::logic_error("census::take_census: profiles are there after the last layer");
    watch_.lap("statistics");
    trigger_nulls const nulls(count_successions(texts_), tokens_named(model_), token_namer<Model>{model_});
    auto const rows = [&](std::size_t first, std::size_t count) { return model_.embedding_rows(first, count); };
    auto const& all = profiles_.project(rows, nulls);
    watch_.lap("projection");
    return all;
  }

  std::vector<std::pair<std::size_t, text_coverage>> const& coverage() const { return coverage_; }
  stopwatch const& watch() const { return watch_; }

 private:
  /// The n-grams are the same for all layers.
  void sort_ngrams() {
    if (plan_.options.longest_ngram > 1) {
      auto const whole = join(texts_, plan_.size.tokens);
      coverage_.emplace_back(1, coverage_of(ngram_rows(1, whole)));
      for (std::size_t n = 2; n <= plan_.options.longest_ngram; ++n) ngrams_.emplace_back(n, whole);
    }
    for (ngram_rows const& rows : ngrams_) coverage_.emplace_back(rows.n(), coverage_of(rows));
    watch_.lap("n-grams");
  }

  template <class Layer>
  layer_result take(Layer&& layer) {
    auto const number = static_cast<std::uint32_t>(number_);
    layer_state state{paper_survey({.keep_firings = plan_.options.longest_ngram > 1,
                                    .kept_memory = plan_.firings_held,
                                    .folder = plan_.options.folder,
                                    .rules = plan_.options.rules}),
                      pre_activation_survey(number, pre_activation_ranges(model_.architecture(), layers_.weights()))};
    states_.fill(layer, state);
    watch_.lap("survey");
    if (plan_.options.keep_state) {
      plan_.options.keep_state(number, store(state));
      watch_.lap("states");
    }

    paper_survey const& seen = state.paper;
    auto by_token = seen.by_token(number);
    layer_result result{seen.result(number, ngrams_), seen.by_domain(number), seen.by_position(number), {}, {}};
    result.census.pre_activations = state.pre_activations.take();
    Eigen::VectorXf const gain = model_.final_gain();
    add_profiles(profiles_, result.census, by_token, ngrams_, [&](std::uint32_t neuron) -> seen_update {
      auto const update = model_.update(number, neuron);
      return {model_.on_embedding(update), model_.on_embedding(centred_update(update, gain))};
    });
    model_.weights().drop(number);
    if (plan_.options.keep_tables) {
      for (token_id const token : by_token.keys) result.token_strings.push_back(token_text(model_, token));
      result.by_token = std::move(by_token);
    }
    return result;
  }

  using layered = decltype(layers(std::declval<Model const&>(), std::declval<text_list>(), {.layers = {0, 1}}));

  Model model_;
  census_plan plan_;
  text_list texts_;
  States states_;
  layered layers_;
  std::optional<decltype(std::declval<layered&>().begin())> here_ = {};
  std::size_t number_ = 0;  // of the layer at hand
  bool is_done_ = false;
  std::vector<ngram_rows> ngrams_ = {};
  std::vector<std::pair<std::size_t, text_coverage>> coverage_ = {};
  profile_builder<token_namer<Model>> profiles_;
  stopwatch watch_ = {};
};

}  // namespace detail

/// The census of a model, layer by layer: a move-only input range, read once, of one layer_result a layer. One layer's
/// tables are in memory at a time, and go when the next is looked for.
template <census_model Model, class States>
class census_run {
  using taker = detail::layer_taker<Model, States>;
  struct next_layer {
    taker* from;
    std::optional<layer_result> operator()() const { return (*from)(); }
  };

 public:
  census_run(Model const& model, text_list const& passed, text_list texts, census_plan const& plan, States states)
      : taker_(std::make_unique<taker>(model, passed, std::move(texts), plan, std::move(states))),
        range_({taker_.get()}) {}

  auto begin() { return range_.begin(); }
  std::default_sentinel_t end() const { return {}; }

  /// What detectors, and the few other neurons most specific to tokens, do to the next token, of all layers. Throws
  /// std::logic_error before the range is at its end.
  std::vector<neuron_profile> const& profiles() { return taker_->project(); }

  /// How far the text goes, by n; known from the first layer on, empty without n-grams.
  std::vector<std::pair<std::size_t, text_coverage>> const& ngram_coverage() const { return taker_->coverage(); }

  /// Seconds by phase. What is done between two layers counts to `statistics`.
  std::vector<std::pair<std::string, double>> const& seconds() const { return taker_->watch().seconds(); }

 private:
  std::unique_ptr<taker> taker_;
  generated_range<next_layer> range_;
};

/// Takes the whole paper's census of a model on a corpus as planned, layer by layer:
///
///     auto const plan = census::plan_census(model, corpus, options);
///     auto run = census::take_census(model, corpus, plan);
///     for (auto&& layer : run) folder.append(layer);
///     census::judge_positional(folder.layers());
///     census::judge_detectors(folder.layers());
///     folder.append(run.profiles());
///
/// Observers, such as progress, see every block once, those of layers on the way to the first one asked for, too; they
/// are held by reference. What is positional beyond chance, and which claims on detectors stand, is decided over all
/// layers: judge_positional, judge_detectors.
/// Throws bad_input where a token, a sequence or a weight is bad, or a file for what does not fit cannot be written.
template <census_model Model, census_corpus Corpus, class... Observers>
census_run<Model, detail::surveyed_blocks<Observers...>> take_census(Model const& model, Corpus const& corpus,
                                                                     census_plan const& plan, Observers&... observers) {
  auto const texts = corpus.texts(plan.rows_per_block);
  return {model, texts, texts, plan, {plan.options.pre_activations, observers...}};
}

}  // namespace census
