// SPDX-License-Identifier: MIT
// How far the statistics can be trusted against chance: what docs/chance.md shows. `chance` simulates in full, `chance
// --quick` a part of it. Exits with 1 where a bound is not kept.
#include <census/statistic/wilson_interval.hpp>

#include <chance/documents.hpp>
#include <chance/patterns.hpp>
#include <chance/sections.hpp>
#include <chance/simulated_layer.hpp>

#include <boost/math/special_functions/beta.hpp>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace {

using census_test::chance;
using census_test::pattern_noise;

bool kept = true;

}  // namespace

void demand(bool holds, std::string const& bound) {
  std::printf("\n%s: %s\n", bound.c_str(), holds ? "kept" : "NOT KEPT");
  kept = kept && holds;
}

namespace {

// P(X < k), X ~ Binomial(n, p).
double below(std::uint64_t k, std::uint64_t n, double p) {
  if (k == 0) return 0;
  if (k > n) return 1;
  return boost::math::ibetac(static_cast<double>(k), static_cast<double>(n - k + 1), p);
}

void coverage_of_wilson(bool quick) {
  std::puts("## Wilson's interval, 95 %, two-sided\n\nExact: sums of binomial probabilities, no simulation.\n\n"
            "| N | mean coverage, p uniform on (0, 1) | worst p | coverage there |\n|---|---|---|---|");
  double least = 1, most = 0;
  for (std::uint64_t const n : {20u, 50u, 73u, 100u, 200u, 500u, 1000u, 5000u}) {
    if (quick && n > 200) break;
    std::vector<census::proportion_interval> interval;
    for (std::uint64_t k = 0; k <= n; ++k) interval.push_back(census::wilson_interval(k, n));
    double mean = 0;  // the integral of C(n,k) p^k (1-p)^(n-k) from a to b is [I_b - I_a](k+1, n-k+1) / (n+1)
    for (std::uint64_t k = 0; k <= n; ++k)
      mean += (below(k + 1, n + 1, interval[k].lower) - below(k + 1, n + 1, interval[k].upper)) /
              static_cast<double>(n + 1);
    // Coverage is least beside an end of an interval: just below a lower one, just above an upper one.
    double worst = 1, worst_p = 0;
    auto const try_beside = [&](double p) {
      if (!(p > 0 && p < 1)) return;
      auto const first = std::ranges::partition_point(interval, [&](auto const& i) { return i.upper < p; });
      auto const last = std::ranges::partition_point(interval, [&](auto const& i) { return i.lower <= p; });
      double const coverage = below(static_cast<std::uint64_t>(last - interval.begin()), n, p) -
                              below(static_cast<std::uint64_t>(first - interval.begin()), n, p);
      if (coverage < worst) worst = coverage, worst_p = p;
    };
    for (auto const& each : interval) try_beside(each.lower * (1 - 1e-12)), try_beside(each.upper + 1e-12);
    std::printf("| %llu | %.4f | %.5f | %.3f |\n", static_cast<unsigned long long>(n), mean, worst_p, worst);
    least = std::min(least, mean), most = std::max(most, mean);
  }
  demand(least >= 0.945 && most <= 0.96, "Mean coverage from 0.945 to 0.96");
}

char const* name_of(chance noise) {
  return noise == chance::tokens ? "token by token" : noise == chance::bursts ? "bursts of 20" : "shared bursts of 20";
}

struct verdicts {
  double plain = 0, corrected = 0;  // of the neurons that ignore position: share called by the plain rule, the verdict
  double false_share = 0;           // of those that the verdict calls: share that ignore position
  double false_share_of_w = 0;      // the same for W >= t alone
  double found = 0;                 // of the positional ones
  double error = 0;                 // standard error of a mean of false_share
};

verdicts judge(census_test::simulated_layer const& layer, std::vector<std::uint32_t> const& neurons, double threshold) {
  double nulls = 0, plain = 0, wrong = 0, right = 0, wrong_w = 0, right_w = 0;
  for (std::uint32_t const n : neurons) {
    auto const& evidence = layer.evidence[n];
    bool const called = is_positional(evidence, threshold), called_by_w = evidence.w >= threshold;
    if (layer.positional[n]) {
      right += called, right_w += called_by_w;
    } else {
      ++nulls, wrong += called, wrong_w += called_by_w, plain += evidence.information > 0.05;
    }
  }
  double const real = static_cast<double>(neurons.size()) - nulls;
  return {plain / std::max(1.0, nulls),         wrong / std::max(1.0, nulls),
          wrong / std::max(1.0, wrong + right), wrong_w / std::max(1.0, wrong_w + right_w),
          right / std::max(1.0, real),          0};
}

double threshold_of(census_test::simulated_layer const& layer, std::vector<std::uint32_t> const& neurons) {
  std::vector<double> w;
  for (std::uint32_t const n : neurons) w.push_back(layer.evidence[n].w);
  return census::decoy_threshold(w);
}

std::vector<std::uint32_t> all_of(census_test::simulated_layer const& layer) {
  std::vector<std::uint32_t> neurons;
  for (std::uint32_t n = 0; n < layer.evidence.size(); ++n) neurons.push_back(n);
  return neurons;
}

// Means over `rounds` simulations of a shape, each with a seed of its own.
template <class Judge>
verdicts mean_of(census_test::simulated_shape const& shape, int rounds, Judge judged) {
  std::vector<verdicts> each(static_cast<std::size_t>(rounds));
  tbb::parallel_for(0, rounds, [&](int round) {
    auto own = shape;
    own.seed = static_cast<std::uint64_t>(round) + 1;
    each[static_cast<std::size_t>(round)] = judged(census_test::simulate(own));
  });
  verdicts mean;
  double squares = 0;
  for (verdicts const& one : each) {
    mean.plain += one.plain / rounds, mean.corrected += one.corrected / rounds;
    mean.false_share += one.false_share / rounds, squares += one.false_share * one.false_share / rounds;
    mean.false_share_of_w += one.false_share_of_w / rounds, mean.found += one.found / rounds;
  }
  mean.error = std::sqrt(std::max(0.0, squares - mean.false_share * mean.false_share) / (rounds - 1));
  return mean;
}

void positional_verdicts(bool quick) {
  auto const pooled = [](census_test::simulated_layer const& layer) {
    return judge(layer, all_of(layer), threshold_of(layer, all_of(layer)));
  };
  int const rounds = quick ? 8 : 50;
  std::printf(
      "\n## Positional or by chance\n\n1,000 neurons (%d at T = 2048), firing rates from 20 to 80 %%, mean of %d "
      "simulations (± its standard error). The last three columns are with 10 %% of the neurons truly positional.\n\n"
      "| T | S | noise | plain rule calls, of those that ignore position | corrected verdict calls | false among the "
      "called | positional ones found | W >= t alone: false |\n|---|---|---|---|---|---|---|---|\n",
      quick ? 200 : 400, rounds);
  bool plain_calls = true, few = true, controlled = true;
  struct setting {
    std::uint32_t context, sequences;
  };
  for (auto const& [t, s] : std::vector<setting>{{2048, 8}, {256, 8}, {256, 20}, {256, 100}, {2048, 30}}) {
    if (quick && s > 8) break;
    for (chance const noise : {chance::tokens, chance::bursts, chance::shared_bursts}) {
      std::uint32_t const neurons = t == 2048 ? quick ? 200 : 400 : 1000;
      auto const null = mean_of({t, s, neurons, 0, noise}, rounds, pooled);
      auto const mixed = mean_of({t, s, neurons, 0.1, noise}, rounds, pooled);
      std::printf("| %u | %u | %s | %.1f %% | %.2f %% | %.1f ± %.1f %% | %.1f %% | %.1f %% |\n", t, s, name_of(noise),
                  100 * null.plain, 100 * null.corrected, 100 * mixed.false_share, 100 * mixed.error, 100 * mixed.found,
                  100 * mixed.false_share_of_w);
      if (t == 2048 && s == 8) plain_calls = plain_calls && null.plain >= (noise == chance::tokens ? 0.99 : 0.9);
      few = few && null.corrected <= 0.01;
      controlled = controlled && mixed.false_share <= 0.05 + 2 * mixed.error;
    }
  }
  demand(plain_calls, "With 8 sequences of 2048 the plain rule calls at least 99 % of the neurons that ignore "
                      "position, 90 % with bursts");
  demand(few, "The corrected verdict calls at most 1 % of them");
  demand(controlled,
         "At most 5 % of the called are false with 10 % positional ones mixed in, to within two standard errors");

  // Twelve layers of 300: two with 95 positional neurons, ten with one.
  auto const layer_of = [](std::uint32_t n) {
    std::vector<std::uint32_t> layer;
    std::uint32_t const own = n < 2 ? 95 : 1, first = n < 2 ? 95 * n : 190 + n - 2;
    for (std::uint32_t i = 0; i < own; ++i) layer.push_back(first + i);
    for (std::uint32_t i = 0; i < 300 - own; ++i) layer.push_back(200 + i + (n < 2 ? 205 * n : 410 + 299 * (n - 2)));
    return layer;
  };
  census_test::simulated_shape const model{.neurons = 3600, .positional = 200.0 / 3600, .noise = chance::bursts};
  auto const by = [&](bool pool, std::uint32_t from, std::uint32_t to) {  // layers from .. to-1
    return mean_of(model, quick ? 2 : 40, [&, pool, from, to](census_test::simulated_layer const& layer) {
      std::vector<std::uint32_t> neurons;
      verdicts sum;
      for (std::uint32_t l = from; l < to; ++l) {
        auto const own = layer_of(l);
        auto const one = judge(layer, own, threshold_of(layer, pool ? all_of(layer) : own));
        sum.corrected += one.corrected / (to - from), sum.false_share += one.false_share / (to - from),
            sum.found += one.found / (to - from);
      }
      return sum;
    });
  };
  std::puts("\nTwelve layers of 300 neurons, S = 8, bursts of 20; two of the layers hold 95 positional neurons each, "
            "the others one each.\n\n"
            "| threshold from | layers | false among the called, mean of layers | positional ones found "
            "|\n|---|---|---|---|");
  for (bool const pool : {false, true})
    for (bool const rich : {true, false}) {
      verdicts const mean = by(pool, rich ? 0 : 2, rich ? 2 : 12);
      std::printf("| %s | %s | %.1f %% | %.1f %% |\n", pool ? "all layers" : "each layer", rich ? "the two" : "the ten",
                  100 * mean.false_share, 100 * mean.found);
    }
  verdicts const all = mean_of(model, quick ? 2 : 40, pooled);
  std::printf("| all layers | all, as one | %.1f %% | %.1f %% |\n", 100 * all.false_share, 100 * all.found);
}

void correlated_neurons(bool quick) {
  int const rounds = quick ? 6 : 30;
  std::printf("\n## Neurons that fire together\n\nAs above, T = 256, 1,000 neurons of which 10 %% are positional, %d "
              "simulations: each group of neurons goes along with shared bursts of 20 tokens at 95 %% of them. W >= t "
              "alone, the threshold at 5 %%.\n\n"
              "| S | neurons a group | false among the called, mean | simulations with more than 10 %% |\n"
              "|---|---|---|---|\n",
              rounds);
  for (std::uint32_t const sequences : {8u, 30u}) {
    if (quick && sequences > 8) break;
    for (std::uint32_t const together : {10u, 50u, 200u}) {
      std::vector<double> wrong(static_cast<std::size_t>(rounds));
      tbb::parallel_for(0, rounds, [&](int round) {
        auto const layer = census_test::simulate({.sequences = sequences,
                                                  .positional = 0.1,
                                                  .noise = chance::shared_bursts,
                                                  .together = together,
                                                  .goes_along = 0.95,
                                                  .seed = static_cast<std::uint64_t>(round) + 1});
        auto const all = all_of(layer);
        wrong[static_cast<std::size_t>(round)] = judge(layer, all, threshold_of(layer, all)).false_share_of_w;
      });
      double mean = 0, many = 0;
      for (double const one : wrong) mean += one / rounds, many += one > 0.1;
      std::printf("| %u | %u | %.1f %% | %.0f of %d |\n", sequences, together, 100 * mean, many, rounds);
    }
  }
}

void recovered_types(bool quick) {
  struct setting {
    std::uint32_t context, sequences;
    pattern_noise noise;
  };
  std::vector<setting> settings;
  for (std::uint32_t const context : {256u, 2048u})
    for (std::uint32_t const sequences : {20u, 50u, 200u})
      for (auto const noise : {pattern_noise::independent, pattern_noise::by_sequence, pattern_noise::bursts})
        if (!quick || (sequences == 20 && (context == 256 || noise == pattern_noise::bursts)))
          settings.push_back({context, sequences, noise});
  auto const patterns = census_test::position_patterns();
  int const rounds = quick ? 3 : 50;
  std::vector<double> recovered(patterns.size() * settings.size()), slow_only = recovered;
  tbb::parallel_for(std::size_t{0}, recovered.size(), [&](std::size_t i) {
    auto const& pattern = patterns[i / settings.size()];
    auto const& [context, sequences, noise] = settings[i % settings.size()];
    for (int round = 0; round < rounds; ++round) {
      std::mt19937_64 random(i * 1000 + static_cast<std::uint64_t>(round));
      auto const counts = census_test::noisy_counts(pattern, context, sequences, noise, random);
      std::vector<std::uint64_t> const occurrences(counts.size(), sequences);
      auto const segments = census::positional_segments(counts, occurrences);
      auto const recovers = [&](census::positional_type_rule const& rule) {
        return census::type_of(census::extremes(segments, rule.margin, rule)) == pattern.type;
      };
      recovered[i] += recovers({}) / double(rounds);
      slow_only[i] += recovers({.runs_of_a_wave = ~0u}) / double(rounds);
    }
  });
  std::printf("\n## Types recovered\n\n%zu patterns, T and S as shown, %d neurons each; where a pattern says never or "
              "always, 3 %% of the tokens do otherwise "
              "(token by token, by sequences that differ, in bursts).\n\n| pattern | type |",
              patterns.size(), rounds);
  for (std::uint32_t const context : {256u, 2048u}) std::printf(" T = %u: mean | worst |", context);
  std::puts(" mean without the rule for waves |\n|---|---|---|---|---|---|---|");
  double all = 0, all_slow = 0, worst = 1;
  std::string where;
  for (std::size_t p = 0; p < patterns.size(); ++p) {
    std::printf("| %s | %s |", patterns[p].name.c_str(), std::string(census::name_of(patterns[p].type)).c_str());
    double slow = 0;
    for (std::uint32_t const context : {256u, 2048u}) {
      double sum = 0, least = 1, cases = 0;
      for (std::size_t s = 0; s < settings.size(); ++s) {
        if (settings[s].context != context) continue;
        double const one = recovered[p * settings.size() + s];
        slow += slow_only[p * settings.size() + s] / static_cast<double>(settings.size());
        sum += one, ++cases, least = std::min(least, one);
        if (one < worst)
          worst = one, where = patterns[p].name + ", T = " + std::to_string(context) +
                               ", S = " + std::to_string(settings[s].sequences);
      }
      std::printf(" %.3f | %.2f |", sum / cases, least);
      all += sum;
    }
    std::printf(" %.3f |\n", slow);
    all_slow += slow;
  }
  double const mean = all / static_cast<double>(recovered.size());
  std::printf("\nMean over all %.4f (%.4f without the rule for waves). Worst: %s, %.2f.\n", mean,
              all_slow / static_cast<double>(patterns.size()), where.c_str(), worst);
  demand(mean >= 0.98, "Mean recovery of at least 0.98");
}

}  // namespace

int main(int argc, char** argv) {
  bool const quick = argc == 2 && std::string_view(argv[1]) == "--quick";
  if (argc > 1 && !quick) {
    std::fputs("usage: chance [--quick]\n", stderr);
    return 2;
  }
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  coverage_of_wilson(quick);
  positional_verdicts(quick);
  correlated_neurons(quick);
  document_starts(quick);
  estimates_of_information(quick);
  recovered_types(quick);
  types_of_rare_neurons(quick);
  census_test::halves_of_documents(quick, demand);
  census_test::singletons(quick, demand);
  census_test::unseen_text(quick, demand);
  return kept ? 0 : 1;
}
