// SPDX-License-Identifier: MIT
// The numbers of a stored survey, without the file around them: the arrays have names and types of a small survey's
// state, and the input's bytes one after the other, each as many as that survey's has. In a file, most changes of a
// byte break its header.
#include <census/archive/restore.hpp>
#include <census/archive/store.hpp>
#include <census/error.hpp>
#include <census/survey/paper_survey.hpp>
#include <census/survey/survey.hpp>

#include <support/random_blocks.hpp>

#include <fuzz/support/ensure.hpp>

#include <algorithm>
#include <cstddef>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace {

census::stored_state const& small_state() {
  static census::paper_survey const seen = [] {
    census::paper_survey survey;
    census::survey(census_test::random_blocks(
                       {.texts = 1, .sequences = 2, .neurons = 3, .layers = 1, .context = 4, .vocabulary = 3}),
                   survey);
    return survey;
  }();
  static census::stored_state const state = census::store(seen);
  return state;
}

/// What a survey that was restored can be asked for.
void check_survey(census::paper_survey const& restored) {
  census::paper_survey again;
  census::restore(census::store(restored), again);
  census_fuzz::ensure(again == restored, "what is stored and restored is equal");
  try {
    restored.by_token(0), restored.by_domain(0), restored.by_position(0), restored.result(0);
  } catch (std::out_of_range const&) {  // layer 0 was not observed
  }
}

}  // namespace

void fuzz_restored(std::span<std::byte const> input) {
  std::map<std::string, census::archive_reader::array> arrays;
  for (auto const& [path, like] : small_state().arrays) {
    auto const bytes = input.first(std::min(input.size(), like.bytes().size()));
    arrays[path] = {like.type, bytes};
    input = input.subspan(bytes.size());
  }
  try {
    census::paper_survey restored;
    census::restore(census::archive_reader("state", std::move(arrays)), restored);
    check_survey(restored);
  } catch (census::bad_input const& refused) {
    census_fuzz::ensure(std::string_view(refused.what()).starts_with("state: "), "a message names the file");
  }
}
