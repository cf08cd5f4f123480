// SPDX-License-Identifier: MIT
#include <census/model/architecture.hpp>

#include "broken_model.hpp"

#include <support/catch.hpp>

#include <functional>
#include <string>

TEST_CASE("what an architecture has beyond the forward pass is refused by name") {
  census::architecture const computed{.hidden_size = 32, .heads = 4, .key_value_heads = 4, .head_size = 8};
  auto const complaint = [&](std::function<void(census::architecture&)> const& change) {
    auto changed = computed;
    change(changed);
    return message_of([&] { check_is_computed(changed, "config.json"); });
  };
  auto const has = [](char const* what) {
    return std::string("config.json: the model has ") + what + ", which is not computed";
  };
  CHECK(complaint([](auto&) {}) == "nothing");
  CHECK(complaint([](auto& a) { a.norms.is = census::norm_settings::kind::rms; }) == has("RMS norms"));
  CHECK(complaint([](auto& a) { a.norms.shifts = false; }) == has("norms with gains or shifts alone"));
  CHECK(complaint([](auto& a) { a.positions.are = census::position_settings::kind::rotary; }) ==
        has("rotary positions"));
  CHECK(complaint([](auto& a) { a.positions.are = census::position_settings::kind::none; }) == has("no positions"));
  CHECK(complaint([](auto& a) { a.key_value_heads = 1; }) == has("fewer heads of keys and values than of queries"));
  CHECK(complaint([](auto& a) { a.head_size = 16; }) ==
        has("heads that together are not as wide as the residual stream"));
  CHECK(complaint([](auto& a) { a.gated = true; }) == has("a gated feed-forward block"));
  CHECK(complaint([](auto& a) { a.parallel_residual = true; }) == has("attention and feed-forward block side by side"));
}
