// SPDX-License-Identifier: MIT
#include <census/accumulator/firings_by.hpp>
#include <census/statistic/position_census.hpp>
#include <census/tabulation/decoy_position.hpp>

#include <support/catch.hpp>
#include <support/planted_table.hpp>

#include <cmath>
#include <stdexcept>
#include <vector>

namespace {

using table = census::firing_table<std::uint32_t>;

/// 40 sequences of 17 positions: one neuron fires at positions 1 to 8 and nowhere else, one at half of all.
table by_position() {
  std::vector<std::vector<std::uint32_t>> counts{{0, 20}};
  std::vector<std::uint32_t> keys{0};
  for (std::uint32_t p = 1; p <= 16; ++p) counts.push_back({p <= 8 ? 40u : 0u, 20}), keys.push_back(p);
  return {keys, census_test::planted_table(counts, std::vector<std::uint32_t>(17, 40))};
}

/// The same firings, spread evenly over positions 1 to 16.
table decoy() {
  std::vector<std::uint32_t> keys;
  for (std::uint32_t p = 1; p <= 16; ++p) keys.push_back(p);
  return {keys, census_test::planted_table(std::vector<std::vector<std::uint32_t>>(16, {20, 20}),
                                           std::vector<std::uint32_t>(16, 40))};
}

}  // namespace

TEST_CASE("a position census tells the neuron that fires by position from the one that does not") {
  auto const taken = census::take_position_census(by_position(), decoy(), by_position());
  CHECK(taken.full_sequences == 40);
  CHECK(taken.full_sequences_inside == 40);
  CHECK(taken.decoy_w[0] == Approx(std::log(2.0)));
  CHECK(taken.decoy_w[1] == Approx(0).margin(1e-12));
  CHECK(taken.positional == std::vector<bool>{true, false});
  CHECK(taken.positional_corrected == std::vector<bool>{true, false});
  CHECK(taken.mutual_information_inside == taken.mutual_information_corrected);
  REQUIRE(taken.types[0].has_value());
  CHECK(taken.types[0]->type == census::positional_type::both_extremes);
  CHECK_FALSE(taken.types[1].has_value());
  CHECK_FALSE(taken.decoy_threshold.has_value());  // judge_positional sets it
  CHECK(taken.team.members.empty());
}

TEST_CASE("a position census is empty without full sequences, and of those inside documents where there are none") {
  CHECK(census::take_position_census({}, {}, {}).positional.empty());
  auto const taken = census::take_position_census(by_position(), decoy(), {});
  CHECK(taken.full_sequences_inside == 0);
  CHECK(taken.mutual_information_inside.empty());
  CHECK_THROWS_AS(census::take_position_census(by_position(), {}, {}), std::invalid_argument);
}

TEST_CASE("a team is made of strong oscillatory neurons that are positional beyond chance") {
  using census::positional_type;
  census::position_census position;
  position.positional_corrected = {true, false, true, true, true};
  position.types = {census::typed_neuron{positional_type::oscillatory, true},
                    census::typed_neuron{positional_type::oscillatory, true},
                    census::typed_neuron{positional_type::oscillatory, false},
                    census::typed_neuron{positional_type::both_extremes, true}, std::nullopt};
  CHECK(census::strong_oscillatory(position) == std::vector<std::uint32_t>{0});
}

TEST_CASE("without full sequences, and with full sequences of one token, there is nothing to say of position") {
  for (bool const full : {false, true}) {
    auto const text = census::share({{5, 6, 7},
                                     {{.length = 1, .full = full},
                                      {.document = 1, .first_row = 1, .length = 1, .full = full},
                                      {.document = 2, .first_row = 2, .length = 1, .full = full}}});
    census::firings_by<census::key::position> positions;
    census::firings_by<census::key::decoy_position> decoys;
    auto const block = census::make_block(0, text, {std::vector<float>{1, 0, 1}, 1});
    positions.observe(block), decoys.observe(block);
    auto const taken = census::take_position_census(positions.table(0), decoys.table(0), {});
    CHECK(taken.mutual_information.empty());
    CHECK(taken.positional.empty());
    CHECK(taken.types.empty());
    CHECK(census::positional_evidence_of(positions.table(0), decoys.table(0)).empty());
    CHECK(census::mutual_information(positions.table(0)).empty() == !full);
  }
}
