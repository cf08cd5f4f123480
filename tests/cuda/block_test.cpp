// SPDX-License-Identifier: MIT
#include <census/accumulator/firings_by.hpp>
#include <census/accumulator/laws.hpp>
#include <census/accumulator/paper_tables.hpp>
#include <census/accumulator/together.hpp>
#include <census/cuda/block.hpp>
#include <census/survey/paper_survey.hpp>
#include <census/survey/survey.hpp>

#include <cuda/support/callers.hpp>
#include <cuda/support/device.hpp>
#include <support/catch.hpp>
#include <support/random_blocks.hpp>

#include <cstddef>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

using no_law_broken = std::vector<std::string>;

static_assert(census::activation_block<census::cuda::block>);
static_assert(census::countable_block<census::cuda::block>);
static_assert(!census::host_block<census::cuda::block>);
static_assert(census::host_block<decltype(on_host(std::declval<census::cuda::block>()))>);
static_assert(census::shown<census::paper_survey, census::cuda::block>);

/// Few, for threads of a device are slow on a CPU.
std::vector<census::block> few_blocks(std::size_t texts, std::uint32_t layers) {
  return census_test::random_blocks({.texts = texts, .sequences = 2, .neurons = 20, .layers = layers});
}

}  // namespace

TEST_CASE("a block on a device and its twin on the host have the same text and firings") {
  auto const here = few_blocks(1, 2)[1];
  census::cuda::block const there = census_test::sent(here);
  CHECK(there.layer() == 1);
  CHECK(there.text() == here.text());
  census::block const twin = on_host(there);
  CHECK(twin.layer() == 1);
  CHECK(twin.text() == here.text());
  CHECK(census_test::same_bits(twin.firings(), here.firings()));

  auto const shorter = census::share({{1}, {{.length = 1}}});
  CHECK_THROWS_WITH(census::cuda::block(2, shorter, there.firings()), "census::cuda::block: layer 2: firings of " +
                                                                          std::to_string(here.firings().rows()) +
                                                                          " rows, but a text of 1");
  CHECK_THROWS_AS(census::cuda::block(0, nullptr, there.firings()), std::invalid_argument);
}

TEST_CASE("accumulators keep the laws on blocks that lie on a device") {
  auto const blocks = census_test::sent(few_blocks(3, 2));
  CHECK(census::broken_laws(census::liveness{}, blocks) == no_law_broken{});
  CHECK(census::broken_laws(census::token_coverage{}, blocks) == no_law_broken{});
  CHECK(census::broken_laws(census::firings_by{[](census::token_at at) { return at.token() % 2 == 0; }}, blocks) ==
        no_law_broken{});
  census::key::tuple<census::key::domain, census::key::position> const domain_and_position;
  CHECK(census::broken_laws(census::together{census::liveness{}, census::firings_by{domain_and_position}}, blocks) ==
        no_law_broken{});
}

TEST_CASE("the paper's survey keeps the laws on blocks that lie on a device") {
  CHECK(census::broken_laws(census::paper_survey(), census_test::sent(few_blocks(3, 1))) == no_law_broken{});
}

TEST_CASE("the paper's survey of blocks on a device is that of the same blocks on the host") {
  auto const blocks = few_blocks(3, 2);
  census::paper_survey here, there;
  census::survey(blocks, here);
  census_test::in_each_schedule([&] {
    there = census::paper_survey();
    census::survey(census_test::sent(blocks), there);
    CHECK(there == here);
  });
  for (std::uint32_t const layer : {0u, 1u}) {
    CHECK(there.by_token(layer) == here.by_token(layer));
    CHECK(there.by_domain(layer) == here.by_domain(layer));
    CHECK(there.by_position(layer) == here.by_position(layer));
  }
}

TEST_CASE("blocks on the host and on a device may be mixed, and what was observed of either merged") {
  auto const here = few_blocks(4, 1);
  auto const there = census_test::sent(here);
  census::token_coverage expected;
  census::survey(here, expected);
  for (unsigned on_device = 0; on_device < 16; ++on_device) {  // each way to part four blocks
    census::token_coverage mixed, first, second;
    for (std::size_t i = 0; i < here.size(); ++i) {
      auto const observe = [&](auto& one) { (on_device >> i & 1) != 0 ? one.observe(there[i]) : one.observe(here[i]); };
      observe(mixed);
      i % 2 == 0 ? observe(first) : observe(second);
    }
    CAPTURE(on_device);
    CHECK(mixed == expected);
    first.merge(second);
    CHECK(first == expected);
  }
  census::token_coverage again;
  again.observe(there[0]);
  CHECK_THROWS_AS(expected.merge(again), std::invalid_argument);  // the same text, wherever its firings lie
}

#if defined(CENSUS_FAKE_CUDA)

TEST_CASE("accumulators keep the laws on blocks of several devices and of the host, and count as on the host") {
  census_test::several_devices const two(2);
  auto const here = few_blocks(4, 1);
  std::vector<census::cuda::block> there;
  for (std::size_t i = 0; i < here.size(); ++i) there.push_back(census_test::sent(here[i], static_cast<int>(i % 2)));
  CHECK(census::broken_laws(census::token_coverage{}, there) == no_law_broken{});
  CHECK(census::broken_laws(census::paper_survey(), there) == no_law_broken{});

  census::paper_survey expected, on_both, first, second;
  census::survey(here, expected);
  census::survey(there, on_both);
  CHECK(on_both == expected);
  first.observe(there[0]), first.observe(there[1]), second.observe(here[2]), second.observe(there[3]);
  first.merge(second);
  CHECK(first == expected);
  CHECK(first.by_token(0) == expected.by_token(0));
}

#endif
