// SPDX-License-Identifier: MIT
#include <census/cuda/detail/embedder.hpp>
#include <census/model/forward.hpp>
#include <census/model/open_model.hpp>

#include <cuda/support/device.hpp>
#include <cuda/support/kernel_memory.hpp>
#include <cuda/support/products.hpp>
#include <support/catch.hpp>
#include <support/temporary_folder.hpp>

#include <model/random_model.hpp>
#include <model/sequences.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

using census::cuda::precision;

namespace {

using embedder = census::cuda::detail::embedder<census_test::test_products>;

/// The residual streams of texts of a model, [row, padded(hidden)] each, all put into the device's stream before the
/// first is waited for.
std::vector<std::vector<float>> embedded_there(census::model const& m, std::vector<census::shared_text> const& texts,
                                               precision p) {
  namespace detail = census::cuda::detail;
  auto const on = census_test::first_device();
  detail::current_device const here(on->ordinal());
  census_test::test_products products(on, p);
  embedder embed(on, m.weights(), products, m.architecture().max_positions);
  std::vector<detail::device_array<float>> residuals;
  std::vector<detail::device_text> there;
  for (auto const& text : texts) {
    there.emplace_back(on, text, census_test::test_products::attention_tile, 256, on->downloads());
    residuals.emplace_back(on, text->tokens.size() * census::padded(m.architecture().hidden_size));
    embed.embed(there.back(), residuals.back().data());
  }
  std::vector<std::vector<float>> all;
  for (auto const& residual : residuals) all.push_back(census_test::fetched(residual));
  return all;
}

/// The largest difference to the CPU's, padding being 0.
float distance_to_host(census::model const& m, census::shared_text const& text, std::vector<float> const& there) {
  float worst = 0;
  std::size_t const hidden = m.architecture().hidden_size, width = census::padded(hidden);
  auto const project_in = m.weights().project_in();
  census::workspace working;
  for (auto const& s : text->sequences) {
    census::padded_matrix here(s.length, hidden);
    m.weights().read_embeddings([&](auto const& rows) {
      census::embed(rows, project_in, std::span(text->tokens).subspan(s.first_row, s.length), here.view(), working);
    });
    for (std::size_t i = 0; i < s.length; ++i)
      for (std::size_t j = 0; j < width; ++j) {
        float const value = there.at((s.first_row + i) * width + j);
        worst = std::max(worst, std::abs(value - (j < hidden ? here.row(i)[j] : 0.f)));
      }
  }
  return worst;
}

}  // namespace

TEST_CASE("embeddings are the CPU's to the bit, though the next text comes before this one has been sent") {
  temporary_folder const folder;
  random_model{.hidden = 20, .positions = 40}.write(folder.path());
  auto const m = census::open_model(folder.path());
  std::vector const texts{text_of({random_sequence(30, 50), random_sequence(7, 50)}), text_of({random_sequence(9, 50)}),
                          text_of({random_sequence(40, 50), random_sequence(39, 50), random_sequence(38, 50)})};
  for (precision const p : {precision::exact, precision::half}) {  // they are added, not multiplied
    auto const there = embedded_there(m, texts, p);
    for (std::size_t t = 0; t < texts.size(); ++t) CHECK(distance_to_host(m, texts[t], there[t]) == 0);
  }
}

TEST_CASE("embeddings that are projected are products, as precise as their factors") {
  temporary_folder const folder;
  random_model{.hidden = 20, .positions = 40, .embedding = 13}.write(folder.path());
  auto const m = census::open_model(folder.path());
  std::vector const texts{text_of({random_sequence(30, 50)}), text_of({random_sequence(33, 50)})};
  for (auto const& [p, bound] : {std::pair{precision::exact, 1e-5f}, {precision::bfloat16, 0.1f}}) {
    auto const there = embedded_there(m, texts, p);
    for (std::size_t t = 0; t < texts.size(); ++t) CHECK(distance_to_host(m, texts[t], there[t]) <= bound);
  }
}
