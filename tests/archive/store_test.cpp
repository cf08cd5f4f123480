// SPDX-License-Identifier: MIT
#include <census/archive/store.hpp>

#include <support/catch.hpp>

#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

struct row {
  std::uint32_t key;
  std::vector<std::int16_t> counts;

  template <class Archive>
  void serialize(Archive& archive) {
    archive("key", key), archive("counts", counts);
  }
};

/// The numbers of an array.
template <class T>
std::vector<T> numbers(census::stored_state const& state, std::string const& path) {
  auto const& array = state.arrays.at(path);
  REQUIRE(array.type == census::type_code<T>());
  auto const bytes = array.bytes();
  REQUIRE(bytes.size() == array.size * sizeof(T));
  std::vector<T> all(array.size);
  if (!all.empty()) std::memcpy(all.data(), bytes.data(), bytes.size());
  return all;
}

using sizes = std::vector<std::uint64_t>;

}  // namespace

TEST_CASE("A vector of structs is stored as an array a member") {
  std::vector<row> const rows{{7, {-1, 2}}, {9, {}}, {4, {300}}};
  auto const state = census::store(rows);
  CHECK(state.arrays.size() == 4);
  CHECK(numbers<std::uint64_t>(state, ".size") == sizes{3});
  CHECK(numbers<std::uint32_t>(state, "key") == std::vector<std::uint32_t>{7, 9, 4});
  CHECK(numbers<std::uint64_t>(state, "counts.size") == sizes{2, 0, 1});
  CHECK(numbers<std::int16_t>(state, "counts") == std::vector<std::int16_t>{-1, 2, 300});
}

TEST_CASE("Maps, texts and what may be missing are stored with their sizes") {
  std::map<std::string, std::optional<float>> const value{{"ab", 1.5f}, {"c", std::nullopt}};
  auto const state = census::store(value);
  CHECK(numbers<std::uint64_t>(state, ".size") == sizes{2});
  CHECK(numbers<std::uint64_t>(state, "key.size") == sizes{2, 1});
  CHECK(numbers<std::uint8_t>(state, "key") == std::vector<std::uint8_t>{'a', 'b', 'c'});
  CHECK(numbers<std::uint64_t>(state, "value.size") == sizes{1, 0});
  CHECK(numbers<float>(state, "value") == std::vector<float>{1.5f});
}

TEST_CASE("Large vectors are referred to, and come in order with what is copied") {
  std::vector<std::uint16_t> first{1, 2}, last{5};
  census::archive_writer archive;
  archive.large("numbers", first);
  archive("numbers", std::vector<std::uint16_t>{3, 4});
  archive.pieces<std::uint16_t>("numbers", 1, [&](auto const& sink) { sink(std::span<std::uint16_t const>(last)); });
  auto const state = archive.take();
  first[0] = 9;  // it was not copied
  CHECK(numbers<std::uint16_t>(state, "numbers") == std::vector<std::uint16_t>{9, 2, 3, 4, 5});
  CHECK(numbers<std::uint64_t>(state, "numbers.size") == sizes{2, 2, 1});
}

TEST_CASE("A path holds numbers of one type, and as many as were announced") {
  census::archive_writer archive;
  archive("part", std::uint32_t{1});
  CHECK_THROWS_AS(archive("part", std::int32_t{1}), std::logic_error);
  archive.pieces<std::uint8_t>("more", 2, [](auto const& sink) { sink(std::span<std::uint8_t const>()); });
  CHECK_THROWS_AS(archive.take().arrays.at("more").bytes(), std::logic_error);
}
