// SPDX-License-Identifier: MIT
#pragma once

#include <census/projection/project_neurons.hpp>
#include <census/statistic/layer_projections.hpp>
#include <census/survey/census_model.hpp>
#include <census/survey/detail/token_namer.hpp>

#include <cstddef>

namespace census::detail {

/// The `ranked` tokens that each neuron of a model's layer promotes and suppresses most, with their texts.
template <census_model Model>
layer_projections project_layer(Model const& model, std::size_t layer, std::size_t ranked) {
  auto const update_of = [&](std::size_t neuron) { return model.on_embedding(model.update(layer, neuron)); };
  auto const rows = [&](std::size_t first, std::size_t count) { return model.embedding_rows(first, count); };
  auto projections = project_neurons(model.architecture().ffn_size, tokens_named(model), ranked, update_of, rows);
  projections.name_tokens(token_namer<Model>{model});
  return projections;
}

}  // namespace census::detail
