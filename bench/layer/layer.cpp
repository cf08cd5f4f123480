// SPDX-License-Identifier: MIT
// One transformer layer of OPT-125m's shape, part by part against the bare products of that part, in turns. Prints
// JSON. Before anything is timed, each part is checked against the definition in double precision.
#include "survey/floor.hpp"
#include "survey/paired.hpp"
#include "survey/plain_opt.hpp"
#include "survey/random_opt.hpp"

#include <census/model/forward.hpp>

#include <CLI/CLI.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <vector>

namespace {

/// One sequence in one layer.
struct one_layer {
  census::model model;
  census::layer_weights weights;
  census::workspace memory;
  std::size_t context;
  census::padded_matrix residual, activations;
  std::vector<std::uint64_t> words;

  one_layer(census::model m, std::size_t tokens)
      : model(std::move(m)), context(tokens), residual(tokens, model.architecture().hidden_size),
        activations(tokens, model.architecture().ffn_size),
        words(tokens * census::packed_firings::words_for(model.architecture().ffn_size)) {
    model.weights().load(0, true, weights);
    embed();
  }

  std::vector<census::token_id> tokens() const { return random_texts(model.architecture(), 1, context)[0]->tokens; }
  void embed() {
    model.weights().read_embeddings(
        [&](auto const& rows) { census::embed(rows, {}, tokens(), residual.view(), memory); });
  }
  void attend() { census::attend(model.architecture(), weights, residual.view(), memory); }
  void feed_forward() {
    std::size_t const words_a_row = words.size() / context;
    auto const keep = [&](std::size_t i, auto, std::span<std::uint64_t const> above) {
      std::ranges::copy(above, &words[i * words_a_row]);
    };
    if (census::feed_forward(
            model.architecture(), weights, residual.view(), activations.view(), memory, [](auto&&...) {}, keep))
      std::abort();
  }
  void add_update() { census::add_update(model.architecture(), weights, activations.view(), residual.view(), memory); }
};

/// The largest difference from the plain pass, as a share of the largest pre-activation: of layer 0's activations, and
/// of layer 1's, which see its update.
double difference(census::model const& model, std::size_t context) {
  one_layer layer(model, context);
  auto const plain = plain_pre_activations(model, layer.tokens());
  double worst = 0;
  for (std::size_t number = 0; number < 2; ++number) {
    model.weights().load(number, true, layer.weights);
    layer.attend(), layer.feed_forward(), layer.add_update();
    double const largest = plain[number].cwiseAbs().maxCoeff();
    for (std::size_t i = 0; i < context; ++i)
      for (std::size_t n = 0; n < model.architecture().ffn_size; ++n) {
        double const expected = plain[number](static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(n));
        worst = std::max(worst,
                         std::abs(std::max(expected, 0.) - static_cast<double>(layer.activations.row(i)[n])) / largest);
      }
  }
  return worst;
}

}  // namespace

int main(int argc, char** argv) try {
  std::size_t context = 512, runs = 21;
  double firing = 0;
  CLI::App app{"One layer of OPT-125m's shape against its bare matrix products, one thread; prints JSON"};
  app.add_option("--context", context, "Tokens of the sequence")->capture_default_str()->check(CLI::Range(2, 2048));
  app.add_option("--firing", firing, "Share of the neurons that is to fire; about a half unless told");
  app.add_option("--runs", runs, "Pairs of runs")->capture_default_str()->check(CLI::PositiveNumber);
  CLI11_PARSE(app, argc, argv);

  auto const model = random_opt({.vocabulary_size = 1000, .layers = 2}, firing);
  double const worst = difference(model, std::min<std::size_t>(context, 300));
  if (!(worst < 1e-5)) {
    std::cerr << "the layer differs from the plain pass by " << worst << " of the largest value\n";
    return 1;
  }

  one_layer layer(model, context);
  product_floor floor(model.architecture());
  nlohmann::ordered_json result{{"benchmark", "layer"},
                                {"context", context},
                                {"firing", firing},
                                {"pairs", runs},
                                {"blas", census::blas_description()},
                                {"largest_difference", worst}};
  auto const compare = [&](char const* name, auto const& products, auto const& part) {
    products(), part();
    result[name] = paired_times(
                       runs, [&] { return timed(products); }, [&] { return timed(part); })
                       .json("products_seconds", "layer_seconds");
  };
  compare(
      "attention", [&] { floor.run_attention(context); }, [&] { layer.attend(); });
  compare(
      "feed_forward", [&] { floor.run_fc1(context); }, [&] { layer.feed_forward(); });
  compare(
      "update", [&] { floor.run_fc2(context); }, [&] { layer.add_update(); });
  std::cout << result.dump(2) << '\n';
  return 0;
} catch (std::exception const& error) {
  std::cerr << "bench_layer: " << error.what() << '\n';
  return 2;
}
