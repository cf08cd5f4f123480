// SPDX-License-Identifier: MIT
#include "documents.hpp"

#include <support/catch.hpp>
#include <support/complaint_about.hpp>
#include <support/temporary_folder.hpp>

using texts = std::map<std::uint64_t, std::string>;

TEST_CASE("a line is a document, its text in the field asked for") {
  temporary_folder const folder;
  auto const path = folder.write("code.jsonl",
                                 "{\"text\": \"one\\n\\ud83d\\ude42\", \"content\": \"eins\", \"meta\": {\"a\": [1, {}]}}\r\n"
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
  auto const a = folder.write("a.jsonl", lines), b = folder.write("b.txt", std::string(300, 'x')), c = folder.write("c.txt", "end");
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
  CHECK(refusal("\n") == "malformed JSON at byte 1");
  CHECK(refusal("{\"text\": \"\xff\"}\n").starts_with("malformed JSON"));
  CHECK(refusal("{\"text\": \"\\ud800\"}\n").starts_with("malformed JSON"));
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
  auto const path = folder.write("a.jsonl", std::string("{\"text\": \"a\"}\n{\"text\": \"").append(1000, 'b').append("\"}\n"));
  CHECK(open({path}, {.context = 16, .document_bytes = 1012}).documents() == 2);
  CHECK_THROWS_WITH(open({path}, {.context = 16, .document_bytes = 1011}), path + ":2: the document is longer than 1011 bytes");
  auto const endless = folder.write("b.jsonl", std::string(1'000'000, ' '));
  CHECK_THROWS_WITH(open({endless}, {.document_bytes = 1000}), endless + ":1: the document is longer than 1000 bytes");
}
