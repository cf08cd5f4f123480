// SPDX-License-Identifier: MIT
#include <census/statistic/position_coding.hpp>

#include <support/catch.hpp>
#include <support/random_positions.hpp>

#include <cmath>
#include <map>
#include <random>
#include <set>

namespace {

// Independent of the library: every figure from its definition, positions as sets of neurons.
census::position_coding recount(std::vector<census::detail::position_set> const& active, std::uint32_t positions) {
  std::vector<std::set<std::size_t>> at(positions);
  for (std::size_t n = 0; n < active.size(); ++n)
    for (std::uint32_t p = 0; p < positions; ++p)
      if (active[n].contains(p)) at[p].insert(n);
  census::position_coding coding;
  std::map<std::set<std::size_t>, int> codes;
  for (auto const& code : at) ++codes[code], coding.coverage += code.empty() ? 0 : 1.0 / positions;
  coding.codes = static_cast<std::uint32_t>(codes.size());
  coding.information = std::log(positions);
  for (auto const& code : at) coding.information -= std::log(codes[code]) / positions;
  for (std::size_t n = 0; n < active.size(); ++n) {
    double alone = 0;
    for (auto const& code : at) alone += code == std::set<std::size_t>{n};
    coding.redundant += alone <= (positions + 1) / 256.0;
  }
  return coding;
}

}  // namespace

TEST_CASE("the coding of positions by neurons equals a recount from its definition") {
  std::mt19937 random(6);
  for (int round = 0; round < 30; ++round) {
    std::uint32_t const positions = 1 + random() % 600;
    std::vector<census::detail::position_set> active;
    for (unsigned n = 0; n <= random() % 7; ++n)
      active.push_back(census_test::random_positions(positions, random, 2 + random() % 6));
    auto const coding = census::coding_of(active), expected = recount(active, positions);
    CHECK(coding.coverage == Approx(expected.coverage).margin(1e-12));
    CHECK(coding.information == Approx(expected.information).margin(1e-9));
    CHECK(coding.codes == expected.codes);
    CHECK(coding.redundant == expected.redundant);
  }
  CHECK(census::coding_of({}) == census::position_coding{});
}
