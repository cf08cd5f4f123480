// SPDX-License-Identifier: MIT
#include "documents.hpp"

#include <census/corpus/detail/sequence_store.hpp>

#include <support/catch.hpp>
#include <support/temporary_folder.hpp>

#include <random>

namespace {

std::vector<census::text_rows> read(census::corpus const& corpus, std::size_t rows_per_block) {
  std::vector<census::text_rows> texts;
  for (auto const& text : corpus.texts(rows_per_block)) texts.push_back(*text);
  return texts;
}

std::vector<census::corpus_document> random_documents(std::size_t count, std::size_t longest) {
  std::mt19937 random(6);
  std::vector<census::corpus_document> documents(count);
  for (auto& document : documents) {
    document.tokens.resize(random() % longest);
    for (auto& token : document.tokens) token = random() % 1000;
  }
  return documents;
}

}  // namespace

TEST_CASE("sequences that wait in a file come back as they were, wherever memory ends") {
  auto const documents = random_documents(3000, 120);
  census::corpus const held({"a"}, documents, 2, {.context = 50});
  REQUIRE(held.tokens() > (1 << 16));  // so many that the file is written more than once
  for (std::uint64_t const memory : {0, 100, 5000, 300'000, 500'000}) {
    CAPTURE(memory);
    census::corpus const waiting({"a"}, documents, 2, {.context = 50, .memory = memory});
    CHECK(waiting.distinct_tokens() == held.distinct_tokens());
    CHECK(waiting.full_sequences() == held.full_sequences());
    for (std::size_t const rows_per_block : {1, 1000, 100'000})
      REQUIRE(read(waiting, rows_per_block) == read(held, rows_per_block));
  }
}

TEST_CASE("the memory that a corpus takes is bounded, however long it is") {
  auto const bytes = [](std::size_t count) {
    return census::corpus({"a"}, random_documents(count, 400), 2, {.context = 16, .memory = 10'000}).bytes_held();
  };
  std::uint64_t const most = 10'000 + 2 * (1 << 16) * (sizeof(census::token_id) + sizeof(census::sequence));
  CHECK(bytes(100) <= most);
  CHECK(bytes(20'000) <= most);
}

TEST_CASE(
    "the files of a corpus leave no name behind, and a folder where none can be made is named when it is needed") {
  temporary_folder const folder;
  auto const documents = random_documents(3000, 120);
  census::corpus const waiting({"a"}, documents, 2, {.context = 50, .memory = 0, .folder = folder.path()});
  CHECK(std::filesystem::is_empty(folder.path()));
  census::corpus_options nowhere{.context = 50, .folder = "/nonexistent-folder"};
  CHECK_NOTHROW(census::corpus({"a"}, documents, 2, nowhere));
  nowhere.memory = 0;
  CHECK_THROWS_WITH(census::corpus({"a"}, documents, 2, nowhere),
                    Catch::Contains("/nonexistent-folder: the file of token ids cannot be made: No such file"));
}

TEST_CASE("a plain text of many parts, and ids of many parts, are one document with the tokens of the whole") {
  temporary_folder const folder;
  std::mt19937 random(7);
  std::string text;
  for (std::string const part :
       {"It is", " a truth ", "\n\n", "universally", " 你好。\n", "  ", "\xff", "'ve ", "\u00a0\n"})
    text += part;
  while (text.size() < 5'000'000) text += text.substr(random() % (text.size() / 2), 1 + random() % 5000);
  auto const expected = tokenizer().encode(text);
  auto const tokens_of = [](census::corpus const& corpus) {
    std::vector<census::token_id> tokens;
    for (auto const& rows : corpus.texts()) tokens.insert(tokens.end(), rows->tokens.begin(), rows->tokens.end());
    return tokens;
  };
  census::corpus_options const options{.context = 1000, .bos = false};
  auto const plain = open({folder.write("a.txt", text)}, options);
  CHECK(plain.documents() == 1);
  CHECK(tokens_of(plain) == expected);

  std::string ids = "{'descr': '<u4', 'fortran_order': False, 'shape': (" + std::to_string(expected.size()) + ",), }\n";
  ids = std::string("\x93NUMPY\x01\x00", 8) + static_cast<char>(ids.size()) + '\0' + ids;
  ids.append(reinterpret_cast<char const*>(expected.data()), expected.size() * sizeof(census::token_id));
  auto const saved = open({folder.write("b.npy", ids)}, options);
  CHECK(saved.documents() == 1);
  CHECK(tokens_of(saved) == expected);
}
