// SPDX-License-Identifier: MIT
#include <census/activation/packed_firings.hpp>
#include <census/model/activations.hpp>
#include <census/model/detail/sparse_product.hpp>
#include <census/model/open_model.hpp>
#include <census/model/product.hpp>

#include "random_model.hpp"
#include "sequences.hpp"

#include <support/catch.hpp>

#include <tbb/global_control.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <random>
#include <vector>

namespace {

struct sparse_case {
  census::padded_matrix a, b, constant, before;
  std::vector<std::uint64_t> not_zero;

  sparse_case(std::size_t rows, std::size_t depth, std::size_t columns, unsigned percent)
      : a(rows, depth), b(depth, columns), constant(1, columns), before(rows, columns),
        not_zero(rows * census::packed_firings::words_for(depth)) {
    std::mt19937 random(static_cast<std::uint32_t>(rows * 1000 + depth + columns + percent));
    auto const unit = [&] { return static_cast<float>(random() >> 8) / (1 << 23) - 1; };
    for (std::size_t i = 0; i < rows; ++i) {
      for (float& value : a.row(i)) value = random() % 100 < percent ? 1.5f + unit() : 0;
      for (float& value : before.row(i)) value = unit();
      census::pack_row(a.row(i), &not_zero[i * census::packed_firings::words_for(depth)]);
    }
    for (std::size_t n = 0; n < depth; ++n)
      for (float& value : b.row(n)) value = unit();
    for (float& value : constant.row(0)) value = unit();
  }

  census::padded_matrix sparse(std::size_t first = 0) const {
    census::padded_matrix into(before.rows(), before.columns());
    for (std::size_t i = 0; i < before.rows(); ++i) std::ranges::copy(before.row(i), into.row(i).begin());
    std::vector<std::uint32_t> listed;
    std::size_t const rows = before.rows() - first, words = census::packed_firings::words_for(a.columns());
    census::add_sparse_product(a.view().middle_rows(first, rows), std::span(not_zero).subspan(first * words), b.view(),
                               constant.row(0), into.view().middle_rows(first, rows), listed);
    return into;
  }
};

}  // namespace

TEST_CASE("the sparse product is the product within rounding, constant and what was there added") {
  for (std::size_t const columns : {1, 16, 40, 128, 200, 768})
    for (unsigned const percent : {0, 3, 30, 100}) {
      sparse_case const with(5, 133, columns, percent);
      auto const got = with.sparse();
      for (std::size_t i = 0; i < 5; ++i)
        for (std::size_t j = 0; j < columns; ++j) {
          double expected = static_cast<double>(with.before.row(i)[j]) + static_cast<double>(with.constant.row(0)[j]);
          double size = std::abs(expected);
          for (std::size_t n = 0; n < 133; ++n) {
            double const term = static_cast<double>(with.a.row(i)[n]) * static_cast<double>(with.b.row(n)[j]);
            expected += term, size += std::abs(term);
          }
          REQUIRE(std::abs(static_cast<double>(got.row(i)[j]) - expected) <= 2e-6 * (size + 1));
        }
    }
}

TEST_CASE("the sparse product's rows do not depend on each other") {
  sparse_case const with(9, 300, 200, 10);
  auto const whole = with.sparse();
  for (std::size_t const first : {1, 4, 8}) {
    auto const part = with.sparse(first);
    for (std::size_t i = first; i < 9; ++i)
      REQUIRE(std::memcmp(whole.row(i).data(), part.row(i).data(), 200 * sizeof(float)) == 0);
  }
}

TEST_CASE("the sparse and the dense update agree within rounding") {
  temporary_folder folder;
  random_model{.hidden = 96, .heads = 3, .ffn = 530, .layers = 1}.write(folder.path());
  auto const model = census::open_model(folder.path());
  census::layer_weights layer;
  model.weights().load(0, true, layer);
  std::size_t const rows = 33;
  census::padded_matrix few(rows, 530), residual(rows, 96), dense(rows, 96), update(rows, 96);
  std::mt19937 random(3);
  census::workspace w;
  w.above_zero.resize(rows * census::packed_firings::words_for(530));
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t n = 0; n < 530; ++n)
      few.row(i)[n] = random() % 10 == 0 ? static_cast<float>(random() % 100) / 50 : 0;
    for (std::size_t j = 0; j < 96; ++j) residual.row(i)[j] = dense.row(i)[j] = static_cast<float>(j % 7) - 3;
    census::pack_row(few.row(i), &w.above_zero[i * census::packed_firings::words_for(530)]);
    w.above_zero_count += 530 / 10;
  }
  census::add_update(model.architecture(), layer, few.view(), residual.view(), w);
  w.above_zero_count = rows * 530;  // as if all fired
  census::add_update(model.architecture(), layer, few.view(), dense.view(), w);
  auto const updates = model.updates(0);  // [hidden, neuron], read apart
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < 96; ++j) {
      REQUIRE(residual.row(i)[j] == Approx(dense.row(i)[j]).margin(1e-4));
      double expected = static_cast<double>(j % 7) - 3 + static_cast<double>(layer.fc2_bias.row(0)[j]);
      for (std::size_t n = 0; n < 530; ++n)
        expected += static_cast<double>(few.row(i)[n]) *
                    static_cast<double>(updates(static_cast<Eigen::Index>(j), static_cast<Eigen::Index>(n)));
      REQUIRE(residual.row(i)[j] == Approx(expected).margin(1e-4));
    }
}

TEST_CASE("whether a sequence's update is sparse depends on that sequence alone: the same bytes in every company") {
  float const bias = GENERATE(-1.2f, -1.4f, -1.9f);  // whatever share is few here: some sequences fall to either side
  temporary_folder folder;
  random_model{.hidden = 64, .heads = 4, .ffn = 520, .layers = 3, .vocabulary = 300, .positions = 512, .fc1_bias = bias}
      .write(folder.path());
  auto const model = census::open_model(folder.path());
  using bits = std::vector<std::uint32_t>;
  auto const run = [&](std::vector<tokens> const& sequences) {
    std::map<std::pair<std::size_t, std::uint32_t>, bits> all;  // by length and layer
    for (census::block const& block : census::activations(model, std::vector{text_of(sequences)}))
      for (auto const& s : block.text()->sequences)
        for (std::size_t i = 0; i < s.length; ++i)
          for (float const value : block.values().row(s.first_row + i))
            all[{s.length, block.layer()}].push_back(std::bit_cast<std::uint32_t>(value));
    return all;
  };
  std::vector<tokens> sequences;
  std::map<std::pair<std::size_t, std::uint32_t>, bits> alone;
  for (std::size_t const length : {1, 2, 3, 5, 7, 64, 129, 200}) {
    sequences.push_back(random_sequence(length, 300));
    alone.merge(run({sequences.back()}));
  }
  static std::size_t sparse = 0, dense = 0;
  for (auto const& [which, values] : alone) {
    auto const fired = static_cast<std::size_t>(std::ranges::count_if(values, [](auto const v) { return v != 0; }));
    ++(fired <= values.size() / census::sparse_below ? sparse : dense);
  }
  if (bias == -1.9f) {
    CHECK(sparse >= 4);
    CHECK(dense >= 4);
  }
  for (int const threads : {1, 3}) {
    tbb::global_control const limit(tbb::global_control::max_allowed_parallelism, threads);
    for (int turn = 0; turn < 3; ++turn) {
      std::ranges::rotate(sequences, sequences.begin() + 3);
      CHECK(run(sequences) == alone);
    }
  }
}
