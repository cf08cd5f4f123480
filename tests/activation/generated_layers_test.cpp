// SPDX-License-Identifier: MIT
#include <census/activation/generated_layers.hpp>

#include <support/catch.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace {

/// Writes down what it is asked to do; two blocks a layer, of which a neuron fires in every other layer.
class written_down {
 public:
  written_down(std::size_t first, std::size_t last, std::string& story) : first_(first), last_(last), story_(&story) {}

  std::size_t first_layer() const { return first_; }
  std::size_t last_layer() const { return last_; }
  void begin_layer(std::size_t layer) {
    *story_ += " begin" + std::to_string(layer);
    layer_ = layer, left_ = 2;
  }
  std::optional<census::block> next_block() {
    if (left_ == 0) return std::nullopt;
    --left_;
    *story_ += " block" + std::to_string(layer_);
    auto const text = census::share({.tokens = {1}, .sequences = {{.length = 1}}});
    return census::make_block(static_cast<std::uint32_t>(layer_), text, {std::vector{layer_ % 2 ? 1.f : -1.f}, 1});
  }
  void complete_layer() {
    *story_ += " complete" + std::to_string(left_);
    left_ = 0;
  }

 private:
  std::size_t first_, last_;
  std::string* story_;
  std::size_t layer_ = 0, left_ = 0;
};

using of_layers = census::generated_layers<written_down>;

struct without_blocks {
  std::size_t first_layer() const { return 0; }
  std::size_t last_layer() const { return 0; }
  void begin_layer(std::size_t) {}
  void complete_layer() {}
};

}  // namespace

TEST_CASE("what runs layer by layer is a layered source, and what gives no blocks is none") {
  STATIC_REQUIRE(census::layer_by_layer<written_down>);
  STATIC_REQUIRE_FALSE(census::layer_by_layer<without_blocks>);
  STATIC_REQUIRE(census::layered_source<of_layers>);
}

TEST_CASE("a layer begins when it is looked for, on the way through those before, and is completed before the next") {
  std::string story;
  of_layers layers(std::in_place, std::size_t{1}, std::size_t{3}, story);
  CHECK(story.empty());
  std::vector<std::uint32_t> seen;
  for (auto&& layer : layers)
    for (census::block const& block : layer) {
      seen.push_back(block.layer());
      if (block.layer() == 1) break;  // one block of it is left
    }
  CHECK(seen == std::vector<std::uint32_t>{1, 2, 2});
  CHECK(story == " begin0 complete2 begin1 block1 complete1 begin2 block2 block2");
}

TEST_CASE("a layer's source that was moved out has no blocks once the next layer has begun") {
  std::string story;
  of_layers layers(std::in_place, std::size_t{0}, std::size_t{2}, story);
  auto at = layers.begin();
  auto const is_empty = [](auto& source) { return source.begin() == source.end(); };
  auto moved = std::move(*at);
  CHECK_FALSE(is_empty(moved));
  ++at;
  CHECK_FALSE(is_empty(*at));
  moved.begin().operator++();
  CHECK(is_empty(moved));
}
