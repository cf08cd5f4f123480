// SPDX-License-Identifier: MIT
#include <census/report/awakened_jsonl.hpp>

#include <support/catch.hpp>

#include <sstream>
#include <string>
#include <vector>

TEST_CASE("awakened.jsonl has a line an input, its text as the tokens are named, whatever bytes these are") {
  std::vector<census::activating_input> const inputs{{1, 17, {2, 5}, 0.5f, "single token"},
                                                     {3, 0, {9}, 0.25f, "swaps"}};
  std::ostringstream out;
  census::write_awakened_jsonl(out, inputs, [](census::token_id token) {
    return token == 9 ? std::string("\xff\n") : std::string("<").append(std::to_string(token)).append(">");
  });
  CHECK(out.str() ==
        R"({"layer":1,"neuron":17,"found_by":"single token","ids":[2,5],"text":"<2><5>","pre_activation":0.5})"
        "\n"
        R"({"layer":3,"neuron":0,"found_by":"swaps","ids":[9],"text":"�\n","pre_activation":0.25})"
        "\n");
}
