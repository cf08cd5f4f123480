// SPDX-License-Identifier: MIT
#include "documents.hpp"

#include <census/corpus/detail/document_split.hpp>

#include <support/catch.hpp>
#include <support/temporary_folder.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace {

std::vector<std::string> texts_in_order(census::corpus const& corpus) {
  std::vector<std::string> texts;
  for (auto const& [number, text] : documents(corpus)) texts.push_back(text);
  return texts;
}

std::vector<std::string> split_texts(std::string const& path, std::string const& split) {
  return texts_in_order(open({path}, {.context = 64, .split = split}));
}

/// The documents of a text by a walk through it, byte by byte; what is white space alone is none.
std::vector<std::string> split_by_hand(std::string const& text, std::string const& mark) {
  std::vector<std::string> documents{""};
  bool begins_line = true;
  for (std::size_t at = 0; at < text.size();)
    if (text.compare(at, mark.size(), mark) == 0) {
      documents.emplace_back();
      at += mark.size();
      std::size_t const end = text.compare(at, 2, "\r\n") == 0 ? 2 : text.compare(at, 1, "\n") == 0 ? 1 : 0;
      begins_line = begins_line && end > 0;
      if (begins_line) at += end;
    } else {
      documents.back() += text[at];
      begins_line = text[at++] == '\n';
    }
  return documents;
}

/// The same at blank lines, line by line.
std::vector<std::string> split_lines_by_hand(std::string const& text) {
  std::vector<std::string> documents{""};
  for (std::size_t at = 0, end = 0; at < text.size(); at = end) {
    end = std::min(text.find('\n', at), text.size() - 1) + 1;
    auto const line = text.substr(at, end - at);
    if (line.find_first_not_of(" \t\r\n") == std::string::npos)
      documents.emplace_back();
    else
      documents.back() += line;
  }
  return documents;
}

std::vector<std::string> without_blanks(std::vector<std::string> documents) {
  std::erase_if(documents, [](auto const& one) { return one.find_first_not_of(" \t\r\n") == std::string::npos; });
  return documents;
}

/// Text of short words, line ends, blank lines, marks and parts of marks.
std::string random_text(std::size_t bytes, std::uint32_t seed) {
  static std::vector<std::string> const pieces{"a",     "word ", "\n",      "\n",        "\r\n",
                                               " \t\n", "\n\n",  "<|end|>", "<|end|>\n", "\n<|end|>\r\n",
                                               "<|e",   "<",     "  ",      "the end"};
  std::mt19937 random(seed);
  std::string text;
  while (text.size() < bytes) text += pieces[random() % pieces.size()];
  return text;
}

}  // namespace

TEST_CASE("a text is split at a mark, which takes a line that it has for itself with it, and at blank lines") {
  temporary_folder const folder;
  using texts = std::vector<std::string>;
  auto const marked = folder.write(
      "marked.txt", "one<|endoftext|>two\n<|endoftext|>\nthree<|endoftext|>\n<|endoftext|>\r\n four\n<|endoftext|>");
  CHECK(split_texts(marked, "<|endoftext|>") == texts{"one", "two\n", "three", " four\n"});
  auto const paragraphs =
      folder.write("paragraphs.txt", "\n\na title\r\n\r\nof two lines\nwithout end\n \t\n\n\nlast\n\n  ");
  CHECK(split_texts(paragraphs, "blank-lines") == texts{"a title\r\n", "of two lines\nwithout end\n", "last\n"});
  CHECK(split_texts(paragraphs, "\n \t\n") == texts{"\n\na title\r\n\r\nof two lines\nwithout end", "\n\nlast\n\n  "});
}

TEST_CASE("a text read in parts is split as a walk through the whole of it splits it") {
  temporary_folder const folder;
  for (std::uint32_t seed = 0; seed < 8; ++seed) {
    auto const text = random_text(seed % 2 == 0 ? 300 : 70'000, seed);
    auto const path = folder.write("a.txt", text);
    auto const read = [&](std::string const& split) {
      return texts_in_order(open({path}, {.context = 64, .split = split, .reading_memory = 1 << 18}));  // 16 KiB a part
    };
    CHECK(read("<|end|>") == without_blanks(split_by_hand(text, "<|end|>")));
    CHECK(read("blank-lines") == without_blanks(split_lines_by_hand(text)));
  }
}

TEST_CASE("no more of a text is given to a document than what follows leaves to it") {
  for (std::uint32_t seed = 0; seed < 40; ++seed) {
    auto const text = random_text(60, seed);
    for (auto const* how : {"<|end|>", "blank-lines"})
      for (char const before : {'\n', 'x'}) {
        census::document_split const split(how);
        auto const whole = split.find(text, before, false);
        for (std::size_t size = 0; size <= text.size(); ++size) {
          auto const part = split.find(std::string_view(text).substr(0, size), before, true);
          CHECK(part.of_document <= whole.of_document);
          if (!part.cut) continue;
          REQUIRE(whole.cut);
          CHECK((part.cut->first == whole.cut->first && part.cut->last == whole.cut->last));
        }
      }
  }
}

TEST_CASE("long documents and one mark behind the other come in parts as they are") {
  temporary_folder const folder;
  std::string expected;
  while (expected.size() < 200'000) expected += "number " + std::to_string(expected.size()) + '\n';
  auto const path = folder.write("a.txt", "##" + expected + "####" + expected + "##");
  auto const corpus = open({path}, {.context = 64, .split = "##", .reading_memory = 1 << 20});
  CHECK(texts_in_order(corpus) == std::vector<std::string>{expected, expected});
  REQUIRE(corpus.sources().size() == 1);
  CHECK(corpus.sources()[0].splits == 4u);
}

TEST_CASE("how often texts were split is told, a mark that is in none is refused, and one that is in some named") {
  temporary_folder const folder;
  auto const a = folder.write("t/a.txt", "one ## two ## three"), b = folder.write("t/b.txt", "four"),
             lines = folder.write("c.jsonl", "{\"text\": \"five ## six\"}\n");
  auto const corpus = open({folder / "t", lines}, {.context = 64, .split = "##"});
  CHECK(corpus.documents() == 5);  // what is no plain text is not split
  REQUIRE(corpus.sources().size() == 3);
  for (auto const& source : corpus.sources())
    CHECK(source.splits == (source.path == a   ? std::optional<std::uint64_t>(2)
                            : source.path == b ? 0
                                               : std::optional<std::uint64_t>()));
  REQUIRE(corpus.ignored().kinds().size() == 1);
  CHECK(corpus.ignored().kinds()[0].what == "texts that are not split, for the mark is not in what was read of them");
  CHECK(corpus.ignored().kinds()[0].places == std::vector<std::string>{b});

  CHECK_THROWS_WITH(open({b}, {.context = 64, .split = "##"}),
                    "split at \"##\": it is in no text, so that each file would be one document");
  CHECK_THROWS_WITH(open({lines}, {.context = 64, .split = "##"}),
                    "split at \"##\": there is no plain text (.txt) to split");
  auto const late = folder.write("late.txt", std::string(3'000'000, 'x') + "##y");  // read for its first tokens only
  CHECK(open({late}, {.context = 64, .tokens = 64, .split = "##"}).ignored().kinds().size() == 1);
  CHECK(open({a}, {.context = 64}).sources()[0].splits == std::nullopt);
}
