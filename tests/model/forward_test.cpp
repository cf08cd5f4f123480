// SPDX-License-Identifier: MIT
#include <census/model/forward.hpp>

#include "matrix_bytes.hpp"
#include "parity.hpp"
#include "sequences.hpp"
#include "small_model.hpp"

#include <support/catch.hpp>

#include <iostream>
#include <string>

namespace {

void check_parity(std::string const& family, std::string const& name) {
  INFO(name);
  auto const folder = std::filesystem::path(CENSUS_TEST_DATA) / family / name;
  parity found;
  found.compare(name, census::open_model(folder), reference(folder / "reference.safetensors"), std::cout);
  CHECK(found.holds);
  CHECK(found.layers >= 2);
}

}  // namespace

TEST_CASE("activations of random OPTs of three shapes agree with Hugging Face transformers") {
  for (auto const* name : {"three_layers", "odd_shape", "long_context"}) check_parity("opt", name);
}

TEST_CASE("activations of each variant of OPT agree with Hugging Face transformers") {
  for (auto const* name :
       {"like_350m", "post_norm", "projected", "no_biases", "no_final_norm", "gelu", "swish_bare", "context_2500"})
    check_parity("opt", name);
}

TEST_CASE("activations of OPTs stored as pytorch_model.bin agree with Hugging Face transformers") {
  for (auto const* name : {"like_350m_bin", "no_gains", "gelu_new", "context_40"}) check_parity("opt", name);
}

TEST_CASE("activations of random GPT-2s agree with Hugging Face transformers, whatever their config says") {
  for (auto const* name : {"plain", "inner", "bare", "padded", "gelu_untied", "relu", "context_1024"})
    check_parity("gpt2", name);
}

TEST_CASE("activations of GPT-2s stored as pytorch_model.bin, with attention's masks, agree with transformers") {
  for (auto const* name : {"bin_with_masks", "bin_shards"}) check_parity("gpt2", name);
}

TEST_CASE("what is planned for a thread's work is what it holds after a sequence of the whole context") {
  constexpr std::size_t context = 40;
  auto const model = small_model({.hidden = 40, .heads = 5, .ffn = 300, .positions = context});
  auto const& a = model.architecture();
  census::layer_weights weights;
  model.weights().load(0, true, weights);
  census::workspace w;
  census::padded_matrix residual(context, a.hidden_size), activations;
  model.weights().read_embeddings(
      [&](auto const& rows) { embed(rows, {}, random_sequence(context, 50), residual.view(), w); });
  attend(a, weights, residual.view(), w);
  w.activations.resize(context, a.ffn_size);
  auto const nothing = [](auto&&...) {};
  feed_forward(a, weights, residual.view(), w.activations.view(), w, nothing, nothing);
  w.above_zero_count = 0;  // so that the update is added neuron by neuron, which lists them
  add_update(a, weights, w.activations.view(), residual.view(), w);
  CHECK(bytes_of({&w.normed, &w.by_head, &w.attended, &w.scores, &w.activations}) + 8 * w.above_zero.size() +
            4 * w.listed.size() ==
        census::workspace::bytes(a, context));
}
