// SPDX-License-Identifier: MIT
// Every figure of layers.csv, neurons.csv and census.safetensors against a brute-force recount from raw activations.
#include <census/activation/join.hpp>
#include <census/report/census_folder.hpp>
#include <census/survey/paper_survey.hpp>
#include <census/survey/survey.hpp>

#include <support/catch.hpp>
#include <support/random_blocks.hpp>
#include <support/read_tensor.hpp>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <ranges>
#include <set>
#include <string>
#include <vector>

#include <unistd.h>

namespace {

namespace fs = std::filesystem;
using census_test::read_tensor;
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

/// The bigrams and trigrams of a source, whatever the order of its blocks.
std::vector<census::ngram_rows> ngrams_of(std::vector<census::block> const& source) {
  std::vector<census::shared_text> texts;
  for (auto const& block : source)
    if (block.layer() == 0) texts.push_back(block.text());
  auto const whole = census::join(texts);
  return {census::ngram_rows(2, whole), census::ngram_rows(3, whole)};
}

void write_census(fs::path const& where, census::paper_survey const& seen,
                  std::vector<census::ngram_rows> const& ngrams) {
  census::census_folder out(where, {0, layers, neurons, {"a", "b", "c"}, context});
  for (std::uint32_t layer = 0; layer < layers; ++layer) {
    out.keep(layer, seen.by_token(layer));
    out.append(seen.take(layer, ngrams), seen.by_domain(layer), seen.by_position(layer));
  }
  census::run_record run;
  run.documents = documents;
  out.commit(run);
}

void write_census(fs::path const& where, std::vector<census::block> const& source) {
  census::paper_survey seen;
  census::survey(source, seen);
  write_census(where, seen, ngrams_of(source));
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

/// What one neuron did, straight from the floats.
struct recounted {
  std::uint64_t tokens = 0, firings = 0, firings_without_bos = 0;
  std::map<std::uint32_t, std::uint64_t> by_domain, by_token, by_position;  // firings
  std::map<std::vector<std::uint32_t>, std::uint64_t> by_bigram, by_trigram;
  std::set<std::uint64_t> documents;  // in which it fired
};

/// The smallest number of counts that hold 95 % of their sum.
template <class Counts>
std::uint64_t cover_of(Counts const& counts) {
  std::multiset<std::uint64_t, std::greater<>> sizes;
  std::uint64_t sum = 0, held = 0, cover = 0;
  for (auto const& [key, count] : counts)
    if (count > 0) sizes.insert(count), sum += count;
  for (std::uint64_t const size : sizes) {
    if (100 * held >= 95 * sum) break;
    held += size, ++cover;
  }
  return cover;
}

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
          one.documents.insert(sequence.document);
          auto const* const here = &block.text()->tokens[row];
          if (position > 1) ++one.by_bigram[{here[-1], here[0]}];
          if (position > 2) ++one.by_trigram[{here[-2], here[-1], here[0]}];
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
  std::vector<std::uint64_t> dead(layers, 0), detectors(layers, 0), positional(layers, 0), woken_once(layers, 0),
      bigrams_in_bin(layers, 0);
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

      std::uint64_t const cover = cover_of(one.by_token);
      std::uint64_t explained = 0;
      CHECK(row["cover_unigram"] == (cover == 0 ? "" : std::to_string(cover)));
      auto const or_none = [](std::uint64_t count) { return count == 0 ? "" : std::to_string(count); };
      CHECK(row["cover_bigram"] == or_none(cover_of(one.by_bigram)));
      CHECK(row["cover_trigram"] == or_none(cover_of(one.by_trigram)));
      if (one.documents.size() == 1) ++woken_once[layer];
      bigrams_in_bin[layer] += cover_of(one.by_bigram) >= 11 && cover_of(one.by_bigram) <= 50;
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
      CHECK(row["positional_type"].empty() == (row["positional"] == "0" && row["positional_corrected"] == "0"));
      CHECK((row["detector_order"] == "1") == detector);
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
    CHECK(row["documents"] == std::to_string(documents));
    CHECK(row["woken_by_one_document"] == std::to_string(woken_once[layer]));
    CHECK(std::stod(row["next_document_wakes"]) == Approx(double(woken_once[layer]) / documents).margin(1e-12));
    CHECK(row["cover_bigram_11_50"] == std::to_string(bigrams_in_bin[layer]));
  }

  // dead_share.csv ends, in each layer, with what the whole text leaves dead
  auto const curve = read_csv(out.path / "dead_share.csv");
  for (std::size_t i = 0; i < curve.size(); ++i) {
    auto point = curve[i];
    auto const layer = static_cast<std::size_t>(std::stoul(point["layer"]));
    if (i + 1 < curve.size() && std::stoul(curve[i + 1].at("layer")) == layer) continue;
    CHECK(point["documents"] == std::to_string(documents));
    CHECK(point["tokens"] == std::to_string(recount[layer][0].tokens));
    CHECK(std::stod(point["dead_share"]) == Approx(double(dead[layer]) / neurons));
  }
  CHECK(curve.size() > 2 * layers);
}

TEST_CASE("the files are the same bytes for any order of the blocks, and for halves that were merged") {
  folder const out;
  auto source = blocks();
  write_census(out.path / "whole", source);
  std::mt19937 random(4);
  for (std::size_t i = source.size(); i > 1; --i) std::swap(source[i - 1], source[random() % i]);
  write_census(out.path / "shuffled", source);
  census::paper_survey left, right;
  auto const half = source.size() / 2;
  census::survey(source | std::views::take(half), left);
  census::survey(source | std::views::drop(half), right);
  right.merge(left);
  write_census(out.path / "merged", right, ngrams_of(source));

  auto const bytes = [&](fs::path const& file) {
    std::ifstream in(file, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
  };
  for (auto const* name : {"census.safetensors", "neurons.csv", "layers.csv", "dead_share.csv", "run.json",
                           "tokens-0.safetensors", "tokens-2.safetensors"}) {
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
  census::paper_survey seen;
  census::survey(std::vector{block}, seen);
  census::census_folder folder(out.path, {0, 1, 2, {"a"}, 0});
  folder.append(seen.take(0), seen.by_domain(0), seen.by_position(0));
  folder.commit({});
  auto rows = read_csv(out.path / "neurons.csv");
  CHECK(rows[0]["mutual_information"] == "");
  CHECK(rows[1]["positional"] == "");
  CHECK(rows[1]["positional_type"] == "");
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
