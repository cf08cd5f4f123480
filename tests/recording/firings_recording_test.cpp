// SPDX-License-Identifier: MIT
#include <census/recording/firings_recording.hpp>

#include <census/accumulator/paper_tables.hpp>
#include <census/activation/source.hpp>
#include <census/recording/recording.hpp>
#include <census/survey/survey.hpp>

#include "recorded_toy.hpp"

#include <support/catch.hpp>
#include <support/complaint_about.hpp>

#include <chrono>
#include <cstring>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace census_test;
using json = nlohmann::ordered_json;

static_assert(census::layered_source<decltype(census::layers(std::declval<census::firings_recording const&>()))>);
static_assert(
    census::activation_source<decltype(census::activations(std::declval<census::firings_recording const&>()))>);

/// The bits of all layers, row by row, and of what rows they are.
struct contents {
  std::vector<std::uint64_t> bits;
  std::vector<float> values;
  std::vector<census::token_id> tokens;
  std::vector<std::uint64_t> documents;

  void take(census::block const& block) {
    for (std::size_t row = 0; row < block.firings().rows(); ++row) {
      auto const words = block.firings().row(row);
      bits.insert(bits.end(), words.begin(), words.end());
      if (block.values().empty()) continue;
      values.insert(values.end(), block.values().row(row).begin(), block.values().row(row).end());
    }
    tokens.insert(tokens.end(), block.text()->tokens.begin(), block.text()->tokens.end());
    for (auto const& s : block.text()->sequences) documents.push_back(s.document);
  }
  friend bool operator==(contents const&, contents const&) = default;
};

contents live(bool keep_values = false) {
  contents all;
  for (std::uint32_t layer = 0; layer < 3; ++layer)
    for (auto const& text : toy_text().texts()) all.take(toy().run(layer, text, keep_values));
  return all;
}

/// Of the files whose names begin like this, the one of the highest number, below 10.
std::filesystem::path last_shard(std::filesystem::path const& folder, std::string const& beginning) {
  std::filesystem::path last;
  for (int number = 0; number < 10; ++number)
    if (auto const path = folder / (beginning + std::to_string(number) + ".safetensors"); std::filesystem::exists(path))
      last = path;
  return last;
}

contents replayed(std::filesystem::path const& folder, census::replay_options const& options = {}) {
  contents all;
  for (auto&& layer : census::layers(census::firings_recording(folder), options))
    for (census::block const& block : layer) all.take(block);
  return all;
}

/// What opening the recording, and reading all of it, says; of the file that is named.
std::string complaint(temporary_folder const& folder, std::string const& file) {
  return complaint_about(folder.path() / file, [&] { replayed(folder.path(), {.keep_values = false}); });
}

json& shard(json& index, std::size_t i) { return index["shards"][i]; }

}  // namespace

TEST_CASE("a recording replays the bits that were recorded, whatever the size of blocks and shards") {
  temporary_folder const folder;
  for (std::uint64_t const shard_bytes : {1, 16 * 7, 16 * 35, 1 << 20}) {
    record_toy(folder.path(), census::recorded_values::none, shard_bytes);
    for (std::size_t const rows : {1, 10, 25, 64, 8192})
      CHECK(replayed(folder.path(), {.rows_per_block = rows}) == live());
  }
}

TEST_CASE("a recording replays its values, and refuses to replay what it does not hold") {
  temporary_folder const folder;
  record_toy(folder.path(), census::recorded_values::activations);
  CHECK(replayed(folder.path(), {.rows_per_block = 25, .keep_values = true}) == live(true));
  CHECK(replayed(folder.path()) == live());
  record_toy(folder.path());
  CHECK(complaint_about(folder.path(), [&] { replayed(folder.path(), {.keep_values = true}); }) ==
        "holds firings alone, no values");
}

TEST_CASE("the blocks of a recording may be observed, one source for all layers or one a layer") {
  temporary_folder const folder;
  record_toy(folder.path());
  census::firings_recording const recorded(folder.path());
  CHECK(recorded.layers() == std::vector<std::uint32_t>{0, 1, 2});
  CHECK(recorded.neurons() == toy_neurons);
  census::liveness alive, expected;
  auto blocks = census::activations(recorded, {.rows_per_block = 30});
  census::survey(blocks, alive);
  for (std::uint32_t layer = 0; layer < 3; ++layer)
    for (auto const& text : toy_text().texts()) expected.observe(toy().run(layer, text, false));
  CHECK(alive == expected);
  CHECK_THROWS_AS(recorded.blocks(3), std::out_of_range);

  auto next = recorded.blocks(1, {.rows_per_block = 10});
  next.skip(3);
  contents fourth, third_text;
  fourth.take(*next());
  third_text.take(toy().run(1, toy_text().texts()[3], false));
  CHECK(fourth == third_text);
  next.skip(100);
  CHECK_FALSE(next().has_value());
}

TEST_CASE("texts that are not the recording's are refused") {
  temporary_folder const folder;
  record_toy(folder.path());
  census::firings_recording const recorded(folder.path());
  auto foreign = *toy_text().texts()[0];
  foreign.tokens[4] += 1;
  auto other = recorded.blocks(0, {census::share(foreign)}, false);
  CHECK_THROWS_AS(other(), std::invalid_argument);
  std::vector<census::shared_text> too_many(13, toy_text().texts()[0]);
  auto more = recorded.blocks(0, too_many, false);
  more.skip(12);
  CHECK_THROWS_AS(more(), std::invalid_argument);
}

TEST_CASE("census::recording says what opens a folder that census recorded") {
  temporary_folder const folder;
  record_toy(folder.path());
  CHECK(complaint_about(folder.path(), [&] { census::recording const opened(folder.path()); }) ==
        "was recorded by census: census::firings_recording opens it");
}

TEST_CASE("an index that is none, or of another version, is refused by name") {
  temporary_folder const folder;
  CHECK(complaint(folder, "recording.json") == "the file is missing");
  record_toy(folder.path());
  auto const changed = [&](auto change) {
    record_toy(folder.path());
    change_index(folder, change);
    return complaint(folder, "recording.json");
  };
  CHECK(changed([](json& index) { index["recording"] = 2; }) ==
        "is of version 2 of the format; what is read is version 1");
  CHECK(changed([](json& index) { index.erase("recording"); }) ==
        "no recording of census says so of itself: \"recording\" is missing");
  CHECK(changed([](json& index) { index.erase("neurons"); }) == "\"neurons\" is missing");
  CHECK(changed([](json& index) { index["neurons"] = 0; }) == "it is of no layers, or of layers without neurons");
  CHECK(changed([](json& index) { index["tokens"] = 1.5; }) == "\"tokens\" is no whole number up to 281474976710656");
  CHECK(changed([](json& index) { index["values"] = "all"; }) == "\"values\" is \"all\", which is not known");
  CHECK(changed([](json& index) { index["settings"] = "all"; }) == "\"settings\" are no JSON object");
  CHECK(changed([](json& index) { index["text"]["fnv1a_64"] = "12"; }) == "the hash \"12\" is none");
  folder.write("recording.json", "{\"recording\": 1,");
  CHECK(complaint(folder, "recording.json").starts_with("malformed JSON"));
}

TEST_CASE("an index that points out of its folder, at other files or at other rows is refused") {
  temporary_folder const folder;
  auto const changed = [&](std::string const& file, auto change) {
    record_toy(folder.path());
    change_index(folder, change);
    return complaint(folder, file);
  };
  auto const renamed = [&](char const* name) {
    return changed("recording.json", [&](json& index) { shard(index, 2)["file"] = name; });
  };
  for (char const* name : {"../firings-0-2.safetensors", "/etc/passwd", "firings-0-.safetensors",
                           "firings--2.safetensors", "firings-0-2.safetensors/..", "run.json", ""})
    CHECK(renamed(name).find("is none of a recording's") != std::string::npos);
  CHECK(changed("firings-9-2.safetensors", [](json& index) { shard(index, 2)["file"] = "firings-9-2.safetensors"; }) ==
        "is missing, which recording.json says is here");
  CHECK(changed("recording.json", [](json& index) { shard(index, 2)["layer"] = 3; }) ==
        "the shard firings-0-2.safetensors is of layer 3, which is none of the recording's");
  CHECK(changed("recording.json", [](json& index) { shard(index, 2)["tensor"] = "weights"; }) ==
        "the shard firings-0-2.safetensors holds neither firings nor values");
  CHECK(changed("firings-0-2.safetensors", [](json& index) { shard(index, 2)["first_row"] = 71; }) ==
        "has 35 rows of its layer from row 71 on, where row 70 is due");
  CHECK(changed("firings-0-2.safetensors", [](json& index) { shard(index, 2)["rows"] = 0; }) ==
        "has 0 rows of its layer from row 70 on, where row 70 is due");
  CHECK(changed("firings-0-2.safetensors", [](json& index) { shard(index, 2)["rows"] = 34; }) ==
        "tensor \"firings\" is not of the shape [34, 16]");
  CHECK(changed("recording.json", [](json& index) { index["shards"].erase(3); }) ==
        "lists firings of layer 0 for 105 tokens, where there are 120");
  CHECK(changed("recording.json", [](json& index) { index["layers"] = 4; }) ==
        "lists firings of layer 3 for 0 tokens, where there are 120");
  CHECK(changed("firings-0-0.safetensors", [](json& index) { index["neurons"] = 7000; }) ==
        "tensor \"firings\" is not of the shape [35, 880]");
  CHECK(changed("text.safetensors", [](json& index) { index["tokens"] = 1ULL << 40; }) ==
        "tensor \"tokens\" is not of the shape [1099511627776]");
}

TEST_CASE("a shard that is cut short, exchanged, changed or of another recording is refused by name") {
  temporary_folder const folder;
  auto const bytes_of = [&](char const* name) { return census::read_file(folder / name); };
  record_toy(folder.path());
  auto const first = bytes_of("firings-1-0.safetensors"), second = bytes_of("firings-1-1.safetensors");
  folder.write("firings-1-0.safetensors", first.substr(0, first.size() - 1));
  CHECK(complaint(folder, "firings-1-0.safetensors") ==
        "has " + std::to_string(first.size() - 1) + " bytes where recording.json says " + std::to_string(first.size()));
  folder.write("firings-1-0.safetensors", second), folder.write("firings-1-1.safetensors", first);
  CHECK(complaint(folder, "firings-1-0.safetensors") ==
        "is not the file that recording.json tells of: its bytes have another hash");
  auto flipped = second;
  flipped[flipped.size() - 3] = static_cast<char>(flipped[flipped.size() - 3] ^ 4);
  folder.write("firings-1-0.safetensors", first), folder.write("firings-1-1.safetensors", flipped);
  CHECK(complaint(folder, "firings-1-1.safetensors") ==
        "is not the file that recording.json tells of: its bytes have another hash");
  std::filesystem::remove(folder / "firings-1-1.safetensors");
  CHECK(complaint(folder, "firings-1-1.safetensors") == "is missing, which recording.json says is here");
}

TEST_CASE("bits past the last neuron, and values that are NaN or fire otherwise, are refused by shard and row") {
  temporary_folder const folder;
  record_toy(folder.path());
  forge(folder, "firings-1-2.safetensors", [](std::string& bytes) {
    auto& last = bytes[bytes.size() - 16 * 33 + 8];  // of the third row its second word, whose bits end with the sixth
    last = static_cast<char>(last | 1 << 6);
  });
  CHECK(complaint(folder, "firings-1-2.safetensors") ==
        "tensor \"firings\" has a bit past the last of 70 neurons in row 72 of layer 1");

  auto const values_with = [&](float value) {
    record_toy(folder.path(), census::recorded_values::pre_activations, 70 * 4 * 50);
    forge(folder, "values-2-1.safetensors",
          [&](std::string& bytes) { std::memcpy(&bytes[bytes.size() - 50 * 280 + 280 * 4], &value, sizeof value); });
    return complaint_about(folder.path() / "values-2-1.safetensors",
                           [&] { replayed(folder.path(), {.keep_values = true}); });
  };
  CHECK(values_with(std::numeric_limits<float>::quiet_NaN()) == "tensor \"values\" has NaN in row 54 of layer 2");
  CHECK(values_with(3.f) == "tensor \"values\" has values that do not fire as recorded in row 54 of layer 2");
  CHECK(values_with(-2.f) == "nothing");
}

TEST_CASE("a text that cannot be is refused by tensor and place") {
  temporary_folder const folder;
  // The data of text.safetensors: tokens, documents, offsets, pieces, lengths, domains, full, has_bos.
  constexpr std::size_t tokens = 0, documents = 480, lengths = documents + 12 * (8 + 8 + 4), domains = lengths + 48,
                        full = domains + 24, has_bos = full + 12, end = has_bos + 12;
  auto const with = [&](std::size_t place, auto value) {
    record_toy(folder.path());
    forge(folder, "text.safetensors",
          [&](std::string& bytes) { std::memcpy(&bytes[bytes.size() - end + place], &value, sizeof value); });
    return complaint(folder, "text.safetensors");
  };
  CHECK(with(tokens + 4 * 7, std::uint32_t{1} << 24) == "tensor \"tokens\" [7] is 16777216, no token id");
  CHECK(with(documents + 8, std::uint64_t{0}) == "tensor \"documents\" has piece 0 of document 0 twice");
  CHECK(with(lengths + 4, std::uint32_t{0}) == "tensor \"lengths\" [1] is 0, no length of a sequence here");
  CHECK(with(lengths + 4, std::uint32_t{11}) == "tensor \"lengths\" [1] is 11, no length of a sequence here");
  CHECK(with(lengths + 4, std::uint32_t{9}) ==
        "tensor \"full\" [1] says that a sequence of 9 tokens fills the context of 10");
  CHECK(with(domains + 2 * 5, std::uint16_t{2}) == "tensor \"domains\" [5] is of a domain that has no name");
  CHECK(with(full + 3, std::uint8_t{2}) == "tensor \"full\" [3] is neither 0 nor 1");
  CHECK(with(has_bos + 3, std::uint8_t{7}) == "tensor \"has_bos\" [3] is neither 0 nor 1");

  record_toy(folder.path());
  change_index(folder, [](json& index) { index["sequences"] = 11; });
  CHECK(complaint(folder, "text.safetensors") == "tensor \"documents\" is not of the shape [11]");
}

TEST_CASE("a shard that does not begin at a whole word cannot be read in place, and is refused") {
  temporary_folder const folder;
  record_toy(folder.path());
  forge(folder, "firings-0-0.safetensors", [](std::string& bytes) {
    std::uint64_t length = 0;
    std::memcpy(&length, bytes.data(), sizeof length);
    bytes.insert(8 + length++, " ");
    std::memcpy(bytes.data(), &length, sizeof length);
  });
  CHECK(complaint(folder, "firings-0-0.safetensors") ==
        "tensor \"firings\" does not begin at a multiple of 8 bytes, so it cannot be read in place");
}

TEST_CASE("a shard that changes while its last block is looked at is refused by name") {
  temporary_folder const folder;
  record_toy(folder.path(), census::recorded_values::pre_activations, 70 * 4 * 50);
  for (bool const keep_values : {false, true}) {
    census::firings_recording const recorded(folder.path());
    auto blocks = recorded.blocks(0, {.rows_per_block = 10, .keep_values = keep_values});
    for (int i = 0; i < 12; ++i) REQUIRE(blocks().has_value());
    CHECK_NOTHROW(decltype(blocks)(blocks)());
    auto const path = last_shard(folder.path(), keep_values ? "values-0-" : "firings-0-");
    std::filesystem::last_write_time(path, std::filesystem::last_write_time(path) + std::chrono::seconds(5));
    CHECK(complaint_about(path, [&] { blocks(); }) == "the file changed while it was read");
  }
}
