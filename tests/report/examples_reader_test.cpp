// SPDX-License-Identifier: MIT
#include <census/error.hpp>
#include <census/report/examples_jsonl.hpp>
#include <census/report/examples_reader.hpp>

#include <support/catch.hpp>
#include <support/temporary_folder.hpp>

#include <fstream>
#include <limits>
#include <string>

namespace {

constexpr char const* sound = R"({"layer":0,"neuron":1,"examples":[{"value":1,"document":0,"piece":0,"position":3,)"
                              R"("first":2,"ids":[5,6],"tokens":["a","b"],"values":[0,1]}]})";

}  // namespace

TEST_CASE("examples that were written are read back as they were, whatever their text") {
  temporary_folder const folder;
  std::string const hostile = "\"</script>\x1b[31m\\\n\xe2\x80\xae=1+1";
  census::activation_example const one{3.3e-7f, {1ull << 40, 1, 9}, 8, {7, 9, census::no_token}, {0, 3.3e-7f, 0.1f}},
      infinite{std::numeric_limits<float>::infinity(), {2, 0, 0}, 0, {9}, {std::numeric_limits<float>::infinity()}};
  census::layer_examples const examples{.neurons = {{5, {one}, {}}, {6, {infinite}, {{0.5f, 2, 1. / 3, {one}}}}},
                                        .token_texts = {{7, hostile}, {9, "\xff"}}};
  {
    std::ofstream out(folder.path() / "examples.jsonl");
    census::write_example_lines(out, 3, examples);
  }
  census::examples_reader lines(folder.path() / "examples.jsonl");
  for (auto const& expected : examples.neurons) {
    auto const found = lines.next();
    REQUIRE(found);
    CHECK(found->layer == 3);
    CHECK(found->examples == expected);
    CHECK(found->token_texts.at(9) == "\ufffd");
    CHECK(found->token_texts.at(7) == hostile);
  }
  CHECK_FALSE(lines.next());
}

TEST_CASE("lines that are none of examples are refused with their place") {
  temporary_folder const folder;
  auto const path = folder.path() / "examples.jsonl";
  auto const read = [&](std::string const& line) {
    std::ofstream(path) << sound << '\n' << line << '\n';
    census::examples_reader lines(path);
    REQUIRE(lines.next());
    lines.next();
  };
  auto const with = [](std::string const& part, std::string const& other) {
    std::string line = sound;
    return line.replace(line.find(part), part.size(), other);
  };
  CHECK_NOTHROW(read(sound));
  for (auto const& broken :
       {std::string("[]"), with(R"("layer":0)", R"("layer":-1)"), with(R"("layer":0)", R"("layer":4294967296)"),
        with(R"("neuron":1,)", ""), with(R"([5,6])", "[5]"), with(R"([5,6])", R"([5,"6"])"), with("[0,1]", "[0,1,2]"),
        with("[0,1]", "{}"), with(R"("position":3)", R"("position":1)"), with(R"("position":3)", R"("position":4)"),
        with(R"(["a","b"])", R"(["a",1])"), with(R"("value":1)", R"("value":"1")"),
        with(R"("value":1)", R"("value":-1e39)"), with(R"("value":1)", R"("value":true)")}) {
    CAPTURE(broken);
    CHECK_THROWS_WITH(read(broken), Catch::Contains("examples.jsonl, line 2: is no line of examples"));
  }
  CHECK_THROWS_WITH(read("{"), Catch::Contains("examples.jsonl, line 2: malformed JSON"));
  CHECK_THROWS_AS(census::examples_reader(folder.path() / "none"), census::bad_input);
  CHECK_THROWS_WITH(census::examples_reader(folder.path()), Catch::Contains("is no regular file"));
}
