// SPDX-License-Identifier: MIT
#include <census/projection/suppression_summary.hpp>

#include <support/catch.hpp>

namespace {

census::neuron_profile profile_of(double projection, std::optional<double> percentile, std::uint64_t repeated) {
  census::neuron_profile made;
  made.is_detector = true, made.triggers = {1};
  made.trigger = {projection, 0, percentile, projection + 1};
  made.succession = census::self_repetition{repeated, 2.0};
  return made;
}

}  // namespace

TEST_CASE("the summary counts detectors by sign and nulls, each where it exists, in the stratum asked for") {
  std::vector<census::neuron_profile> profiles{profile_of(-2, 0.1, 0), profile_of(-0.5, 0.7, 3), profile_of(1, {}, 2),
                                               profile_of(-3, 0.4, 8)};
  profiles[3].centred_trigger = census::trigger_scores{0.5, 0, 0.5, -1};
  profiles.push_back(profiles[0]), profiles.back().is_detector = false;
  auto const all = census::summarise_suppression(profiles, [](auto const&) { return true; });
  CHECK(all.plain.detectors == 4);
  CHECK(all.plain.negative == 3);
  CHECK(all.plain.with_null == 3);
  CHECK(all.plain.below_null == 2);
  CHECK(all.plain.with_others == 4);
  CHECK(all.plain.below_others == 2);
  CHECK(all.plain.mean_null_percentile().value() == Approx(0.4));
  CHECK(all.centred.detectors == 1);
  CHECK(all.centred.below_null == 0);
  CHECK(all.centred.below_others == 1);
  auto const repeating = census::summarise_suppression(profiles, census::triggers_repeat);
  CHECK(repeating.plain.detectors == 2);  // 3 and 8 times where 2 were expected
  CHECK(repeating.plain.negative == 2);
  CHECK(census::summarise_suppression({}, census::triggers_repeat).plain.mean_null_percentile() == std::nullopt);
}

TEST_CASE("suppression by layer is of token detectors, all of them and those whose triggers the text repeats") {
  auto const of_layer = [](std::uint32_t layer, std::size_t n, double projection, std::uint64_t repeated) {
    auto made = profile_of(projection, {}, repeated);
    made.layer = layer;
    made.ngrams.push_back({std::vector<census::token_id>(n, 1), "", 5, 5});
    return made;
  };
  std::vector<census::neuron_profile> const profiles{of_layer(0, 1, -1, 9), of_layer(0, 1, -1, 0),
                                                     of_layer(0, 2, -1, 9), of_layer(3, 2, 1, 9)};
  auto const by_layer = census::suppression_by_layer(profiles);
  REQUIRE(by_layer.size() == 2);
  CHECK(by_layer.at(0).all.plain.detectors == 2);
  CHECK(by_layer.at(0).where_repeated.plain.detectors == 1);
  CHECK(by_layer.at(3).all.plain.detectors == 0);
}
