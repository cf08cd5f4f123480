// SPDX-License-Identifier: MIT
#include <census/model/layer_range.hpp>

#include <support/catch.hpp>

#include <string>

namespace {

std::string complaint_about_layers(std::string const& text) {
  census::architecture const twelve{.layers = 12};
  try {
    census::layers_of(twelve, census::parse_layers(text));
  } catch (census::bad_input const& error) {
    return error.what();
  }
  return "nothing";
}

}  // namespace

TEST_CASE("a range of layers reads FIRST:LAST, either of which may be left out") {
  census::architecture const twelve{.layers = 12};
  auto const layers = [&](char const* text) {
    auto const range = census::layers_of(twelve, census::parse_layers(text));
    return std::pair(range.first, range.last);
  };
  CHECK(layers("0:6") == std::pair<std::size_t, std::size_t>(0, 6));
  CHECK(layers("3:") == std::pair<std::size_t, std::size_t>(3, 12));
  CHECK(layers(":4") == std::pair<std::size_t, std::size_t>(0, 4));
  CHECK(layers(":") == std::pair<std::size_t, std::size_t>(0, 12));
}

TEST_CASE("a range of layers that cannot be is refused, saying what can") {
  for (char const* const text : {"", "6", "a:b", "0:6x", "-1:6", "0x1:2", "1 :2"})
    CHECK(complaint_about_layers(text) ==
          std::string("layers ") + text + ": should read FIRST:LAST, such as 0:6 for layers 0 to 5");
  CHECK(complaint_about_layers("4:4") == "layers 4:4: the range is empty");
  CHECK(complaint_about_layers("5:4") == "layers 5:4: the range is empty");
  CHECK(complaint_about_layers("0:13") == "layers 0:13: the model has layers 0:12");
  CHECK(complaint_about_layers("12:") == "layers 12:12: the range is empty");
  CHECK(complaint_about_layers("13:") == "layers 13:12: the range is empty");
}
