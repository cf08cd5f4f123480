// SPDX-License-Identifier: MIT
#include <census/ignored.hpp>
#include <census/report/describe_run.hpp>

#include <support/catch.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace elsewhere {

struct described_model {};
struct origin {
  struct file {
    std::string path;
    std::uint64_t bytes, hash;
  };
  std::string blas;
  std::vector<file> files;
  census::ignored ignored;
};
inline origin origin_of(described_model const&) {
  census::ignored passed_over;
  passed_over.add("tensors", "m/x");
  return {"a library", {{"m/config.json", 12, 0xff}}, passed_over};
}

using cards = std::vector<std::vector<std::pair<std::string, std::string>>>;
struct model_on_devices {};
struct origin_on_devices : origin {
  cards devices;
};
inline origin_on_devices origin_of(model_on_devices const&) {
  return {origin_of(described_model{}), {{{"name", "a card"}}, {{"name", "another"}}}};
}

struct replayed_model {};
struct origin_of_replayed : origin {
  std::uint64_t recording;
};
inline origin_of_replayed origin_of(replayed_model const&) { return {origin_of(described_model{}), 0xfe}; }

struct described_corpus {
  struct source {
    std::string path, domain;
    std::uint64_t bytes, hash;
    std::optional<std::uint64_t> splits;
    struct {
      std::uint64_t count, first, last;
    } documents;
    std::string format = "text";
  };
  std::vector<source> sources() const { return {{"t.txt", "prose", 7, 3, 12, {4, 1, 9}}}; }
  census::document_subset subset() const { return census::document_subset::part(2, 2); }
  census::ignored ignored() const {
    census::ignored passed_over;
    passed_over.add("lines", "t.txt:3", 4);
    return passed_over;
  }
  std::size_t context() const { return 128; }
  std::optional<std::uint32_t> first = {};
  std::optional<std::uint32_t> bos() const { return first; }
  std::vector<std::string> domains() const { return {"prose", "code"}; }
  std::uint64_t tokens_in(std::size_t domain) const { return 10 * (domain + 1); }
  std::uint64_t documents() const { return 4; }
  std::uint64_t sequences() const { return 5; }
  std::uint64_t full_sequences() const { return 3; }
};

struct described_plan {
  struct {
    std::size_t first_layer = 1, last_layer = 4, longest_ngram = 3, threads = 2, examples = 5, example_bins = 0,
                projections = 7;
    std::uint64_t memory = 1000;
    bool pre_activations = true;
  } options;
  std::optional<census::text_halves> halves = census::text_halves{{{3, 20, 1}, {1, 10, 2}}};
};

}  // namespace elsewhere

TEST_CASE(
    "a run is described by what the model, the texts and the plan say, and the caller's words for settings stay") {
  auto const run = census::describe_run(elsewhere::described_model{}, elsewhere::described_corpus{},
                                        elsewhere::described_plan{}, {{"model", "m"}, {"layers", "1:"}});
  CHECK(run.blas == "a library");
  CHECK(run.devices.empty());
  REQUIRE(run.model.size() == 1);
  CHECK((run.model[0].path == "m/config.json" && run.model[0].bytes == 12 && run.model[0].hash == 0xff));
  REQUIRE(run.texts.size() == 1);
  CHECK((run.texts[0].domain == "prose" && run.texts[0].hash == 3 && run.texts[0].splits == 12u));
  CHECK(run.texts[0].format == "text");
  auto const counted = run.texts[0].documents.value();
  CHECK((counted.count == 4 && counted.first == 1 && counted.last == 9));
  CHECK(counted.parts == census::document_subset::part(2, 2));
  REQUIRE(run.ignored.kinds().size() == 2);
  CHECK((run.ignored.kinds()[0].what == "tensors" && run.ignored.kinds()[1].count == 4));
  using settings = std::vector<std::pair<std::string, std::string>>;
  CHECK(run.settings == settings{{"model", "m"},
                                 {"layers", "1:"},
                                 {"context", "128"},
                                 {"bos", "no"},
                                 {"memory", "1000"},
                                 {"ngrams", "3"},
                                 {"pre_activations", "yes"},
                                 {"threads", "2"},
                                 {"examples", "5"},
                                 {"projections", "7"}});
  CHECK(run.tokens_by_domain == std::vector<std::pair<std::string, std::uint64_t>>{{"prose", 10}, {"code", 20}});
  CHECK((run.documents == 4 && run.sequences == 5 && run.full_sequences == 3));
  CHECK(run.halves == census::text_halves{{{3, 20, 1}, {1, 10, 2}}});
}

TEST_CASE("a run on devices is described by what the model says of each") {
  auto const run = census::describe_run(elsewhere::model_on_devices{}, elsewhere::described_corpus{},
                                        elsewhere::described_plan{}, {});
  CHECK(run.blas == "a library");
  CHECK(run.devices == elsewhere::cards{{{"name", "a card"}}, {{"name", "another"}}});
}

TEST_CASE("a run of a recording tells its hash as a setting, by which it is told from one of another recording") {
  auto const run = census::describe_run(elsewhere::replayed_model{}, elsewhere::described_corpus{}, {});
  CHECK(run.setting("recording_fnv1a_64") == "00000000000000fe");
}

TEST_CASE("run.json holds the id of the BOS that was used, and nothing of it where there is none") {
  auto const id_in = [](elsewhere::described_corpus const& corpus) {
    auto const run = census::describe_run(elsewhere::described_model{}, corpus, elsewhere::described_plan{}, {});
    std::string found = "none";
    for (auto const& [name, value] : run.settings)
      if (name == "bos_id") found = value;
    return found;
  };
  CHECK(id_in({}) == "none");
  CHECK(id_in({.first = 2}) == "2");
}

TEST_CASE("documents are numbered alike where texts, their order, their formats and the limit are the same") {
  struct other_corpus : elsewhere::described_corpus {
    std::vector<source> given;
    std::vector<source> sources() const { return given; }
  };
  using settings = std::vector<std::pair<std::string, std::string>>;
  auto const numbering = [](std::vector<other_corpus::source> const& texts, settings const& told) {
    return census::describe_run(elsewhere::described_model{}, other_corpus{{}, texts}, told)
        .texts[0]
        .documents->numbering;
  };
  other_corpus::source const a{"a.txt", "prose", 1, 0xa, {}, {1, 0, 0}}, b{"b.txt", "prose", 1, 0xb, {}, {1, 1, 1}};
  auto moved = a;
  moved.path = "elsewhere/a.txt", moved.documents = {0, 0, 0};
  auto const same = numbering({a, b}, {{"tokens", "all"}, {"memory", "1"}});
  CHECK(numbering({moved, b}, {{"memory", "2"}, {"tokens", "all"}}) == same);
  CHECK(numbering({b, a}, {{"tokens", "all"}}) != same);
  auto lines = a;
  lines.path = "a.jsonl", lines.format = "JSON lines";
  CHECK(numbering({lines, b}, {{"tokens", "all"}}) != same);
  CHECK(numbering({a}, {{"tokens", "all"}}) != same);
  CHECK(numbering({a, b}, {{"tokens", "100"}}) != same);
}
