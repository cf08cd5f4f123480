// SPDX-License-Identifier: MIT
// What `census take` and `census merge` keep beside the results, so that censuses of parts can be merged.
#pragma once

#include <census/archive/state_file.hpp>
#include <census/archive/store.hpp>
#include <census/report/census_folder.hpp>
#include <census/survey/census_corpus.hpp>
#include <census/survey/kept_corpus.hpp>
#include <census/survey/layer_state.hpp>
#include <census/survey/plan_census.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>

/// Keeps the text of a census that is planned now, and each layer's state as soon as it is there: in `unfinished`, from
/// where `results` takes them over when it is committed. A run that is resumed finds the earlier ones there. Who takes
/// snapshots in `unfinished` removes them in the end.
template <census::census_corpus Corpus>
void keep_states(std::filesystem::path const& unfinished, Corpus const& corpus, census::census_plan& plan,
                 census::census_folder& results) {
  census::write_state(unfinished / census::text_state_name, census::what_text_state_holds, census::kept_corpus(corpus));
  results.adopt(census::text_state_name, unfinished / census::text_state_name);
  for (std::size_t layer = plan.options.first_layer; layer < plan.options.last_layer; ++layer) {
    auto const name = census::state_file_name(static_cast<std::uint32_t>(layer));
    results.adopt(name, unfinished / name);
  }
  plan.options.keep_state = [unfinished](std::uint32_t layer, census::stored_state const& state) {
    census::stage_state(unfinished / census::state_file_name(layer), census::what_state_holds(layer), state)->commit();
  };
}

/// The same of a census that cannot be resumed: beside their places in `results`, which has to outlive the plan's use.
/// What is not committed goes with it.
inline void stage_states(census::kept_corpus const& corpus, census::census_plan& plan, census::census_folder& results) {
  auto const stage = [&results](std::string const& name, std::string holds, census::stored_state const& state) {
    results.append(name, census::stage_state(results.path() / name, std::move(holds), state));
  };
  stage(census::text_state_name, census::what_text_state_holds, census::store(corpus));
  plan.options.keep_state = [stage](std::uint32_t layer, census::stored_state const& state) {
    stage(census::state_file_name(layer), census::what_state_holds(layer), state);
  };
}
