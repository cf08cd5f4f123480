// SPDX-License-Identifier: MIT
// A table that was written, by keys of each kind.
#include <census/report/read_table.hpp>
#include <census/report/write_table.hpp>
#include <census/token_id.hpp>

#include <fuzz/support/ensure.hpp>
#include <fuzz/support/input_folder.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <tuple>
#include <variant>

namespace {

template <class Key>
void check_table(census_fuzz::input_folder const& files) {
  using census_fuzz::ensure;
  files.read([&] {
    auto const table = census::read_table<Key>(files / "table.safetensors");
    for (std::size_t row = 0; row < table.rows(); ++row) {
      ensure(table.firing_counts::occurrences(row) > 0, "only keys that occurred have rows");
      for (auto const count : table.firing_counts::counts(row))
        ensure(count <= table.firing_counts::occurrences(row), "a neuron fires at most as often as its key occurs");
    }
    census::write_table(files / "again.safetensors", table);
    ensure(census::read_table<Key>(files / "again.safetensors") == table, "what is written and read again is equal");
  });
}

}  // namespace

void fuzz_table(std::span<std::byte const> input) {
  census_fuzz::input_folder const files(input, {"table.safetensors", "again.safetensors"});
  check_table<census::token_id>(files);
  check_table<bool>(files);
  check_table<std::monostate>(files);
  check_table<std::array<census::token_id, 2>>(files);
  check_table<std::tuple<std::uint16_t, std::int32_t>>(files);
  check_table<std::string>(files);
  files.read([&] { census::read_token_strings(files / "table.safetensors"); });
}
