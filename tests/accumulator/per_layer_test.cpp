// SPDX-License-Identifier: MIT
#include <census/accumulator/per_layer.hpp>

#include <support/catch.hpp>

#include <stdexcept>
#include <vector>

namespace {

using sums = census::per_layer<std::vector<int>>;

void add(sums& to, std::uint32_t layer, std::vector<int> const& numbers) {
  to.update(layer, numbers.size(), [&](std::vector<int>& mine) {
    for (std::size_t n = 0; n < mine.size(); ++n) mine[n] += numbers[n];
  });
}

void merge(sums& into, sums const& other) {
  into.merge(other, [](std::vector<int>& mine, std::vector<int> const& theirs) {
    for (std::size_t n = 0; n < mine.size(); ++n) mine[n] += theirs[n];
  });
}

}  // namespace

TEST_CASE("a layer's state is made when the layer is first met, and kept from then on") {
  sums counted{"sums"};
  add(counted, 7, {1, 2});
  add(counted, 2, {5});
  add(counted, 7, {10, 20});
  CHECK(counted.layers() == std::vector<std::uint32_t>{2, 7});
  CHECK(counted.at(7) == std::vector<int>{11, 22});
  CHECK(*counted.find(2) == std::vector<int>{5});
  CHECK(counted.find(3) == nullptr);

  census::per_layer<std::vector<int>> tens{"tens"};
  tens.update(
      0, 3, [](std::vector<int>& mine) { ++mine[1]; }, 10);
  CHECK(tens.at(0) == std::vector<int>{10, 11, 10});
}

TEST_CASE("a layer keeps its number of neurons, and errors name accumulator, layer and what was expected") {
  sums counted{"sums"};
  CHECK_THROWS_WITH(counted.at(4), "census::sums: layer 4 was not observed; none was");
  add(counted, 7, {1, 2});
  add(counted, 2, {5});
  CHECK_THROWS_WITH(add(counted, 7, {1, 2, 3}), "census::sums: layer 7 has 3 neurons, and had 2 before");
  CHECK_THROWS_WITH(counted.at(4), "census::sums: layer 4 was not observed; these were: 2, 7");
  CHECK_THROWS_AS(counted.at(4), std::out_of_range);
  CHECK_THROWS_AS(counted.check(2, 2), std::invalid_argument);
  CHECK_NOTHROW(counted.check(3, 2));
}

TEST_CASE("a layer that is new goes again where the change of its state throws") {
  sums counted{"sums"};
  auto const fails = [](std::vector<int>&) { throw std::runtime_error("no"); };
  CHECK_THROWS_AS(counted.update(1, 2, fails), std::runtime_error);
  CHECK(counted.layers().empty());
  add(counted, 1, {4});
  CHECK_THROWS_AS(counted.update(1, 1, fails), std::runtime_error);
  CHECK(counted.at(1) == std::vector<int>{4});
}

TEST_CASE("layers merge one by one, and none where one of them has another number of neurons") {
  sums left{"sums"}, right{"sums"}, other{"sums"};
  add(left, 1, {1, 2});
  add(right, 1, {10, 20});
  add(right, 3, {7});
  merge(left, right);
  CHECK(left.at(1) == std::vector<int>{11, 22});
  CHECK(left.at(3) == std::vector<int>{7});
  CHECK_FALSE(left == right);
  add(other, 1, {1, 1});
  add(other, 3, {1, 1});
  sums const before = left;
  CHECK_THROWS_AS(merge(left, other), std::invalid_argument);
  CHECK(left == before);
}
