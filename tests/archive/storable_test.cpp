// SPDX-License-Identifier: MIT
#include <census/accumulator/firings_by.hpp>
#include <census/accumulator/laws.hpp>
#include <census/accumulator/paper_tables.hpp>
#include <census/accumulator/together.hpp>
#include <census/archive/storable.hpp>
#include <census/survey/paper_survey.hpp>

#include <support/catch.hpp>
#include <support/random_blocks.hpp>

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace {

struct names_its_parts {
  int part = 0;
  template <class Archive>
  void serialize(Archive& archive) {
    archive("part", part);
  }
};
struct names_nothing {
  int part = 0;
};
enum class without_a_number_of_values { one, two };
enum class counted { one, two };
constexpr std::size_t enumerators(counted) { return 2; }

static_assert(census::storable<double> && census::storable<bool> && census::storable<std::string>);
static_assert(census::storable<std::vector<std::optional<std::array<float, 3>>>>);
static_assert(census::storable<std::map<std::string, std::set<std::pair<int, std::uint64_t>>>>);
static_assert(census::storable<std::tuple<bool, counted>> && census::storable<names_its_parts>);
static_assert(census::storable<std::vector<names_its_parts>>);
static_assert(census::storable<census::liveness> && census::storable<census::paper_survey>);

static_assert(!census::storable<names_nothing> && !census::storable<std::vector<names_nothing>>);
static_assert(!census::storable<std::map<int, names_nothing>> && !census::storable<int*>);
static_assert(!census::storable<std::shared_ptr<int>> && !census::storable<without_a_number_of_values>);
static_assert(!census::storable<long double>);

/// A key of one's own, and an accumulator, neither of which names its parts.
struct plain_key {
  std::uint32_t position = 0;
  auto operator<=>(plain_key const&) const = default;
};
struct plain_key_of {
  plain_key operator()(census::token_at at) const { return {at.position()}; }
};
struct plain_counter {
  std::size_t rows = 0;
  void observe(census::block const& block) { rows += block.firings().rows(); }
  void merge(plain_counter const& other) { rows += other.rows; }
  friend bool operator==(plain_counter const&, plain_counter const&) = default;
};
using with_plain_counter = census::together<census::liveness, plain_counter>;
using by_plain_key = census::firings_by<plain_key_of>;

static_assert(census::storable<census::together<census::liveness, census::token_coverage>>);
static_assert(census::storable<census::firings_by<census::key::tuple<census::key::domain, census::key::ngram<2>>>>);
static_assert(!census::storable<with_plain_counter> && !census::storable<by_plain_key>);
static_assert(!census::storable<census::together<by_plain_key>>);

}  // namespace

TEST_CASE("What can be stored is known when it is compiled") { SUCCEED("by the assertions above"); }

TEST_CASE("what holds something that cannot be stored cannot be, and keeps the other laws of an accumulator") {
  auto const blocks = census_test::random_blocks({.texts = 3, .layers = 1});
  CHECK(census::broken_laws(with_plain_counter(), blocks) == std::vector<std::string>{});
  CHECK(census::broken_laws(by_plain_key(), blocks) == std::vector<std::string>{});
}
