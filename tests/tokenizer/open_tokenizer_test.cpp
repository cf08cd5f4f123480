// SPDX-License-Identifier: MIT
#include "reference.hpp"

#include <support/catch.hpp>
#include <support/complaint_about.hpp>
#include <support/temporary_folder.hpp>

#include <functional>
#include <random>

namespace {

using json = nlohmann::json;

// The message with which a tokenizer of these files is refused, without the folder's name.
std::string refusal(std::string const& vocabulary, std::string const& merges,
                    std::optional<census::token_id> bos = {}) {
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
    CHECK(refusal(std::string(R"({"a": )") + id + "}", "") ==
          R"(vocab.json: token "a" has no whole number for its id)");
  CHECK(refusal(R"({"a": 123456789012345678901234567890})", "")
            .starts_with(R"(vocab.json: token "a" has no whole number)"));
  CHECK(refusal(R"({"a": 0, "a": 1})", "") == R"(vocab.json: the JSON has the key "a" twice)");
}

TEST_CASE("ids with holes, twice the same or out of range are refused") {
  CHECK(without_merges([](json&) {}) == "accepted");
  CHECK(without_merges([](json& v) { v["a"] = 800; }) ==
        R"(vocab.json: token "a" has id 800, but the ids of 800 tokens should run from 0 without holes)");
  CHECK(without_merges([](json& v) { v.erase("<pad>"); }).ends_with("of 799 tokens should run from 0 without holes"));
  CHECK(without_merges([](json& v) { v["</s>"] = 1; }) == R"(vocab.json: token "<pad>" has id 1, as has "</s>")");
  CHECK(without_merges([](json& v) { v["a\nb"] = 800, v["b"] = 2; }) ==
        R"(vocab.json: token "b" has id 2, as has "</s>")");
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
  for (std::string const setting : {"do_lower_case", "split_special_tokens"})
    CHECK(complaint("{\"" + setting + "\": true}") ==
          "tokenizer_config.json: has the setting \"" + setting + "\": true, which would give other ids");
  CHECK(complaint(R"({"tokenizer_class": "GPT2TokenizerFast"})") == "accepted");
  CHECK(complaint(R"({"tokenizer_class": "CLIPTokenizer"})") ==
        "tokenizer_config.json: is of a \"CLIPTokenizer\", only byte-level BPE is read");
}

namespace {

// A folder with the tokenizer of tests/data/tokenizer, and whatever is written beside it.
struct reference_copy : temporary_folder {
  reference_copy() {
    for (auto const* name : {"vocab.json", "merges.txt"}) write(name, census::read_file(reference_folder + "/" + name));
  }
  census::tokenizer open(std::optional<census::token_id> bos = {}, std::optional<census::token_id> pad = {}) const {
    return census::open_tokenizer(path(), bos, pad);
  }
  std::string complaint(std::string const& file) const {
    return census_test::complaint_about(path() / file, [&] { open(); });
  }
};

using id_list = std::vector<census::token_id>;

}  // namespace

TEST_CASE("the tokenizer's BOS is taken where config.json tells another, and that is told") {
  reference_copy const folder;
  CHECK(folder.open(0).bos() == census::token_id{0});
  CHECK(folder.open(0).ignored().empty());
  for (auto const* config : {R"({"bos_token": "</s>", "add_bos_token": true})",
                             R"({"bos_token": {"__type": "AddedToken", "content": "</s>", "lstrip": false}})"}) {
    folder.write("tokenizer_config.json", config);
    auto const tokenizer = folder.open(0);
    CHECK(tokenizer.bos() == census::token_id{2});
    CHECK(tokenizer.adds_bos());
    REQUIRE(tokenizer.ignored().kinds().size() == 1);
    CHECK(tokenizer.ignored().kinds()[0].places[0] ==
          folder / "config.json" + ": bos_token_id is 0, but the tokenizer's bos_token \"</s>\" is 2, which is taken");
    CHECK(folder.open(2).ignored().empty());
    CHECK(folder.open().bos() == census::token_id{2});
  }
  folder.write("tokenizer_config.json", R"({"bos_token": "<nowhere>"})");
  CHECK_THROWS_WITH(folder.open(0),
                    Catch::EndsWith("the tokenizer's bos_token \"<nowhere>\" is no token of its vocabulary"));
}

TEST_CASE("special_tokens_map.json names BOS and pad where tokenizer_config.json does not") {
  reference_copy const folder;
  folder.write("special_tokens_map.json", R"({"bos_token": "</s>", "pad_token": {"content": "<pad>"}})");
  CHECK(folder.open(0, 3).bos() == census::token_id{2});
  CHECK(folder.open(0, 3).pad() == census::token_id{1});
  CHECK(folder.open(0, 3).ignored().kinds()[0].count == 2);
  folder.write("tokenizer_config.json", R"({"bos_token": "<s>"})");
  CHECK(folder.open().bos() == census::token_id{0});
}

TEST_CASE("add_bos_token false is honoured: the BOS is known, and not put before texts") {
  reference_copy const folder;
  CHECK(folder.open(2).adds_bos());
  folder.write("tokenizer_config.json", R"({"bos_token": "</s>", "add_bos_token": false})");
  CHECK_FALSE(folder.open(2).adds_bos());
  CHECK(folder.open(2).bos() == census::token_id{2});
}

TEST_CASE("added tokens are one token each, whichever file lists them") {
  reference_copy const folder;
  folder.write("added_tokens.json", R"({"<|user|>": 800})");
  id_list const once{800};
  CHECK(folder.open().encode("<|user|>") == once);
  CHECK(folder.open().decode(800) == "<|user|>");
  folder.write(
      "tokenizer_config.json",
      R"({"added_tokens_decoder": {"2": {"content": "</s>", "special": true}, "800": {"content": "<|user|>", "special": true}}})");
  auto const both = folder.open();
  CHECK(both.encode("<|user|>") == once);
  CHECK(both.encode("</s>").size() > 1);  // a special token of the vocabulary is no part of a text
  auto const text = std::string(" one<|user|>two <|us</s>");
  CHECK(both.decode(both.encode(text)) == text);
  id_list expected = both.encode(" one");
  expected.push_back(800);
  for (auto const id : both.encode("two <|us</s>")) expected.push_back(id);
  CHECK(both.encode(text) == expected);
}

TEST_CASE("an added token that takes along what stands beside it is refused, whichever file says so") {
  reference_copy const folder;
  auto const complaint = [](char const* setting) {
    return std::string("the added token \"<x>\" has the setting \"") + setting + "\": true, which would give other ids";
  };
  folder.write("added_tokens.json", R"({"<x>": 800})");
  folder.write("tokenizer_config.json", R"({"added_tokens_decoder": {"800": {"content": "<x>", "lstrip": false}}})");
  CHECK(folder.complaint("") == "nothing");

  folder.write("special_tokens_map.json",
               R"({"additional_special_tokens": ["<x>", {"content": "<x>", "lstrip": true}]})");
  CHECK(folder.complaint("special_tokens_map.json") == complaint("lstrip"));
  folder.write("special_tokens_map.json", R"({"mask_token": {"content": "<x>", "rstrip": true}})");
  CHECK(folder.complaint("special_tokens_map.json") == complaint("rstrip"));
  folder.write("special_tokens_map.json", R"({"mask_token": {"content": "</s>", "lstrip": true}})");
  CHECK(folder.complaint("") == "nothing");  // of the vocabulary, and no part of a text
  folder.write("tokenizer_config.json", R"({"mask_token": {"content": "<x>", "single_word": true}})");
  CHECK(folder.complaint("tokenizer_config.json") == complaint("single_word"));
}

TEST_CASE("of added tokens the first in a text counts, of those at one place the longest") {
  reference_copy const folder;
  folder.write("added_tokens.json", R"({"<x>": 800, "<x><y>": 801, "y><z": 802})");
  CHECK(folder.open().encode("<x><x><y><z") ==
        id_list{800, 801, folder.open().encode("<")[0], folder.open().encode("z")[0]});
  CHECK(folder.open().encode("y><z") == id_list{802});
}

TEST_CASE("added tokens with ids of others, with holes, or without a name are refused") {
  reference_copy const folder;
  auto const complaint = [&](std::string const& added, std::string const& file) {
    folder.write("added_tokens.json", added);
    return folder.complaint(file);
  };
  CHECK(complaint(R"({"<x>": 801})", "vocab.json")
            .ends_with("has id 801, but the ids of 801 tokens should run from 0 without holes"));
  CHECK(complaint(R"({"<x>": 7})", "vocab.json").find("has id 7, as has") != std::string::npos);
  CHECK(complaint(R"({"</s>": 7})", "added_tokens.json") ==
        R"(the added token "</s>" has id 7, in the vocabulary another)");
  CHECK(complaint(R"({"": 800})", "added_tokens.json") == "an added token has no name, or no whole number for its id");
  CHECK(complaint(R"({"<x>": -1})", "added_tokens.json") ==
        "an added token has no name, or no whole number for its id");
  CHECK(complaint(R"([])", "added_tokens.json") == "is no JSON object");
  CHECK(complaint(R"({"<x>": 800})", "") == "nothing");
}

TEST_CASE("settings that nothing reads are told by name, those that change no ids are not") {
  reference_copy const folder;
  folder.write("tokenizer_config.json",
               R"({"model_max_length": 1024, "pad_token": "<pad>", "add_eos_token": true, "spaces_between": 3})");
  auto const tokenizer = folder.open();
  REQUIRE(tokenizer.ignored().kinds().size() == 1);
  CHECK(tokenizer.ignored().kinds()[0].count == 2);
  CHECK(tokenizer.ignored().kinds()[0].places[0] == folder / "tokenizer_config.json" + ": \"add_eos_token\"");
}

TEST_CASE("a special token that no file gives an id is told, and is text where one names it") {
  reference_copy const folder;
  folder.write(
      "special_tokens_map.json",
      R"({"eos_token": "</s>", "mask_token": {"content": "<mask>"}, "additional_special_tokens": ["<x>", "<y>"]})");
  folder.write("tokenizer_config.json", R"({"unk_token": "<none>", "sep_token": null})");
  folder.write("added_tokens.json", R"({"<x>": 800})");
  auto const tokenizer = folder.open();
  REQUIRE(tokenizer.ignored().kinds().size() == 1);
  auto const& told = tokenizer.ignored().kinds()[0];
  CHECK(told.what == "special tokens that are no tokens of the vocabulary");
  auto const map = folder / "special_tokens_map.json: ";
  CHECK(told.places == std::vector{map + "\"<mask>\"", folder / "tokenizer_config.json: \"<none>\"", map + "\"<y>\""});
  CHECK(tokenizer.decode(tokenizer.encode("<mask>")) == "<mask>");
}

TEST_CASE("a text that comes in parts has the ids of the whole, wherever it is cut") {
  reference_copy const folder;
  folder.write("added_tokens.json", R"({"<x>": 800, "<x> y<": 801, "the<x": 802})");
  folder.write("special_tokens_map.json", R"({"mask_token": "<x>"})");  // cut at before the others
  auto const tokenizer = folder.open();
  std::mt19937 random(7);
  std::vector<std::string> const parts{"the",  " neuron", "<x>", "<x> y<", "<",  "x",  "> y", " ",
                                       "\n\n", "'ll",     "神",  "\xe7",   "12", "。", "\xff"};
  for (int round = 0; round < 2000; ++round) {
    std::string text, waiting;
    id_list ids;
    for (int count = 0; count < 20; ++count) text += parts[random() % parts.size()];
    for (std::size_t at = 0; at < text.size();) {
      std::size_t const more = 1 + random() % 9;
      waiting += text.substr(at, more);
      at += more;
      waiting.erase(0, tokenizer.encode_beginning(waiting, ids));
    }
    for (auto const id : tokenizer.encode(waiting)) ids.push_back(id);
    CAPTURE(text);
    REQUIRE(ids == tokenizer.encode(text));
  }
}

TEST_CASE("a text without any place to cut is encoded a part at a time, as the whole") {
  auto const tokenizer = census::open_tokenizer(reference_folder);
  for (std::string const unit : {"a", " ", "the", "神经元", "\xff", "e\xcc\x81", "=-"}) {
    std::string text, waiting;
    while (text.size() < 700'000) text += unit;
    id_list ids;
    for (std::size_t at = 0; at < text.size(); at += 100'000) {
      waiting += text.substr(at, 100'000);
      waiting.erase(0, tokenizer.encode_beginning(waiting, ids));
      CHECK(waiting.size() < 200'000);
    }
    for (auto const id : tokenizer.encode(waiting)) ids.push_back(id);
    CAPTURE(unit);
    CHECK((ids == tokenizer.encode(text)));
  }
}
