// SPDX-License-Identifier: MIT
#pragma once

#include <census/accumulator/top_examples.hpp>
#include <census/accumulator/valued_block.hpp>
#include <census/activation/dealt_texts.hpp>
#include <census/activation/text_list.hpp>
#include <census/generated_range.hpp>
#include <census/projection/neuron_profile.hpp>
#include <census/statistic/layer_result.hpp>
#include <census/statistic/text_coverage.hpp>
#include <census/survey/census_corpus.hpp>
#include <census/survey/census_model.hpp>
#include <census/survey/detail/layer_taker.hpp>
#include <census/survey/layer_state.hpp>
#include <census/survey/plan_census.hpp>
#include <census/survey/pre_activation_survey.hpp>
#include <census/survey/survey.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace census {

namespace detail {

/// Where the states of layers come from: blocks are surveyed as the model gives them.
template <class... Observers>
class surveyed_blocks {
 public:
  static constexpr char const* step = "survey";

  surveyed_blocks(census_options const& asked, Observers&... observers)
      : pre_activations_(asked.pre_activations), observers_(observers...) {}

  /// A layer of which no result is asked for: observers see it.
  template <class Layer>
  void pass(Layer&& layer) {
    show(layer);
  }

  template <class Layer>
  void fill(Layer&& layer, layer_state& state) {
    values_of_state values{pre_activations_ ? &state.pre_activations : nullptr,
                           state.examples ? &*state.examples : nullptr};
    values.are_asked_for() ? show(layer, state.paper, values) : show(layer, state.paper);
  }

 private:
  /// The parts of a state that observe values, as far as they are asked for.
  struct values_of_state {
    pre_activation_survey* pre_activations;
    top_examples* examples;

    bool are_asked_for() const { return pre_activations != nullptr || examples != nullptr; }
    template <valued_block B>
    void observe(B const& block) {
      if (pre_activations != nullptr) pre_activations->observe(block);
      if (examples != nullptr) examples->observe(block);
    }
  };

  /// One pass over a layer's blocks; where nobody looks at them, the source runs through them by itself.
  template <class Layer, class... More>
  void show(Layer&& layer, More&... more) {
    if constexpr (sizeof...(More) + sizeof...(Observers) > 0)
      std::apply([&](Observers&... others) { survey(layer, more..., others...); }, observers_);
  }

  bool pre_activations_;
  std::tuple<Observers&...> observers_;
};

/// The texts of a corpus: those that the model runs on here, and all of them in the order in which ranks are merged.
struct texts_of_run {
  template <census_corpus Corpus>
  texts_of_run(Corpus const& corpus, census_plan const& plan) {
    text_list const texts = corpus.texts(plan.rows_per_block);
    auto const& ranks = plan.options.ranks;
    passed = ranks == nullptr ? texts : dealt_texts(texts, ranks->rank(), ranks->ranks());
    all = ranks == nullptr ? texts : texts_rank_by_rank(texts, ranks->ranks());
  }
  text_list passed, all;
};

}  // namespace detail

/// What keeps a census on the disk while it is under way, as census_snapshots does; an observer that throws what kept
/// it from doing so.
template <class S>
concept snapshot_keeper = requires(S& snapshots, S const& kept, layer_result const& result, std::uint32_t layer) {
  { kept.has_snapshot() } -> std::convertible_to<bool>;
  { kept.result(layer) } -> std::convertible_to<layer_result>;
  snapshots.keep(result);
  snapshots.stop();
};

/// The census of a model, layer by layer: a move-only input range, read once, of one layer_result a layer. One layer's
/// tables are in memory at a time, and go when the next is looked for.
template <census_model Model, class States, class Snapshots = detail::no_snapshots>
class census_run {
  using taker = detail::layer_taker<Model, States, Snapshots>;
  struct next_layer {
    taker* from;
    std::optional<layer_result> operator()() const { return (*from)(); }
  };

 public:
  census_run(Model const& model, text_list const& passed, text_list texts, census_plan const& plan, States states,
             Snapshots* snapshots = nullptr)
      : taker_(std::make_unique<taker>(model, passed, std::move(texts), plan, std::move(states), snapshots)),
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
/// are held by reference. Blocks carry the values of all neurons where options.observers_need_values asks for them:
/// after the activation function, or before it with options.pre_activations. What is positional beyond chance, and
/// which claims on detectors stand, is decided over all layers: judge_positional, judge_detectors. Where several ranks
/// take it together (options.ranks), each makes the same call. Rank 0 has the results, and its observers see the texts
/// that were dealt to it; on the others the range is empty, and to look for its first element is the work. Throws
/// bad_input where a token, a sequence or a weight is bad, or a file for what does not fit cannot be written.
template <census_model Model, census_corpus Corpus, class... Observers>
census_run<Model, detail::surveyed_blocks<Observers...>> take_census(Model const& model, Corpus const& corpus,
                                                                     census_plan const& plan, Observers&... observers) {
  detail::texts_of_run texts(corpus, plan);
  return {model, texts.passed, texts.all, plan, {plan.options, observers...}};
}

/// The same, kept on the disk while it is under way, and gone on with where `snapshots` say so: what comes is then what
/// would have come, byte for byte. A model whose layers are resumable_layers goes on in the middle of a layer; with
/// another, layers that are finished are gone through once more without being counted. Call snapshots.remove() once the
/// results are in their place.
template <census_model Model, census_corpus Corpus, snapshot_keeper Snapshots, class... Observers>
census_run<Model, detail::surveyed_blocks<Snapshots, Observers...>, Snapshots>
take_census(Model const& model, Corpus const& corpus, census_plan const& plan, Snapshots& snapshots,
            Observers&... observers) {
  detail::texts_of_run texts(corpus, plan);
  return {model, texts.passed, texts.all, plan, {plan.options, snapshots, observers...}, &snapshots};
}

}  // namespace census
