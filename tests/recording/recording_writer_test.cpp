// SPDX-License-Identifier: MIT
#include <census/recording/recording_writer.hpp>

#include "recorded_toy.hpp"

#include <support/catch.hpp>
#include <support/complaint_about.hpp>

#include <limits>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace census_test;

std::set<std::string> names_in(std::filesystem::path const& folder) {
  std::set<std::string> names;
  for (auto const& entry : std::filesystem::directory_iterator(folder)) names.insert(entry.path().filename().string());
  return names;
}

census::block toy_block(std::uint32_t layer, std::size_t text, bool keep_values = false) {
  return toy().run(layer, toy_text().texts()[text], keep_values);
}

/// What the writer says of a block, or of commit(); without the name in front.
template <class Step>
std::string said(Step step) {
  try {
    step();
  } catch (std::logic_error const& error) {
    return std::string(error.what()).substr(std::string("census::recording_writer: ").size());
  }
  return "nothing";
}

}  // namespace

TEST_CASE("a recording is an index, the text once, and shards of bounded size of every layer") {
  temporary_folder const folder;
  record_toy(folder.path());
  std::set<std::string> expected{"recording.json", "text.safetensors"};
  for (char const* shard : {"0-0", "0-1", "0-2", "0-3", "1-0", "1-1", "1-2", "1-3", "2-0", "2-1", "2-2", "2-3"})
    expected.insert("firings-" + std::string(shard) + ".safetensors");
  CHECK(names_in(folder.path()) == expected);  // 120 rows, 35 in a file

  auto const index = index_of(folder.path());
  CHECK(index["recording"] == 1);
  CHECK(index["files"].get<std::set<std::string>>() == expected);
  CHECK(index["domains"] == std::vector<std::string>{"even", "odd"});
  CHECK(index["bos"] == 2);
  REQUIRE(index["shards"].size() == 12);
  CHECK(index["shards"][7]["file"] == "firings-1-3.safetensors");
  CHECK(index["shards"][7]["first_row"] == 105);
  CHECK(index["shards"][7]["rows"] == 15);
  CHECK(index["shards"][7]["bytes"] == std::filesystem::file_size(folder / "firings-1-3.safetensors"));
}

TEST_CASE("a shard's bytes are the rows' bits, the first neuron in the lowest") {
  temporary_folder const folder;
  record_toy(folder.path());
  auto const bytes = census::read_file(folder / "firings-2-1.safetensors");
  std::size_t const data = bytes.size() - 35 * 16;
  CHECK(data % 8 == 0);
  std::size_t row = 35;  // of the layer
  for (std::size_t i = 0; i < 35; ++i, ++row) {
    auto const block = toy_block(2, row / 10);
    for (std::size_t bit = 0; bit < 128; ++bit) {
      bool const expected = bit < toy_neurons && block.firings().fires(row % 10, bit);
      CHECK((static_cast<unsigned char>(bytes[data + 16 * i + bit / 8]) >> bit % 8 & 1) == expected);
    }
  }
}

TEST_CASE("a recording appears with commit, takes the place of an earlier one, and of nothing else") {
  temporary_folder const folder;
  folder.write("notes.txt", "mine");
  record_toy(folder.path(), census::recorded_values::activations);
  CHECK(names_in(folder.path()).contains("values-0-0.safetensors"));
  auto const before = names_in(folder.path());
  {
    census::recording_writer writer(folder.path(), description_of_toy());
    writer.observe(toy_block(0, 0));
    for (auto const& name : before) CHECK(names_in(folder.path()).contains(name));
    CHECK(complaint_about(folder.path(), [&] { census::recording_writer(folder.path(), description_of_toy()); }) ==
          "another census is writing into this folder");
  }
  CHECK(names_in(folder.path()) == before);
  record_toy(folder.path(), census::recorded_values::none, 1 << 20);
  CHECK(names_in(folder.path()) == std::set<std::string>{"notes.txt", "recording.json", "text.safetensors",
                                                         "firings-0-0.safetensors", "firings-1-0.safetensors",
                                                         "firings-2-0.safetensors"});

  temporary_folder const foreign;
  foreign.write("text.safetensors", "mine");
  CHECK_THROWS_WITH(record_toy(foreign.path()), Catch::Contains("text.safetensors: is in the way"));
  temporary_folder const shard;
  shard.write("firings-2-3.safetensors", "mine");
  CHECK(complaint_about(shard.path() / "firings-2-3.safetensors", [&] {
          census::recording_writer(shard.path(), description_of_toy(), 16 * 35);
        }).starts_with("is in the way"));
}

TEST_CASE("blocks that are not of the recording described are refused by their layer") {
  temporary_folder const folder;
  census::recording_writer writer(folder.path(), description_of_toy());
  CHECK(said([&] { writer.observe(toy_block(1, 0)); }) == "layer 1 is not the next one of those described");
  elsewhere::toy_model const narrow({.layers = 3, .ffn_size = 5}, toy_rule);
  CHECK(said([&] { writer.observe(narrow.run(0, toy_text().texts()[0], false)); }) == "layer 0 has 5 neurons, not 70");
  for (std::size_t text = 0; text < 12; ++text) writer.observe(toy_block(0, text));
  CHECK(said([&] { writer.observe(toy_block(0, 3)); }) == "layer 0 has more text than was described");
  for (std::size_t text = 0; text < 11; ++text) writer.observe(toy_block(1, text));
  CHECK(said([&] { writer.observe(toy_block(2, 0)); }) == "layer 1 has 110 tokens in 11 sequences, not 120 in 12");
}

TEST_CASE("every layer has to have the same text in the same order, and commit asks for all of them") {
  temporary_folder const folder;
  census::recording_writer writer(folder.path(), description_of_toy());
  for (std::size_t text = 0; text < 12; ++text) writer.observe(toy_block(0, text));
  for (std::size_t text = 0; text < 12; ++text) writer.observe(toy_block(1, text ^ 1));
  CHECK(said([&] { writer.commit(); }) == "layer 1 is of another text than the first, or of the same in another order");

  census::recording_writer half(folder.path() / "half", description_of_toy());
  for (std::size_t text = 0; text < 12; ++text) half.observe(toy_block(0, text));
  CHECK(said([&] { half.commit(); }) == "1 layers of 3 were observed");
  CHECK(names_in(folder.path() / "half").empty() == false);  // the beginnings, under names of their own
}

TEST_CASE("values are written where they are asked for, and have to be there") {
  temporary_folder const folder;
  census::recording_writer writer(folder.path(), description_of_toy(census::recorded_values::activations));
  CHECK(said([&] { writer.observe(toy_block(0, 0)); }) == "layer 0 comes without values");
}

TEST_CASE(
    "values that could not be read back are refused by layer and row, before anything of their block is written") {
  temporary_folder const folder;
  auto const plain = toy_block(0, 1, true);
  std::vector<float> values;
  for (std::size_t row = 0; row < plain.firings().rows(); ++row)
    values.insert(values.end(), plain.values().row(row).begin(), plain.values().row(row).end());
  auto const higher = census::make_block(0, plain.text(), plain.values(), census::fires_above{0.5f});
  values[4 * toy_neurons + 3] = std::numeric_limits<float>::quiet_NaN();
  census::block const with_nan(0, plain.text(), plain.firings(), {std::move(values), toy_neurons});

  for (auto const kept : {census::recorded_values::activations, census::recorded_values::pre_activations}) {
    census::recording_writer writer(folder.path(), description_of_toy(kept));
    writer.observe(toy_block(0, 0, true));
    CHECK(said([&] { writer.observe(higher); }) == "layer 0 has values that do not fire as recorded in row 10: "
                                                   "recorded values are numbers, and those above zero fire");
    CHECK(said([&] { writer.observe(with_nan); }).starts_with("layer 0 has NaN in row 14"));
    for (std::size_t text = 1; text < 12; ++text) writer.observe(toy_block(0, text, true));
    CHECK(said([&] { writer.commit(); }) == "1 layers of 3 were observed");
  }
  census::recording_writer without(folder.path(), description_of_toy());
  without.observe(toy_block(0, 0));
  CHECK_NOTHROW(without.observe(higher));
}

TEST_CASE("a recording in more files than its index may list is refused before it is begun") {
  temporary_folder const folder;
  auto about = description_of_toy();
  about.tokens = 11'000;
  CHECK(complaint_about(folder.path(), [&] { census::recording_writer(folder.path(), about, 16); }) ==
        "would have 33000 files of 16 bytes, more than 32768: let them be larger");
  about.tokens = 10'000;
  CHECK_NOTHROW(census::recording_writer(folder.path(), about, 16));
}

TEST_CASE("sequences that do not fit what was described are refused") {
  temporary_folder const folder;
  auto about = description_of_toy();
  about.context = 9;
  census::recording_writer longer(folder.path() / "longer", about);
  CHECK(said([&] { longer.observe(toy_block(0, 0)); }) ==
        "layer 0 has a sequence of 10 tokens, a full one, where the context is 9");
  about.context = 10, about.domains = {"even"};
  census::recording_writer nameless(folder.path() / "nameless", about);
  nameless.observe(toy_block(0, 0));
  CHECK(said([&] { nameless.observe(toy_block(0, 1)); }) == "layer 0 has a sequence of a domain that has no name");
}

TEST_CASE("a folder is held before the text is known, and refuses what is in the way of any") {
  temporary_folder const folder;
  auto held = census::recording_writer::hold(folder.path());
  CHECK_THROWS_WITH(census::recording_writer::hold(folder.path()), Catch::Contains("another census is writing"));
  folder.write("firings-1-0.safetensors", "mine"), folder.write("values-0-0.safetensors", "mine");
  using enum census::recorded_values;
  CHECK_NOTHROW(census::recording_writer::claim(*held, 0, 1, none));
  CHECK_THROWS_WITH(census::recording_writer::claim(*held, 0, 1, activations),
                    Catch::Contains("values-0-0.safetensors: is in the way"));
  CHECK_THROWS_WITH(census::recording_writer::claim(*held, 0, 2, none),
                    Catch::Contains("firings-1-0.safetensors: is in the way"));
  std::filesystem::remove(folder / "firings-1-0.safetensors");
  census::recording_writer writer(std::move(held), description_of_toy());
  CHECK_NOTHROW(writer.observe(toy_block(0, 0)));

  temporary_folder const foreign;
  foreign.write("text.safetensors", "mine");
  CHECK_THROWS_WITH(census::recording_writer::hold(foreign.path()), Catch::Contains("text.safetensors: is in the way"));
}
