// SPDX-License-Identifier: MIT
#include "reference.hpp"

#include <support/catch.hpp>
#include <support/temporary_folder.hpp>

#include <functional>

namespace {

using json = nlohmann::json;

// The message with which a tokenizer of these files is refused, without the folder's name.
std::string refusal(std::string const& vocabulary, std::string const& merges, std::optional<census::token_id> bos = {}) {
  temporary_folder const folder;
  folder.write("vocab.json", vocabulary);
  folder.write("merges.txt", merges);
  try {
    census::open_tokenizer(folder.path(), bos);
  } catch (census::bad_input const& error) {
    std::string message = error.what();
    auto const place = folder / "";
    REQUIRE(message.starts_with(place));
    return message.substr(place.size());
  }
  return "accepted";
}

std::string without_merges(std::function<void(json&)> const& change) {
  auto vocabulary = json::parse(census::read_file(reference_folder + "/vocab.json"));
  change(vocabulary);
  return refusal(vocabulary.dump(), "");
}

std::string with_merges(std::string const& merges) {
  return refusal(census::read_file(reference_folder + "/vocab.json"), merges);
}

}  // namespace

TEST_CASE("a missing folder or file is named") {
  CHECK_THROWS_WITH(census::open_tokenizer("/no/such"), "/no/such/vocab.json: the file is missing");
  temporary_folder const folder;
  folder.write("vocab.json", census::read_file(reference_folder + "/vocab.json"));
  CHECK_THROWS_WITH(census::open_tokenizer(folder.path()), folder / "merges.txt: the file is missing");
  folder.write("merges.txt/inside", "");
  CHECK_THROWS_WITH(census::open_tokenizer(folder.path()), folder / "merges.txt: is no regular file");
}

TEST_CASE("a vocabulary that is no JSON object of ids is refused") {
  CHECK(refusal("", "") == "vocab.json: malformed JSON at byte 1");
  CHECK(refusal("{\"a\": 0", "") == "vocab.json: malformed JSON at byte 8");
  CHECK(refusal("{\"\xff\": 0}", "").starts_with("vocab.json: malformed JSON"));
  CHECK(refusal("[1, 2]", "") == "vocab.json: is no JSON object of tokens and their ids");
  CHECK(refusal("7", "") == "vocab.json: is no JSON object of tokens and their ids");
  CHECK(refusal(std::string(1'000'000, '['), "").starts_with("vocab.json: "));
  CHECK(refusal(R"({"a": {"b": 1}})", "") == R"(vocab.json: token "a" has no whole number for its id)");
  for (auto const* id : {"-1", "0.5", "\"0\"", "null", "true"})
    CHECK(refusal(std::string(R"({"a": )") + id + "}", "") == R"(vocab.json: token "a" has no whole number for its id)");
  CHECK(refusal(R"({"a": 123456789012345678901234567890})", "").starts_with(R"(vocab.json: token "a" has no whole number)"));
  CHECK(refusal(R"({"a": 0, "a": 1})", "") == R"(vocab.json: the JSON has the key "a" twice)");
}

TEST_CASE("ids with holes, twice the same or out of range are refused") {
  CHECK(without_merges([](json&) {}) == "accepted");
  CHECK(without_merges([](json& v) { v["a"] = 800; }) ==
        R"(vocab.json: token "a" has id 800, but the ids of 800 tokens should run from 0 without holes)");
  CHECK(without_merges([](json& v) { v.erase("<pad>"); }).ends_with("of 799 tokens should run from 0 without holes"));
  CHECK(without_merges([](json& v) { v["</s>"] = 1; }) == R"(vocab.json: token "<pad>" has id 1, as has "</s>")");
  CHECK(without_merges([](json& v) { v["a\nb"] = 800, v["b"] = 2; }) == R"(vocab.json: token "b" has id 2, as has "</s>")");
}

TEST_CASE("a vocabulary without a token for each byte is refused") {
  auto const message = without_merges([](json& v) {
    v["another"] = v["Ġ"];
    v.erase("Ġ");
  });
  CHECK(message == R"(vocab.json: the byte 32 has no token: "\u0120" is missing)");
}

TEST_CASE("a bos outside the vocabulary is refused") {
  auto const vocabulary = census::read_file(reference_folder + "/vocab.json");
  CHECK(refusal(vocabulary, "", 799) == "accepted");
  CHECK(refusal(vocabulary, "", 800) == "vocab.json: the model's bos id 800 is outside the vocabulary of 800 tokens");
}

TEST_CASE("a malformed line of the merges is named by its number") {
  CHECK(with_merges("") == "accepted");
  CHECK(with_merges("#version: 0.2\nĠ t\n") == "accepted");
  CHECK(with_merges("Ġ t") == "accepted");
  CHECK(with_merges("#version: 0.2\r\nĠ t\r\n") == "accepted");
  std::string const cause = "a merge is two tokens with one space between them";
  CHECK(with_merges("#version: 0.2\nĠ t\nĠ\n") == "merges.txt:3: " + cause);
  CHECK(with_merges("Ġ  t\n") == "merges.txt:1: " + cause);
  CHECK(with_merges("Ġ t r\n") == "merges.txt:1: " + cause);
  CHECK(with_merges(" Ġt\n") == "merges.txt:1: " + cause);
  CHECK(with_merges("Ġt \n") == "merges.txt:1: " + cause);
  CHECK(with_merges("Ġ t\n\n") == "merges.txt:2: " + cause);
  CHECK(with_merges("Ġ t\n#version: 0.2 x\n") == "merges.txt:2: " + cause);
}

TEST_CASE("a merge of or to an unknown token, or a second time, is refused") {
  CHECK(with_merges("Ġ t\nq qq\n") == R"(merges.txt:2: the vocabulary has no token "qq")");
  CHECK(with_merges("q z\n") == R"(merges.txt:1: the vocabulary has no token "qz")");
  CHECK(with_merges("\xff t\n").starts_with("merges.txt:1: the vocabulary has no token "));
  CHECK(with_merges("Ġ t\nĠ t\n") == R"(merges.txt:2: the merge of "\u0120" and "t" occurs twice)");
}

TEST_CASE("a tokenizer that puts a space in front of each text is refused, for its ids would be others") {
  temporary_folder const folder;
  for (auto const* name : {"vocab.json", "merges.txt"})
    folder.write(name, census::read_file(reference_folder + "/" + name));
  auto const complaint = [&](std::string const& config) -> std::string {
    folder.write("tokenizer_config.json", config);
    try {
      census::open_tokenizer(folder.path());
    } catch (census::bad_input const& error) {
      return std::string(error.what()).substr((folder / "").size());
    }
    return "accepted";
  };
  CHECK(complaint(R"({"add_prefix_space": false, "add_bos_token": true})") == "accepted");
  CHECK(complaint("{}") == "accepted");
  CHECK(complaint(R"({"add_prefix_space": true})") ==
        "tokenizer_config.json: has the setting \"add_prefix_space\": true, which would give other ids");
  CHECK(complaint("[]") == "tokenizer_config.json: is no JSON object");
}
