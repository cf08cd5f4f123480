// SPDX-License-Identifier: MIT
#include <census/sole_owner.hpp>

#include <support/catch.hpp>

#include <memory>

TEST_CASE("a pointer is the sole owner where it has no copy any more, and the owner of nothing is none") {
  auto const held = std::make_shared<int>(3);
  CHECK(census::is_sole_owner(held));
  {
    auto const copy = held;
    CHECK_FALSE(census::is_sole_owner(held));
    CHECK_FALSE(census::is_sole_owner(copy));
  }
  CHECK(census::is_sole_owner(held));
  CHECK(*held == 3);
  CHECK_FALSE(census::is_sole_owner(std::shared_ptr<int>()));
}
