// SPDX-License-Identifier: MIT
#include <census/cuda/detail/device_text.hpp>

#include <cuda/support/device.hpp>
#include <cuda/support/kernel_memory.hpp>
#include <support/catch.hpp>

#include <model/sequences.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

using census::cuda::detail::device_text;
using census::cuda::kernels::no_row;
using census::cuda::kernels::row_place;

namespace {

census::shared_text text_of_lengths(std::vector<std::size_t> const& lengths) {
  std::vector<tokens> sequences;
  for (std::size_t const length : lengths) sequences.push_back(random_sequence(length, 50));
  return text_of(sequences);
}

struct text_here {
  std::vector<row_place> places;
  std::vector<std::uint32_t> rows;

  text_here(device_text const& text, census::cuda::detail::device const& on) : places(text.rows()) {
    std::size_t count = 0;
    for (auto const& slice : text.slices()) count += slice.attention_rows;
    rows.resize(count);
    census::cuda::detail::bring(on, text.places(), std::span(places));
    census::cuda::detail::bring(on, text.attention_rows(), std::span(rows));
  }
};

}  // namespace

TEST_CASE("a sequence takes a power of two of attention's rows, or whole tiles") {
  for (auto const& [length, rows] : std::vector<std::pair<std::size_t, std::size_t>>{
           {1, 16}, {16, 16}, {17, 32}, {33, 64}, {64, 64}, {65, 128}, {128, 128}, {129, 192}, {193, 256}})
    CHECK(device_text::padded_length(length, 64) == rows);
}

TEST_CASE("each row of a text has one row of attention, behind those of its sequence that come before, and others are "
          "padding") {
  auto const on = census_test::first_device();
  std::vector<std::size_t> const lengths{20, 3, 40, 32, 1, 70, 16};
  for (std::size_t const most_rows : {96, 128, 1000}) {
    device_text const text(on, text_of_lengths(lengths), 32, most_rows, on->downloads());
    text_here const here(text, *on);
    std::vector<int> taken(here.rows.size(), 0);
    std::size_t row = 0, first_attention_row = 0;
    for (auto const& slice : text.slices()) {
      CHECK((slice.first_row == row && slice.first_attention_row == first_attention_row));
      CHECK(slice.attention_rows <= most_rows);
      std::size_t in_groups = 0;
      for (auto const& group : slice.groups) {
        CHECK(group.first_row == in_groups);
        in_groups += group.sequences * group.rows;
      }
      CHECK(in_groups == slice.attention_rows);
      for (; row < slice.last_row; ++row) {
        auto const& place = here.places[row];
        std::size_t const at = first_attention_row + place.sequence_start + place.position;
        REQUIRE(here.rows.at(at) == row);
        ++taken[at];
        if (place.position > 0) CHECK(here.places[row - 1].sequence_start == place.sequence_start);
        if (place.position > 0) CHECK(here.places[row - 1].position + 1 == place.position);
      }
      first_attention_row += slice.attention_rows;
    }
    CHECK(row == text.rows());
    for (std::size_t i = 0; i < taken.size(); ++i) CHECK(taken[i] == (here.rows[i] == no_row ? 0 : 1));
  }
}

TEST_CASE("sequences of one padded length attend together, and slices end where there is no more room") {
  auto const on = census_test::first_device();
  device_text const text(on, text_of_lengths({20, 3, 30, 16, 40}), 32, 96, on->downloads());
  REQUIRE(text.slices().size() == 2);  // 32 + 16 + 32 + 16, then 64
  auto const& groups = text.slices()[0].groups;
  REQUIRE(groups.size() == 2);
  CHECK((groups[0].rows == 16 && groups[0].sequences == 2 && groups[1].rows == 32 && groups[1].sequences == 2));
  CHECK_THROWS_AS(device_text(on, text_of_lengths({97}), 32, 96, on->downloads()), std::invalid_argument);
}
