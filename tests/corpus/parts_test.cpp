// SPDX-License-Identifier: MIT
// Parts of a corpus, options.documents: together they are the whole one, whatever it was read from.
#include "documents.hpp"

#include <support/catch.hpp>
#include <support/temporary_folder.hpp>

#include <algorithm>
#include <cstdint>
#include <random>
#include <tuple>
#include <utility>
#include <vector>

namespace {

// All of a sequence: document, piece, domain, full, offset, and its tokens.
using told_sequence =
    std::tuple<std::uint64_t, std::uint32_t, std::uint16_t, bool, std::uint64_t, std::vector<census::token_id>>;

std::vector<told_sequence> told(census::corpus const& corpus) {
  std::vector<told_sequence> all;
  for (auto const& text : corpus.texts(64))
    for (auto const& s : text->sequences) {
      auto const first = text->tokens.begin() + s.first_row;
      all.emplace_back(s.document, s.piece, s.domain, s.full, s.offset, std::vector(first, first + s.length));
    }
  return all;
}

void add(census::taken_documents& all, census::taken_documents const& more) {
  if (more.count == 0) return;
  all = {all.count + more.count, all.count == 0 ? more.first : std::min(all.first, more.first),
         std::max(all.last, more.last)};
}

// Whether the parts of what `opened` opens by a subset of documents are the whole: each sequence in one of them, as it
// is there, in that order, and what they tell of themselves adds up. Parts without a token are refused.
template <class Opened>
void check_parts(Opened const& opened, std::uint64_t parts) {
  census::corpus const whole = opened(census::document_subset());
  std::vector<told_sequence> all;
  std::vector<std::uint64_t> tokens_in(whole.domains().size());
  std::vector<census::taken_documents> documents_of(whole.sources().size());
  std::uint64_t tokens = 0, documents = 0, full = 0;
  for (std::uint64_t i = 1; i <= parts; ++i) {
    auto const asked = census::document_subset::part(i, parts);
    std::vector<told_sequence> expected;
    for (auto const& one : told(whole))
      if (asked.contains(std::get<0>(one))) expected.push_back(one);
    if (expected.empty()) {
      CHECK_THROWS_AS(opened(asked), census::bad_input);
      continue;
    }
    census::corpus const part = opened(asked);
    CHECK(told(part) == expected);
    CHECK(part.domains() == whole.domains());
    CHECK(part.context() == whole.context());
    REQUIRE(part.sources().size() == whole.sources().size());
    for (std::size_t s = 0; s < documents_of.size(); ++s) {
      CHECK(part.sources()[s].path == whole.sources()[s].path);
      CHECK(part.sources()[s].document == whole.sources()[s].document);
      CHECK(part.sources()[s].splits == whole.sources()[s].splits);
      auto const& taken = part.sources()[s].documents;
      if (taken.count > 0) CHECK((asked.contains(taken.first) && asked.contains(taken.last)));
      add(documents_of[s], taken);
    }
    for (std::size_t d = 0; d < tokens_in.size(); ++d) tokens_in[d] += part.tokens_in(d);
    tokens += part.tokens(), documents += part.documents(), full += part.full_sequences();
    all.insert(all.end(), expected.begin(), expected.end());
  }
  CHECK(all.size() == whole.sequences());
  CHECK(tokens == whole.tokens());
  CHECK(documents == whole.documents());
  CHECK(full == whole.full_sequences());
  for (std::size_t d = 0; d < tokens_in.size(); ++d) CHECK(tokens_in[d] == whole.tokens_in(d));
  std::uint64_t of_sources = 0;
  for (std::size_t s = 0; s < documents_of.size(); ++s) {
    CHECK(documents_of[s] == whole.sources()[s].documents);
    of_sources += documents_of[s].count;
  }
  if (!documents_of.empty()) CHECK(of_sources == whole.documents());
}

// Words, `count` of them, that are other ones in every document.
std::string words(std::size_t document, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += (i == 0 ? "w" : " w") + std::to_string(97 * document + i);
  return text;
}

}  // namespace

TEST_CASE("parts of random documents are the whole, with and without a limit") {
  std::mt19937 random(19);
  for (int round = 0; round < 40; ++round) {
    std::uint16_t const domains = 1 + random() % 3;
    std::vector<census::corpus_document> documents(1 + random() % 12);
    for (auto& document : documents) {
      document.domain = static_cast<std::uint16_t>(random() % domains);
      document.tokens.resize(random() % 3 == 0 ? 0 : random() % 40);
      for (auto& token : document.tokens) token = random() % 1000;
    }
    documents.front().tokens.push_back(7);
    census::corpus_options options{.context = 2 + random() % 9, .bos = random() % 2 == 0};
    if (random() % 2 == 0) options.tokens = 1 + random() % 150;
    for (std::uint64_t const parts : {1, 2, 3, 5, 16})
      check_parts(
          [&](census::document_subset const& asked) {
            options.documents = asked;
            return census::corpus(std::vector<std::string>(domains, "d"), documents, 2, options);
          },
          parts);
  }
}

TEST_CASE("parts of texts are the whole, however their documents are told apart") {
  temporary_folder const folder;
  std::string marked, blank, lines, list = "[";
  for (std::size_t d = 0; d < 11; ++d) {
    auto const text = words(d, d % 4 == 3 ? 0 : 1 + 60 * d % 350);
    marked += text + "<|end|>\n";
    blank += text + (d % 2 == 0 ? "\n\n" : "\n \n\n");
    lines += R"({"text": ")" + text + "\"}\n";
    list += (d == 0 ? "" : ", ") + (R"({"text": ")" + text + "\"}");
  }
  auto const marked_text = folder.write("marked.txt", marked), blank_text = folder.write("blank.txt", blank),
             lines_text = folder.write("lines.jsonl", lines), list_text = folder.write("list.json", list + "]");
  for (int d = 0; d < 5; ++d) folder.write("files/" + std::to_string(d) + ".txt", words(20 + d, 70 * d + 1));
  auto const files = folder / "files";

  struct given {
    std::vector<std::string> paths;
    std::string split;
  };
  for (auto const& [paths, split] :
       std::vector<given>{{{marked_text}, "<|end|>"},
                          {{blank_text}, "blank-lines"},
                          {{lines_text}, ""},
                          {{list_text}, ""},
                          {{files}, ""},
                          {{"one=" + files, "one=" + lines_text, "one=" + marked_text}, "<|end|>"},
                          {{files, lines_text, list_text}, ""}})
    for (std::optional<std::uint64_t> const tokens :
         {std::optional<std::uint64_t>(), std::optional<std::uint64_t>(700)})
      for (std::uint64_t const memory : {1 << 16, 1 << 30})  // read in parts, or at once
        for (std::uint64_t const parts : {2, 3, 7}) {
          INFO(paths.front() << " in " << parts << " parts");
          check_parts(
              [&](census::document_subset const& asked) {
                return open(
                    paths,
                    {.context = 16, .tokens = tokens, .split = split, .documents = asked, .reading_memory = memory});
              },
              parts);
        }
}

TEST_CASE("what is wrong with a text is told by every part of it") {
  temporary_folder const folder;
  auto const spoiled = folder.write("a.jsonl", "{\"text\": \"one\"}\n{\"text\": \"two\"}\n{\"words\": 1}\n");
  for (std::uint64_t i : {1, 2})
    CHECK_THROWS_AS(open({spoiled}, {.context = 16, .documents = census::document_subset::part(i, 2)}),
                    census::bad_input);
}
