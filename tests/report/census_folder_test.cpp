// SPDX-License-Identifier: MIT
// Every figure of layers.csv, neurons.csv and census.safetensors against a brute-force recount from raw activations.
#include <census/accumulator/named.hpp>
#include <census/report/census_folder.hpp>
#include <census/survey/survey.hpp>
#include <census/weights/safetensors.hpp>

#include <support/catch.hpp>
#include <support/random_blocks.hpp>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <unistd.h>

namespace {

namespace fs = std::filesystem;
constexpr std::size_t neurons = 70, context = 12;
constexpr std::uint32_t layers = 3;
constexpr std::uint16_t domains = 3;
constexpr std::uint64_t documents = 20;

struct folder {
  fs::path path = fs::temp_directory_path() / ("census_report_test_" + std::to_string(::getpid()));
  folder() { fs::remove_all(path); }
  ~folder() { fs::remove_all(path); }
};

/// A block in which some neurons detect a token, so that detectors, too, have something to be recounted from.
std::vector<census::block> blocks() {
  return census_test::random_blocks({.texts = 4,
                                     .sequences = 5,
                                     .neurons = neurons,
                                     .layers = layers,
                                     .context = context,
                                     .domains = domains,
                                     .seed = 21});
}

struct accumulators {
  census::liveness alive;
  census::firings_by<census::key::domain> by_domain;
  census::token_coverage tokens;
  census::position_information positions;

  void observe(std::vector<census::block> const& blocks) {
    census::survey(blocks, alive, by_domain, tokens, positions);
  }
  void merge(accumulators const& other) {
    alive.merge(other.alive), by_domain.merge(other.by_domain), tokens.merge(other.tokens),
        positions.merge(other.positions);
  }
};

void write_census(fs::path const& where, accumulators const& seen) {
  census::census_folder out(where, {0, layers, neurons, {"a", "b", "c"}, context});
  for (std::uint32_t layer = 0; layer < layers; ++layer) {
    auto const by_token = seen.tokens.table(layer);
    auto const by_position = seen.positions.table(layer);
    out.keep(layer, by_token);
    out.append(census::take_census(layer, seen.alive.table(layer), by_token, by_position), seen.by_domain.table(layer),
               by_position);
  }
  census::run_record run;
  run.documents = documents;
  out.commit(run);
}

void write_census(fs::path const& where, std::vector<census::block> const& source) {
  accumulators seen;
  seen.observe(source);
  write_census(where, seen);
}

using csv = std::vector<std::map<std::string, std::string>>;
csv read_csv(fs::path const& path) {
  std::ifstream in(path);
  auto const cells = [](std::string const& line) {
    std::vector<std::string> found(1);
    for (char const c : line)
      if (c == ',')
        found.emplace_back();
      else
        found.back().push_back(c);
    return found;
  };
  std::string line;
  std::getline(in, line);
  auto const names = cells(line);
  csv rows;
  while (std::getline(in, line)) {
    auto const values = cells(line);
    REQUIRE(values.size() == names.size());
    for (std::size_t i = 0; i < names.size(); ++i) (i == 0 ? rows.emplace_back() : rows.back())[names[i]] = values[i];
  }
  return rows;
}

template <class T>
std::vector<T> read_tensor(census::safetensors_file const& file, std::string const& name,
                           std::vector<std::size_t> const& shape) {
  for (auto const& tensor : file.tensors())
    if (tensor.name == name) {
      CHECK(std::vector<std::size_t>(tensor.shape.begin(), tensor.shape.end()) == shape);
      std::vector<T> values(tensor.bytes.size() / sizeof(T));
      std::memcpy(values.data(), tensor.bytes.data(), tensor.bytes.size());
      return values;
    }
  FAIL("no tensor " << name);
  return {};
}

/// What one neuron did, straight from the floats.
struct recounted {
  std::uint64_t tokens = 0, firings = 0, firings_without_bos = 0;
  std::map<std::uint32_t, std::uint64_t> by_domain, by_token, by_position;  // firings
};

}  // namespace

TEST_CASE("every count in neurons.csv and census.safetensors equals a brute-force recount from raw activations") {
  folder const out;
  auto const source = blocks();
  write_census(out.path, source);

  std::vector<std::vector<recounted>> recount(layers, std::vector<recounted>(neurons));
  std::map<std::uint32_t, std::uint64_t> tokens_of, positions_of, domains_of;  // occurrences, in one layer
  census_test::for_each_row(
      source, [&](census::block const& block, std::uint32_t row, census::sequence const& sequence) {
        std::uint32_t const token = block.text()->tokens[row], position = row - sequence.first_row;
        if (block.layer() == 0) {
          ++domains_of[sequence.domain];
          if (position > 0) ++tokens_of[token];
          if (sequence.length == context) ++positions_of[position];
        }
        for (std::size_t n = 0; n < neurons; ++n) {
          recounted& one = recount[block.layer()][n];
          ++one.tokens;
          if (!(block.values().row(row)[n] > 0)) continue;
          ++one.firings, ++one.by_domain[sequence.domain];
          if (position > 0) ++one.firings_without_bos, ++one.by_token[token];
          if (sequence.length == context) ++one.by_position[position];
        }
      });

  // census.safetensors
  census::safetensors_file const file(out.path / "census.safetensors");
  auto const firings = read_tensor<std::int64_t>(file, "firings", {layers, neurons});
  auto const by_domain = read_tensor<std::int64_t>(file, "firings_by_domain", {layers, domains, neurons});
  auto const by_position = read_tensor<std::uint32_t>(file, "firings_by_position", {layers, context, neurons});
  auto const domain_tokens = read_tensor<std::int64_t>(file, "tokens_by_domain", {layers, domains});
  CHECK(read_tensor<std::int64_t>(file, "full_sequences", {layers}) ==
        std::vector<std::int64_t>(layers, static_cast<std::int64_t>(positions_of[3])));
  CHECK(read_tensor<std::int64_t>(file, "tokens", {layers}) ==
        std::vector<std::int64_t>(layers, static_cast<std::int64_t>(recount[0][0].tokens)));
  bool equal = true;
  for (std::uint32_t layer = 0; layer < layers; ++layer)
    for (std::size_t n = 0; n < neurons; ++n) {
      recounted& one = recount[layer][n];
      equal &= static_cast<std::uint64_t>(firings[layer * neurons + n]) == one.firings;
      for (std::uint32_t d = 0; d < domains; ++d) {
        equal &= static_cast<std::uint64_t>(by_domain[(layer * domains + d) * neurons + n]) == one.by_domain[d];
        equal &= static_cast<std::uint64_t>(domain_tokens[layer * domains + d]) == domains_of[d];
      }
      for (std::uint32_t p = 0; p < context; ++p)
        equal &= by_position[(layer * context + p) * neurons + n] == one.by_position[p];
    }
  CHECK(equal);

  // tokens-LAYER.safetensors
  for (std::uint32_t layer = 0; layer < layers; ++layer) {
    census::safetensors_file const table(out.path / ("tokens-" + std::to_string(layer) + ".safetensors"));
    auto const keys = read_tensor<std::uint32_t>(table, "tokens", {tokens_of.size()});
    auto const occurrences = read_tensor<std::int64_t>(table, "occurrences", {tokens_of.size()});
    auto const counts = read_tensor<std::uint32_t>(table, "counts", {tokens_of.size(), neurons});
    std::size_t row = 0;
    for (auto const& [token, count] : tokens_of) {
      CHECK(keys[row] == token);
      CHECK(static_cast<std::uint64_t>(occurrences[row]) == count);
      bool same = true;
      for (std::size_t n = 0; n < neurons; ++n) same &= counts[row * neurons + n] == recount[layer][n].by_token[token];
      CHECK(same);
      ++row;
    }
  }

  // neurons.csv, with cover, detector and information worked out anew from the recount
  auto const rows = read_csv(out.path / "neurons.csv");
  REQUIRE(rows.size() == layers * neurons);
  std::vector<std::set<std::uint32_t>> detected(layers);
  std::vector<std::uint64_t> dead(layers, 0), detectors(layers, 0), positional(layers, 0);
  std::size_t some_detector = 0;
  auto const entropy = [](double p) { return p <= 0 || p >= 1 ? 0 : -p * std::log(p) - (1 - p) * std::log(1 - p); };
  for (std::uint32_t layer = 0; layer < layers; ++layer)
    for (std::size_t n = 0; n < neurons; ++n) {
      auto row = rows[layer * neurons + n];
      recounted& one = recount[layer][n];
      CAPTURE(layer, n);
      CHECK(row["layer"] == std::to_string(layer));
      CHECK(row["neuron"] == std::to_string(n));
      CHECK(row["firings"] == std::to_string(one.firings));
      CHECK(row["firings_without_bos"] == std::to_string(one.firings_without_bos));
      CHECK(std::stod(row["frequency"]) == Approx(double(one.firings) / double(one.tokens)).epsilon(1e-15).margin(0));
      CHECK(row["firing_rate_upper_95"].empty() == (one.firings > 0));
      dead[layer] += one.firings == 0;

      std::multiset<std::uint64_t, std::greater<>> sizes;
      for (auto const& [token, count] : one.by_token)
        if (count > 0) sizes.insert(count);
      std::uint64_t held = 0, cover = 0, explained = 0;
      for (std::uint64_t const size : sizes) {
        if (100 * held >= 95 * one.firings_without_bos) break;
        held += size, ++cover;
      }
      CHECK(row["cover_unigram"] == (cover == 0 ? "" : std::to_string(cover)));
      std::set<std::uint32_t> triggers;
      for (auto const& [token, count] : one.by_token)
        if (count > 0 && 100 * count >= 95 * tokens_of[token]) triggers.insert(token), explained += count;
      bool const detector = cover >= 1 && cover <= 5 && 100 * explained >= 95 * one.firings_without_bos;
      CHECK(row["token_detector"] == (detector ? "1" : "0"));
      if (detector) detected[layer].insert(triggers.begin(), triggers.end()), ++detectors[layer], ++some_detector;

      double conditional = 0, fired = 0;
      double const sequences = static_cast<double>(positions_of[0]);
      for (std::uint32_t p = 0; p < context; ++p) {
        double const count = static_cast<double>(one.by_position[p]);
        conditional += entropy(count / sequences) / context, fired += count;
      }
      double const information = entropy(fired / (sequences * context)) - conditional;
      CHECK(std::stod(row["mutual_information"]) == Approx(information).margin(1e-12));
      CHECK(row["positional"] == (information > 0.05 ? "1" : "0"));
      positional[layer] += information > 0.05;
    }
  CHECK(some_detector > 0);  // else that part of the test would be empty
  CHECK(dead[0] > 0);

  // layers.csv
  auto const layer_rows = read_csv(out.path / "layers.csv");
  REQUIRE(layer_rows.size() == layers);
  std::set<std::uint32_t> before, below;
  for (std::uint32_t layer = 0; layer < layers; ++layer) {
    auto row = layer_rows[layer];
    std::size_t new_overall = 0, new_vs_below = 0;
    for (auto const token : detected[layer])
      new_overall += !before.contains(token), new_vs_below += !below.contains(token);
    before.insert(detected[layer].begin(), detected[layer].end());
    below = detected[layer];
    CHECK(row["dead"] == std::to_string(dead[layer]));
    CHECK(std::stod(row["dead_share"]) == Approx(double(dead[layer]) / neurons));
    CHECK(row["token_detectors"] == std::to_string(detectors[layer]));
    CHECK(row["detected_tokens"] == std::to_string(detected[layer].size()));
    CHECK(row["detected_cumulative"] == std::to_string(before.size()));
    CHECK(row["detected_new_overall"] == std::to_string(new_overall));
    CHECK(row["detected_new_vs_below"] == std::to_string(new_vs_below));
    CHECK(row["positional"] == std::to_string(positional[layer]));
  }
}

TEST_CASE("the files are the same bytes for any order of the blocks, and for halves that were merged") {
  folder const out;
  auto source = blocks();
  write_census(out.path / "whole", source);
  std::mt19937 random(4);
  for (std::size_t i = source.size(); i > 1; --i) std::swap(source[i - 1], source[random() % i]);
  write_census(out.path / "shuffled", source);
  accumulators left, right;
  auto const middle = source.begin() + static_cast<std::ptrdiff_t>(source.size() / 2);
  left.observe({source.begin(), middle});
  right.observe({middle, source.end()});
  right.merge(left);
  write_census(out.path / "merged", right);

  auto const bytes = [&](fs::path const& file) {
    std::ifstream in(file, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
  };
  for (auto const* name : {"census.safetensors", "neurons.csv", "layers.csv", "run.json", "tokens-0.safetensors",
                           "tokens-2.safetensors"}) {
    CAPTURE(name);
    auto const whole = bytes(out.path / "whole" / name);
    CHECK(whole.size() > 100);
    CHECK((bytes(out.path / "shuffled" / name) == whole));
    CHECK((bytes(out.path / "merged" / name) == whole));
  }
}

TEST_CASE("without full sequences the figures about position are left empty") {
  folder const out;
  auto const text = census::share({{2, 5, 6}, {{.length = 3, .has_bos = true}}});
  auto const block = census::make_block(0, text, {std::vector<float>{1, -1, 1, -1, 1, -1}, 2});
  census::liveness alive;
  census::token_coverage tokens;
  census::position_information positions;
  census::firings_by<census::key::domain> by_domain;
  census::survey(std::vector{block}, alive, tokens, positions, by_domain);
  census::census_folder folder(out.path, {0, 1, 2, {"a"}, 0});
  folder.append(census::take_census(0, alive.table(0), tokens.table(0), positions.table(0)), by_domain.table(0),
                positions.table(0));
  folder.commit({});
  auto rows = read_csv(out.path / "neurons.csv");
  CHECK(rows[0]["mutual_information"] == "");
  CHECK(rows[1]["positional"] == "");
  CHECK(rows[1]["firings"] == "0");
}

TEST_CASE("a folder that is not committed leaves what was there") {
  folder const out;
  auto const source = blocks();
  write_census(out.path, source);
  auto const size = fs::file_size(out.path / "census.safetensors");
  { census::census_folder abandoned(out.path, {0, 1, 4, {"a"}, 0}); }
  CHECK(fs::file_size(out.path / "census.safetensors") == size);
  for (auto const& entry : fs::directory_iterator(out.path)) CHECK(entry.path().extension() != ".part");
}

TEST_CASE("a folder that cannot be made or written is refused at once") {
  folder const out;
  fs::create_directories(out.path);
  std::ofstream(out.path / "file") << "x";
  CHECK_THROWS_WITH(census::census_folder(out.path / "file" / "deep", {}),
                    Catch::Contains("file/deep: the folder cannot be made"));
  fs::create_directories(out.path / "taken" / "census.safetensors.part");
  CHECK_THROWS_AS(census::census_folder(out.path / "taken", {}), census::bad_input);
}

TEST_CASE("a safetensors file is refused as long as a tensor is not whole") {
  folder const out;
  fs::create_directories(out.path);
  census::safetensors_writer writer(out.path / "x.safetensors", {{"a", "U32", {2, 2}}});
  std::vector<std::uint32_t> const row{1, 2};
  writer.append("a", std::span<std::uint32_t const>(row));
  CHECK_THROWS_AS(writer.commit(), std::logic_error);
  CHECK_THROWS_AS(writer.append("b", std::span<std::uint32_t const>(row)), std::out_of_range);
  writer.append("a", std::span<std::uint32_t const>(row));
  CHECK_THROWS_AS(writer.append("a", std::span<std::uint32_t const>(row)), std::logic_error);
  writer.commit();
  CHECK(read_tensor<std::uint32_t>(census::safetensors_file(out.path / "x.safetensors"), "a", {2, 2}) ==
        std::vector<std::uint32_t>{1, 2, 1, 2});
}
