// SPDX-License-Identifier: MIT
#include <census/accumulator/laws.hpp>
#include <census/accumulator/paper_tables.hpp>
#include <census/accumulator/together.hpp>

#include <support/catch.hpp>
#include <support/far_backend.hpp>
#include <support/random_blocks.hpp>

using no_law_broken = std::vector<std::string>;

TEST_CASE("every accumulator of census keeps the accumulator laws") {
  auto const blocks = census_test::random_blocks({.texts = 3, .layers = 2});
  CHECK(census::broken_laws(census::liveness{}, blocks) == no_law_broken{});
  CHECK(census::broken_laws(census::token_coverage{}, blocks) == no_law_broken{});
  CHECK(census::broken_laws(census::position_information{}, blocks) == no_law_broken{});
  CHECK(census::broken_laws(census::firings_by<census::key::domain>{}, blocks) == no_law_broken{});
  CHECK(census::broken_laws(census::firings_by<census::key::ngram<2>>{}, blocks) == no_law_broken{});
  census::key::tuple<census::key::domain, census::key::position> const domain_and_position;
  CHECK(census::broken_laws(census::firings_by{domain_and_position}, blocks) == no_law_broken{});
  std::vector<bool> const odd{false, true, false, true, false, true, false, true, false, true, false, true};
  CHECK(census::broken_laws(census::firings_by{[&](census::token_at at) { return bool{odd[at.token()]}; }}, blocks) ==
        no_law_broken{});
  CHECK(census::broken_laws(census::together{census::liveness{}, census::token_coverage{}}, blocks) == no_law_broken{});
}

TEST_CASE("accumulators keep the laws where blocks are counted in a backend's memory, and no block comes to the host") {
  auto const device = std::make_shared<far_away::device>();
  auto const blocks = sent(device, census_test::random_blocks({.texts = 3, .layers = 2}));
  CHECK(census::broken_laws(census::liveness{}, blocks) == no_law_broken{});
  CHECK(census::broken_laws(census::token_coverage{}, blocks) == no_law_broken{});
  census::key::tuple<census::key::domain, census::key::position> const domain_and_position;
  CHECK(census::broken_laws(census::firings_by{domain_and_position}, blocks) == no_law_broken{});
  CHECK(census::broken_laws(census::together{census::liveness{}, census::token_coverage{}}, blocks) == no_law_broken{});
  CHECK(device->blocks_brought == 0);
  CHECK(device->rows_brought > 0);
}

namespace {

/// Keeps whatever it saw last: its merge cannot be right.
struct last_layer {
  std::uint32_t layer = 99;
  void observe(census::block const& block) { layer = block.layer(); }
  void merge(last_layer const& other) { layer = other.layer; }
  friend bool operator==(last_layer const&, last_layer const&) = default;
};

/// Forgets how many blocks stand behind its mean.
struct forgetful_mean {
  double mean = 0, blocks = 0;
  void observe(census::block const& block) {
    mean = (mean * blocks + static_cast<double>(block.text()->tokens.size())) / (blocks + 1);
    ++blocks;
  }
  void merge(forgetful_mean const& other) {
    mean = (mean + other.mean) / 2;
    blocks += other.blocks;
  }
  friend bool operator==(forgetful_mean const&, forgetful_mean const&) = default;
};

/// Shares its state with its copies.
struct shared_count {
  std::shared_ptr<std::size_t> rows;
  void add(std::size_t more) {
    if (!rows) rows = std::make_shared<std::size_t>(0);
    *rows += more;
  }
  std::size_t count() const { return rows ? *rows : 0; }
  void observe(census::block const& block) { add(block.text()->tokens.size()); }
  void merge(shared_count const& other) { add(other.count()); }
  friend bool operator==(shared_count const& a, shared_count const& b) { return a.count() == b.count(); }
};

/// Observes nothing at all.
struct asleep {
  void observe(census::block const&) {}
  void merge(asleep const&) {}
  friend bool operator==(asleep const&, asleep const&) = default;
};

/// Counts tokens, and stores but whether there were any.
struct forgets_when_stored {
  std::size_t tokens = 0;
  void observe(census::block const& block) { tokens += block.text()->tokens.size(); }
  void merge(forgets_when_stored const& other) { tokens += other.tokens; }
  template <class Archive>
  void serialize(Archive& archive) {
    bool any = tokens > 0;
    archive("any", any);
    tokens = Archive::is_reading ? any : tokens;
  }
  friend bool operator==(forgets_when_stored const&, forgets_when_stored const&) = default;
};

}  // namespace

TEST_CASE("the laws catch accumulators that break them") {
  auto const blocks = census_test::random_blocks({.texts = 3, .layers = 2});
  auto const names = [](std::string law) { return Catch::Matchers::VectorContains(law); };
  CHECK_THAT(census::broken_laws(last_layer{}, blocks), names("the order of the blocks does not matter"));
  CHECK_THAT(census::broken_laws(forgetful_mean{}, blocks), names("merging two halves equals observing the whole"));
  CHECK_THAT(census::broken_laws(shared_count{}, blocks), names("a copy is independent of its original"));
  CHECK(census::broken_laws(forgets_when_stored{}, blocks) ==
        std::vector<std::string>{"what is stored and restored is equal, and goes on alike"});
  CHECK_THAT(census::broken_laws(asleep{}, blocks),
             names("observing blocks changes the accumulator (or == cannot tell)"));
}
