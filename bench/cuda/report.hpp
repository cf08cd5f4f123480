// SPDX-License-Identifier: MIT
// What a census costs on a device, as a table with the goals.
#pragma once

#include "counting.hpp"
#include "layer.hpp"
#include "measures.hpp"
#include "survey.hpp"

#include <survey/random_opt.hpp>

#include <cstddef>
#include <string>
#include <vector>

/// A model's shape, and how much longer than its bare products a survey may take; 0 where that is not measured.
struct measured_shape {
  std::string name;
  random_shape shape;
  double most = 0;
};

struct report_settings {
  std::vector<measured_shape> surveyed{{"125m", {}, 3.}, {"1.3b", {50272, 2048, 24, 32, 8192, 2048}, 2.}};
  measured_shape stack{"66b", {50272, 9216, 64, 72, 36864, 2048}};
  census::cuda::precision precision = census::cuda::precision::half;
  std::size_t context = 2048;
  std::size_t block_rows = 8192;  ///< of what is counted and of the stack
  std::size_t tokens = 1 << 20;   ///< of a survey
  bool surveys_alone = false;
  std::size_t passes_of_16_bits = 100, passes_of_32_bits = 17'000;  ///< blocks until cells are so wide
};

inline census::architecture architecture_of(random_shape const& shape) {
  census::architecture a;
  a.vocabulary_size = shape.vocabulary_size, a.hidden_size = a.embedding_size = shape.hidden_size;
  a.layers = shape.layers, a.heads = a.key_value_heads = shape.heads, a.head_size = shape.hidden_size / shape.heads;
  a.ffn_size = shape.ffn_size, a.max_positions = shape.max_positions, a.bos = 2;
  return a;
}

/// A layer of the largest shape, and the hours that its stack would take for 20 million tokens.
template <census::cuda::product_engine Products>
void report_stack(report_settings const& settings, measures& into) {
  auto const a = architecture_of(settings.stack.shape);
  auto const text = random_texts(a, settings.block_rows / settings.context, settings.context)[0];
  layer_times const one = time_layer<Products>(a, settings.precision, text);
  double const rate = one.operations / one.products;
  std::string const name = settings.stack.name + ", " + std::string(name_of(settings.precision));
  into.add(name + ": bare products", rate * 1e-12, "TFLOP/s");
  into.add(name + ": a layer to its bare products", one.layer / one.products, "");
  into.add(name + ": five tables to a layer", one.tables / one.layer, "", measures::goal::at_most, 0.03);

  double const tokens = 20e6, texts = tokens / static_cast<double>(text->tokens.size()),
               hours = (one.layer + one.tables) * texts * static_cast<double>(a.layers) / 3600;
  double const parameters = static_cast<double>(a.layers) * static_cast<double>(a.hidden_size) *
                            static_cast<double>(4 * a.hidden_size + 2 * a.ffn_size);
  into.add(name + ": 20 M tokens, all layers, projected", hours, "hours");
  into.add(name + ": 20 M tokens, first half, projected", hours / 2, "hours");
  into.add(name + ": 2 × parameters × tokens at that rate", 2 * parameters * tokens / rate / 3600, "hours");
}

/// Everything; whether all goals were reached.
template <census::cuda::product_engine Products>
bool report_device(report_settings const& settings) {
  measures all;
  if (!settings.surveys_alone) {
    auto const a = architecture_of(settings.stack.shape);
    counting(random_texts(a, settings.block_rows / settings.context, settings.context)[0], a.ffn_size, all)
        .run(settings.passes_of_16_bits, settings.passes_of_32_bits);
  }
  for (auto const& [name, shape, most] : settings.surveyed) {
    auto const model = random_opt(shape, 0.05);
    auto const texts = random_texts(model.architecture(), settings.tokens / settings.context, settings.context);
    auto const times = time_over_products<Products>(model, settings.precision, texts);
    std::string const what = name + ", " + std::string(name_of(settings.precision));
    all.add(what + ": a layer to its bare products", times.layer, "");
    all.add(what + ": a survey to its bare products", times.survey, "", measures::goal::at_most, most);
  }
  if (!settings.surveys_alone) report_stack<Products>(settings, all);
  return all.all_reached();
}
