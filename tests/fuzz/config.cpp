// SPDX-License-Identifier: MIT
// The config.json of a model, of whichever family.
#include <census/model/architecture.hpp>
#include <census/model/open_model.hpp>

#include <fuzz/support/ensure.hpp>
#include <fuzz/support/input_folder.hpp>

#include <cstddef>
#include <span>

namespace {

/// What the forward pass takes for granted of an architecture.
void check_architecture(census::architecture const& a) {
  using census_fuzz::ensure;
  constexpr std::size_t most = 1 << 24;
  for (std::size_t const size : {a.vocabulary_size, a.hidden_size, a.layers, a.heads, a.head_size, a.ffn_size,
                                 a.max_positions, a.embedding_size})
    ensure(0 < size && size <= most, "sizes are those of a model");
  ensure(a.heads * a.head_size == a.hidden_size, "heads are together as wide as the residual stream");
  ensure(!a.bos || *a.bos < a.vocabulary_size, "BOS is a token of the vocabulary");
  ensure(!a.pad || *a.pad < a.vocabulary_size, "the padding is a token of the vocabulary");
  ensure(a.norms.epsilon > 0 && a.norms.epsilon <= 1, "the norms' epsilon is a number above 0, and at most 1");
}

}  // namespace

void fuzz_config(std::span<std::byte const> input) {
  census_fuzz::input_folder const files(input, {"config.json"});
  files.read([&] { check_architecture(census::describe_model(files.path()).architecture); });
}
