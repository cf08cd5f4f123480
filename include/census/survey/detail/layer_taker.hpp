// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/join.hpp>
#include <census/activation/pass_snapshots.hpp>
#include <census/activation/text_list.hpp>
#include <census/archive/store.hpp>
#include <census/projection/layer_profiles.hpp>
#include <census/statistic/layer_result.hpp>
#include <census/statistic/text_coverage.hpp>
#include <census/survey/census_model.hpp>
#include <census/survey/detail/project_layer.hpp>
#include <census/survey/detail/token_namer.hpp>
#include <census/survey/layer_state.hpp>
#include <census/survey/plan_census.hpp>
#include <census/survey/rank_exchange.hpp>
#include <census/survey/stopwatch.hpp>
#include <census/token_id.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace census::detail {

/// Where no snapshots are taken.
struct no_snapshots {};

/// A census on its way: gives the results layer by layer, and gathers what needs all of them. The model goes through
/// `passed` for `States` to look at; what is counted is of `texts`. With Snapshots, as census_snapshots, it is stored
/// from time to time, and goes on from what was stored last.
template <census_model Model, class States, class Snapshots = no_snapshots>
class layer_taker {
  using layered = decltype(layers(std::declval<Model const&>(), std::declval<text_list>(), {.layers = {0, 1}}));
  static constexpr bool with_snapshots = !std::same_as<Snapshots, no_snapshots>;
  static constexpr bool can_resume_layers = with_snapshots && resumable_layers<layered>;

 public:
  layer_taker(Model const& model, text_list const& passed, text_list texts, census_plan const& plan, States states,
              Snapshots* snapshots = nullptr)
      : model_(model), plan_(plan), texts_(std::move(texts)), states_(std::move(states)), snapshots_(snapshots),
        layers_(layers_of_model(passed)), profiles_(token_namer<Model>{model}, 8, plan.options.rules) {}
  ~layer_taker() { stop_snapshots(); }

  std::optional<layer_result> operator()() {
    if (is_done_) return std::nullopt;
    if (!is_begun_) begin();
    if (next_result_ < next_to_take_) return result_taken_before();
    while (true) {
      if (is_through_) watch_.lap("statistics"), advance();
      for (; *here_ != layers_.end() && number_ < next_to_take_; advance()) go_through(**here_);
      is_done_ = *here_ == layers_.end();
      if (is_done_) break;
      if (auto result = take(**here_)) return result;
    }
    stop_snapshots();
    return std::nullopt;
  }

  /// For snapshots, while step_ is held: all that results still to come are made of. To be restored before anything is
  /// read.
  template <class Archive>
  void serialize(Archive& archive) {
    std::uint64_t layer = can_resume_layers ? number_ + (is_through_ ? 1 : 0) : next_to_take_, texts_done = 0;
    bool has_state = can_resume_layers && state_.has_value();
    if constexpr (can_resume_layers) texts_done = is_through_ ? 0 : layers_.texts_done();
    archive("layer", layer)("texts_done", texts_done)("has_state", has_state)("profiles", profiles_);
    if constexpr (can_resume_layers) archive("residuals", layers_);
    if constexpr (Archive::is_reading) go_to(layer, texts_done, has_state);
    if (has_state) archive("state", *state_);
    if constexpr (Archive::is_reading)
      if (has_state) state_->check_text(static_cast<std::uint32_t>(layer), texts_);
    stored_layer_ = static_cast<std::uint32_t>(layer);
  }
  void stored() {
    if constexpr (can_resume_layers) layers_.forget_earlier_snapshots();
    if (ranks() != nullptr) ranks()->note_stored(stored_layer_);
  }

  std::vector<neuron_profile> const& project() {
    if (!is_done_) throw std::logic_error("census::take_census: profiles are there after the last layer");
    watch_.lap("statistics");
    tell("projection");
    trigger_nulls const nulls(count_successions(texts_), tokens_named(model_), token_namer<Model>{model_});
    auto const rows = [&](std::size_t first, std::size_t count) { return model_.embedding_rows(first, count); };
    auto const& all = profiles_.project(rows, nulls);
    watch_.lap("projection");
    return all;
  }

  std::vector<std::pair<std::size_t, text_coverage>> const& coverage() const { return coverage_; }
  stopwatch const& watch() const { return watch_; }

 private:
  void tell(std::string const& step, std::optional<std::uint32_t> layer = {}) const {
    if (plan_.options.tell_step) plan_.options.tell_step(step, layer);
  }

  /// The n-grams are the same for all layers.
  void sort_ngrams() {
    if (plan_.options.longest_ngram > 1) {
      tell("n-grams");
      auto const whole = join(texts_, plan_.size.tokens);
      coverage_.emplace_back(1, coverage_of(ngram_rows(1, whole)));
      for (std::size_t n = 2; n <= plan_.options.longest_ngram; ++n) ngrams_.emplace_back(n, whole);
    }
    for (ngram_rows const& rows : ngrams_) coverage_.emplace_back(rows.n(), coverage_of(rows));
    watch_.lap("n-grams");
  }

  layered layers_of_model(text_list const& passed) const {
    auto const& asked = plan_.options;
    bool const keeps_values = asked.keeps_values(), before_activation = asked.pre_activations,
               firings_suffice = asked.firings_suffice();
    if constexpr (can_resume_layers)
      return layers(model_, passed,
                    {.layers = {0, asked.last_layer},
                     .keep_values = {keeps_values, before_activation, firings_suffice},
                     .residual_memory = plan_.residuals_held,
                     .residual_folder = asked.folder,
                     .snapshots = pass_snapshots{snapshots_->folder(), step_}});
    else
      return layers(model_, passed,
                    {.layers = {0, asked.last_layer},
                     .keep_values = {keeps_values, before_activation, firings_suffice},
                     .residual_memory = plan_.residuals_held,
                     .residual_folder = asked.folder});
  }

  void begin() {
    is_begun_ = true;
    watch_ = {};  // what was done before is the caller's
    next_result_ = next_to_take_ = plan_.options.first_layer;
    if (has_results()) sort_ngrams();
    if constexpr (with_snapshots)
      if (snapshots_->has_snapshot()) snapshots_->restore(*this), stored();
    if (!here_) here_.emplace(layers_.begin());
    if (!has_results()) next_result_ = next_to_take_;
    if constexpr (can_resume_layers)
      static_cast<void>(*here_ == layers_.end());  // begins the layer: from here on, all changes are made in steps
    if constexpr (with_snapshots) snapshots_->watch(*this, *step_);
  }
  rank_exchange* ranks() const { return plan_.options.ranks.get(); }
  bool has_results() const { return ranks() == nullptr || ranks()->rank() == 0; }
  void stop_snapshots() {
    if constexpr (with_snapshots) snapshots_->stop();
  }

  /// To where the census was stored: a layer of which so many texts were done. A model that cannot take that up goes
  /// through the layers before it once more, and nothing is counted there.
  void go_to(std::size_t layer, std::size_t texts_done, bool has_state) {
    auto const first = plan_.options.first_layer, last = plan_.options.last_layer;
    if (layer > last || (has_state && (!can_resume_layers || layer < first || layer == last)))
      throw std::invalid_argument("a census of layers " + std::to_string(first) + ":" + std::to_string(last) +
                                  " that goes on " + (has_state ? "in" : "with") + " layer " + std::to_string(layer));
    next_to_take_ = std::max(next_to_take_, layer);
    if constexpr (can_resume_layers) {
      layers_.resume_at(layer, texts_done);
      number_ = layer;
    }
    here_.emplace(layers_.begin());
    if (!has_state) return;
    static_cast<void>(*here_ == layers_.end());  // begins the layer, so that its weights are there
    state_.emplace(fresh_state());
  }

  layer_result result_taken_before() {
    auto const layer = static_cast<std::uint32_t>(next_result_++);
    if constexpr (with_snapshots) return snapshots_->result(layer);
    throw std::logic_error("census::take_census: no result of layer " + std::to_string(layer) + " was kept");
  }

  /// A layer of which no result is asked for.
  template <class Layer>
  void go_through(Layer&& layer) {
    states_.pass(layer);
    std::scoped_lock const alone(*step_);
    is_through_ = true;
  }

  /// The next layer is begun before it is the one at hand: until then, a snapshot is of the one before, all done.
  void advance() {
    ++*here_;
    if (*here_ == layers_.end()) return;
    std::scoped_lock const alone(*step_);
    ++number_, is_through_ = false;
  }

  /// A state of the layer at hand that has observed nothing. Precondition: that is begun, for its weights.
  layer_state fresh_state() const {
    auto const number = static_cast<std::uint32_t>(number_);
    layer_state fresh{paper_survey({.keep_firings = plan_.options.longest_ngram > 1,
                                    .kept_memory = plan_.firings_held,
                                    .folder = plan_.options.folder,
                                    .rules = plan_.options.rules}),
                      pre_activation_survey(number, pre_activation_ranges(model_.architecture(), layers_.weights()))};
    if (plan_.options.keeps_examples()) fresh.examples.emplace(plan_.options.which_examples());
    return fresh;
  }

  /// The result of the layer at hand; none where another rank has it.
  template <class Layer>
  std::optional<layer_result> take(Layer&& layer) {
    if (std::unique_lock const alone(*step_); !state_) state_.emplace(fresh_state());
    tell(States::step, static_cast<std::uint32_t>(number_));
    states_.fill(layer, *state_);
    watch_.lap("survey");
    if (ranks() == nullptr) return result_of(*state_);
    tell("other ranks", static_cast<std::uint32_t>(number_));
    auto const gathered = ranks()->gather(static_cast<std::uint32_t>(number_), *state_, fresh_state());
    watch_.lap("ranks");
    if (gathered) return result_of(*gathered);
    std::scoped_lock const alone(*step_);
    finish();
    return std::nullopt;
  }

  layer_result result_of(layer_state const& seen) {
    auto const number = static_cast<std::uint32_t>(number_);
    if (plan_.options.keep_state) {
      tell("states", number);
      plan_.options.keep_state(number, store(seen));
      watch_.lap("states");
    }

    tell("statistics", number);
    auto by_token = seen.paper.by_token(number);
    layer_result result{
        seen.paper.result(number, ngrams_), seen.paper.by_domain(number), seen.paper.by_position(number), {}, {}};
    result.census.pre_activations = seen.pre_activations.take();
    if (seen.examples) {
      result.examples = seen.examples->at(number);
      result.examples->name_tokens(token_namer<Model>{model_});
    }
    if (plan_.options.projections > 0) {
      watch_.lap("statistics");
      tell("promoted tokens", number);
      result.projections = project_layer(model_, number, plan_.options.projections);
      watch_.lap("projection");
    }
    if (plan_.options.keep_tables) {
      for (token_id const token : by_token.keys) result.token_strings.push_back(token_text(model_, token));
      result.by_token = std::move(by_token);
    }
    if constexpr (with_snapshots) snapshots_->keep(result);  // or throws, before what a snapshot stores is changed
    std::scoped_lock const alone(*step_);
    add_profiles_of(result.census, result.by_token ? *result.by_token : by_token);
    finish();
    return result;
  }

  void add_profiles_of(layer_census const& layer, firing_counts const& by_token) {
    Eigen::VectorXf const gain = model_.final_gain();
    add_profiles(profiles_, layer, by_token, ngrams_, [&](std::uint32_t neuron) -> seen_update {
      auto const update = model_.update(layer.layer, neuron);
      return {model_.on_embedding(update), model_.on_embedding(centred_update(update, gain))};
    });
  }

  /// Nothing more is asked of the layer at hand. Where a pass cannot be taken up in a layer, this is when a snapshot
  /// tells most.
  void finish() {
    model_.weights().drop(number_);
    next_result_ = next_to_take_ = number_ + 1;
    is_through_ = true;
    state_.reset();
    if constexpr (with_snapshots && !can_resume_layers) snapshots_->take(*this);
  }

  Model model_;
  census_plan plan_;
  text_list texts_;
  States states_;
  Snapshots* snapshots_;
  std::shared_ptr<std::mutex> step_ = std::make_shared<std::mutex>();  // see pass_snapshots
  layered layers_;
  std::optional<decltype(std::declval<layered&>().begin())> here_ = {};
  std::size_t number_ = 0;                          // of the layer at hand,
  bool is_through_ = false;                         // which nothing more is asked of,
  std::optional<layer_state> state_ = {};           // and what was observed of it
  std::size_t next_result_ = 0, next_to_take_ = 0;  // layers: those between were taken by a run before this one
  std::uint32_t stored_layer_ = 0;                  // the layer that what is stored goes on with
  bool is_begun_ = false, is_done_ = false;
  std::vector<ngram_rows> ngrams_ = {};
  std::vector<std::pair<std::size_t, text_coverage>> coverage_ = {};
  profile_builder<token_namer<Model>> profiles_;
  stopwatch watch_ = {};
};

}  // namespace census::detail
