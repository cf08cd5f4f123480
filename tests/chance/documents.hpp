// SPDX-License-Identifier: MIT
// What docs/chance.md shows of documents: halves that confirm one another, detectors that rest on n-grams seen once,
// and how new another document is.
#pragma once

#include <census/accumulator/kept_firings.hpp>
#include <census/activation/block.hpp>
#include <census/activation/join.hpp>
#include <census/splitmix64.hpp>
#include <census/statistic/detector_claim.hpp>
#include <census/statistic/detector_support.hpp>
#include <census/statistic/holm.hpp>
#include <census/statistic/ngram_census.hpp>
#include <census/statistic/text_coverage.hpp>
#include <census/tabulation/document_halves.hpp>

#include <tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace census_test {

/// Says whether a bound is kept.
using demand_of_chance = std::function<void(bool, std::string const&)>;

/// Documents of some lengths, one sequence each, of a few domains.
inline census::text_rows documents_of(std::vector<std::uint32_t> const& lengths, std::mt19937_64& random) {
  census::text_rows rows;
  for (std::size_t d = 0; d < lengths.size(); ++d) {
    rows.sequences.push_back({.document = d,
                              .first_row = static_cast<std::uint32_t>(rows.tokens.size()),
                              .length = lengths[d],
                              .domain = static_cast<std::uint16_t>(d % 5)});
    for (std::uint32_t i = 0; i < lengths[d]; ++i) rows.tokens.push_back(static_cast<std::uint32_t>(random()) >> 8);
  }
  return rows;
}

/// How halves serve: the share of the text in the smaller one, whether they can confirm anything, and of 100 neurons
/// of each kind how many are surely detectors.
struct halves_served {
  double smaller = 0, confirm = 0;
  double always = 0;       ///< of neurons that fire at every occurrence of a token,
  double too_rarely = 0;   ///< at 94 % of them, one independent of the other,
  double by_document = 0;  ///< and at all or none of a document's, none in 7 % of the documents
};

inline double surely(std::vector<std::array<census::key_in_halves::counts, 2>> const& neurons) {
  std::vector<census::tested_claim> claims;
  std::vector<double> p;  // of those made
  for (auto const& [first, second] : neurons) {
    std::vector<census::key_in_halves> const keys{{first, second}};
    claims.push_back(census::test_on_second_half(census::claim_on_first_half(keys), keys));
    if (claims.back().verdict != census::verdict::undecided) p.push_back(claims.back().p);
  }
  auto const stands = census::holm_rejections(p);
  double borne_out = 0;
  for (std::size_t made = 0; census::tested_claim const& claim : claims)
    if (claim.verdict != census::verdict::undecided && stands[made++])
      borne_out += claim.verdict == census::verdict::yes;
  return borne_out / static_cast<double>(neurons.size());
}

/// half_of(document) parts documents of these lengths; a token occurs about 700 times in all of them.
template <class HalfOf>
halves_served serve(std::vector<std::uint32_t> const& lengths, HalfOf const& half_of, std::mt19937_64& random) {
  halves_served served;
  std::array<double, 2> tokens{}, documents{};
  double all = 0;
  for (std::size_t d = 0; d < lengths.size(); ++d)
    tokens[half_of(d)] += lengths[d], ++documents[half_of(d)], all += lengths[d];
  served.smaller = std::min(tokens[0], tokens[1]) / all;
  served.confirm = documents[0] >= 2 && documents[1] >= 2;
  if (served.confirm == 0) return served;
  std::array<double*, 3> const share{&served.always, &served.too_rarely, &served.by_document};
  for (std::size_t kind = 0; kind < share.size(); ++kind) {
    std::vector<std::array<census::key_in_halves::counts, 2>> neurons(100);
    for (auto& halves : neurons)
      for (std::size_t d = 0; d < lengths.size(); ++d) {
        auto const occurrences = std::poisson_distribution<std::uint64_t>(700.0 * lengths[d] / all)(random);
        double const rate = kind == 0 ? 1 : kind == 1 ? 0.94 : random() % 100 < 93;
        halves[half_of(d)].occurrences += occurrences;
        halves[half_of(d)].firings += std::binomial_distribution<std::uint64_t>(occurrences, rate)(random);
      }
    *share[kind] = surely(neurons);
  }
  return served;
}

/// Documents from 4 to 190, halved by one hash of their number and as document_halves deals them out.
inline void halves_of_documents(bool quick, demand_of_chance const& demand) {
  int const rounds = quick ? 40 : 200;
  std::printf(
      "\n## Halves of the documents\n\nDocuments of five domains, their lengths log-normal (the longest of 68 is some "
      "ten times the median), %d draws. *By hash*: each on a side by a hash of its number; *dealt out*: ranked by hash "
      "in each domain, each to the side of fewer tokens. A token occurs 700 times; of 100 neurons of each kind, judged "
      "together, the share that is *surely* a detector where halves can confirm anything (two documents each).\n\n"
      "| documents | halves | share of the text in the smaller, mean | in the worst of 20 | cannot confirm | surely, "
      "of "
      "those that fire always | at 94 %% of occurrences | at all or none of a document's, 93 %% of documents "
      "|\n|---|---|---|---|---|---|---|---|\n",
      rounds);
  double least_even = 1, most_wrong = 0;
  for (std::size_t const documents : {4u, 8u, 16u, 30u, 68u, 190u})
    for (bool const dealt : {false, true}) {
      std::vector<halves_served> each(static_cast<std::size_t>(rounds));
      tbb::parallel_for(std::size_t{0}, each.size(), [&](std::size_t round) {
        std::mt19937_64 random(1000 * documents + round);
        std::lognormal_distribution<double> length(5, 1);
        std::vector<std::uint32_t> lengths(documents);
        for (auto& one : lengths) one = 1 + static_cast<std::uint32_t>(length(random));
        census::document_halves const halves(std::vector{census::share(documents_of(lengths, random))});
        std::uint64_t const first = random();
        each[round] = serve(
            lengths,
            [&](std::size_t d) -> std::size_t {
              return dealt ? halves.half_of(d).value() : census::splitmix64(~(first + d)) >> 63;
            },
            random);
      });
      halves_served mean;
      std::vector<double> smaller;
      for (halves_served const& one : each) {
        mean.smaller += one.smaller / rounds, mean.confirm += one.confirm / rounds;
        mean.always += one.always, mean.too_rarely += one.too_rarely, mean.by_document += one.by_document;
        smaller.push_back(one.smaller);
      }
      std::ranges::sort(smaller);
      double const judged = std::max(1.0, mean.confirm * rounds), worst = smaller[smaller.size() / 20];
      std::printf("| %zu | %s | %.3f | %.3f | %.0f %% | %.1f %% | %.2f %% | %.1f %% |\n", documents,
                  dealt ? "dealt out" : "by hash", mean.smaller, worst, std::abs(100 - 100 * mean.confirm),
                  100 * mean.always / judged, 100 * mean.too_rarely / judged, 100 * mean.by_document / judged);
      if (dealt && documents >= 30) least_even = std::min(least_even, worst);
      most_wrong = std::max(most_wrong, mean.too_rarely / judged);
    }
  demand(least_even >= 0.4, "From 30 documents on, the smaller half holds at least 40 % of the text in 19 of 20 draws");
  demand(most_wrong <= 0.001, "At most one in 1,000 that fire at 94 % of occurrences is surely a detector (the 5 % are "
                              "for all of a layer's claims together)");
}

/// Neurons that fire by chance, a few of which hold on to an n-gram.
struct singleton_world {
  enum class kind { chance, detects, in_one_document, half_chance };
  std::vector<kind> kinds;  ///< [neuron]
  census::kept_firings kept;
};

/// 60 documents of 1,000 Zipf tokens; 25 trigrams are put into them 100 times each, 5 of these in one document only.
inline singleton_world make_singletons(std::uint64_t seed, std::uint32_t by_chance) {
  using kind = singleton_world::kind;
  constexpr std::uint32_t documents = 60, length = 1000, trigrams = 25, times = 100;
  std::mt19937_64 random(seed);
  census::text_rows rows;
  for (std::uint32_t d = 0; d < documents; ++d) {
    rows.sequences.push_back({.document = d, .first_row = d * length, .length = length});
    for (std::uint32_t i = 0; i < length; ++i)
      rows.tokens.push_back(
          100 + static_cast<std::uint32_t>(std::pow(2000.0, static_cast<double>(random() >> 11) * 0x1p-53)));
  }
  std::vector<std::vector<std::size_t>> ends(trigrams);
  std::vector<bool> taken(rows.tokens.size());
  for (std::uint32_t g = 0; g < trigrams; ++g)
    while (ends[g].size() < times) {
      std::size_t const d = g < 5 ? g : random() % documents, at = d * length + random() % (length - 2);
      if (taken[at] || taken[at + 1] || taken[at + 2]) continue;
      for (std::uint32_t i = 0; i < 3; ++i) taken[at + i] = true, rows.tokens[at + i] = 3 * g + i;
      ends[g].push_back(at + 2);
    }
  singleton_world world{std::vector<kind>(by_chance, kind::chance), census::kept_firings{}};
  world.kinds.insert(world.kinds.end(), 5, kind::in_one_document);
  world.kinds.insert(world.kinds.end(), 20, kind::detects);
  world.kinds.insert(world.kinds.end(), 20, kind::half_chance);
  std::size_t const neurons = world.kinds.size(), words = census::packed_firings::words_for(neurons);
  std::shared_ptr<std::uint64_t[]> bits(new std::uint64_t[rows.tokens.size() * words]());
  for (std::size_t n = 0; n < neurons; ++n) {
    auto const fire = [&](std::size_t row) { bits[row * words + n / 64] |= std::uint64_t{1} << n % 64; };
    std::size_t const planted = n < by_chance ? trigrams : n - by_chance < 25 ? n - by_chance : n - by_chance - 20;
    if (planted < trigrams) std::ranges::for_each(ends[planted], fire);
    std::uint64_t const chances = world.kinds[n] == kind::chance        ? 1 + random() % 60
                                  : world.kinds[n] == kind::half_chance ? 45
                                                                        : 0;
    for (std::uint64_t i = 0; i < chances; ++i) fire(random() % rows.tokens.size());
  }
  std::size_t const all_rows = rows.tokens.size();
  world.kept.observe(census::block(0, census::share(std::move(rows)), {std::move(bits), all_rows, neurons}));
  return world;
}

/// What the paper's rule calls a detector where neurons fire by chance, and what supports it.
inline void singletons(bool quick, demand_of_chance const& demand) {
  using kind = singleton_world::kind;
  std::uint32_t const by_chance = quick ? 300 : 3000;
  auto const world = make_singletons(1, by_chance);
  auto const layer = world.kept.at(0);
  auto const text = census::join(layer.texts());
  std::printf(
      "\n## Detectors that rest on n-grams seen once\n\n60,000 Zipf tokens in 60 documents, %u neurons that fire at 1 "
      "to "
      "60 tokens by chance; 20 that fire at each of the 100 occurrences of a trigram, 5 whose trigram is in one "
      "document "
      "only, 20 that fire at 45 tokens by chance besides. *Once supported* is what this column counted before: one "
      "detected n-gram of 73 occurrences was enough.\n\n"
      "| n | of those | called by the rule | of that order | once supported | supported |\n|---|---|---|---|---|---|\n",
      by_chance);
  std::vector<census::ngram_census> taken;
  std::vector<std::vector<census::detector>> by_n;
  for (std::size_t n = 1; n <= 3; ++n) {
    taken.push_back(census::take_ngram_census(layer, {n, text}));
    by_n.push_back(taken.back().detectors);
  }
  auto const orders = census::detector_orders(world.kinds.size(), by_n);
  double false_calls = 0, false_support = 0, found = 0;
  char const* const names[] = {"by chance", "at each occurrence", "in one document", "by chance besides"};
  for (std::size_t n = 1; n <= 3; ++n)
    for (kind const of : {kind::chance, kind::half_chance, kind::in_one_document, kind::detects}) {
      int called = 0, of_that_order = 0, once = 0, supported = 0;
      for (census::detector const& one : by_n[n - 1]) {
        if (world.kinds[one.neuron] != of) continue;
        ++called, of_that_order += orders[one.neuron] == n;
        once += census::supported(one.detected, 73) > 0, supported += census::is_supported(one) == true;
      }
      std::printf("| %zu | %s | %d | %d | %d | %d |\n", n, names[static_cast<int>(of)], called, of_that_order, once,
                  supported);
      if (of == kind::chance) false_calls += called;
      (of == kind::detects ? found : false_support) += of == kind::detects && n < 3 ? 0 : supported;
    }
  demand(false_calls > by_chance / 20.0, "The rule calls more than one in twenty of those that fire by chance");
  demand(false_support == 0, "None of those that fire by chance, in part by chance, or in one document is supported");
  demand(found == 20, "All that fire at each occurrence of their trigram are supported");
}

/// Documents that repeat themselves: half of the tokens are drawn anew from a Zipf law, half from the document so far.
inline census::text_rows repeating_documents(std::uint32_t documents, std::mt19937_64& random) {
  census::text_rows rows;
  constexpr std::uint32_t length = 900;
  for (std::uint32_t d = 0; d < documents; ++d) {
    rows.sequences.push_back({.document = d, .first_row = d * length, .length = length});
    for (std::uint32_t i = 0; i < length; ++i)
      rows.tokens.push_back(i > 0 && random() % 2 == 0 ? rows.tokens[d * length + random() % i]
                                                       : static_cast<std::uint32_t>(std::pow(
                                                             20000.0, static_cast<double>(random() >> 11) * 0x1p-53)));
  }
  return rows;
}

/// How new another document's n-grams are, by both estimates and in truth.
inline void unseen_text(bool quick, demand_of_chance const& demand) {
  std::uint32_t const fresh = quick ? 20 : 400;
  std::mt19937_64 random(1);
  auto const text = census::share(repeating_documents(68, random));
  auto const others = repeating_documents(fresh, random);
  std::printf("\n## How new another document is\n\n68 documents of 900 tokens, half of them drawn from a Zipf law, "
              "half from what "
              "the document said before; in truth: the share of n-grams of %u other such documents that are not in the "
              "text.\n\n"
              "| n | Good and Turing (`unseen_mass`) | each document left out (`unseen_mass_by_document`) | in truth "
              "|\n|---|---|---|---|\n",
              fresh);
  double worst = 0, first_of_good_turing = 0;
  bool is_low = true;
  for (std::size_t n = 1; n <= 3; ++n) {
    using ngram = std::vector<census::token_id>;
    auto const for_each = [n](census::text_rows const& of, auto const& visit) {
      for (census::sequence const& s : of.sequences)
        for (std::size_t row = s.first_row; row + n <= s.first_row + s.length; ++row)
          visit(ngram(of.tokens.begin() + static_cast<std::ptrdiff_t>(row),
                      of.tokens.begin() + static_cast<std::ptrdiff_t>(row + n)));
    };
    std::set<ngram> known;
    double unknown = 0, all = 0;
    for_each(*text, [&](ngram one) { known.insert(std::move(one)); });
    for_each(others, [&](ngram const& one) { ++all, unknown += !known.contains(one); });
    auto const estimated = census::coverage_of({n, text});
    double const truth = unknown / all, by_document = estimated.unseen_mass_by_document();
    std::printf("| %zu | %.3f | %.3f | %.3f |\n", n, estimated.unseen_mass(), by_document, truth);
    worst = std::max(worst, std::abs(by_document / truth - 1));
    is_low = is_low && estimated.unseen_mass() < truth;
    if (n == 1) first_of_good_turing = estimated.unseen_mass() / truth;
  }
  demand(worst <= 0.1, "Leaving documents out misses the truth by at most a tenth");
  demand(is_low && first_of_good_turing < 0.5,
         "Good and Turing's estimate is too low at every n, of tokens by more than half");
}

}  // namespace census_test
