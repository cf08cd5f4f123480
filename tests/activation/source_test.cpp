// SPDX-License-Identifier: MIT
#include <census/activation/source.hpp>

#include <support/catch.hpp>

#include <ranges>
#include <vector>

namespace {

census::block block_of_layer(std::uint32_t layer) {
  auto text = census::share({{5}, {{.length = 1}}});
  return census::make_block(layer, text, {std::vector<float>{1.f, -1.f}, 2});
}

struct counting_generator {
  int* calls;
  std::uint32_t last;
  std::uint32_t layer = 0;
  std::optional<census::block> operator()() {
    ++*calls;
    if (layer == last) return std::nullopt;
    return block_of_layer(layer++);
  }
  void skip(std::uint64_t blocks) { layer += static_cast<std::uint32_t>(blocks); }
};

}  // namespace

TEST_CASE("a vector of blocks, a view over one and a generator are activation sources") {
  STATIC_REQUIRE(census::activation_source<std::vector<census::block>>);
  STATIC_REQUIRE(census::activation_source<std::vector<census::block> const&>);
  using view = decltype(std::declval<std::vector<census::block>&>() | std::views::take(2));
  STATIC_REQUIRE(census::activation_source<view>);
  STATIC_REQUIRE(census::activation_source<census::generated_source<counting_generator>>);
  STATIC_REQUIRE_FALSE(census::activation_source<std::vector<int>>);
  STATIC_REQUIRE_FALSE(census::activation_source<census::block>);
}

TEST_CASE("a range of sources is a layered source, a source alone is none") {
  STATIC_REQUIRE(census::layered_source<std::vector<std::vector<census::block>>>);
  STATIC_REQUIRE_FALSE(census::layered_source<std::vector<census::block>>);
}

TEST_CASE("a generated source yields each block once, in order") {
  int calls = 0;
  census::generated_source source{counting_generator{&calls, 3}};
  std::vector<std::uint32_t> layers;
  for (auto const& block : source) layers.push_back(block.layer());
  CHECK(layers == std::vector<std::uint32_t>{0, 1, 2});
  CHECK(calls == 4);
}

TEST_CASE("taking two blocks of a generated source computes two") {
  int calls = 0;
  census::generated_source source{counting_generator{&calls, 3}};
  for (auto const& block : source | std::views::take(2)) CHECK(block.layer() < 2);
  CHECK(calls == 2);
}

TEST_CASE("a generated source can be resumed where its callable can pass over blocks") {
  int calls = 0;
  census::generated_source source{counting_generator{&calls, 3}};
  STATIC_REQUIRE(census::resumable_source<decltype(source)>);
  STATIC_REQUIRE_FALSE(census::resumable_source<std::vector<census::block>>);
  source.skip(2);
  std::size_t blocks = 0;
  for (auto const& block : source) {
    CHECK(block.layer() == 2);
    ++blocks;
  }
  CHECK(blocks == 1);

  census::generated_source looked_at{counting_generator{&calls, 5}};
  CHECK_FALSE(looked_at.begin() == looked_at.end());
  looked_at.skip(2);
  CHECK((*looked_at.begin()).layer() == 2);
}
