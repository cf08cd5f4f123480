// SPDX-License-Identifier: MIT
#include <census/model/forward.hpp>
#include <census/model/memory_plan.hpp>
#include <census/model/open_model.hpp>

#include "random_model.hpp"
#include "sequences.hpp"

#include <support/catch.hpp>

#include <initializer_list>
#include <string>

namespace {

census::model small_model(random_model const& shape) {
  temporary_folder folder;
  shape.write(folder.path());
  return census::open_model(folder.path());  // the files stay mapped
}

std::uint64_t bytes_of(std::initializer_list<census::padded_matrix const*> matrices) {
  std::uint64_t bytes = 0;
  for (auto const* m : matrices) bytes += m->rows() * census::padded(m->columns()) * sizeof(float);
  return bytes;
}

}  // namespace

TEST_CASE("what is planned for a layer's weights is what a layer holds that was read") {
  auto const model = small_model({.hidden = 36, .heads = 3, .ffn = 70});
  census::layer_weights w;
  model.weights().load(1, true, w);
  CHECK(w.has_fc2());
  CHECK(bytes_of({&w.attention_gain, &w.attention_bias, &w.attention_in, &w.attention_in_bias, &w.attention_out,
                  &w.attention_out_bias, &w.ffn_gain, &w.ffn_bias, &w.fc1, &w.fc1_bias, &w.fc2, &w.fc2_bias}) ==
        census::layer_weights::bytes(model.architecture()));
  CHECK(model.weights().largest_tensor_bytes(1) == 4 * 36 * 70);
  model.weights().load(1, false, w);
  CHECK_FALSE(w.has_fc2());
}

TEST_CASE("what is planned for a thread's work is what it holds after a sequence of the whole context") {
  constexpr std::size_t context = 40;
  auto const model = small_model({.hidden = 40, .heads = 5, .ffn = 300, .positions = context});
  auto const& a = model.architecture();
  census::layer_weights weights;
  model.weights().load(0, true, weights);
  census::workspace w;
  census::padded_matrix residual(context, a.hidden_size), activations;
  embed(model.weights(), {}, random_sequence(context, 50), residual.view(), w);
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

TEST_CASE("a smaller budget takes smaller blocks and lets residual streams wait in a file, and one too small is told") {
  auto const model = small_model({.hidden = 64, .heads = 4, .ffn = 256, .positions = 128});
  auto const plan = [&](std::uint64_t memory) {
    return census::plan_layers(model, {0, 2}, 1'000'000, 128, 2, 1 << 20, memory);
  };
  auto const roomy = plan(std::uint64_t{4} << 30);
  CHECK((roomy.rows_per_block == 8192 && roomy.residuals == 4 * 64 * 1'000'000));
  CHECK(roomy.residuals_held == roomy.residuals);
  CHECK(roomy.weights_read == model.weights().layer_bytes(0) + model.weights().layer_bytes(1, false));

  auto const tight = plan(roomy.total() - 1);
  CHECK(tight.residuals_held < tight.residuals);
  CHECK(tight.total() == roomy.total() - 1);

  std::string message = "nothing";
  try {
    plan(1 << 20);
  } catch (census::bad_input const& error) {
    message = error.what();
  }
  std::string const place = "memory 1MiB: this needs at least ";
  REQUIRE(message.starts_with(place));
  auto const least = std::stoull(message.substr(place.size()));
  CHECK(plan(least << 20).rows_per_block < roomy.rows_per_block);
  CHECK_THROWS_AS(plan((least - 1) << 20), census::bad_input);
}
