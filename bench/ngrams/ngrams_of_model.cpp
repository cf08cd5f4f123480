// SPDX-License-Identifier: MIT
// bench_ngrams_of_model MODEL TEXT...: the n-gram census of an OPT model on real text, layer by layer: how many neurons
// fall to each bound before their n-grams are counted, how much certified sketches leave undecided, each checked
// against the exact answer. Exits 1 where one contradicts it.
#include <census/accumulator/kept_firings.hpp>
#include <census/accumulator/paper_tables.hpp>
#include <census/activation/join.hpp>
#include <census/corpus/open_corpus.hpp>
#include <census/model/layers.hpp>
#include <census/model/open_model.hpp>
#include <census/statistic/detectors.hpp>
#include <census/statistic/ngram_bounds.hpp>
#include <census/statistic/ngram_census.hpp>
#include <census/survey/stopwatch.hpp>
#include <census/statistic/ngram_certificate.hpp>
#include <census/statistic/text_coverage.hpp>
#include <census/survey/survey.hpp>
#include <census/tabulation/select_neurons.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>
#include <tuple>
#include <vector>

namespace {

void expect(bool holds, char const* what) {
  if (holds) return;
  std::cerr << "contradiction: " << what << '\n';
  std::exit(1);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: bench_ngrams_of_model MODEL TEXT...\n";
    return 2;
  }
  auto const model = census::open_model(argv[1]);
  auto const corpus = census::open_corpus(model.tokenizer(), {argv + 2, argv + argc},
                                          {.context = std::min<std::size_t>(2048, model.architecture().max_positions)});
  std::vector<census::ngram_rows> ngrams;
  auto const text = census::join(corpus.texts());
  for (std::size_t n : {1, 2, 3}) {
    ngrams.emplace_back(n, text);
    auto const coverage = census::coverage_of(census::occurrence_counts(ngrams.back()));
    std::printf("n = %zu: %llu tokens, %llu distinct, unseen mass %.4f, decidable share %.3f\n", n,
                static_cast<unsigned long long>(coverage.tokens), static_cast<unsigned long long>(coverage.distinct),
                coverage.unseen_mass(), coverage.decidable_share());
  }
  std::array<std::size_t, 3> const shares{100, 20, 4};  // of the distinct n-grams, one in so many is kept apart
  std::printf("\n%5s %2s %10s %7s %9s %8s %7s %6s   undecided of (neurons), by share of n-grams kept and pools:\n",
              "layer", "n", "detectors", "silent", "frequent", "by last", "shared", "left");

  bool const table_fits = census::firing_counts::bytes(ngrams[1].distinct(), text->tokens.size(),
                                                       model.architecture().ffn_size) < std::uint64_t{1} << 30;
  std::uint32_t number = 0;
  for (auto&& layer : census::layers(model, corpus, {.keep_values = false})) {
    census::kept_firings kept;
    census::token_coverage tokens;
    census::firings_by<census::key::ngram<2>> bigrams;  // a table, to compare with
    std::vector<std::tuple<std::size_t, std::size_t, census::sketch_pools, census::ngram_sketch>> sketches;
    std::vector<census::firings_by<census::ngram_sketch>> sketched;
    for (std::size_t n : {2, 3})
      for (std::size_t const share : shares)
        for (auto const pools : {census::sketch_pools::one, census::sketch_pools::by_last_token}) {
          sketches.emplace_back(n, share, pools,
                                census::ngram_sketch(ngrams[n - 1], ngrams[n - 1].distinct() / share, pools));
          sketched.emplace_back(std::get<3>(sketches.back()));
        }
    for (auto const& block : layer) {
      kept.observe(block);
      tokens.observe(block);
      if (table_fits) bigrams.observe(block);
      for (auto& one : sketched) one.observe(block);
    }
    auto const held = kept.at(number);
    auto const by_token = tokens.table(number);
    for (std::size_t n : {1, 2, 3}) {
      auto const rule = census::ngram_detector_rule(n);
      auto const exact = census::take_ngram_census(held, ngrams[n - 1]);
      if (n == 1) expect(exact.cover == census::covers(by_token), "unigrams and the table by token");
      if (n == 2 && table_fits) {
        auto const table = bigrams.table(number);
        expect(exact.cover == census::covers(table) && exact.detectors == census::detectors(table, rule),
               "bigrams and the table by bigram");
      }
      auto const most = census::most_held(census::occurrence_counts(ngrams[n - 1]), rule.cover_at_most);
      auto const left =
          census::candidates(census::bound_by_tokens(by_token, {ngrams[n - 1], rule.cover_at_most}), most);
      std::printf("%5u %2zu %10zu %7llu %9llu %8llu %7llu %6zu  ", number, n, exact.detectors.size(),
                  static_cast<unsigned long long>(left.silent), static_cast<unsigned long long>(left.too_frequent),
                  static_cast<unsigned long long>(left.by_last_token), static_cast<unsigned long long>(left.shared),
                  left.neurons.size());
      for (std::uint32_t neuron = 0; neuron < exact.neurons(); ++neuron)
        expect((exact.cover[neuron] == 0 || exact.cover[neuron] > rule.cover_at_most) ||
                   std::ranges::binary_search(left.neurons, neuron),
               "a neuron that could be covered was left out");
      for (std::size_t s = 0; s < sketches.size(); ++s) {
        auto const& [of, share, pools, sketch] = sketches[s];
        if (of != n) continue;
        auto const certificates = census::certify_ngrams(sketched[s].table(number), sketch, rule);
        std::size_t undecided = 0;
        for (std::uint32_t neuron = 0; neuron < certificates.size(); ++neuron) {
          auto const& is = certificates[neuron];
          bool const detector = std::ranges::binary_search(exact.detectors, neuron, {}, &census::detector::neuron);
          expect(is.firings == exact.firings[neuron] && is.cover_low <= exact.cover[neuron] &&
                     exact.cover[neuron] <= is.cover_high,
                 "a cover beyond its bounds");
          expect(is.detector == census::certainty::undecided || (is.detector == census::certainty::yes) == detector,
                 "a verdict");
          undecided += is.detector == census::certainty::undecided;
        }
        std::printf("  1/%zu%s %zu", share, pools == census::sketch_pools::one ? "" : "t", undecided);
      }
      std::printf("\n");
    }
    ++number;
  }
}
