// SPDX-License-Identifier: MIT
// A whole survey (liveness, tokens, positions) of a random model on a device, whose weights come from the host layer by
// layer, against the bare products.
#pragma once

#include "layer.hpp"

#include <census/accumulator/paper_tables.hpp>
#include <census/activation/text_list.hpp>
#include <census/cuda/layers.hpp>
#include <census/survey/survey.hpp>

#include <chrono>
#include <numeric>

/// Seconds of a survey, from the first layer's weights to the last layer's tables.
template <census::cuda::product_engine Products>
double time_survey(census::cuda::basic_model<Products> const& model, census::text_list const& texts) {
  auto const start = std::chrono::steady_clock::now();
  for (auto&& layer : census::cuda::layers(model, texts, {.keep_values = false})) {
    census::liveness alive;
    census::token_coverage tokens;
    census::position_information positions;
    census::survey(layer, alive, tokens, positions);
    alive.table(alive.layers().front());  // brings a row home, so that all is done
  }
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// What a survey and a layer take, over their bare products, all of whose factors lie on the device.
struct over_products {
  double survey, layer;
};

template <census::cuda::product_engine Products>
over_products time_over_products(census::model const& on_host, census::cuda::precision p,
                                 census::text_list const& texts) {
  census::cuda::basic_model<Products> const model(on_host, {.precision = p});
  time_survey(model, census::text_list({texts[0]}));  // plans of products are made here
  double const survey = time_survey(model, texts);
  layer_times const one = time_layer<Products>(model.architecture(), p, texts[0]);
  double const tokens = static_cast<double>(std::reduce(texts.rows().begin(), texts.rows().end()));
  double const all_products = one.products * tokens / static_cast<double>(texts[0]->tokens.size()) *
                              static_cast<double>(model.architecture().layers);
  return {survey / all_products, one.layer / one.products};
}
