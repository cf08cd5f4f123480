// SPDX-License-Identifier: MIT
#include <census/accumulator/paper_tables.hpp>
#include <census/archive/storable.hpp>
#include <census/survey/paper_survey.hpp>

#include <support/catch.hpp>

#include <array>
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

}  // namespace

TEST_CASE("What can be stored is known when it is compiled") { SUCCEED("by the assertions above"); }
