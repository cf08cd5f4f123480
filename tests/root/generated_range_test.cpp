// SPDX-License-Identifier: MIT
#include <census/generated_range.hpp>

#include <support/catch.hpp>

#include <memory>
#include <optional>
#include <ranges>
#include <type_traits>
#include <vector>

namespace {

struct counting {
  int* calls;
  int last, next = 0;
  std::optional<int> operator()() {
    ++*calls;
    return next == last ? std::nullopt : std::optional(next++);
  }
};

}  // namespace

TEST_CASE("a generated range gives each element once, in order, and is asked no further than it is read") {
  int calls = 0;
  census::generated_range numbers{counting{&calls, 4}};
  STATIC_REQUIRE(std::ranges::input_range<decltype(numbers)>);
  STATIC_REQUIRE_FALSE(std::is_copy_constructible_v<decltype(numbers)>);
  CHECK(calls == 0);
  std::vector<int> read;
  for (int const number : numbers | std::views::take(2)) read.push_back(number);
  CHECK(calls == 2);
  for (int const number : numbers) read.push_back(number);
  CHECK(read == std::vector<int>{0, 1, 2, 3});
  CHECK(calls == 5);
}

TEST_CASE("an element of a generated range goes before the next one is made") {
  std::weak_ptr<int> last;
  bool one_at_a_time = true;
  census::generated_range numbers{[&, next = 0]() mutable -> std::optional<std::shared_ptr<int>> {
    one_at_a_time &= last.expired();
    if (next == 3) return std::nullopt;
    auto made = std::make_shared<int>(next++);
    last = made;
    return made;
  }};
  int sum = 0;
  for (auto& number : numbers) sum += *number;
  CHECK(sum == 3);
  CHECK(one_at_a_time);
}
