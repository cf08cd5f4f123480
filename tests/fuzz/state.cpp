// SPDX-License-Identifier: MIT
// The stored state of a layer's survey, and of its result: what snapshots, ranks and parts of a census hand on.
#include <census/archive/state_file.hpp>
#include <census/archive/store.hpp>
#include <census/statistic/layer_result.hpp>
#include <census/survey/paper_survey.hpp>

#include <fuzz/support/ensure.hpp>
#include <fuzz/support/input_folder.hpp>

#include <cstddef>
#include <span>
#include <string>

namespace {

/// `fresh` is a value that was made as the stored one was.
template <class T>
void check_state(census_fuzz::input_folder const& files, std::string const& holds, T const& fresh) {
  T restored = fresh, again = fresh;
  census::read_state(files / "state.safetensors", holds, restored);
  census::write_state(files / "again.safetensors", holds, restored);
  census::read_state(files / "again.safetensors", holds, again);
  auto const once = census::store(restored), twice = census::store(again);
  for (auto const& [path, array] : once.arrays) {
    auto const found = twice.arrays.find(path);
    census_fuzz::ensure(found != twice.arrays.end() && found->second.bytes() == array.bytes(),
                        "what is stored and restored is stored as it was");
  }
}

}  // namespace

void fuzz_state(std::span<std::byte const> input) {
  census_fuzz::input_folder const files(input, {"state.safetensors", "again.safetensors"});
  census::paper_survey const survey({.kept_memory = 1 << 12, .folder = files.path()});
  files.read([&] { check_state(files, "survey", survey); });
  files.read([&] { check_state(files, "result", census::layer_result()); });
}
