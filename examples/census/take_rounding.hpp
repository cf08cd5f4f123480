// SPDX-License-Identifier: MIT
// What `census take` does about rounding: a few sequences of the text are computed in double precision as well.
#pragma once

#include <census/error.hpp>
#include <census/model/double_pass.hpp>
#include <census/model/forward_in_double.hpp>
#include <census/model/model.hpp>
#include <census/recording/recorded_model.hpp>
#include <census/statistic/rounding_error.hpp>
#include <census/survey/measure_rounding.hpp>
#include <census/survey/plan_census.hpp>
#include <census/survey/progress.hpp>
#include <census/survey/sample_sequences.hpp>

#include "settings.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <string>
#include <vector>

/// Throws bad_input where the sample does not fit into the memory asked for, or into a device's: it is there before the
/// tables are. `running` is what the opened model runs as.
template <census::census_model Model>
void check_rounding_memory(Model const& running, census::model const& opened, census::census_plan const& plan,
                           take_settings const& asked) {
  auto const& shape = opened.architecture();
  std::size_t const context = plan.size.positions,
                    sequences = std::min<std::size_t>(asked.rounding_sample, plan.size.sequences);
  if (sequences == 0 || plan.size.distinct_tokens == 0) return;  // without known tokens there is no sample
  std::string const sample = "--rounding-sample " + std::to_string(asked.rounding_sample);
  std::uint64_t const in_float = sizeof(float) * context * (2 * shape.ffn_size + sequences * shape.hidden_size);
  std::uint64_t const bytes = plan.weights + plan.working + plan.text + plan.program + in_float +
                              census::in_double::bytes(shape, sequences, context, asked.threads);
  if (bytes > asked.memory)
    throw census::bad_input(sample, "sequences in double precision need " + std::to_string((bytes >> 20) + 1) +
                                        " MiB of memory; 0 takes none");
  if constexpr (requires { running.without_tables(); }) try {
      plan_device(running.without_tables(), {.tokens = sequences * context,
                                             .context = context,
                                             .rows_per_block = context,
                                             .layers = plan.options.last_layer,
                                             .keep_values = true});
    } catch (census::bad_input const& error) {
      throw census::bad_input(sample, std::string(error.what()) + "; 0 takes none");
    }
}

/// What rounding does to each layer's pre-activations, on a sample of the text; empty where none was asked for, or
/// could be taken: a recording need not tell its tokens. `running` is what the opened model runs as.
template <census::census_model Model, census::census_corpus Corpus>
std::vector<census::rounding_error> rounding_of(Model const& running, census::model const& opened, Corpus const& corpus,
                                                census::census_plan const& plan, take_settings const& asked,
                                                census::progress& progress) {
  if (asked.rounding_sample == 0) return {};
  auto const sample = census::sample_sequences(corpus, asked.rounding_sample);
  if (sample.empty()) {
    std::cerr << "no sample in double precision: the text does not tell all tokens of any sequence chosen for it\n";
    return {};
  }
  progress.begin("a sample in double precision", sample.size() * plan.options.last_layer, "sequences x layers");
  census::double_pass exact(opened, sample);
  auto const counted = [&](auto const& weights, std::size_t i) {
    auto const found = exact(weights, i);
    progress.advance(1);
    return found;
  };
  auto const measured = [&](auto const& model) {
    return census::measure_rounding(model, sample, plan.options.last_layer, counted);
  };
  if constexpr (requires { running.without_tables(); })
    return measured(running.without_tables());  // of a device's memory, which they share with the pass
  else
    return measured(running);
}

/// The same of a census that is replayed: the model itself runs on the sample.
template <census::census_corpus Corpus>
std::vector<census::rounding_error>
rounding_of(census::recorded_model<census::model> const& replayed, census::model const& opened, Corpus const& corpus,
            census::census_plan const& plan, take_settings const& asked, census::progress& progress) {
  return rounding_of(replayed.host(), opened, corpus, plan, asked, progress);
}

/// Tells what was found, over all layers.
inline void print_rounding(std::ostream& out, std::vector<census::rounding_error> const& errors) {
  if (errors.empty()) return;
  std::uint64_t firings = 0, differ = 0;
  for (auto const& error : errors) firings += error.firings, differ += error.firings_differ();
  out << "\nRounding: in " << errors.front().tokens << " tokens computed in double precision as well, " << differ
      << " of " << firings << " firings differ\n";
}
