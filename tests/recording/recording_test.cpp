// SPDX-License-Identifier: MIT
#include <census/accumulator/paper_tables.hpp>
#include <census/activation/block.hpp>
#include <census/model/activations.hpp>
#include <census/model/open_model.hpp>
#include <census/recording/recording.hpp>
#include <census/survey/survey.hpp>

#include "dumps.hpp"

#include <support/catch.hpp>
#include <support/complaint_about.hpp>
#include <support/temporary_folder.hpp>

#include <cmath>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace census_test;

enum class padding { none, left, right };

constexpr std::size_t positions = 9;
constexpr census::token_id bos = 2;

/// Three sequences of a text; two of them are shorter where the batch is padded.
std::vector<std::vector<census::token_id>> sequences(padding where) {
  std::vector<std::vector<census::token_id>> all(3);
  std::mt19937 random(7);
  for (std::size_t s = 0; s < all.size(); ++s) {
    all[s] = {bos};
    std::size_t const length = where == padding::none ? positions : positions - 4 * (s % 2) - s / 2;
    while (all[s].size() < length) all[s].push_back(static_cast<census::token_id>(4 + random() % 2000));
  }
  return all;
}

/// What the live source yields, and what a hook would have recorded of it.
struct live_run {
  census::liveness alive;
  census::token_coverage tokens;
  census::position_information positions;
  std::map<std::uint32_t, std::vector<std::vector<float>>> rows;  // of each layer: [row, neuron]
  std::size_t neurons = 0;

  template <class Source>
  void take(Source&& source) {
    for (census::block const& block : source) {
      alive.observe(block), tokens.observe(block), positions.observe(block);
      neurons = block.firings().neurons();
      for (std::size_t i = 0; i < block.values().rows(); ++i)
        rows[block.layer()].emplace_back(block.values().row(i).begin(), block.values().row(i).end());
    }
  }
  friend bool operator==(live_run const& a, live_run const& b) {
    return a.alive == b.alive && a.tokens == b.tokens && a.positions == b.positions;
  }
};

census::shared_text text_of_run(padding where) {
  census::text_rows text;
  std::uint64_t document = 0;
  for (auto const& tokens : sequences(where)) {
    text.sequences.push_back({.document = document++,
                              .first_row = static_cast<std::uint32_t>(text.tokens.size()),
                              .length = static_cast<std::uint32_t>(tokens.size()),
                              .full = tokens.size() == positions,
                              .has_bos = true});
    text.tokens.insert(text.tokens.end(), tokens.begin(), tokens.end());
  }
  return census::share(std::move(text));
}

live_run bundled_model_on(padding where) {
  static census::model const model = census::open_model(CENSUS_EXAMPLES_FOLDER "/tiny_opt");
  live_run run;
  run.take(census::activations(model, {text_of_run(where)}, {.layers = {0, 2}}));
  return run;
}

/// Arrays [batch, position, ...] of a run, padding filled with what must not be counted.
struct batch {
  std::vector<std::int64_t> ids, mask;
  std::map<std::uint32_t, std::vector<float>> activations;

  batch(live_run const& run, padding where) {
    std::size_t row = 0;
    for (auto const& tokens : sequences(where)) {
      std::size_t const pads = positions - tokens.size();
      auto const pad = [&] {
        for (std::size_t i = 0; i < pads; ++i) {
          ids.push_back(1), mask.push_back(0);
          for (auto const& [layer, rows] : run.rows)
            activations[layer].insert(activations[layer].end(), run.neurons, 1.f);
        }
      };
      if (where == padding::left) pad();
      for (auto const token : tokens) {
        ids.push_back(token), mask.push_back(1);
        for (auto const& [layer, rows] : run.rows)
          activations[layer].insert(activations[layer].end(), rows[row].begin(), rows[row].end());
        ++row;
      }
      if (where != padding::left) pad();
    }
  }
};

live_run replayed(census::recording const& recorded) {
  live_run run;
  run.take(census::activations(recorded, {.rows_per_block = 12}));
  return run;
}

std::vector<std::size_t> const shape_of_text{3, positions};

}  // namespace

TEST_CASE(
    "a dump of a model gives the tables of the live source, padded left, right or not, in one file or one a layer") {
  for (auto const where : {padding::none, padding::left, padding::right})
    for (std::string const dtype : {"F32", "F64"}) {
      auto const live = bundled_model_on(where);
      batch const dump(live, where);
      std::vector<std::size_t> const shape{3, positions, live.neurons};
      dumped const ids{"input_ids", "I64", shape_of_text, stored_integers<std::int64_t>(dump.ids)},
          mask{"attention_mask", "I32", shape_of_text, stored_integers<std::int32_t>(dump.mask)};
      temporary_folder folder;

      std::vector<dumped> all{ids, mask};
      for (auto const& [layer, values] : dump.activations) {
        dumped one{"blocks." + std::to_string(layer) + ".mlp.hook_post", dtype, shape, stored_as(dtype, values)};
        folder.write("npy/layer_" + std::to_string(layer) + ".npy", npy_of(one));
        all.push_back(std::move(one));
      }
      folder.write("npy/layer_01.npy", "not of this recording");
      auto const cache = folder.write("cache.safetensors", safetensors_of(all));
      auto const ids_file = folder.write("ids.npy", npy_of(ids)), mask_file = folder.write("mask.npy", npy_of(mask));

      census::recording const in_one(
          {cache, "blocks.{}.mlp.hook_post"},
          {.tokens = {{cache, "input_ids"}}, .mask = {{cache, "attention_mask"}}, .bos = bos}),
          one_a_layer(folder / "npy/layer_{}.npy", {.tokens = ids_file, .mask = mask_file, .bos = bos});
      CHECK(in_one.layers() == std::vector<std::uint32_t>{0, 1});
      CHECK(in_one.neurons(1) == live.neurons);
      CHECK(replayed(in_one) == live);
      CHECK(replayed(one_a_layer) == live);
    }
}

TEST_CASE("a dump in half precision gives the tables of its own values, and those of the live source but for counted "
          "roundings") {
  auto const live = bundled_model_on(padding::none);
  batch const dump(live, padding::none);
  for (std::string const dtype : {"F16", "BF16"}) {
    std::vector<dumped> all{{"ids", "I32", shape_of_text, stored_integers<std::int32_t>(dump.ids)}};
    live_run rounded;
    std::map<std::uint32_t, std::uint64_t> lost;  // activations above 0 that are stored as 0
    for (auto const& [layer, values] : dump.activations) {
      auto kept = values;
      for (float& value : kept) {
        float const before = value;
        value = dtype == "F16" ? census::from_float16(to_float16(value)) : census::from_bfloat16(to_bfloat16(value));
        lost[layer] += before > 0 && !(value > 0);
      }
      census::block const block = census::make_block(layer, text_of_run(padding::none), {kept, live.neurons});
      rounded.alive.observe(block), rounded.tokens.observe(block), rounded.positions.observe(block);
      all.push_back({"h." + std::to_string(layer), dtype, {3, positions, live.neurons}, stored_as(dtype, values)});
    }
    temporary_folder folder;
    auto const file = folder.write("dump.safetensors", safetensors_of(all));
    auto const run = replayed(census::recording({file, "h.{}"}, {.tokens = {{file, "ids"}}, .bos = bos}));
    CHECK(run == rounded);
    for (std::uint32_t const layer : {0u, 1u}) {
      std::uint64_t fewer = 0;
      for (std::size_t n = 0; n < live.neurons; ++n)
        fewer += live.alive.table(layer).counts(0)[n] - run.alive.table(layer).counts(0)[n];
      CHECK(fewer == lost[layer]);
    }
  }
}

TEST_CASE("activations [token, neuron] are one sequence, or sequences of the length that is told") {
  temporary_folder folder;
  auto const file =
      folder.write("a.npy", npy_of({"a", "F32", {6, 2}, stored_as("F32", {1, 0, 0, 1, 1, 1, 0, 0, 0, 2, 3, 0})}));
  auto const ids =
      folder.write("ids.npy", npy_of({"ids", "I64", {6}, stored_integers<std::int64_t>({5, 6, 7, 5, 6, 7})}));
  auto const lengths = [&](std::size_t told) {
    std::vector<std::uint32_t> all;
    for (census::block const& block : census::activations(
             census::recording(file, {.tokens = ids, .sequence_length = told, .first_document = 40, .domain = 3})))
      for (census::sequence const& s : block.text()->sequences) {
        all.push_back(s.length);
        CHECK((s.full && !s.has_bos && s.domain == 3 && s.document == 40 + all.size() - 1));
      }
    return all;
  };
  CHECK(lengths(0) == std::vector<std::uint32_t>{6});
  CHECK(lengths(3) == std::vector<std::uint32_t>{3, 3});
  CHECK(complaint_about(file, [&] { lengths(4); }) ==
        "tensor \"a\" has 6 tokens, which are no whole number of sequences of 4");
}

TEST_CASE("layers are a layered source, blocks hold whole sequences, and values only where they are asked for") {
  temporary_folder folder;
  for (int layer : {3, 0})
    folder.write("l" + std::to_string(layer) + ".npy",
                 npy_of({"", "F32", {4, 2, 1}, stored_as("F32", {1, 0, 0, 1, 1, 1, 0, 0})}));
  census::recording const recorded(folder / "l{}.npy");
  std::vector<std::pair<std::uint32_t, std::size_t>> seen;  // layer and rows of each block
  for (auto&& layer : census::layers(recorded, {.rows_per_block = 5, .keep_values = false}))
    for (census::block const& block : layer) {
      seen.emplace_back(block.layer(), block.firings().rows());
      CHECK(block.values().empty());
    }
  CHECK(seen == std::vector<std::pair<std::uint32_t, std::size_t>>{{0, 4}, {0, 4}, {3, 4}, {3, 4}});
}

TEST_CASE("without token ids a recording tells of liveness and positions, and token statistics are absent") {
  temporary_folder folder;
  auto const file = folder.write("a.npy", npy_of({"", "F32", {4, 2, 1}, stored_as("F32", {1, 0, 0, 1, 1, 1, 0, 0})}));
  live_run const run = replayed(census::recording(file));
  CHECK(run.alive.table(0).counts(0)[0] == 4);
  CHECK(run.tokens.table(0).rows() == 0);
  REQUIRE(run.positions.table(0).rows() == 2);
  CHECK(run.positions.table(0).counts(1)[0] == 2);
}

TEST_CASE("what fires does not depend on rounding: a float64 that float32 cannot hold stays above zero and finite") {
  std::string bytes;
  for (double const value : {1e-300, -1e-300, 1e300, 0.0}) append_bytes(bytes, value);
  temporary_folder folder;
  auto const file = folder.write("a.npy", npy_of({"a", "F64", {1, 4}, bytes}));
  for (census::block const& block : census::activations(census::recording(file))) {
    CHECK(block.firings().row(0)[0] == 0b0101);
    CHECK(std::isfinite(block.values().row(0)[2]));
  }
}

TEST_CASE("what cannot be a recording is refused, naming file, tensor and place") {
  temporary_folder folder;
  auto const values = [](std::size_t count) { return stored_as("F32", std::vector<float>(count, 1.f)); };
  auto const file = folder.write("a.safetensors", safetensors_of({{"a.0", "F32", {2, 3, 4}, values(24)},
                                                                  {"a.1", "F32", {3, 2, 4}, values(24)},
                                                                  {"b.0", "F32", {24}, values(24)},
                                                                  {"c.0", "I32", {2, 12}, values(24)}}));
  auto const complaint = [&](std::string const& name) {
    return complaint_about(file, [&] { census::recording({file, name}); });
  };
  CHECK(complaint("a.{}") == "tensor \"a.1\" is of other sequences than layer 0, by its shape");
  CHECK(complaint("b.{}") ==
        "tensor \"b.0\" has 1 dimensions, where activations are [batch, position, neuron] or [token, neuron]");
  CHECK(complaint("c.{}") ==
        "tensor \"c.0\" is of type int32, where activations are float32, float16, bfloat16 or float64");
  CHECK(complaint("d.{}") == "holds no tensor \"d.{}\", for no number in place of {}");
  CHECK(complaint("{}.{}") == "{} stands for the layer's number, once");
  std::string const missing = folder / "no/layer_{}.npy", in_folder = folder / "{}/a.npy";
  CHECK(complaint_about(missing, [&] { census::recording{missing}; }) ==
        "its folder \"" + (folder / "no") + "\" cannot be read: No such file or directory");
  CHECK(complaint_about(in_folder, [&] { census::recording{in_folder}; }) ==
        "{} stands for a layer's number in the file's name or the tensor's, not in a folder's");
  CHECK(complaint("") == "holds 4 tensors: which one, is to be told");

  auto const with = [&](std::vector<std::int64_t> const& ids, std::vector<std::int64_t> const& mask) {
    auto const ids_file = folder.write("ids.npy", npy_of({"ids", "I32", {2, 3}, stored_integers<std::int32_t>(ids)})),
               mask_file =
                   folder.write("mask.npy", npy_of({"mask", "I32", {2, 3}, stored_integers<std::int32_t>(mask)}));
    try {
      census::recording const recorded({file, "a.0"}, {.tokens = ids_file, .mask = mask_file});
      for (census::block const& block : census::activations(recorded)) static_cast<void>(block);
    } catch (census::bad_input const& error) {
      std::string const message = error.what();
      return message.substr(message.find(": ") + 2);
    }
    return std::string("nothing");
  };
  CHECK(with({1, 2, 3, 4, 5, 6}, {1, 1, 0, 0, 1, 1}) == "nothing");
  CHECK(with({1, 2, -3, 4, 5, 6}, {1, 1, 1, 1, 1, 1}) == "tensor \"ids\" [0, 2] is -3, no token id");
  CHECK(with({1, 2, 3, 4, 5, 6}, {1, 0, 1, 1, 1, 1}) == "tensor \"mask\" [0, 2] follows padding inside a sequence");
  CHECK(with({1, 2, 3, 4, 5, 6}, {1, 1, 1, 0, 0, 0}) == "tensor \"mask\" [1, 0] begins a sequence of padding alone");
  CHECK(with({1, 2, 3, 4, 5, 6}, {1, 1, 1, 1, 2, 1}) == "tensor \"mask\" [1, 1] is 2, neither 0 nor 1");

  auto const nan =
      folder.write("nan.npy", npy_of({"", "F32", {2, 2, 2}, stored_as("F32", {0, 1, 2, 3, 4, 5, 6, NAN})}));
  CHECK(complaint_about(nan, [&] {
          for (census::block const& block : census::activations(census::recording(nan))) static_cast<void>(block);
        }) == "tensor \"nan\" has NaN at [1, 1, 1]");
  CHECK_THROWS_AS(census::recording({file, "a.0"}, {.bos = 2}), std::invalid_argument);
}
