// SPDX-License-Identifier: MIT
// The hot loops, each once, in functions named guard_... whose instructions guard.py counts. The data are fixed, there
// is one thread, and products are empty: those of BLAS are not ours to guard, and choose their code by the machine.
#include "../ngrams/synthetic_source.hpp"

#include <census/accumulator/kept_firings.hpp>
#include <census/activation/join.hpp>
#include <census/activation/packed_firings.hpp>
#include <census/model/activation_function.hpp>
#include <census/model/detail/attention.hpp>
#include <census/model/detail/layer_norm.hpp>
#include <census/statistic/ngram_census.hpp>
#include <census/tabulation/tabulate.hpp>

#include <tbb/global_control.h>

#include <cblas.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <vector>

extern "C" {
void cblas_sgemm(CBLAS_ORDER, CBLAS_TRANSPOSE, CBLAS_TRANSPOSE, blasint, blasint, blasint, float, float const*, blasint,
                 float const*, blasint, float, float*, blasint) {}
void openblas_set_num_threads(int) {}
int openblas_get_parallel() { return OPENBLAS_THREAD; }
}

namespace {

constexpr std::size_t rows = 1024, neurons = 3072, context = 256, hidden = 768, heads = 12;
constexpr std::uint32_t vocabulary = 50272;

struct data {
  census::padded_matrix values{rows, neurons}, residual{rows, hidden}, normed{rows, hidden}, scores, row{1, neurons};
  std::vector<std::uint64_t> words = std::vector<std::uint64_t>(rows * census::packed_firings::words_for(neurons));
  census::packed_firings firings;
  census::key_rows nothing, by_position, by_token;
  census::firing_counts total{neurons}, positions{neurons}, tokens{neurons};  // of cells of 4, 2 and 1 bytes
  census::kept_firings kept;

  data() {
    bench::random_words random{1};
    for (std::size_t i = 0; i < rows; ++i)
      for (float& value : values.row(i)) value = static_cast<float>(random.unit() - 0.95);
    for (std::size_t i = 0; i < rows; ++i)
      for (float& value : residual.row(i)) value = static_cast<float>(random.unit() - 0.5);
    std::vector<std::uint32_t> positions_of_rows, tokens_of_rows;
    for (std::size_t i = 0; i < rows; ++i) {
      positions_of_rows.push_back(static_cast<std::uint32_t>(i % context));
      tokens_of_rows.push_back(static_cast<std::uint32_t>(std::pow(static_cast<double>(vocabulary), random.unit())) -
                               1);
    }
    nothing = census::key_rows(std::vector<std::uint32_t>(rows));
    by_position = census::key_rows(positions_of_rows);
    by_token = census::key_rows(tokens_of_rows);
    firings = census::pack({std::vector<float>(values.data(), values.data() + rows * neurons), neurons});
    for (std::size_t block = 0; block < 100; ++block)
      total.admit(firings, nothing), positions.admit(firings, by_position);
    tokens.admit(firings, by_token);  // the rows exist, as they do in the steady state
    bench::synthetic_source source({.tokens = 20'000, .neurons = 1024, .context = 512});
    while (auto const block = source()) kept.observe(*block);
  }
};

data& all() {
  static data made;
  return made;
}

}  // namespace

extern "C" {
[[gnu::noinline]] void guard_pack() {
  for (std::size_t i = 0; i < rows; ++i)
    if (!census::pack_row(all().values.row(i), &all().words[i * census::packed_firings::words_for(neurons)]))
      std::abort();
}
[[gnu::noinline]] void guard_tabulate_all() { census::tabulate(all().firings, all().nothing, all().total); }
[[gnu::noinline]] void guard_tabulate_positions() {
  census::tabulate(all().firings, all().by_position, all().positions);
}
[[gnu::noinline]] void guard_tabulate_tokens() { census::tabulate(all().firings, all().by_token, all().tokens); }
[[gnu::noinline]] void guard_trigrams() {
  auto const layer = all().kept.at(0);
  auto const taken = census::take_ngram_census(layer, census::ngram_rows(3, census::join(layer.texts())));
  if (taken.distinct == 0) std::abort();
}
[[gnu::noinline]] void guard_activate() {
  for (std::size_t i = 0; i < rows; ++i) {
    if (!census::add_bias_and_activate(census::activation_function::relu, all().values.row(i), all().row.row(0)))
      std::abort();
  }
}
[[gnu::noinline]] void guard_attention() {
  for (std::size_t first = 0; first < rows; first += context) {
    census::matrix_view<float const> const own{all().residual.row(first).data(), heads * context, hidden / heads,
                                               hidden / heads};
    census::causal_attention(own, own, own, all().scores, all().normed.view().middle_rows(first, context));
  }
}
[[gnu::noinline]] void guard_layer_norm() {
  auto const gain = all().residual.row(0), bias = all().residual.row(1);
  census::layer_norm(all().residual.view(), gain, bias, 1e-5f, all().normed.view());
}
}

int main() {
  tbb::global_control const one_thread(tbb::global_control::max_allowed_parallelism, 1);
  all();
  guard_pack();
  guard_tabulate_all();
  guard_tabulate_positions();
  guard_tabulate_tokens();
  guard_trigrams();
  guard_activate();
  guard_attention();
  guard_layer_norm();
}
