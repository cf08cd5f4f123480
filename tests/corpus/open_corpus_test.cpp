// SPDX-License-Identifier: MIT
#include "documents.hpp"

#include <support/catch.hpp>
#include <support/temporary_folder.hpp>

#include <unistd.h>

#include <filesystem>

namespace {

std::vector<std::string> source_paths(census::corpus const& corpus) {
  std::vector<std::string> paths;
  for (auto const& source : corpus.sources()) paths.push_back(source.path);
  return paths;
}

}  // namespace

TEST_CASE("a file is a document, and its stem the domain") {
  temporary_folder const folder;
  auto const corpus = open({folder.write("prose.txt", "It is a truth universally acknowledged.")});
  CHECK(corpus.domains() == std::vector<std::string>{"prose"});
  CHECK(corpus.documents() == 1);
  std::string text;
  for (auto const& rows : corpus.texts())
    for (auto const& s : rows->sequences) {
      CHECK(rows->tokens[s.first_row] == 2);
      text += tokenizer().decode(std::span(rows->tokens).subspan(s.first_row + 1, s.length - 1));
    }
  CHECK(text == "It is a truth universally acknowledged.");
}

TEST_CASE("a folder is all text files in it and below, sorted by path, and its name the domain") {
  temporary_folder const folder;
  for (auto const* name :
       {"code/b.txt", "code/a/z.txt", "code/a.txt", "code/c.md", "code/a/deep/er.txt", "code/.txt.swp"})
    folder.write(name, name);
  auto const corpus = open({folder / "code"});
  CHECK(corpus.domains() == std::vector<std::string>{"code"});
  CHECK(source_paths(corpus) == std::vector<std::string>{folder / "code/a.txt", folder / "code/a/deep/er.txt",
                                                         folder / "code/a/z.txt", folder / "code/b.txt"});
  CHECK(open({folder / "code/"}).domains() == std::vector<std::string>{"code"});
  CHECK(open({folder / "code/a/.."}).domains() == std::vector<std::string>{"code"});
}

TEST_CASE("a name before the path is the domain, and paths of one name are one domain") {
  temporary_folder const folder;
  auto const a = folder.write("a.txt", "first text"), b = folder.write("b=c.txt", "second"),
             c = folder.write("d/e.txt", "third");
  auto const corpus = open({"prose=" + a, b, "prose=" + (folder / "d")});
  CHECK(corpus.domains() == std::vector<std::string>{"prose", "b=c"});
  CHECK(corpus.documents() == 3);
  REQUIRE(corpus.sources().size() == 3);
  CHECK(corpus.sources()[2].domain == "prose");
  CHECK(corpus.sources()[2].document == 2);
}

TEST_CASE("sources tell size and hash of what was read") {
  temporary_folder const folder;
  auto const corpus = open({folder.write("a.txt", "foobar")});
  REQUIRE(corpus.sources().size() == 1);
  CHECK(corpus.sources()[0].path == folder / "a.txt");
  CHECK(corpus.sources()[0].bytes == 6);
  CHECK(corpus.sources()[0].hash == 0x85944171f73967e8);  // published with FNV-1a
  STATIC_REQUIRE(census::content_hash("") == 0xcbf29ce484222325);
}

TEST_CASE("sources tell as what they were read, which a name decides, and of .json what is in it") {
  temporary_folder const folder;
  auto const format = [&](std::string const& name, std::string const& content) {
    return open({folder.write(name, content)}).sources()[0].format;
  };
  std::string const line = R"({"text": "one"})";
  CHECK(format("a.txt", line) == "text");
  CHECK(format("a.jsonl", line) == "JSON lines");
  CHECK(format("b.json", line) == "JSON lines");
  CHECK(format("c.json", "[" + line + "]") == "a JSON list");
}

TEST_CASE("with a limit the domains stay balanced, and files beyond it are not opened") {
  temporary_folder const folder;
  std::string text;
  while (text.size() < 3000) text += "the census of the neurons ";
  for (auto const* name : {"a/1.txt", "a/2.txt", "b/1.txt", "b/2.txt"}) folder.write(name, text);
  auto const corpus = open({folder / "a", folder / "b"}, {.context = 16, .tokens = 640});
  CHECK(corpus.tokens() == 640);
  CHECK(corpus.tokens_in(0) == 320);
  CHECK(corpus.tokens_in(1) == 320);
  CHECK(source_paths(corpus) == std::vector<std::string>{folder / "a/1.txt", folder / "b/1.txt"});
}

TEST_CASE("who reads texts is told how far, up to all bytes of their files and all tokens of their documents") {
  temporary_folder const folder;
  std::string text;
  while (text.size() < 300'000) text += "the census of the neurons ";
  std::vector<std::string> const paths{folder.write("prose.txt", text),
                                       folder.write("lines.jsonl", R"({"text": "ab"})")};
  std::vector<census::reading_state> told;
  census::corpus_options options{.context = 16};
  options.reading_memory = 4 << 20;  // of which a part is a small one
  options.tell_reading = [&](census::reading_state const& state) { told.push_back(state); };
  auto const corpus = open(paths, options);
  REQUIRE(told.size() > 4);
  CHECK(told.front().bytes < told.back().bytes);
  for (std::size_t i = 1; i < told.size(); ++i) {
    CHECK(told[i].bytes >= told[i - 1].bytes);
    CHECK(told[i].tokens >= told[i - 1].tokens);
    CHECK(told[i].bytes_in_all == text.size() + 14);
  }
  CHECK(told.back().bytes == told.back().bytes_in_all);
  CHECK(told.back().tokens == corpus.tokens() - corpus.sequences());  // each sequence begins with BOS
}

TEST_CASE("bytes that are no UTF-8 survive in a corpus") {
  temporary_folder const folder;
  std::string const bytes("\xff\xfe\0caf\xe9", 7);  // of an odd number, so no UTF-16
  auto const corpus = open({folder.write("latin.txt", bytes)}, {.context = 100, .bos = false});
  CHECK(tokenizer().decode(corpus.texts().front()->tokens) == bytes);
}

TEST_CASE("names of domains are UTF-8, so that results tell apart those that are not") {
  temporary_folder const folder;
  auto const a = folder.write("caf\xe9.txt", "a"), b = folder.write("caf\xe8.txt", "b"), c = folder.write("é.txt", "c");
  auto const corpus = open({a, b, c, "\xff=" + folder.write("d.txt", "d")});
  CHECK(corpus.domains() == std::vector<std::string>{R"(caf\xe9)", R"(caf\xe8)", "é", R"(\xff)"});
  CHECK(corpus.sources()[0].domain == R"(caf\xe9)");
  CHECK(corpus.sources()[0].path == a);
}

TEST_CASE("missing, empty and twice-given texts are refused by name") {
  temporary_folder const folder;
  auto const a = folder.write("a.txt", "text"), empty = folder.write("b/empty.txt", "");
  std::filesystem::create_directories(folder / "c/d");
  CHECK_THROWS_WITH(open({"/no/such.txt"}), "/no/such.txt: there is no such file or folder");
  CHECK_THROWS_WITH(open({"x=/no/such.txt"}), "/no/such.txt: there is no such file or folder");
  CHECK_THROWS_WITH(open({"=" + a}), "=" + a + ": names no domain");
  CHECK_THROWS_WITH(open({empty}), empty + ": the text is empty");
  CHECK_THROWS_WITH(open({a, folder / "b"}),
                    "b: no file of the folder could be read as text: " + empty + ": the text is empty");
  CHECK_THROWS_WITH(open({folder / "c"}),
                    folder / "c" + ": the folder holds no .txt, .jsonl, .ndjson, .json or .npy file");
  CHECK_THROWS_WITH(open({a, "again=" + (folder / "./a.txt")}), folder / "./a.txt" + ": the same text is given twice");
  CHECK_THROWS_WITH(open({}), "the corpus: the text holds no token");
  CHECK_THROWS_WITH(open({"/dev/null"}), "/dev/null: is no regular file");
}

TEST_CASE("formats that are not read are refused by name") {
  temporary_folder const folder;
  for (std::string const name : {"a.parquet", "a.txt.xz", "a.tar.gz", "a.zip", "a.csv", "a.csv.gz", "train.bin"}) {
    auto const path = folder.write(name, "text");
    auto const plain = name.substr(0, name.find(".gz"));
    CHECK_THROWS_WITH(open({path}),
                      path + ": " + plain.substr(plain.rfind('.')) +
                          " files are not read, only .txt, .jsonl, .ndjson and .json, plain, .gz or .zst, and .npy");
  }
  CHECK_THROWS_WITH(open({folder.write("B.PARQUET", "text")}), Catch::Contains(".parquet files are not read"));
  auto const path = folder.write("a.npy.gz", "text");
  CHECK_THROWS_AS(open({path}), census::bad_input);
}

TEST_CASE("unreadable files and folders are refused by name") {
  temporary_folder const folder;
  auto const file = folder.write("a/file.txt", "text");
  if (geteuid() == 0) return;  // who may read everything cannot see this
  std::filesystem::permissions(file, std::filesystem::perms::none);
  CHECK_THROWS_WITH(open({file}), file + ": cannot be read: Permission denied");
  CHECK_THROWS_WITH(open({folder / "a"}), Catch::EndsWith(file + ": cannot be read: Permission denied"));
  std::filesystem::permissions(folder / "a", std::filesystem::perms::none);
  CHECK_THROWS_WITH(open({folder / "a"}), folder / "a" + ": the folder cannot be read: Permission denied");
  std::filesystem::permissions(folder / "a", std::filesystem::perms::owner_all);
}

TEST_CASE("a tokenizer without BOS opens a corpus only where none is asked for") {
  temporary_folder const folder;
  auto const path = folder.write("a.txt", "text");
  auto const without = census::open_tokenizer(CENSUS_TEST_DATA "/tokenizer");
  CHECK_THROWS_WITH(census::open_corpus(without, {path}), "the corpus: BOS is asked for, but the tokenizer has none");
  CHECK(census::open_corpus(without, {path}, {.bos = false}).tokens() > 0);
}

TEST_CASE("without a tokenizer, files of token ids are read, below the vocabulary's size, and texts refused by name") {
  temporary_folder const folder;
  std::string const header =
      "{'descr': '<u2', 'fortran_order': False, 'shape': (3,), }                                \n";
  auto const npy = [&](char last) {
    return folder.write("a.npy", "\x93NUMPY\x01" + std::string{'\0', static_cast<char>(header.size()), '\0'} + header +
                                     std::string{5, 0, 6, 0, last, 0});
  };
  census::text_encoding const ids(8, 1);
  CHECK(census::open_corpus(ids, {npy(7)}).texts().front()->tokens == std::vector<census::token_id>{1, 5, 6, 7});
  CHECK_THROWS_WITH(census::open_corpus(ids, {npy(8)}),
                    folder / "a.npy" + "[2]: the id 8 is outside the vocabulary of 8");
  auto const text = folder.write("a.txt", "text");
  CHECK_THROWS_WITH(census::open_corpus(ids, {text}),
                    text + ": there is no tokenizer, so only token ids (.npy) can be read");
}
