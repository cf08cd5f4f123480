// SPDX-License-Identifier: MIT
// The stored state of a layer's survey: what snapshots, ranks and parts of a census hand on.
#include <census/archive/state_file.hpp>
#include <census/survey/paper_survey.hpp>

#include <fuzz/support/ensure.hpp>
#include <fuzz/support/input_folder.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

void fuzz_state(std::span<std::byte const> input) {
  using census_fuzz::ensure;
  census_fuzz::input_folder const files(input, {"state.safetensors", "again.safetensors"});
  census::paper_survey_options const options{.kept_memory = 1 << 12, .folder = files.path()};
  files.read([&] {
    census::paper_survey restored(options), again(options);
    census::read_state(files / "state.safetensors", "layer", restored);
    census::write_state(files / "again.safetensors", "layer", restored);
    census::read_state(files / "again.safetensors", "layer", again);
    ensure(again == restored, "what is stored and restored is equal");
  });
}
