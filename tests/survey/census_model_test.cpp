// SPDX-License-Identifier: MIT
#include <census/survey/census_model.hpp>

#include <support/catch.hpp>
#include <support/toy_model.hpp>

namespace {

/// Runs, but nothing is known of its updates.
struct without_updates {
  struct sizes {
    std::size_t layers = 1, ffn_size = 1, hidden_size = 1;
  };
  sizes architecture() const { return {}; }
};
std::vector<std::vector<census::block>> layers(without_updates const&, census::text_list, elsewhere::pass_options) {
  return {};
}

}  // namespace

TEST_CASE("a model of one's own is a census model by the functions beside its type") {
  STATIC_REQUIRE(census::census_model<elsewhere::toy_model>);
  STATIC_REQUIRE(census::layered_model<without_updates>);
  STATIC_REQUIRE_FALSE(census::census_model<without_updates>);
  STATIC_REQUIRE_FALSE(census::layered_model<std::vector<census::block>>);
  STATIC_REQUIRE_FALSE(census::layered_model<int>);
}
