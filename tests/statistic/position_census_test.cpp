// SPDX-License-Identifier: MIT
#include <census/accumulator/firings_by.hpp>
#include <census/statistic/position_census.hpp>
#include <census/tabulation/decoy_position.hpp>

#include <support/catch.hpp>
#include <support/planted_table.hpp>

#include <cmath>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <vector>

namespace {

using table = census::firing_table<census::position_in_document>;

/// Sequences of 17 positions, some that begin a document and `inside` others: one neuron fires at positions 1 to 8 and
/// nowhere else, one at half of all, and one at positions 1 to 8 where a document begins, at half of all elsewhere.
table by_position(std::uint32_t begin, std::uint32_t inside) {
  std::vector<census::position_in_document> keys;
  std::vector<std::vector<std::uint32_t>> counts;
  std::vector<std::uint32_t> occurrences;
  for (bool const begins : {false, true})
    for (std::uint32_t p = 0; p <= 16; ++p) {
      std::uint32_t const all = begins ? begin : inside, early = p >= 1 && p <= 8 ? all : 0;
      keys.emplace_back(begins, p);
      counts.push_back({early, all / 2, begins ? early : all / 2});
      occurrences.push_back(all);
    }
  auto const counted = census_test::planted_table(counts, occurrences);
  return table::from_rows(
      keys, 3, [&](std::size_t row) { return occurrences[row]; },
      [&](std::size_t row) { return std::span<std::uint32_t const>(counts[row]); });
}

/// The same firings, spread evenly over positions 1 to 16.
table decoy(std::uint32_t begin, std::uint32_t inside) {
  std::vector<census::position_in_document> keys;
  std::vector<std::uint32_t> occurrences, counts;
  for (bool const begins : {false, true})
    for (std::uint32_t p = 1; p <= 16; ++p) {
      std::uint32_t const all = begins ? begin : inside;
      keys.emplace_back(begins, p);
      occurrences.push_back(all);
      counts.insert(counts.end(), 3, all / 2);
    }
  return {keys, occurrences, counts};
}

}  // namespace

TEST_CASE("a position census tells the neuron that fires by position from the one that does not") {
  auto const taken = census::take_position_census(by_position(40, 60), decoy(40, 60));
  CHECK(taken.full_sequences == 100);
  CHECK(taken.full_sequences_inside == 60);
  CHECK(taken.decoy_w[0] == Approx(std::log(2.0)));
  CHECK(taken.decoy_w_inside[0] == Approx(std::log(2.0)));
  CHECK(taken.decoy_w[1] == 0);
  CHECK(taken.firing_entropy[0] == Approx(std::log(2.0)));
  CHECK(taken.positional[0]);
  CHECK_FALSE(taken.positional[1]);
  REQUIRE(taken.types[0].has_value());
  CHECK(taken.types[0]->type == census::positional_type::both_extremes);
  CHECK_FALSE(taken.types[1].has_value());
  CHECK_FALSE(taken.decoy_threshold.has_value());  // judge_positional sets it
  CHECK(taken.team.members.empty());
}

TEST_CASE("a neuron that fires by position only where documents begin is positional by the paper's rule alone") {
  auto const taken = census::take_position_census(by_position(40, 60), decoy(40, 60));
  CHECK(taken.positional[2]);
  CHECK(taken.mutual_information_corrected[2] > 0.05);
  CHECK(taken.mutual_information_inside[2] < 0.001);
  CHECK(taken.decoy_w_inside[2] == 0);
  CHECK(taken.positional_corrected == std::vector<bool>{true, false, false});
}

TEST_CASE("50 full sequences inside documents decide alone, 10 together with all of them, fewer not at all") {
  using enum census::deciding_sequences;
  CHECK(census::what_decides(9) == none);
  CHECK(census::what_decides(10) == all_and_inside);
  CHECK(census::what_decides(49) == all_and_inside);
  CHECK(census::what_decides(50) == inside);

  census::position_census position;
  position.mutual_information_corrected = {0.2, 0.2, 0.01, 0.01};
  position.mutual_information_inside = {0.2, 0.01, 0.2, 0.01};
  position.full_sequences_inside = 49;
  CHECK(census::informative(position, {}) == std::vector<bool>{true, false, false, false});
  position.full_sequences_inside = 50;
  CHECK(census::informative(position, {}) == std::vector<bool>{true, false, true, false});
  position.full_sequences_inside = 9;
  CHECK(census::informative(position, {}).empty());
}

TEST_CASE("a position census is empty without full sequences, and has no verdict where none lie inside documents") {
  CHECK(census::take_position_census(table(), table()).positional.empty());
  auto const taken = census::take_position_census(by_position(40, 0), decoy(40, 0));
  CHECK(taken.full_sequences_inside == 0);
  CHECK(taken.mutual_information_inside.empty());
  CHECK(taken.decoy_w_inside.empty());
  CHECK(taken.positional == std::vector<bool>{true, false, true});
  CHECK(taken.positional_corrected.empty());
  CHECK_THROWS_AS(census::take_position_census(by_position(40, 60), {}), std::invalid_argument);
}

TEST_CASE("the entropy of firing is that of the share of tokens, and bounds the information") {
  auto const counts = census_test::planted_table({{1, 0, 4, 2}, {0, 0, 4, 2}}, {4, 4});
  auto const entropies = census::firing_entropies(counts);
  CHECK(entropies[0] == Approx(-0.125 * std::log(0.125) - 0.875 * std::log(0.875)));
  CHECK(entropies[1] == 0);
  CHECK(entropies[2] == 0);
  CHECK(entropies[3] == Approx(std::log(2.0)));
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
  position.positional_corrected.clear();  // not known
  CHECK(census::strong_oscillatory(position).empty());
}

TEST_CASE("without full sequences, and with full sequences of one token, there is nothing to say of position") {
  for (bool const full : {false, true}) {
    auto const text = census::share({{5, 6, 7},
                                     {{.length = 1, .full = full},
                                      {.document = 1, .first_row = 1, .length = 1, .full = full},
                                      {.document = 2, .first_row = 2, .length = 1, .full = full}}});
    census::firings_by<census::key::tuple<census::key::begins_document, census::key::position>> positions;
    census::firings_by<census::key::tuple<census::key::begins_document, census::key::decoy_position>> decoys;
    auto const block = census::make_block(0, text, {std::vector<float>{1, 0, 1}, 1});
    positions.observe(block), decoys.observe(block);
    auto const taken = census::take_position_census(positions.table(0), decoys.table(0));
    CHECK(taken.mutual_information.empty());
    CHECK(taken.positional.empty());
    CHECK(taken.types.empty());
    auto const all = census::by_position(positions.table(0)), decoy = census::by_position(decoys.table(0));
    CHECK(census::positional_evidence_of(all, decoy).empty());
    CHECK(census::mutual_information(all).empty() == !full);
  }
}
