// SPDX-License-Identifier: MIT
// What is said of position against neurons whose information is known: estimates and their intervals, documents that
// all begin alike, and types of neurons that fire rarely.
#include <census/statistic/judge_positional.hpp>

#include <chance/known_neurons.hpp>
#include <chance/sections.hpp>

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <random>
#include <span>
#include <string>
#include <vector>

namespace {

using census_test::text_noise;

/// Sums over the neurons of one kind, and over simulations.
struct estimate_tally {
  double intervals = 0, covering = 0;  // intervals, and those that hold the information
  double above = 0, found_by_test = 0, found_by_jackknife = 0, surely = 0;  // neurons of more than 0.05 nats
  double below = 0, called_by_test = 0, called_by_jackknife = 0;
  double bias_of_test = 0, bias_of_jackknife = 0;  // over neurons above

  void add(estimate_tally const& other) {
    for (auto const member :
         {&estimate_tally::intervals, &estimate_tally::covering, &estimate_tally::above, &estimate_tally::found_by_test,
          &estimate_tally::found_by_jackknife, &estimate_tally::surely, &estimate_tally::below,
          &estimate_tally::called_by_test, &estimate_tally::called_by_jackknife, &estimate_tally::bias_of_test,
          &estimate_tally::bias_of_jackknife})
      this->*member += other.*member;
  }
};

/// What one simulation, or several, say.
struct simulated_estimates {
  estimate_tally open, closed;
  double wrong = 0;  // simulations in which a neuron is said surely to be, or not to be, what it is not
};

/// One simulation: `count` neurons in so many documents.
simulated_estimates simulate_estimates(std::size_t count, std::uint32_t documents, text_noise noise,
                                       std::uint64_t seed) {
  std::mt19937_64 random(seed);
  auto const neurons = census_test::known_neurons(count, 256, noise, random);
  std::vector<census::layer_census> layers{
      census_test::census_of(census_test::fire(neurons, documents, noise, random))};
  census::judge_positional(layers);
  auto const& position = layers[0].position;
  simulated_estimates said;
  for (std::size_t n = 0; n < count; ++n) {
    double const truth = neurons[n].information, test = position.mutual_information_inside[n],
                 estimate = position.estimate.of_neuron[n].value;
    if (std::isnan(estimate)) continue;
    estimate_tally& tally = neurons[n].open ? said.open : said.closed;
    if (truth > 0.02 && truth < 0.3) {  // where it is to be told from 0.05
      auto const [lower, upper] = position.estimate.interval_95(n);
      ++tally.intervals, tally.covering += lower <= truth && truth <= upper;
    }
    bool const surely = position.above_threshold[n] == census::verdict::yes,
               surely_not = position.above_threshold[n] == census::verdict::no;
    if (truth > 0.05 ? surely_not : surely) said.wrong = 1;
    if (truth > 0.05) {
      ++tally.above, tally.found_by_test += test > 0.05, tally.found_by_jackknife += estimate > 0.05;
      tally.surely += surely, tally.bias_of_test += test - truth, tally.bias_of_jackknife += estimate - truth;
    } else {
      ++tally.below, tally.called_by_test += test > 0.05, tally.called_by_jackknife += estimate > 0.05;
    }
  }
  return said;
}

std::string share(double part, double whole) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f %%", whole == 0 ? 0 : 100 * part / whole);
  return text;
}

/// 200 documents of a full sequence each, 80 of them of a second one, all of which begin with the same 150 tokens:
/// neurons fire there each time as they did in the first document. 35 of the neurons hang on position.
census::block documents_that_begin_alike(std::uint32_t neurons, std::uint64_t seed) {
  constexpr std::uint32_t documents = 200, sequences = 280, context = 256, header = 150, positional = 35;
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> unit;
  std::size_t const words = census::packed_firings::words_for(neurons);
  std::size_t const rows = std::size_t{sequences} * context;
  std::shared_ptr<std::uint64_t[]> bits(new std::uint64_t[rows * words]());
  census::text_rows text{std::vector<census::token_id>(rows, 5), {}};
  for (std::uint32_t s = 0; s < sequences; ++s) {
    text.sequences.push_back(
        {.document = s % documents, .piece = s / documents, .first_row = s * context, .length = context, .full = true});
    text.tokens[(s + 1) * context - 1] += s;  // none is a copy of another
  }
  for (std::uint32_t n = 0; n < neurons; ++n) {
    double const rate = std::exp(std::log(0.005) + unit(random) * std::log(100.0));  // 0.5 to 50 %
    double const from = unit(random) * 0.7, to = from + 0.1 + 0.2 * unit(random);
    std::vector<bool> at_header(header);
    bool now = false;
    for (std::uint32_t p = 0, left = 0; p < header; ++p, --left) {
      if (left == 0) now = unit(random) < rate, left = 1 + static_cast<std::uint32_t>(random() % 8);
      at_header[p] = now;
    }
    for (std::uint32_t s = 0; s < sequences; ++s)
      for (std::uint32_t p = 0, left = 0; p < context; ++p, --left) {
        if (left == 0) now = unit(random) < rate, left = 1 + static_cast<std::uint32_t>(random() % 8);
        double const x = double(p) / context;
        bool const fires = n < positional                ? (x >= from && x < to) != (left % 8 == 7)
                           : s < documents && p < header ? at_header[p]
                                                         : now;
        if (fires) bits[(std::size_t{s} * context + p) * words + n / 64] |= std::uint64_t{1} << n % 64;
      }
  }
  return {0, census::share(std::move(text)), census::packed_firings(std::move(bits), rows, neurons)};
}

std::uint64_t count_true(std::vector<bool> const& verdicts, std::size_t from, std::size_t to) {
  std::uint64_t sum = 0;
  for (std::size_t n = from; n < to; ++n) sum += verdicts[n];
  return sum;
}

}  // namespace

void estimates_of_information(bool quick) {
  int const rounds = quick ? 6 : 20;
  std::size_t const neurons = quick ? 120 : 200;
  std::printf(
      "\n## Information as a test and as an estimate\n\n%zu neurons a simulation, T = 256, S documents of one full "
      "sequence each, %d simulations; their information is known, from 0 to 0.4 nats. \"Open\" are neurons whose rates "
      "lie between 10 and 90 %% at all positions, \"closed\" the others, most of which hardly fire at all at some. "
      "Intervals are looked at where the information is between 0.02 and 0.3. \"Wrong\" is a simulation in which any "
      "neuron, of either kind, is said to be surely above 0.05, or surely not, and is not so.\n\n"
      "| S | noise | neurons | interval covers | above 0.05: I − I0 finds | jackknife finds | surely | at most 0.05: I "
      "− "
      "I0 calls | jackknife calls | bias above 0.05, nats: I − I0 | jackknife | wrong |\n"
      "|---|---|---|---|---|---|---|---|---|---|---|---|\n",
      neurons, rounds);
  double covered = 0, intervals = 0, wrong = 0, all_rounds = 0, worst = 1;
  bool finds_more = true;
  for (std::uint32_t const documents : {8u, 16u, 30u, 60u}) {
    if (quick && documents > 16) break;
    for (auto const noise : {text_noise::tokens, text_noise::bursts, text_noise::documents}) {
      std::vector<simulated_estimates> each(static_cast<std::size_t>(rounds));
      tbb::parallel_for(0, rounds, [&](int round) {
        each[static_cast<std::size_t>(round)] =
            simulate_estimates(neurons, documents, noise, 100 * documents + static_cast<std::uint64_t>(round));
      });
      simulated_estimates sum;
      for (auto const& one : each) sum.open.add(one.open), sum.closed.add(one.closed), sum.wrong += one.wrong;
      for (bool const open : {true, false}) {
        estimate_tally const& kind = open ? sum.open : sum.closed;
        std::printf("| %u | %s | %s | %.3f | %s | %s | %s | %s | %s | %+.4f | %+.4f | %.0f of %d |\n", documents,
                    name_of(noise), open ? "open" : "closed", kind.covering / kind.intervals,
                    share(kind.found_by_test, kind.above).c_str(), share(kind.found_by_jackknife, kind.above).c_str(),
                    share(kind.surely, kind.above).c_str(), share(kind.called_by_test, kind.below).c_str(),
                    share(kind.called_by_jackknife, kind.below).c_str(), kind.bias_of_test / kind.above,
                    kind.bias_of_jackknife / kind.above, sum.wrong, rounds);
      }
      covered += sum.open.covering + sum.closed.covering, intervals += sum.open.intervals + sum.closed.intervals;
      wrong += sum.wrong, all_rounds += rounds;
      worst = std::min({worst, sum.open.covering / sum.open.intervals, sum.closed.covering / sum.closed.intervals});
      if (documents == 8 && noise == text_noise::tokens)
        finds_more = sum.closed.found_by_jackknife > sum.closed.found_by_test;
    }
  }
  std::printf("\nAll intervals: %.3f\n", covered / intervals);
  demand(covered / intervals >= 0.93 && covered / intervals <= 0.97, "Intervals cover 93 to 97 % on average");
  demand(worst >= 0.88, "and at least 88 % of each kind, at each S and noise");
  demand(finds_more, "With 8 sequences the jackknife finds more of the closed neurons above 0.05 than I − I0 does");
  demand(wrong <= 0.05 * all_rounds + 2 * std::sqrt(0.05 * all_rounds),
         "At most 5 % of the simulations are wrong, to within two standard errors");
}

void document_starts(bool quick) {
  std::uint32_t const neurons = quick ? 1536 : 6144;
  std::vector<census::layer_census> layers{census_test::census_of(documents_that_begin_alike(neurons, 5))};
  census::judge_positional(layers);
  auto const& position = layers[0].position;
  double const threshold = census::decoy_threshold(position.decoy_w);
  std::vector<bool> over_all;
  for (std::size_t n = 0; n < neurons; ++n)
    over_all.push_back(position.mutual_information_corrected[n] > 0.05 && position.decoy_w[n] >= threshold);
  std::vector<bool> surely;
  for (auto const& verdict : position.above_threshold) surely.push_back(verdict == census::verdict::yes);

  std::printf(
      "\n## Documents that all begin alike\n\n%u neurons, of which 35 are silent outside a window of "
      "positions; 200 documents, 80 of them of two full sequences of 256 and the others of one; their first 150 "
      "tokens are the same, as under a licence. Planted: no model is run.\n\n"
      "| rule | of the 35 | of the others |\n|---|---|---|\n",
      neurons);
  auto const row = [&](char const* rule, std::vector<bool> const& called) {
    std::printf("| %s | %llu | %llu |\n", rule, static_cast<unsigned long long>(count_true(called, 0, 35)),
                static_cast<unsigned long long>(count_true(called, 35, neurons)));
  };
  row("the paper's, I > 0.05", position.positional);
  row("I − I0 > 0.05 and W ≥ t, over all full sequences", over_all);
  row("positional_corrected: the same over those inside documents", position.positional_corrected);
  row("surely, by the jackknife inside documents", surely);
  demand(count_true(position.positional_corrected, 0, 35) == 35 &&
             count_true(position.positional_corrected, 35, neurons) <= 5,
         "positional_corrected calls the 35 and at most five others");
  demand(count_true(over_all, 35, neurons) > neurons / 10,
         "Over all full sequences more than a tenth of the others were called");
}

void types_of_rare_neurons(bool quick) {
  int const count = quick ? 200 : 2000;
  std::mt19937_64 random(11);
  std::uniform_real_distribution<double> unit;
  struct kind {
    char const* name;
    census::positional_type expected;
    double early, late;  // times the neuron's own rate
  };
  std::printf(
      "\n## Types of neurons that fire rarely\n\n%d neurons of each kind, firing at 1 to 6 %% of the tokens, T = "
      "256, S = 200.\n\n| rate | the type that this is | one_extreme by the margin | as it should be by the own "
      "rate |\n|---|---|---|---|\n",
      count);
  bool right = true;
  for (kind const& one :
       {kind{"the same everywhere", census::positional_type::other, 1, 1},
        kind{"half as much again in one half, half in the other", census::positional_type::other, 1.5, 0.5},
        kind{"silent in one half", census::positional_type::one_extreme, 2, 0}}) {
    int automatic = 0, as_expected = 0;
    for (int n = 0; n < count; ++n) {
      double const rate = 0.01 + 0.05 * unit(random);
      std::vector<std::uint32_t> counts;
      for (int p = 1; p < 256; ++p)
        counts.push_back(
            std::binomial_distribution<std::uint32_t>(200, rate * (p < 128 ? one.early : one.late))(random));
      auto const typed = census::positional_type_of(counts, std::vector<std::uint64_t>(255, 200));
      automatic += typed.type == census::positional_type::one_extreme;
      as_expected += typed.by_own_rate == one.expected;
    }
    std::printf("| %s | %s | %s | %s |\n", one.name, std::string(name_of(one.expected)).c_str(),
                share(automatic, count).c_str(), share(as_expected, count).c_str());
    right = right && as_expected >= 0.95 * count;
  }
  demand(right, "By the neuron's own rate at least 95 % have the type that they should");
}
