// SPDX-License-Identifier: MIT
// The floor of a forward pass: its matrix products and nothing else, each sequence by itself as the library has to take
// them, of attention's scores only the causal half.
#pragma once

#include <census/activation/text_list.hpp>
#include <census/model/architecture.hpp>
#include <census/model/detail/attention.hpp>
#include <census/model/detail/sparse_product.hpp>
#include <census/model/matrix.hpp>
#include <census/model/product.hpp>

#include <tbb/blocked_range.h>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <random>
#include <thread>
#include <vector>

/// Bare products of a model's shape, with random operands: each layer has its own weights, so that they come from
/// memory as often as a model's do.
class product_floor {
 public:
  /// Queries of a tile, whose scores are computed up to its last row.
  static constexpr std::size_t tile = census::attention_tile;

  explicit product_floor(census::architecture const& c) : c_(c), layers_(c.layers) {
    std::mt19937 random(1);
    for (auto& layer : layers_) {
      layer.attention_in = filled(c.hidden_size, 3 * c.hidden_size, random);  // [in, out], as the library holds them
      layer.attention_out = filled(c.hidden_size, c.hidden_size, random);
      layer.fc1 = filled(c.hidden_size, c.ffn_size, random);
      layer.fc2 = filled(c.ffn_size, c.hidden_size, random);
    }
  }

  /// All products of a survey: text after text, layer after layer, sequences in parallel; of the last layer not fc2.
  void run(census::text_list const& texts) {
    for (auto const& text : texts)
      for (std::size_t layer = 0; layer < c_.layers; ++layer)
        tbb::parallel_for(
            tbb::blocked_range<std::size_t>(0, text->sequences.size(), 1),
            [&](auto const& range) {
              for (std::size_t s = range.begin(); s < range.end(); ++s)
                run_layer(layers_[layer], text->sequences[s].length, layer + 1 < c_.layers);
            },
            tbb::simple_partitioner{});
  }

  /// Multiplications and additions of `run`.
  double operations(census::text_list const& texts) const {
    auto const hidden = static_cast<double>(c_.hidden_size), ffn = static_cast<double>(c_.ffn_size);
    double sum = 0;
    for (auto const& text : texts)
      for (auto const& s : text->sequences) {
        auto const rows = static_cast<double>(s.length);
        double seen = 0;
        for (std::size_t first = 0; first < s.length; first += tile) {
          std::size_t const end = std::min<std::size_t>(first + tile, s.length);
          seen += static_cast<double>((end - first) * end);
        }
        double const layer = rows * (4 * hidden * hidden + 2 * hidden * ffn) + 2 * seen * hidden;
        sum += 2 * (layer * static_cast<double>(c_.layers) - rows * hidden * ffn);
      }
    return sum;
  }

  /// The products of one sequence in one layer, part by part: attention's, those of fc1 and of fc2.
  void run_attention(std::size_t rows) { attend(layers_[0], ready(rows), rows); }
  void run_fc1(std::size_t rows) {
    auto& w = ready(rows);
    census::product(w.hidden.view(), layers_[0].fc1.view(), w.neurons.view());
  }
  void run_fc2(std::size_t rows) { fc2(layers_[0], ready(rows)); }

 private:
  struct weights {
    census::padded_matrix attention_in, attention_out, fc1, fc2;
  };
  struct working_memory {
    census::padded_matrix hidden, in, out, head, scores, neurons;
    void resize(census::architecture const& c, std::size_t rows) {
      if (hidden.rows() == rows) return;
      std::mt19937 random(2);
      hidden = filled(rows, c.hidden_size, random), in = filled(rows, 3 * c.hidden_size, random);
      out = filled(rows, c.hidden_size, random);
      neurons = filled(rows, c.ffn_size, random), head = filled(4 * rows, c.head_size, random);
      scores = filled(tile, rows, random);
    }
  };

  static census::padded_matrix filled(std::size_t rows, std::size_t columns, std::mt19937& random) {
    census::padded_matrix made(rows, columns);
    for (std::size_t i = 0; i < rows; ++i)
      for (float& value : made.row(i)) value = static_cast<float>(random() % 1000) * 2e-5f - 1e-2f;
    return made;
  }

  working_memory& ready(std::size_t rows) {
    auto& w = working_.local();
    w.resize(c_, rows);
    return w;
  }

  void run_layer(weights const& layer, std::size_t rows, bool update) {
    auto& w = ready(rows);
    attend(layer, w, rows);
    census::product(w.hidden.view(), layer.fc1.view(), w.neurons.view());
    if (update) fc2(layer, w);
  }

  void attend(weights const& layer, working_memory& w, std::size_t rows) {
    census::product(w.hidden.view(), layer.attention_in.view(), w.in.view());
    attention(w, rows);
    census::product(w.hidden.view(), layer.attention_out.view(), w.out.view());
  }
  void fc2(weights const& layer, working_memory& w) {
    census::product(w.neurons.view(), layer.fc2.view(), w.out.view());
  }

  // Each head's queries, keys and values lie close together, and a tile's scores, as is best for the products.
  void attention(working_memory& w, std::size_t rows) {
    auto const part = [&](std::size_t which) { return w.head.view().middle_rows(which * rows, rows); };
    for (std::size_t h = 0; h < c_.heads; ++h)
      for (std::size_t first = 0; first < rows; first += tile) {
        std::size_t const count = std::min(tile, rows - first), seen = first + count;
        census::matrix_view<float> const scores{w.scores.data(), count, seen, census::padded(seen)};
        census::product_transposed(part(0).middle_rows(first, count), part(1).middle_rows(0, seen), scores);
        census::product(scores, part(2).middle_rows(0, seen), part(3).middle_rows(first, count));
      }
  }

  census::architecture c_;
  std::vector<weights> layers_;
  tbb::enumerable_thread_specific<working_memory> working_;
};

/// Multiply-adds a second, in units of 2 operations, that a core's registers alone can do: the peak that products are
/// measured against. As compiled here, with whatever vectors the compiler may use. Each run takes so many turns.
inline double peak_operations(std::size_t threads, std::size_t turns) {
  constexpr std::size_t chains = 12, lanes = census::detail::vector_floats;  // all in registers
  auto const work = [turns](float& result) {
    typedef float vector __attribute__((vector_size(lanes * sizeof(float))));
    std::array<vector, chains> sums{};
    vector a{}, b{};
    for (std::size_t l = 0; l < lanes; ++l) a[l] = 0.999f, b[l] = 1e-3f * static_cast<float>(l);
    for (std::size_t i = 0; i < turns; ++i) {
#pragma GCC unroll 12
      for (std::size_t c = 0; c < chains; ++c)
        for (std::size_t l = 0; l < lanes; ++l) sums[c][l] = __builtin_fmaf(sums[c][l], a[l], b[l]);
    }
    for (auto const& sum : sums)
      for (std::size_t l = 0; l < lanes; ++l) result += sum[l];
  };
  double best = 0;
  std::vector<float> results(threads * 64);
  for (int run = 0; run < 5; ++run) {
    auto const start = std::chrono::steady_clock::now();
    std::vector<std::thread> all;
    for (std::size_t t = 0; t < threads; ++t) all.emplace_back([&, t] { work(results[t * 64]); });
    for (auto& one : all) one.join();
    double const seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    best = std::max(best, 2. * chains * lanes * turns * static_cast<double>(threads) / seconds);
  }
  float volatile keep = results[0];
  static_cast<void>(keep);
  return best;
}
