// SPDX-License-Identifier: MIT
#include <census/statistic/positional_types.hpp>

#include <support/catch.hpp>
#include <support/planted_table.hpp>

namespace {

// A table by half, domain and position of 64 positions: 30 sequences a half in domain 0, `sequences` in all in domain
// 1, half of them in each half. Neuron 0 is a half line everywhere; 1 is a wave in domain 1; 2 is a wave in the second
// half; 3 fires at 30
// %.
census::firing_table<census::position_part> parts(std::uint32_t sequences, bool both_halves = true) {
  std::vector<census::position_part> keys;
  std::vector<std::vector<std::uint32_t>> counts;
  std::vector<std::uint32_t> occurrences;
  for (std::uint8_t half = 0; half < (both_halves ? 2 : 1); ++half)
    for (std::uint16_t domain = 0; domain < 2; ++domain)
      for (std::uint32_t p = 0; p < 64; ++p) {
        std::uint32_t const s = domain == 0 ? 30 : sequences / 2;
        std::uint32_t const line = p < 32 ? 0 : s, wave = p % 16 < 8 ? 0 : s;
        keys.emplace_back(half, domain, p);
        counts.push_back({line, domain == 1 ? wave : line, half == 1 ? wave : line, s * 3 / 10});
        occurrences.push_back(s);
      }
  return {std::move(keys), census_test::planted_table(counts, occurrences)};
}

auto types_of_whole(census::firing_table<census::position_part> const& table) {
  return census::positional_types(census::by_position(table), std::vector<bool>(4, true));
}

}  // namespace

TEST_CASE("types are given to the neurons asked for, position 0 left out") {
  auto const table = census::by_position(parts(10));
  auto const types = census::positional_types(table, {true, false, true, true});
  CHECK(types[0] == census::typed_neuron{census::positional_type::both_extremes, true});
  CHECK(types[1] == std::nullopt);
  CHECK(types[3]->type == census::positional_type::other);

  // a neuron that fires at position 0 alone
  std::vector<std::vector<std::uint32_t>> counts(64, {0});
  counts[0] = {50};
  census::firing_table<std::uint32_t> only_0;
  std::vector<std::uint32_t> positions(64);
  for (std::uint32_t p = 0; p < 64; ++p) positions[p] = p;
  only_0 = {positions, census_test::planted_table(counts, std::vector<std::uint32_t>(64, 50))};
  CHECK(census::positional_types(only_0, {true})[0]->type == census::positional_type::one_extreme);
}

TEST_CASE("a type is confident where both halves and every domain of 50 sequences have it") {
  auto const small = parts(48), large = parts(50);
  auto types = types_of_whole(small);
  CHECK(types[2]->type != census::positional_type::oscillatory);  // half line and wave in one
  CHECK(census::confident(small, types, 50) == std::vector<bool>{true, true, false, true});  // domain 1 has no say
  types = types_of_whole(large);
  CHECK(census::confident(large, types) == std::vector<bool>{true, false, false, true});
  CHECK(census::confident(large, types, 51) == std::vector<bool>{true, true, false, true});
}

TEST_CASE("a half of fewer sequences says nothing, nor is a neuron confident that has no type") {
  auto const table = parts(50, false);
  CHECK(census::confident(table, types_of_whole(table)).empty());
  auto const halves_of_50 = parts(40);  // 30 + 20 sequences each
  CHECK(census::confident(halves_of_50, types_of_whole(halves_of_50)).size() == 4);
  CHECK(census::confident(halves_of_50, types_of_whole(halves_of_50), 51).empty());
  auto const whole = parts(50);
  auto types = types_of_whole(whole);
  types[0].reset();
  CHECK(census::confident(whole, types)[0] == false);
}
