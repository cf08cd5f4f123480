// SPDX-License-Identifier: MIT
#include "documents.hpp"

#include <support/catch.hpp>
#include <support/complaint_about.hpp>
#include <support/temporary_folder.hpp>

#include <filesystem>
#include <utility>

using texts = std::map<std::uint64_t, std::string>;

TEST_CASE("a line is a document, its text in the field asked for") {
  temporary_folder const folder;
  auto const path = folder.write(
      "code.jsonl", "{\"text\": \"one\\n\\ud83d\\ude42\", \"content\": \"eins\", \"meta\": {\"a\": [1, {}]}}\r\n"
                    "  {\"content\": \"zwei\", \"text\": \"two\"}\n"
                    "{\"text\": \"\", \"content\": \"drei\"}\n"
                    "{\"text\": \"four\", \"content\": \"vier\"}");
  auto const corpus = open({path});
  CHECK(corpus.domains() == std::vector<std::string>{"code"});
  CHECK(documents(corpus) == texts{{0, "one\n🙂"}, {1, "two"}, {3, "four"}});
  CHECK(corpus.documents() == 3);
  REQUIRE(corpus.sources().size() == 1);
  CHECK(corpus.sources()[0].bytes == std::filesystem::file_size(path));
  CHECK(corpus.sources()[0].hash == census::content_hash(census::read_file(path)));
  CHECK(documents(open({path}, {.context = 16, .field = "content"})) ==
        texts{{0, "eins"}, {1, "zwei"}, {2, "drei"}, {3, "vier"}});
}

TEST_CASE("documents are numbered in the order in which the corpus takes them, whatever the limit") {
  temporary_folder const folder;
  std::string lines;
  for (int i = 0; i < 50; ++i) lines.append("{\"text\": \"line ").append(std::to_string(i)).append(" of the file\"}\n");
  auto const a = folder.write("a.jsonl", lines), b = folder.write("b.txt", std::string(300, 'x')),
             c = folder.write("c.txt", "end");
  auto const all = documents(open({a, b, "a=" + c}));
  CHECK(all.size() == 52);
  CHECK(all.at(0) == "line 0 of the file");
  CHECK(all.at(1) == std::string(300, 'x'));
  CHECK(all.at(51) == "end");
  auto const some = open({a, b, "a=" + c}, {.context = 16, .tokens = 200});
  for (auto const& [number, text] : documents(some)) CHECK(all.at(number).starts_with(text));
  REQUIRE(some.sources().size() == 2);
  CHECK(some.sources()[1].document == 1);
}

TEST_CASE("lines longer than what is read at once are whole") {
  temporary_folder const folder;
  std::string lines;
  texts expected;
  for (std::size_t i = 0; i < 8; ++i) {
    expected[i] = std::string((65'536 - 11) * (i % 4) + i / 4 + 1, static_cast<char>('a' + i));
    lines.append("{\"text\":\"").append(expected[i]).append("\"}\n");
  }
  CHECK(documents(open({folder.write("a.jsonl", lines)}, {.context = 1000})) == expected);
}

TEST_CASE("a line that is no JSON object with a text is refused by file and line") {
  temporary_folder const folder;
  auto const refusal = [&](std::string const& second) {
    auto const path = folder.write("a.jsonl", std::string("{\"text\": \"first\"}\n").append(second));
    return census_test::complaint_about(path + ":2", [&] { open({path}); });
  };
  CHECK(refusal("{\"text\": \"second\"}") == "nothing");
  CHECK(refusal("{\"text\": \"sec") == "malformed JSON at byte 14");
  CHECK(refusal("{\"text\": \"second\", \"score\": 1e}") != "nothing");
  CHECK(refusal("{\"text\": \"second\", \"score\": NaN1}") != "nothing");
  CHECK(refusal("{\"text\": \"\xff\"}\n").starts_with("malformed JSON"));
  CHECK(refusal("{\"text\": \"a\"} {\"text\": \"b\"}\n").starts_with("malformed JSON"));
  CHECK(refusal("[\"text\"]\n") == "the line is no JSON object");
  CHECK(refusal("\"text\"\n") == "the line is no JSON object");
  CHECK(refusal("{\"content\": \"second\"}\n") == "the line has no field \"text\"");
  CHECK(refusal("{\"text\": 7}\n") == "the field \"text\" is no text");
  CHECK(refusal("{\"text\": null}\n") == "the field \"text\" is no text");
  CHECK(refusal("{\"text\": \"a\", \"text\": \"b\"}\n") == "the JSON has the key \"text\" twice");
  CHECK(refusal(std::string(1'000'000, '[')).starts_with("the JSON is nested too deeply"));
}

TEST_CASE("a file without lines, or with a line too long, is refused") {
  temporary_folder const folder;
  auto const empty = folder.write("empty.jsonl", "");
  CHECK_THROWS_WITH(open({empty}), empty + ": the text is empty");
  auto const path =
      folder.write("a.jsonl", std::string("{\"text\": \"a\"}\n{\"text\": \"").append(1000, 'b').append("\"}\n"));
  CHECK(open({path}, {.context = 16, .document_bytes = 1012}).documents() == 2);
  CHECK_THROWS_WITH(open({path}, {.context = 16, .document_bytes = 1011}),
                    path + ":2: the document is longer than 1011 bytes");
  auto const endless = folder.write("b.jsonl", std::string(1'000'000, ' '));
  CHECK_THROWS_WITH(open({endless}, {.document_bytes = 1000}), endless + ":1: the document is longer than 1000 bytes");
}

TEST_CASE("what programs write for numbers without JSON having it is read, wherever it stands") {
  temporary_folder const folder;
  std::string const lines =
      "{\"score\": NaN, \"text\": \"one\"}\n"
      "{\"text\": \"two\", \"score\": -Infinity, \"more\": [Infinity, 1e999, -1.5E+400, {\"x\": 2e-9}]}\n"
      "{\"text\": \"NaN \\\"1e999\\\" \\u00e9\", \"score\": NaN}\n";
  std::string const digits(400, '7');
  for (auto const& number : {digits, "-" + digits, digits + ".5", digits + "e-3", "1" + std::string(400, '0') + "E+1"})
    CHECK(documents(open({folder.write("long.jsonl", "{\"text\": \"one\", \"id\": " + number + "}")})) ==
          texts{{0, "one"}});
  for (auto const& number : {"0" + digits, digits + ".", digits + "-", "+" + digits, digits + ".5.5", digits + "e"})
    CHECK_THROWS_AS(open({folder.write("wrong.jsonl", "{\"text\": \"one\", \"id\": " + number + "}")}),
                    census::bad_input);
  auto const corpus = open({folder.write("a.jsonl", lines)});
  CHECK(documents(corpus) == texts{{0, "one"}, {1, "two"}, {2, "NaN \"1e999\" é"}});
  CHECK(corpus.ignored().empty());
}

TEST_CASE("half of a surrogate pair is read as U+FFFD, and counted") {
  temporary_folder const folder;
  auto const path = folder.write("a.jsonl", "{\"text\": \"whole \\ud83d\\ude42\"}\n"
                                            "{\"text\": \"a\\ud83db \\ude42 \\\\ud83d\"}\n"
                                            "{\"text\": \"\\uD83D\\ud83d\\ude42\"}\n");
  auto const corpus = open({path});
  CHECK(documents(corpus) == texts{{0, "whole 🙂"}, {1, "a\ufffdb \ufffd \\ud83d"}, {2, "\ufffd🙂"}});
  REQUIRE(corpus.ignored().kinds().size() == 1);
  CHECK(corpus.ignored().kinds()[0].count == 3);
  CHECK(corpus.ignored().kinds()[0].places[0] == path + ":2");
}

TEST_CASE("blank lines are no documents, and lines are counted with them") {
  temporary_folder const folder;
  auto const path = folder.write("a.jsonl", "\n{\"text\": \"one\"}\n\n \r\n{\"text\": \"two\"}\n\n\n");
  CHECK(documents(open({path})) == texts{{0, "one"}, {1, "two"}});
  auto const wrong = folder.write("b.jsonl", "\n\n{\"text\": \"one\"}\n\n{}\n");
  CHECK_THROWS_WITH(open({wrong}), wrong + ":5: the line has no field \"text\"");
}

TEST_CASE(
    ".json is lines, or one list, of any layout, .ndjson is lines, their endings are known in letters of either case") {
  temporary_folder const folder;
  texts const expected{{0, "one, [two]"}, {1, "} \"three\""}};
  std::string const first = R"({"text": "one, [two]", "more": [1, {"a": "]"}]})", second = R"({"text": "} \"three\""})";
  CHECK(documents(open({folder.write("lines.json", first + "\n" + second + "\n")})) == expected);
  CHECK(documents(open({folder.write("LINES.NDJSON", first + "\n" + second)})) == expected);
  CHECK(documents(open({folder.write("DOCS.JSONL", first + "\n" + second)})) == expected);
  CHECK(open({folder / "DOCS.JSONL"}).domains() == std::vector<std::string>{"DOCS"});
  CHECK(documents(open({folder.write("list.json", "[" + first + "," + second + "]")})) == expected);
  CHECK(documents(open({folder.write("list.json", "\n [\n  " + first + ",\r\n\n" + second + "\n]\n\n")})) == expected);
  std::string long_list = "[";
  texts long_expected;
  for (std::size_t i = 0; i < 9; ++i) {
    long_expected[i] = std::string(400'000, static_cast<char>('a' + i));
    long_list.append(i == 0 ? "" : ", ").append("{\"text\": \"").append(long_expected[i]).append("\"}");
  }
  CHECK((documents(open({folder.write("long.json", long_list + "]")}, {.context = 1000})) == long_expected));

  auto const refusal = [&](std::string const& content) {
    auto const path = folder.write("a.json", content);
    try {
      open({path});
    } catch (census::bad_input const& error) {
      return std::string(error.what()).substr(path.size());
    }
    return std::string("nothing");
  };
  CHECK(refusal("[" + first) == ":1: the JSON list is cut short");
  CHECK(refusal("[" + first + ",]").starts_with(":2: malformed JSON"));
  CHECK(refusal("[" + first + "," + second + "] x") == ": malformed JSON: something follows the list");
  CHECK(refusal("[\"one\"]") == ":1: the line is no JSON object");
  CHECK(refusal("[" + first + "}") == ":1: malformed JSON: the list is closed by }");
  CHECK(refusal("[" + first + "," + second + "}]") == ":2: malformed JSON: the list is closed by }");
}

TEST_CASE("a file that holds no document is told as an empty one is") {
  temporary_folder const folder;
  auto const text = folder.write("a.txt", "text");
  for (auto const& [name, content] :
       {std::pair("blank.jsonl", "\n \r\n"), std::pair("mark.jsonl", "\xef\xbb\xbf"), std::pair("blank.json", " \n\n"),
        std::pair("empty.json", " [ ]\n"), std::pair("blank.txt", "\n\n")}) {
    CAPTURE(name);
    auto const path = folder.write(name, content);
    CHECK_THROWS_WITH(open({text, path}, {.context = 16, .split = "blank-lines"}),
                      path + ": the text holds no document");
    auto const among_others = "t/" + std::string(name);
    folder.write("t/a.txt", "one\n\ntwo");
    auto const passed_over = folder.write(among_others, content);
    auto const corpus = open({folder / "t"}, {.context = 16, .split = "blank-lines"});
    CHECK(corpus.documents() == 2);
    CHECK(corpus.sources().size() == 1);
    REQUIRE(corpus.ignored().kinds().size() == 1);
    CHECK(corpus.ignored().kinds()[0].places[0] == passed_over + ": the text holds no document");
    std::filesystem::remove(passed_over);
  }
}

TEST_CASE("a byte order mark before JSON is passed over") {
  temporary_folder const folder;
  for (auto const* name : {"a.json", "a.jsonl"})
    for (auto const* content : {"\xef\xbb\xbf{\"text\": \"one\"}\n", "\xef\xbb\xbf\n{\"text\": \"one\"}"})
      CHECK(documents(open({folder.write(name, content)})) == texts{{0, "one"}});
  CHECK(documents(open({folder.write("list.json", "\xef\xbb\xbf [{\"text\": \"one\"}]")})) == texts{{0, "one"}});
  auto const twice = folder.write("twice.json", "\xef\xbb\xbf\xef\xbb\xbf[{\"text\": \"one\"}]");
  CHECK_THROWS_AS(open({twice}), census::bad_input);
}
