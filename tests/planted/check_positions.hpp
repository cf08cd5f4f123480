// SPDX-License-Identifier: MIT
// What a census says of positions against what was planted.
#pragma once

#include "open_world.hpp"

#include <census/accumulator/firings_by.hpp>
#include <census/statistic/layer_census.hpp>
#include <census/statistic/position_census.hpp>
#include <census/statistic/position_code.hpp>
#include <census/statistic/positional_types.hpp>
#include <census/statistic/positional_verdict.hpp>
#include <census/tabulation/decoy_position.hpp>
#include <census/tabulation/document_half.hpp>
#include <census/tabulation/regroup.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace planted {

using position_parts = census::key::tuple<census::key::document_half, census::key::domain, census::key::position>;

/// A table by position as that of sequences inside documents, for what decides is what is seen there: a planted
/// document is one sequence, and nothing planted hangs on where it begins.
inline census::firing_table<census::position_in_document>
as_if_inside(census::firing_table<std::uint32_t> const& by_position) {
  return census::regroup(by_position,
                         [](std::uint32_t position) { return census::position_in_document(false, position); });
}

inline double entropy(double share) {
  return share <= 0 || share >= 1 ? 0 : -share * std::log(share) - (1 - share) * std::log(1 - share);
}

/// Information between position and firing where both position and text decide, recounted from what the neuron reads.
inline double recounted_information(opened_world const& world, planted_neuron const& neuron) {
  double const T = static_cast<double>(world.planted.checkpoint.context);
  std::vector<double> rates;
  for (std::size_t p = 0; p < world.planted.checkpoint.context; ++p) {
    double fired = 0;
    for (phrase const& document : world.planted.documents) {
      phrase ids{census_test::planted_bos};
      ids.insert(ids.end(), document.begin(), document.end());
      fired += neuron.drive(ids, p) > 0;
    }
    rates.push_back(fired / static_cast<double>(world.planted.documents.size()));
  }
  double mean = 0, information = 0;
  for (double const rate : rates) mean += rate / T;
  for (double const rate : rates) information += (entropy(mean) - entropy(rate)) / T;
  return information;
}

/// Mutual information, the paper's and the corrected one, and who is above 0.05 by it: of what fires by position alone
/// its entropy, of what text and position decide a recount, of all others next to none.
inline void check_information(opened_world const& world, census::layer_census const& taken) {
  auto const& answers = world.planted.answers[taken.layer];
  auto const T = static_cast<double>(world.planted.checkpoint.context);
  for (std::size_t n = 0; n < answers.size(); ++n) {
    INFO("layer " << taken.layer << ", neuron " << n << ": " << answers[n].name);
    if (answers[n].positions) {
      auto const on = static_cast<double>(std::ranges::count(*answers[n].positions, true));
      double const share_behind_bos = (on - answers[n].positions->front()) / (T - 1);
      CHECK(taken.position.mutual_information[n] == Approx(entropy(on / T)).epsilon(1e-9));
      CHECK(taken.position.positional[n] == (entropy(on / T) > 0.05));
      CHECK(taken.position.positional_corrected[n] == (entropy(share_behind_bos) > 0.05));
    } else if (answers[n].type != pattern::none) {
      double const information = recounted_information(world, world.planted.checkpoint.layers[taken.layer][n]);
      CHECK(taken.position.mutual_information[n] == Approx(information).epsilon(1e-9));
      CHECK(information > 0.07);
      CHECK(taken.position.positional[n]);
      CHECK(taken.position.positional_corrected[n]);
    } else {
      CHECK(!taken.position.positional[n]);
      CHECK(!taken.position.positional_corrected[n]);
    }
  }
}

/// The shortest stretch of equal values behind position 0.
inline std::size_t shortest_run(std::vector<bool> const& on) {
  std::size_t shortest = on.size(), length = 1;
  for (std::size_t p = 2; p < on.size(); ++p)
    if (on[p] == on[p - 1]) {
      ++length;
    } else {
      shortest = std::min(shortest, std::exchange(length, 1));
    }
  return std::min(shortest, length);
}

/// The verdict by decoy, the types, strong and confident, and the team.
inline void check_positions(opened_world const& world, std::uint32_t layer,
                            census::firing_table<census::position_part> const& parts,
                            census::firing_table<std::uint32_t> const& decoys) {
  auto const& answers = world.planted.answers[layer];
  auto const T = static_cast<double>(world.planted.checkpoint.context);
  auto const by_position = census::by_position(parts);
  auto const evidence = census::positional_evidence_of(by_position, decoys);
  std::vector<double> w;
  for (auto const& one : evidence) w.push_back(one.w);
  double const threshold = census::decoy_threshold(w);

  std::vector<bool> asked;
  for (answer const& expected : answers) asked.push_back(expected.type != pattern::none);
  auto const types = census::positional_types(by_position, asked);
  auto const confident = census::confident(parts, types);
  std::vector<std::uint32_t> oscillatory, team;
  for (std::uint32_t n = 0; n < answers.size(); ++n) {
    answer const& expected = answers[n];
    INFO("layer " << layer << ", neuron " << n << ": " << expected.name);
    bool positional = expected.type != pattern::none;
    if (expected.positions) {
      auto const on = static_cast<double>(std::ranges::count(*expected.positions, true) - expected.positions->front());
      positional = entropy(on / (T - 1)) > 0.05;
    }
    CHECK(census::is_positional(evidence[n], threshold) == positional);
    if (!asked[n]) continue;
    using census::positional_type;
    CHECK(types[n]->type == (expected.type == pattern::one_extreme     ? positional_type::one_extreme
                             : expected.type == pattern::both_extremes ? positional_type::both_extremes
                             : expected.type == pattern::oscillatory   ? positional_type::oscillatory
                                                                       : positional_type::other));
    CHECK(confident[n]);
    if (expected.positions && shortest_run(*expected.positions) * world.planted.documents.size() >= 300)
      CHECK(types[n]->strong);
    if (types[n]->strong && types[n]->type == positional_type::oscillatory) oscillatory.push_back(n);
    if (expected.team) team.push_back(n);
  }
  if (team.empty()) return;

  // All waves together tell more places apart than one; of the team no member is redundant, and together they are
  // everywhere.
  auto const found = census::position_code_of(by_position, team);
  auto const members = static_cast<double>(team.size());
  CHECK(found.coding.coverage == 1);
  CHECK(found.coding.redundant == 0);
  CHECK(found.coding.codes == team.size());
  CHECK(found.coding.information == Approx(std::log(members)).epsilon(0.02));
  CHECK(found.null.p_coverage < 0.05);
  for (auto const& member : found.members) {
    CHECK(member.period == Approx(T / 4));
    CHECK(member.overlap > 0.8);  // moved by a quarter of the period, but for the ends
    for (std::uint32_t p = 1; p < world.planted.checkpoint.context; ++p)
      REQUIRE(member.active.contains(p - 1) == (*answers[member.neuron].positions)[p]);
  }
  auto const all = census::position_code_of(by_position, oscillatory);
  std::vector<std::vector<bool>> codes;  // what the oscillatory neurons do at each position
  for (std::size_t p = 1; p < world.planted.checkpoint.context; ++p) {
    codes.emplace_back();
    for (auto const n : oscillatory) codes.back().push_back((*answers[n].positions)[p]);
  }
  std::ranges::sort(codes);
  codes.erase(std::ranges::unique(codes).begin(), codes.end());
  CHECK(all.coding.codes == codes.size());
}

}  // namespace planted
