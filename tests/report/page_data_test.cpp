// SPDX-License-Identifier: MIT
// What a page carries of a census, against the census's files; and the encodings that it is carried in.
#include <census/report/detail/base64.hpp>
#include <census/report/detail/page_data.hpp>
#include <census/report/detail/page_number.hpp>
#include <census/report/detail/sha256.hpp>
#include <census/report/read_census.hpp>

#include <report/small_census.hpp>
#include <support/catch.hpp>
#include <support/temporary_folder.hpp>

#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using json = nlohmann::ordered_json;

json carried_of(temporary_folder const& folder, census::detail::page_examples_limit const& limit = {}) {
  return census::detail::page_census(census::read_census(folder.path()), limit);
}

json column(json const& table, std::string const& name) {
  for (auto const& one : table)
    if (one.at("name") == name) return one;
  return nullptr;
}

std::string in_digits(std::string_view bytes) {
  std::string text;
  for (char const byte : bytes) {
    char digits[3];
    std::snprintf(digits, sizeof digits, "%02x", static_cast<unsigned char>(byte));
    text += digits;
  }
  return text;
}

/// What is said of a folder with one file spoiled.
std::string complaint_about_line(std::string const& name, json const& line) {
  temporary_folder const folder;
  small_census{}.write(folder);
  folder.write(name, line.dump() + "\n");
  try {
    carried_of(folder);
    return "";
  } catch (census::bad_input const& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("base64 is that of RFC 4648") {
  using census::detail::base64;
  CHECK(base64("") == "");
  CHECK(base64("f") == "Zg==");
  CHECK(base64("fo") == "Zm8=");
  CHECK(base64("foo") == "Zm9v");
  CHECK(base64("foobar") == "Zm9vYmFy");
  CHECK(base64("\xff\xfe\xfb") == "//77");
}

TEST_CASE("SHA-256 is that of FIPS 180-4, whatever the length in blocks") {
  using census::detail::sha256;
  CHECK(in_digits(sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(in_digits(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(in_digits(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")) ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(in_digits(sha256(std::string(1000000, 'a'))) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("numbers are rounded to four digits, whole ones exact") {
  using census::detail::page_number;
  CHECK(page_number(0.123456789).dump() == "0.1235");
  CHECK(page_number(-0.000123456).dump() == "-0.0001235");
  CHECK(page_number(1234.56).dump() == "1235");
  CHECK(page_number(9007199254740991).dump() == "9007199254740991");
  CHECK(page_number(0).dump() == "0");
  CHECK(page_number(3.14159, 2).dump() == "3.1");
  CHECK(page_number(0.99996).dump() == "0.9999");  // a share, and not all of it
  CHECK(page_number(0.9996, 3).dump() == "0.999");
  CHECK(page_number(1.00004).dump() == "1");
}

TEST_CASE("a page carries the columns of neurons.csv and layers.csv that hold something, cell by cell") {
  temporary_folder const folder;
  small_census{}.write(folder);
  auto const carried = carried_of(folder);
  auto const& neurons = carried.at("neurons");
  CHECK(column(neurons, "neuron").at("values") == json({0, 1, 2}));
  CHECK(column(neurons, "firings").at("values") == json({6, 9007199254740991, 0}));
  CHECK(column(neurons, "frequency").at("values") == json({0.1235, 1, 0}));
  CHECK(column(neurons, "firing_rate_upper_95").at("values") == json({nullptr, nullptr, 0.0431}));
  CHECK(column(neurons, "mutual_information_corrected").at("values") == json({-0.0001235, 0.2512, 0}));
  CHECK(column(neurons, "token_detector_verdict").at("texts") == json({"surely", "no"}));
  CHECK(column(neurons, "token_detector_verdict").at("values") == json({0, 1, nullptr}));
  CHECK(column(carried.at("layers"), "dead_share").at("values") == json({0.3333}));
  CHECK(column(carried.at("layers"), "empty").is_null());
}

TEST_CASE("a page carries detectors, top examples and positions, tokens by their numbers") {
  temporary_folder const folder;
  small_census{}.write(folder);
  auto const carried = carried_of(folder, {.examples = 2, .of_each_bin = 1, .before = 3, .behind = 1});
  CHECK(carried.at("tokens") == json({" the", "a", "t17", "t18", "t19", "t21"}));
  CHECK(carried.at("detectors") == json::parse(R"([{"layer": 2, "neuron": 0, "n": 1, "firings_without_bos": 6,
    "cover": 1, "supported": 0, "verdict": "surely", "of": 1, "ngrams": [[0, 6, 7]], "promoted": [[1, 0.123]],
    "suppressed": [[0, -2]]}])"));
  auto const example = json::parse("[3.142, 12, 1, 120, 117, [2, 3, 4, 0, 5], [0, 0.5, 0, 3.1, 0]]");
  CHECK(carried.at("examples") == json{{{"layer", 2}, {"neuron", 0}, {"of", 3}, {"examples", {example, example}}}});
  CHECK(carried.at("positions") ==
        json{{"positions", 5}, {"largest", {0.4, 1, 0}}, {"levels", {"1?M[", "[[##", ""}}});  // 14, 28, 42, 56 of 56
}

TEST_CASE("a page carries what all neurons promote, and then not once more with detectors") {
  temporary_folder const folder;
  small_census{}.write(folder);
  small_census{}.write_projections(folder);
  auto const carried = carried_of(folder, {.examples = 0});
  CHECK(carried.at("tokens") == json({" the", "#3", "b"}));
  CHECK(json::parse(carried.at("projections").dump()) == json::parse(R"({"ranked": 2, "promoted": [0, 1, 0, 0, 2, 1],
    "promoted_scores": [0.123, 0.1, 2, 1, 7, 6], "suppressed": [2, 2, 1, 1, 0, 0],
    "suppressed_scores": [-1, -0.5, -2, null, 0, 0]})"));
  CHECK_FALSE(carried.at("detectors").at(0).contains("promoted"));
  CHECK(carried.at("detectors").at(0).at("ngrams") == json::parse("[[0, 6, 7]]"));
}

TEST_CASE("a page carries at most ten tokens of either end, and refuses projections of other neurons") {
  temporary_folder const folder;
  small_census{}.write(folder);
  census::token_ranking const many{std::vector<census::token_id>(36, 1), std::vector<float>(36, 0.5f)};
  census::stage_projections(folder / "projections-2.safetensors", {12, many, many, {{1, "a"}}})->commit();
  auto const carried = carried_of(folder).at("projections");
  CHECK((carried.at("ranked") == 10 && carried.at("promoted").size() == 30));
  census::stage_projections(folder / "projections-2.safetensors", {18, many, many, {{1, "a"}}})->commit();
  CHECK_THROWS_WITH(carried_of(folder), Catch::Contains("projections-2.safetensors: is of 2 neurons, not of the 3"));
}

TEST_CASE("a page carries what was run, in the order in which run.json is read") {
  temporary_folder const folder;
  small_census{}.write(folder);
  auto const run = carried_of(folder).at("run");
  CHECK(run.at("domains") == json::parse(R"([["prose", 700]])"));
  CHECK(run.at("settings") == json::parse(R"([["context", "5"], ["model", " the"]])"));
  CHECK(run.at("texts") == json::parse(R"([{"path": " the", "domain": "prose", "bytes": 7}])"));
  CHECK(run.at("ignored") == json::parse(R"([{"what": "lines", "count": 2, "places": [" the"]}])"));
  CHECK(run.at("documents") == 4);
}

TEST_CASE("what a census does not tell is null in a page") {
  temporary_folder const folder;
  small_census{}.write(folder);
  std::filesystem::remove(folder / "examples.jsonl"), std::filesystem::remove(folder / "census.safetensors");
  folder.write("detectors.jsonl", "");
  auto const carried = carried_of(folder);
  CHECK(carried.at("examples").is_null());
  CHECK(carried.at("positions").is_null());
  CHECK(carried.at("projections").is_null());
  CHECK(carried.at("detectors") == json::array());
  CHECK(carried.at("tokens") == json::array());
}

TEST_CASE("a page carries what run.json lists, refuses a listed file that is gone, and passes over one not listed") {
  temporary_folder const folder;
  small_census{}.write(folder);
  small_census{}.write_projections(folder);
  auto const list = [&](std::vector<std::string> files) {
    auto run = small_census{}.run();
    run["files"] = files;
    folder.write("run.json", run.dump());
  };
  std::vector<std::string> const all{"examples.jsonl", "projections-2.safetensors", "census.safetensors"};
  list(all);
  auto const carried = carried_of(folder);
  for (auto const* told : {"examples", "projections", "positions"}) CHECK_FALSE(carried.at(told).is_null());
  list({"layers.csv", "neurons.csv"});
  auto const bare = carried_of(folder);
  for (auto const* told : {"examples", "projections", "positions"}) CHECK(bare.at(told).is_null());
  list(all);
  for (auto const& name : all) {
    std::filesystem::rename(folder / name, folder / "elsewhere");
    CHECK_THROWS_WITH(carried_of(folder), Catch::Contains(name + ": is missing, though run.json lists it"));
    std::filesystem::rename(folder / "elsewhere", folder / name);
  }
}

TEST_CASE("a page refuses files without a line, where other files count detectors, and neurons that fired") {
  auto const refused = [](std::string const& name, std::string const& message) {
    temporary_folder const folder;
    small_census{}.write(folder);
    folder.write("layers.csv", "layer,neurons,dead,token_detectors,positional_corrected\n2,3,1,1,1\n");
    folder.write("neurons.csv",
                 "layer,neuron,firings,firings_without_bos,positional_corrected,mutual_information_corrected\n"
                 "2,0,6,6,0,\n2,1,9,0,1,0.25\n2,2,0,0,0,\n");
    CHECK(carried_of(folder).at("examples").size() == 1);  // the second fires at BOS alone
    folder.write(name, "");
    CHECK_THROWS_WITH(carried_of(folder), Catch::Contains(name + message));
  };
  refused("detectors.jsonl", ": tells 0 token detectors of layer 2, where layers.csv counts another number");
  refused("examples.jsonl", ": has no line of layer 2, neuron 0, which fired");
}

TEST_CASE("a page carries an example of each bin of values, and no infinite value") {
  temporary_folder const folder;
  small_census{}.write(folder);
  auto line = small_census{}.examples();
  auto example = line.at("examples").at(0);
  example["value"] = example["values"][20] = nullptr;
  auto const examples = nlohmann::json::array({example, example});
  line["bins"] = {{{"from", 0.123456}, {"to", 3.14159}, {"share", 1}, {"examples", examples}}};
  folder.write("examples.jsonl", line.dump());
  auto const carried = carried_of(folder, {.examples = 1, .of_each_bin = 1, .before = 0, .behind = 0});
  CHECK(json::parse(carried.at("examples").at(0).at("bins").dump()) ==
        json::parse("[[0.1235, 3.142, [[null, 12, 1, 120, 120, [0], [null]]]]]"));
}

TEST_CASE("a top example without texts of tokens shows their ids") {
  temporary_folder const folder;
  small_census{}.write(folder);
  auto line = small_census{}.examples();
  for (auto& token : line.at("examples").at(0).at("tokens")) token = "";
  line.at("examples").at(0).at("ids").at(19) = nullptr;
  folder.write("examples.jsonl", line.dump());
  auto const carried = carried_of(folder, {.examples = 1, .of_each_bin = 1, .before = 1, .behind = 0});
  CHECK(carried.at("tokens") == json({" the", "a", "?", "#20"}));
}

TEST_CASE("a line that no census writes is refused by file and line") {
  auto const refused = [](std::string const& file) { return Catch::Contains(file + ", line 1: is no line of "); };
  for (auto const* field : {"layer", "neuron", "ngrams", "promoted"}) {
    json line = small_census{}.detector();
    line.erase(field);
    CHECK_THAT(complaint_about_line("detectors.jsonl", line), refused("detectors.jsonl"));
  }
  for (auto const* field : {"value", "document", "position", "first", "ids", "tokens", "values"}) {
    json line = small_census{}.examples();
    line["examples"][0].erase(field);
    CHECK_THAT(complaint_about_line("examples.jsonl", line), refused("examples.jsonl"));
  }
  for (auto const& [field, value] : std::vector<std::pair<std::string, json>>{
           {"ids", {1}}, {"values", {1}}, {"tokens", {"a"}}, {"position", 99}, {"position", 140}}) {
    json line = small_census{}.examples();
    line["examples"][0][field] = value;
    CHECK_THAT(complaint_about_line("examples.jsonl", line), refused("examples.jsonl"));
  }
  CHECK_THAT(complaint_about_line("examples.jsonl", "no object"), refused("examples.jsonl"));
}
