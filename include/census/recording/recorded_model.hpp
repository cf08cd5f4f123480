// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/generated_layers.hpp>
#include <census/activation/packed_firings.hpp>
#include <census/activation/text_list.hpp>
#include <census/recording/detail/recorded_origin.hpp>
#include <census/recording/detail/replayed_pass.hpp>
#include <census/recording/firings_recording.hpp>
#include <census/token_id.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>

namespace census {

/// A model whose blocks come out of a recording of it, instead of a forward pass: a census_model wherever `Model` is
/// one, so that plan_census and take_census take it as they take a model that runs.
///
///     census::firings_recording const recorded("recorded");
///     census::recorded_model const replayed(model, recorded);
///     auto const plan = census::plan_census(replayed, recorded.corpus(), options);
///     for (auto&& layer : census::take_census(replayed, recorded.corpus(), plan)) folder.append(layer);
///
/// What is asked of it beside the blocks (weights, updates, the texts of tokens) is asked of the model that it was made
/// with, which has to be the one recorded. Its layers are those up to the last one recorded; those before the first
/// have no blocks. It runs on the recording's own text alone.
template <class Model>
class recorded_model {
 public:
  /// Throws bad_input naming the recording, and what differs, where it is of another model.
  recorded_model(Model model, firings_recording recorded)
      : model_(std::move(model)), recorded_(std::move(recorded)), architecture_(model_.architecture()) {
    detail::check_recorded_model(model_, recorded_);
    architecture_.layers = recorded_.layers().back() + std::size_t{1};
  }

  Model const& host() const { return model_; }
  firings_recording const& recorded() const { return recorded_; }

  /// That of the model, its layers as far as they were recorded.
  auto const& architecture() const { return architecture_; }

  decltype(auto) weights() const { return model_.weights(); }
  decltype(auto) embedding_rows(std::size_t first, std::size_t count) const {
    return model_.embedding_rows(first, count);
  }
  Eigen::VectorXf update(std::size_t layer, std::size_t neuron) const { return model_.update(layer, neuron); }
  Eigen::VectorXf on_embedding(Eigen::VectorXf const& v) const { return model_.on_embedding(v); }
  Eigen::VectorXf final_gain() const { return model_.final_gain(); }

 private:
  Model model_;
  firings_recording recorded_;
  std::remove_cvref_t<decltype(std::declval<Model const&>().architecture())> architecture_;
};

/// The blocks of a recorded model's layers, and the weights of the layer at hand: a layered source, read once.
template <class Model>
class replayed_layers : public generated_layers<detail::replayed_pass<Model>> {
 public:
  replayed_layers(recorded_model<Model> const& m, text_list texts, detail::replayed_pass_options const& options)
      : generated_layers<detail::replayed_pass<Model>>(std::in_place, m.host(), m.recorded(), std::move(texts),
                                                       options) {}

  decltype(auto) weights() const { return this->pass().weights(); }
};

/// Throws bad_input where there are no such layers, or values are asked for that were not recorded;
/// std::invalid_argument where the texts are not the recording's. A block throws as those of layers(firings_recording)
/// do.
template <class Model>
replayed_layers<Model> layers(recorded_model<Model> const& m, text_list texts,
                              detail::replayed_pass_options const& options = {}) {
  auto const range = layers_of(m.architecture(), {options.layers.first, options.layers.last});
  return {m, std::move(texts), {.layers = {range.first, range.last}, .keep_values = options.keep_values}};
}

/// What replaying holds, as the model's own memory_plan: no residual streams, and no more than the weights of a layer
/// and the block at hand, of at most `most_rows` tokens, values aside. Throws bad_input with the smallest memory that
/// would do where that is too little.
template <class Model, class Range = decltype(layers_of(std::declval<Model const&>().architecture(), {0, 0}))>
auto plan_layers(recorded_model<Model> const& m, std::type_identity_t<Range> range, std::uint64_t tokens,
                 std::size_t context, std::size_t threads, std::uint64_t elsewhere, std::uint64_t memory,
                 std::size_t most_rows = std::numeric_limits<std::size_t>::max(), bool keep_values = false) {
  std::uint64_t const bits =
      sizeof(std::uint64_t) * packed_firings::words_for(m.recorded().neurons()) + sizeof(token_id);
  auto const blocks = [&](std::size_t rows) { return 2 * bits * std::min<std::uint64_t>(rows, tokens); };
  std::uint64_t const least = blocks(context);
  auto plan = plan_layers(m.host(), range, 0, 1, threads, elsewhere + least, memory, most_rows, keep_values);
  plan.elsewhere = elsewhere;
  std::size_t const wanted = std::max(replay_options{}.rows_per_block, keep_values ? threads * context : context);
  plan.rows_per_block = std::max(std::min(wanted, most_rows), context);
  if (plan.total() + blocks(plan.rows_per_block) > memory) plan.rows_per_block = context;
  plan.working += blocks(plan.rows_per_block);
  return plan;
}

template <class Model>
std::size_t tokens_named(recorded_model<Model> const& m) {
  return tokens_named(m.host());
}

template <class Model>
std::string token_text(recorded_model<Model> const& m, token_id token) {
  return token_text(m.host(), token);
}

/// The origin of a recorded model: that of the model, and the recording's hash.
template <class Origin>
struct replayed_origin : Origin {
  std::uint64_t recording = 0;
};

/// Where the results come from: the model's files, the library that multiplied when it was recorded, and the recording.
template <class Model>
auto origin_of(recorded_model<Model> const& m) {
  using origin_of_host = std::remove_cvref_t<decltype(origin_of(m.host()))>;
  replayed_origin<origin_of_host> origin{origin_of(m.host()), m.recorded().hash()};
  origin.blas = m.recorded().description().blas;
  return origin;
}

}  // namespace census
