// SPDX-License-Identifier: MIT
#include "reference.hpp"

#include <support/catch.hpp>
#include <support/complaint_about.hpp>
#include <support/temporary_folder.hpp>

#include <functional>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace {

using json = nlohmann::json;

// The tokenizer.json that says the same as vocab.json and merges.txt of the reference.
json reference_json() {
  auto pairs = json::array();
  std::istringstream lines(census::read_file(reference_folder + "/merges.txt"));
  std::string line;
  std::getline(lines, line);  // "#version"
  while (std::getline(lines, line)) pairs.push_back({line.substr(0, line.find(' ')), line.substr(line.find(' ') + 1)});
  return {{"version", "1.0"},
          {"added_tokens", {{{"id", 2}, {"content", "</s>"}, {"special", true}}}},
          {"normalizer", nullptr},
          {"pre_tokenizer",
           {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"trim_offsets", true}, {"use_regex", true}}},
          {"post_processor", {{"type", "TemplateProcessing"}}},
          {"decoder", {{"type", "ByteLevel"}, {"add_prefix_space", true}}},
          {"model",
           {{"type", "BPE"},
            {"dropout", nullptr},
            {"byte_fallback", false},
            {"ignore_merges", false},
            {"vocab", json::parse(census::read_file(reference_folder + "/vocab.json"))},
            {"merges", pairs}}}};
}

census::tokenizer open(json const& file, std::optional<census::token_id> bos = {}) {
  temporary_folder const folder;
  folder.write("tokenizer.json", file.dump());
  return census::open_tokenizer(folder.path(), bos);
}

// The message with which a changed file is refused, without its name.
std::string refusal(std::function<void(json&)> const& change, std::optional<census::token_id> bos = {}) {
  auto file = reference_json();
  change(file);
  try {
    open(file, bos);
  } catch (census::bad_input const& error) {
    std::string const message = error.what();
    auto const name = message.find("tokenizer.json: ");
    REQUIRE(name != std::string::npos);
    return message.substr(name + 16);
  }
  return "accepted";
}

void strings(json& file) {
  for (auto& merge : file["model"]["merges"]) merge = merge[0].get<std::string>() + " " + merge[1].get<std::string>();
}

}  // namespace

TEST_CASE("tokenizer.json gives the ids of the reference, merges as pairs or as strings") {
  auto file = reference_json();
  for (bool const as_strings : {false, true}) {
    if (as_strings) strings(file);
    auto const tokenizer = open(file, 2);
    for (auto const& c : reference_cases()) {
      CAPTURE(c.group, c.text);
      CHECK(tokenizer.encode(c.text) == c.ids);
      CHECK(tokenizer.decode(c.ids) == c.text);
    }
    CHECK(tokenizer.vocabulary_size() == 800);
    CHECK(tokenizer.bos() == census::token_id{2});
  }
}

TEST_CASE("tokenizer.json beside vocab.json and merges.txt has to say the same, or is refused") {
  temporary_folder const folder;
  auto const complaint = [&](json const& file) {
    folder.write("tokenizer.json", file.dump());
    return census_test::complaint_about(folder / "tokenizer.json", [&] { census::open_tokenizer(folder.path()); });
  };
  folder.write("tokenizer.json", reference_json().dump());
  folder.write("vocab.json", census::read_file(reference_folder + "/vocab.json"));
  CHECK_THROWS_WITH(census::open_tokenizer(folder.path()), folder / "merges.txt" + ": the file is missing");
  folder.write("merges.txt", census::read_file(reference_folder + "/merges.txt"));
  CHECK(census::open_tokenizer(folder.path()).vocabulary_size() == 800);

  CHECK(complaint("no object") == "has no model of a tokenizer");
  auto file = reference_json();
  file["added_tokens"].push_back({{"id", 800}, {"content", "<|user|>"}, {"special", true}});
  CHECK(complaint(file) == "nothing");
  auto const user = census::open_tokenizer(folder.path());
  CHECK(user.encode("<|user|>") == std::vector<census::token_id>{800});

  std::string const other = "is not of the same tokenizer as vocab.json and merges.txt: ";
  file = reference_json();
  file["model"]["vocab"]["more"] = 800;
  CHECK(complaint(file) == other + "801 tokens here, 800 there");
  file = reference_json();
  std::swap(file["model"]["vocab"]["q"], file["model"]["vocab"]["z"]);
  CHECK(complaint(file).starts_with(other + "token "));
  file = reference_json();
  std::swap(file["model"]["merges"][0], file["model"]["merges"][1]);
  CHECK(complaint(file) == other + "their merges differ");
  file = reference_json();
  file["normalizer"] = {{"type", "NFC"}};
  CHECK(complaint(file).starts_with("has a normalizer"));
}

TEST_CASE("added tokens have ids and names, and are one token where a text names them") {
  auto file = reference_json();
  file["added_tokens"].push_back({{"id", 801}, {"content", "<été>"}, {"special", true}});
  file["added_tokens"].push_back({{"id", 800}, {"content", "<mask>"}, {"special", true}});
  auto const tokenizer = open(file, 801);
  CHECK(tokenizer.vocabulary_size() == 802);
  CHECK(tokenizer.decode(800) == "<mask>");
  CHECK(tokenizer.decode(801) == "<été>");
  CHECK(tokenizer.encode("<mask>") == std::vector<census::token_id>{800});
  CHECK(tokenizer.encode("a<été><mask>") == std::vector<census::token_id>{tokenizer.encode("a")[0], 801, 800});
}

TEST_CASE("added tokens that are not special are one token, too, in the vocabulary or not") {
  auto file = reference_json();
  auto const on = file["model"]["vocab"]["on"].get<census::token_id>();
  file["added_tokens"].push_back({{"id", on}, {"content", "on"}, {"special", false}});
  file["added_tokens"].push_back({{"id", 800}, {"content", "<x>"}, {"special", false}});
  auto const tokenizer = open(file);
  CHECK(tokenizer.encode("<x>on<x>") == std::vector<census::token_id>{800, on, 800});
  CHECK(tokenizer.encode(" neurons") != open(reference_json()).encode(" neurons"));
  CHECK(tokenizer.decode(tokenizer.encode(" neurons on")) == " neurons on");
}

TEST_CASE("a text is cut at names that are not normalised first, as the reference does where names overlap") {
  auto const with = [](std::vector<json> const& tokens) {
    auto file = reference_json();
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      json token{{"id", 800 + i}};
      token.update(tokens[i]);
      file["added_tokens"].push_back(std::move(token));
    }
    return open(file);
  };
  using ids = std::vector<census::token_id>;
  json const head{{"content", "a<x"}, {"special", false}}, tail{{"content", "<x>"}, {"special", true}},
      behind{{"content", ">b"}, {"special", false}, {"normalized", true}};
  auto const in_rounds = with({head, tail, behind});
  auto const of = [&](char const* text) { return in_rounds.encode(text)[0]; };
  CHECK(in_rounds.encode("a<x>b") == ids{of("a"), 801, of("b")});
  CHECK(in_rounds.encode("a<x") == ids{800});
  CHECK(in_rounds.encode("a<x<x>>b") == ids{800, 801, 802});
  ids beginning;
  CHECK(in_rounds.encode_beginning("b a<x", beginning) <= 2);  // what follows may be >

  auto turned = head;
  turned["normalized"] = false;
  CHECK(with({turned, tail, behind}).encode("a<x>b") == ids{800, 802});  // in one round the first in the text counts
  turned["normalized"] = true;
  CHECK(with({turned, tail}).encode("a<x>") == ids{of("a"), 801});
}

TEST_CASE("an added token whose id stands for other bytes in the vocabulary is refused where a text is cut at it") {
  auto const with = [](char const* name, bool is_special) {
    return [=](json& f) {
      f["added_tokens"].push_back({{"id", f["model"]["vocab"][name]}, {"content", name}, {"special", is_special}});
    };
  };
  std::string const cause = " stands for other bytes in the vocabulary: what is encoded would decode to these";
  CHECK(refusal(with("é", false)) == R"(the added token "\u00e9")" + cause);  // of the byte 0xE9
  CHECK(refusal(with("Ġt", false)) == R"(the added token "\u0120t")" + cause);
  CHECK(refusal(with("é", true)) == "accepted");
  CHECK(refusal(with("q", false)) == "accepted");

  auto file = reference_json();
  auto const id = file["model"]["vocab"].size();
  file["model"]["vocab"]["神 é"] = id;  // no spelling of bytes
  with("神 é", false)(file);
  auto const tokenizer = open(file);
  CHECK(tokenizer.encode("神 é") == std::vector<census::token_id>{static_cast<census::token_id>(id)});
  CHECK(tokenizer.decode(tokenizer.encode("a 神 é")) == "a 神 é");
}

TEST_CASE("what tokenizer.json says of an added token holds where another file lists it before") {
  temporary_folder const folder;
  folder.write("tokenizer_config.json", R"({"added_tokens_decoder": {"2": {"content": "</s>", "special": false},
                                                                     "800": {"content": "<x>", "special": true}}})");
  auto file = reference_json();
  file["added_tokens"].push_back({{"id", 800}, {"content", "<x>"}, {"special", true}});
  folder.write("tokenizer.json", file.dump());
  auto const tokenizer = census::open_tokenizer(folder.path());
  CHECK(tokenizer.encode("<x>") == std::vector<census::token_id>{800});
  CHECK(tokenizer.encode("</s>").size() > 1);  // special by tokenizer.json
  file["added_tokens"].back()["rstrip"] = true;
  folder.write("tokenizer.json", file.dump());
  CHECK(census_test::complaint_about(folder / "tokenizer.json", [&] { census::open_tokenizer(folder.path()); }) ==
        "the added token \"<x>\" has the setting \"rstrip\": true, which would give other ids");
}

TEST_CASE(
    "a merge that makes an added token, or a byte that is one, is refused: it would not decode to what was encoded") {
  CHECK(refusal([](json& f) {
          auto const id = f["model"]["vocab"]["Ġt"];
          f["model"]["vocab"].erase("Ġt");
          f["added_tokens"].push_back({{"id", id}, {"content", "Ġt"}, {"special", true}});
        }) == R"(merge 0: the vocabulary has no token "\u0120t")");
  CHECK(refusal([](json& f) {
          auto const id = f["model"]["vocab"]["\u0101"];
          f["model"]["vocab"].erase("\u0101");
          f["added_tokens"].push_back({{"id", id}, {"content", "\u0101"}, {"special", true}});
        }) == R"(the byte 1 has no token: "\u0101" is missing)");
  auto const both = [](json& f) {  // in the vocabulary as well: its bytes are those that it is merged of
    f["added_tokens"].push_back({{"id", f["model"]["vocab"]["Ġt"]}, {"content", "Ġt"}, {"special", true}});
  };
  auto file = reference_json();
  both(file);
  auto const tokenizer = open(file);
  CHECK(tokenizer.encode(" t").size() == 1);
  CHECK(tokenizer.decode(tokenizer.encode(" t")) == " t");
}

TEST_CASE("an added token that takes white space or only whole words with it is refused") {
  for (std::string const setting : {"lstrip", "rstrip", "single_word"})
    CHECK(refusal([&](json& f) {
            f["added_tokens"].push_back({{"id", 800}, {"content", "<x>"}, {"special", true}, {setting, true}});
          }) == "the added token \"<x>\" has the setting \"" + setting + "\": true, which would give other ids");
}

TEST_CASE("what a post-processor puts before a text is BOS, and what it puts behind is told") {
  auto file = reference_json();
  auto const special = [](std::string const& name) { return json{{"SpecialToken", {{"id", name}, {"type_id", 0}}}}; };
  json const text{{"Sequence", {{"id", "A"}, {"type_id", 0}}}};
  file["post_processor"]["single"] = json::array({special("</s>"), text});
  CHECK(open(file, 0).bos() == census::token_id{2});
  CHECK(open(file, 0).ignored().kinds().size() == 1);
  CHECK(open(file).ignored().empty());
  file["post_processor"]["single"] = json::array({text, special("<pad>")});
  CHECK_FALSE(open(file).bos().has_value());
  REQUIRE(open(file).ignored().kinds().size() == 1);
  CHECK(open(file).ignored().kinds()[0].places[0].ends_with("tokenizer.json: puts \"<pad>\" behind each text"));
}

TEST_CASE("post-processors of RoBERTa's and BERT's kind tell the BOS, and what they put behind a text is told") {
  auto file = reference_json();
  auto const told = [&] {
    std::vector<std::string> what;
    auto const tokenizer = open(file);
    for (auto const& kind : tokenizer.ignored().kinds())
      for (auto const& place : kind.places) what.push_back(place.substr(place.find("tokenizer.json: ") + 16));
    return what;
  };
  auto const sequence_of = [](json const& processor) {
    return json::object({{"type", "Sequence"}, {"processors", json::array({processor})}});
  };
  for (auto const* type : {"RobertaProcessing", "BertProcessing"}) {
    auto const processor = json::object(
        {{"type", type}, {"cls", json::array({"<s>", 0})}, {"sep", json::array({"</s>", 2})}, {"trim_offsets", true}});
    for (auto const& whole : {processor, sequence_of(processor)}) {
      file["post_processor"] = whole;
      CHECK(open(file).bos() == census::token_id{0});
      CHECK(told() == std::vector<std::string>{R"(puts "</s>" behind each text)"});
    }
  }
  file["post_processor"] = sequence_of(json::object({{"type", "ByteLevel"}}));
  CHECK(told().empty());
  for (auto const& unknown :
       {json::object({{"type", "NewProcessing"}, {"cls", json::array({"<s>", 0})}}),
        json::object({{"type", "BertProcessing"}, {"cls", "<s>"}}), json::object({{"type", 7}}), json("ByteLevel")}) {
    file["post_processor"] = unknown;
    CHECK_FALSE(open(file).bos().has_value());
    REQUIRE(told().size() == 1);
    CHECK(told()[0].starts_with("the post-processor "));
  }
}

TEST_CASE("what a post-processor puts before a text and is not the BOS that is put there is told") {
  auto const special = [](char const* name) { return json{{"SpecialToken", {{"id", name}, {"type_id", 0}}}}; };
  auto const template_of = [&](std::vector<char const*> const& names) {
    json processor{{"type", "TemplateProcessing"}, {"single", json::array()}};
    for (auto const* name : names) processor["single"].push_back(special(name));
    processor["single"].push_back({{"Sequence", {{"id", "A"}, {"type_id", 0}}}});
    return processor;
  };
  temporary_folder const folder;
  auto const told = [&](json const& processor, char const* config, std::optional<census::token_id> bos) {
    auto file = reference_json();
    file["post_processor"] = processor;
    folder.write("tokenizer.json", file.dump());
    folder.write("tokenizer_config.json", config);
    std::vector<std::string> what;
    auto const tokenizer = census::open_tokenizer(folder.path());
    CHECK(tokenizer.bos() == bos);
    for (auto const& kind : tokenizer.ignored().kinds())
      for (auto const& place : kind.places) what.push_back(place.substr((folder / "tokenizer.json: ").size()));
    return what;
  };
  using list = std::vector<std::string>;
  CHECK(told(template_of({"<s>", "<pad>"}), "{}", 0) == list{R"(puts "<pad>" before each text)"});
  CHECK(told(template_of({"<s>", "<s>"}), "{}", 0) == list{R"(puts "<s>" before each text)"});
  CHECK(told(template_of({"<pad>", "<s>"}), R"({"bos_token": "<s>"})", 0) == list{R"(puts "<pad>" before each text)"});
  CHECK(told(template_of({"<s>"}), R"({"bos_token": "</s>"})", 2) == list{R"(puts "<s>" before each text)"});
  CHECK(told(template_of({"</s>"}), R"({"bos_token": "</s>"})", 2).empty());
  CHECK(told(template_of({"</s>"}), R"({"bos_token": "</s>", "add_bos_token": false})", 2) ==
        list{R"(puts "</s>" before each text)"});
  json both{{"type", "Sequence"},
            {"processors", {template_of({"<s>"}), template_of({"<pad>"})}}};  // the last is outermost
  CHECK(told(both, "{}", 1) == list{R"(puts "<s>" before each text)"});
}

TEST_CASE("what GPT-2's own file leaves out has its default") {
  CHECK(refusal([](json& f) {
          f["model"].erase("type");
          f["model"]["continuing_subword_prefix"] = f["model"]["end_of_word_suffix"] = "";
          f["pre_tokenizer"].erase("use_regex");
          f.erase("normalizer");
          f.erase("decoder");
          f.erase("added_tokens");
          f.erase("post_processor");
        }) == "accepted");
}

TEST_CASE("tokenizers of every other kind are refused by name") {
  std::string const only = ", only byte-level BPE is read";
  for (std::string const type : {"Unigram", "WordPiece", "WordLevel"})
    CHECK(refusal([&](json& f) { f["model"]["type"] = type; }) == "is a tokenizer of the type \"" + type + "\"" + only);
  CHECK(refusal([](json& f) {
          f["model"] = json{{"vocab", json::object()}};
        }) == "is a tokenizer of the type \"null\"" + only);
  CHECK(refusal([](json& f) { f["normalizer"] = {{"type", "NFC"}}; }) == "has a normalizer, \"NFC\"" + only);
  CHECK(refusal([](json& f) {
          f["pre_tokenizer"] = {{"type", "Metaspace"}};
        }) == "has the pre_tokenizer \"Metaspace\"" + only);
  CHECK(refusal([](json& f) { f["pre_tokenizer"] = nullptr; }) == "has the pre_tokenizer \"null\"" + only);
  CHECK(refusal([](json& f) { f["decoder"]["type"] = "WordPiece"; }) == "has the decoder \"WordPiece\"" + only);
  auto const setting = [](std::string const& name, std::string const& value) {
    return "has the setting \"" + name + "\": \"" + value + "\", which would give other ids";
  };
  CHECK(refusal([](json& f) { f["pre_tokenizer"]["add_prefix_space"] = true; }) == setting("add_prefix_space", "true"));
  CHECK(refusal([](json& f) { f["pre_tokenizer"].erase("add_prefix_space"); }) == setting("add_prefix_space", "null"));
  CHECK(refusal([](json& f) { f["pre_tokenizer"]["use_regex"] = false; }) == setting("use_regex", "false"));
  CHECK(refusal([](json& f) { f["model"]["dropout"] = 0.1; }) == setting("dropout", "0.1"));
  CHECK(refusal([](json& f) { f["model"]["byte_fallback"] = true; }) == setting("byte_fallback", "true"));
  CHECK(refusal([](json& f) { f["model"]["ignore_merges"] = true; }) == setting("ignore_merges", "true"));
  CHECK(refusal([](json& f) { f["model"]["end_of_word_suffix"] = "w"; }) == setting("end_of_word_suffix", "\\\"w\\\""));
  CHECK(refusal([](json& f) { f["model"]["continuing_subword_prefix"] = 7; }) ==
        setting("continuing_subword_prefix", "7"));
}

TEST_CASE("a tokenizer.json with holes, ids given twice or bytes without a token is refused") {
  CHECK(refusal([](json& f) {
          f["model"]["vocab"]["a"] = 800;
        }).ends_with("has id 800, but the ids of 800 tokens should run from 0 without holes"));
  CHECK(refusal([](json& f) { f["model"]["vocab"]["b"] = 2; }) == R"(token "b" has id 2, as has "</s>")");
  CHECK(refusal([](json& f) { f["model"]["vocab"]["b"] = -2; }) == R"(token "b" has no whole number for its id)");
  auto const added = [](json const& token) { return refusal([&](json& f) { f["added_tokens"].push_back(token); }); };
  CHECK(added({{"id", 801}, {"content", "<x>"}, {"special", true}}).ends_with("should run from 0 without holes"));
  CHECK(added({{"id", 7}, {"content", "<x>"}, {"special", true}}).find("has id 7, as has") != std::string::npos);
  CHECK(added({{"id", 7}, {"content", "</s>"}, {"special", true}}) ==
        R"(the added token "</s>" has id 7, in the vocabulary another)");
  std::string const nameless = "an added token has no name, or no whole number for its id";
  CHECK(added({{"id", 800}, {"special", true}}) == nameless);
  CHECK(added({{"id", "800"}, {"content", "<x>"}, {"special", true}}) == nameless);
  CHECK(added("<x>") == nameless);
  CHECK(refusal([](json& f) { f["added_tokens"] = "<x>"; }) == "its added tokens are no list");
  CHECK(refusal([](json& f) {
          f["model"]["vocab"]["another"] = f["model"]["vocab"]["Ġ"], f["model"]["vocab"].erase("Ġ"),
          f["model"]["merges"] = json::array();
        }) == R"(the byte 32 has no token: "\u0120" is missing)");
  CHECK(refusal([](json&) {}, 800) == "the model's bos id 800 is outside the vocabulary of 800 tokens");
}

TEST_CASE("merges of tokenizer.json that are no pairs, unknown or given twice are refused by their rank") {
  auto const merge = [](json const& pair) {
    return refusal([&](json& f) { f["model"]["merges"] = json::array({json::array({"Ġ", "t"}), pair}); });
  };
  CHECK(merge(json::array({"q", "qq"})) == R"(merge 1: the vocabulary has no token "qq")");
  CHECK(merge("q z") == R"(merge 1: the vocabulary has no token "qz")");
  CHECK(merge("Ġ t") == R"(merge 1: the merge of "\u0120" and "t" occurs twice)");
  CHECK(merge("Ġ") == "merge 1: a merge is two tokens with one space between them");
  for (auto const& pair :
       {json::array({"q"}), json::array({"q", "u", "e"}), json(7), json(nullptr), json::array({1, 2})})
    CHECK(merge(pair) == "merge 1: a merge is two tokens");
}

TEST_CASE("a tokenizer.json without its parts is refused") {
  CHECK(refusal([](json& f) { f = json::array(); }) == "has no model of a tokenizer");
  CHECK(refusal([](json& f) { f.erase("model"); }) == "has no model of a tokenizer");
  CHECK(refusal([](json& f) { f["model"].erase("vocab"); }) == "has no vocabulary, an object of tokens and their ids");
  CHECK(refusal([](json& f) { f["model"]["vocab"] = json::array(); }) ==
        "has no vocabulary, an object of tokens and their ids");
  CHECK(refusal([](json& f) { f["model"].erase("merges"); }) == "has no list of merges");
}
