// SPDX-License-Identifier: MIT
#include <census/projection/neuron_profile.hpp>

#include <support/catch.hpp>

TEST_CASE("the most telling profiles come from as many layers as there are, detectors first") {
  auto const profile = [](std::uint32_t layer, std::uint32_t neuron, bool detector, std::uint64_t firings,
                          std::uint32_t cover) {
    census::neuron_profile made;
    made.layer = layer, made.neuron = neuron, made.is_detector = detector, made.firings = firings, made.cover = cover;
    return made;
  };
  auto const chosen =
      census::most_telling({profile(0, 1, false, 99, 1), profile(0, 2, true, 60, 3), profile(1, 3, false, 70, 9),
                            profile(1, 4, false, 80, 9), profile(0, 5, true, 61, 3)},
                           3);
  REQUIRE(chosen.size() == 3);
  CHECK(chosen[0].neuron == 5);
  CHECK(chosen[1].neuron == 4);
  CHECK(chosen[2].neuron == 2);
  CHECK(census::most_telling({}, 3).empty());
}
