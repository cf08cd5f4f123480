// SPDX-License-Identifier: MIT
#include <census/report/examples_jsonl.hpp>

#include <support/catch.hpp>

#include <limits>
#include <sstream>

TEST_CASE("examples.jsonl has a line a neuron, its tokens as text whatever bytes these are, and null for no number") {
  census::activation_example const one{3.25f, {12, 1, 9}, 8, {7, 9, census::no_token}, {0, 3.25f, 0.5f}},
      infinite{std::numeric_limits<float>::infinity(), {2, 0, 0}, 0, {9}, {std::numeric_limits<float>::infinity()}};
  census::layer_examples const examples{.neurons = {{5, {one}, {}}, {6, {infinite}, {{0.5f, 2, 0.75, {one}}}}},
                                        .token_texts = {{7, "\xff\n"}, {9, "</script>\""}}};
  std::ostringstream out;
  census::write_example_lines(out, 3, examples);
  std::string const first =
      R"({"value":3.25,"document":12,"piece":1,"position":9,"first":8,"ids":[7,9,null],"tokens":["�\n","</script>\"",""],"values":[0,3.25,0.5]})";
  CHECK(
      out.str() ==
      R"({"layer":3,"neuron":5,"examples":[)" + first + "]}\n" +
          R"({"layer":3,"neuron":6,"examples":[{"value":null,"document":2,"piece":0,"position":0,"first":0,"ids":[9],"tokens":["</script>\""],"values":[null]}],"bins":[{"from":0.5,"to":2,"share":0.75,"examples":[)" +
          first + "]}]}\n");
}
