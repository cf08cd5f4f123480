// SPDX-License-Identifier: MIT
#include <census/archive/restore.hpp>
#include <census/archive/store.hpp>
#include <census/error.hpp>

#include <support/catch.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

namespace {

enum class colour : std::uint8_t { red, green };
constexpr std::size_t enumerators(colour) { return 2; }

struct part {
  std::string name;
  std::vector<bool> bits;
  std::optional<colour> tint;
  std::vector<std::vector<double>> nested;

  template <class Archive>
  void serialize(Archive& archive) {
    archive("name", name), archive("bits", bits), archive("tint", tint), archive("nested", nested);
  }
  friend bool operator==(part const&, part const&) = default;
};

struct whole {
  std::map<std::uint32_t, part> parts;
  std::set<std::pair<int, std::array<char, 2>>> pairs;
  std::tuple<bool, float, std::monostate> rest;
  std::vector<std::uint64_t> large;

  template <class Archive>
  void serialize(Archive& archive) {
    archive("parts", parts), archive("pairs", pairs), archive("rest", rest);
    archive.large("large", large);
  }
  friend bool operator==(whole const&, whole const&) = default;
};

struct bounded {
  int bound;
  template <class Archive>
  void serialize(Archive& archive) {
    archive.constant("bound", bound);
  }
  bool operator==(bounded const&) const = default;
};

struct odd {
  int number = 1;
  template <class Archive>
  void serialize(Archive& archive) {
    archive("number", number);
    if (Archive::is_reading && number % 2 == 0) throw std::invalid_argument("the number is even");
  }
  bool operator==(odd const&) const = default;
};

whole some() {
  return {{{3, {"three", {true, false, true}, colour::green, {{1, -2.5}, {}, {std::numeric_limits<double>::max()}}}},
           {5, {"", {}, std::nullopt, {}}}},
          {{-1, {'a', 'b'}}, {2, {'\0', 'd'}}},
          {true, 0.25f, {}},
          {1, 2, std::numeric_limits<std::uint64_t>::max()}};
}

/// A state with one array in the place of another.
template <class T>
census::stored_state with(census::stored_state state, std::string const& path, std::vector<T> const& numbers) {
  std::vector<std::byte> bytes(numbers.size() * sizeof(T));
  for (std::size_t i = 0; i < numbers.size(); ++i) std::memcpy(bytes.data() + i * sizeof(T), &numbers[i], sizeof(T));
  state.arrays[path] = {census::type_code<T>(), numbers.size(), {[bytes](census::byte_sink const& to) { to(bytes); }}};
  return state;
}

template <class T>
std::string refusal(census::stored_state const& state, T value = {}) {
  T const before = value;
  try {
    census::restore(state, value, "state.safetensors");
  } catch (census::bad_input const& error) {
    CHECK(value == before);
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("What is restored from a stored value is equal to it") {
  whole const stored = some();
  whole restored;
  census::restore(census::store(stored), restored);
  CHECK(restored == stored);
  restored.large = {7};  // what was there goes
  census::restore(census::store(stored), restored);
  CHECK(restored == stored);
}

TEST_CASE("A state of something else is refused by the array that tells, and the value stays as it was") {
  whole const stored = some();
  auto const good = census::store(stored);
  auto without = good;
  without.arrays.erase("parts/value/nested");
  CHECK(refusal<whole>(without) == "state.safetensors: array parts/value/nested is missing");
  CHECK(refusal<whole>(with(good, "rest/1", std::vector<double>{0.25})) ==
        "state.safetensors: array rest/1 holds F64 instead of F32");
  CHECK(refusal<whole>(with(good, "large", std::vector<std::uint64_t>{1, 2})) ==
        "state.safetensors: array large ends too soon");
  CHECK(refusal<whole>(with(good, "large", std::vector<std::uint64_t>{1, 2, 3, 4})) ==
        "state.safetensors: array large holds more than was asked for");
  CHECK(refusal<whole>(with(good, "unknown", std::vector<std::uint8_t>{1})) ==
        "state.safetensors: array unknown holds more than was asked for");
  CHECK(refusal<whole>(with(good, "parts/value/tint", std::vector<std::uint8_t>{2})) ==
        "state.safetensors: array parts/value/tint holds 2 as a choice");
  CHECK(refusal<whole>(with(good, "parts/key", std::vector<std::uint32_t>{3, 3})) ==
        "state.safetensors: array parts holds a key twice");
}

TEST_CASE("Sizes that no bytes stand behind take no memory") {
  using all = std::vector<std::uint64_t>;
  all const one{1};
  std::vector<std::string> const texts{"a"};
  auto constexpr huge = std::numeric_limits<std::uint64_t>::max();
  CHECK(refusal<std::vector<std::uint64_t>>(with(census::store(one), ".size", all{huge})) ==
        "state.safetensors: array without a name ends too soon");
  CHECK(refusal<std::vector<std::monostate>>(with(census::stored_state(), ".size", all{huge})) ==
        "state.safetensors: array without a name says that there are 18446744073709551615 of nothing");
  CHECK(refusal<std::vector<std::string>>(with(census::store(texts), ".size", all{huge, 1})).find("ends too soon") !=
        std::string::npos);
}

TEST_CASE("What a value was made with is compared") {
  bounded const stored{3};
  bounded same{3};
  census::restore(census::store(stored), same);
  CHECK(refusal(census::store(stored), bounded{4}) == "state.safetensors: was stored with other bound");
}

TEST_CASE("What a value's own check throws names the place") {
  odd const stored{2};
  CHECK(refusal<odd>(census::store(stored)) == "state.safetensors: the number is even");
}
