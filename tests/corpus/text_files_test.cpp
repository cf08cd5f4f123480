// SPDX-License-Identifier: MIT
// What is taken for text, and what of a folder is.
#include "documents.hpp"

#include <census/corpus/detail/document_reader.hpp>
#include <census/corpus/detail/foreign_content.hpp>
#include <census/corpus/detail/resumable_file.hpp>
#include <census/corpus/detail/text_domains.hpp>

#include <support/catch.hpp>
#include <support/temporary_folder.hpp>
#include <support/without_temporary_folder.hpp>

#include <sys/resource.h>

#include <filesystem>

namespace {

using text_map = std::map<std::uint64_t, std::string>;

std::vector<std::string> kinds_told(census::corpus const& corpus) {
  std::vector<std::string> kinds;
  for (auto const& kind : corpus.ignored().kinds()) kinds.push_back(std::to_string(kind.count) + ' ' + kind.what);
  return kinds;
}

}  // namespace

TEST_CASE("a file that is something else than its ending says is refused by its first bytes") {
  using namespace std::string_literals;
  temporary_folder const folder;
  std::string utf16, ids;
  for (char const c : std::string("It is a truth universally acknowledged, that a single man")) utf16 += {c, '\0'};
  for (int i = 0; i < 500; ++i) ids += {static_cast<char>(i * 37), static_cast<char>(i % 60)};
  std::vector<std::pair<std::string, std::string>> const cases{
      {"\x1f\x8b\x08 and so on"s, "gzip"},
      {"PAR1 and so on"s, "parquet"},
      {"version https://git-lfs.github.com/spec/v1\noid sha256:0\n"s, "a Git LFS pointer"},
      {"\x28\xb5\x2f\xfd and so on"s, "Zstandard"},
      {"\x93NUMPY\x01"s, ".npy"},
      {"\xff\xfe"s + utf16, "UTF-16"},
      {utf16, "UTF-16, or binary"},
      {ids, "binary"},
      {std::string(5000, '\0'), "UTF-16, or binary"},
      {"PK\x03\x04 and so on"s, "zip"}};
  for (auto const* name : {"a.txt", "a.jsonl", "enwik8"})
    for (auto const& [content, what] : cases) {
      auto const path = folder.write(name, content);
      CHECK_THROWS_WITH(open({path}), Catch::StartsWith(path + ": is " + what + " and no text"));
    }
  for (auto const& text :
       {"caf\xe9 \0 na\xefve"s, "\x1b[1mbold\x1b[0m"s, "\xef\xbb\xbfwith a mark"s, "PK and BZh are words"s, "\f\v\n"s})
    CHECK(documents(open({folder.write("a.txt", text)})) == text_map{{0, text}});
}

TEST_CASE("whether a file is text does not depend on the memory to read it with") {
  temporary_folder const folder;
  std::string const words(100'000, 'a'), zeros(100'000, '\0');
  auto const late = folder.write("late.txt", words.substr(0, 16'384) + zeros),
             early = folder.write("early.txt", words.substr(0, 12'000) + zeros.substr(0, 4'384) + words);
  for (std::uint64_t const memory : {std::uint64_t{1} << 18, std::uint64_t{1} << 20, std::uint64_t{1} << 30}) {
    CHECK(open({late}, {.context = 1000, .reading_memory = memory}).documents() == 1);
    CHECK_THROWS_WITH(open({early}, {.context = 1000, .reading_memory = memory}),
                      Catch::StartsWith(early + ": is UTF-16, or binary and no text"));
  }
}

TEST_CASE("of a folder hidden files are left out, links are followed once, and what is skipped is told") {
  namespace fs = std::filesystem;
  temporary_folder const folder;
  for (auto const* name : {"t/a.txt", "t/b/c.txt", "u/d.txt"}) folder.write(name, name);
  for (auto const* name : {"t/._a.txt", "t/.#a.txt", "t/.ipynb_checkpoints/a-checkpoint.txt", "t/#a.txt#", "t/a.txt~"})
    folder.write(name, "no");
  fs::create_directory_symlink(folder / "u", folder / "t/linked");
  fs::create_directory_symlink(folder / "t", folder / "t/b/loop");
  fs::create_hard_link(folder / "t/a.txt", folder / "t/z.txt");
  fs::create_symlink(folder / "t/a.txt", folder / "t/y.txt");
  fs::create_symlink("nowhere", folder / "t/x.txt");
  auto const corpus = open({folder / "t"});
  CHECK(documents(corpus) == text_map{{0, "t/a.txt"}, {1, "t/b/c.txt"}, {2, "u/d.txt"}});
  CHECK(kinds_told(corpus) == std::vector<std::string>{"2 files that are no text by their ending",
                                                       "3 hidden files and folders", "1 folders met a second time",
                                                       "1 links that lead nowhere, devices and the like",
                                                       "2 second names of one file"});
}

TEST_CASE("results of a census in a folder of texts are not read as text") {
  temporary_folder const folder;
  folder.write("t/a.txt", "text");
  folder.write("t/out/run.json", "{\"census\": \"0.1\"}");
  folder.write("t/out/detectors.jsonl", "{\"text\": \"a trigger\"}\n");
  folder.write("t/out/examples.jsonl", "{\"layer\": 0, \"neuron\": 1}\n");
  folder.write("t/woken/silent_neurons.csv", "layer");
  folder.write("t/woken/wake.json", "[{\"text\": \"no text\"}]");
  folder.write("t/woken/awakened.jsonl", "{\"text\": \"an input\"}\n");
  folder.write("t/others/run.json", "[{\"text\": \"a text\"}]");
  CHECK(documents(open({folder / "t"})) == text_map{{0, "text"}, {1, "a text"}});
}

TEST_CASE("files in a folder that hold no text, or cannot be read, are named and skipped") {
  temporary_folder const folder;
  folder.write("t/a.txt", "one");
  folder.write("t/b.txt", "");
  folder.write("t/c.txt", "\x1f\x8b\x08");
  folder.write("t/config.json", "{\n  \"model_type\": \"opt\"\n}\n");
  folder.write("t/d.npy", "no array");
  folder.write("t/e.jsonl", "");
  folder.write("t/f.txt", "two");
  auto const corpus = open({folder / "t"});
  CHECK(documents(corpus) == text_map{{0, "one"}, {1, "two"}});
  CHECK(kinds_told(corpus) == std::vector<std::string>{"5 files in folders that cannot be read as text"});
  CHECK(corpus.ignored().kinds()[0].places[0] == folder / "t/b.txt" + ": the text is empty");
  REQUIRE(corpus.sources().size() == 2);
  CHECK(corpus.sources()[1].document == 1);
  auto const wrong = folder.write("u/a.jsonl", "{\"content\": \"one\"}\n");
  CHECK_THROWS_WITH(open({folder / "u"}), wrong + ":1: the line has no field \"text\"");
  folder.write("v/a.txt", "");
  CHECK_THROWS_WITH(open({folder / "v"}), Catch::StartsWith("v: no file of the folder could be read as text"));
}

TEST_CASE("two names of one file are a text given twice") {
  temporary_folder const folder;
  auto const a = folder.write("a.txt", "text");
  std::filesystem::create_hard_link(a, folder / "b.txt");
  CHECK_THROWS_WITH(open({a, folder / "b.txt"}), folder / "b.txt" + ": the same text is given twice");
}

TEST_CASE("more texts than files may be open are read side by side, in turns, as each by itself") {
  temporary_folder const folder;
  std::vector<std::string> paths;
  text_map expected;
  for (std::size_t i = 0; i < 120; ++i) {
    expected[i] = "text number " + std::to_string(i);
    while (expected[i].size() < 40'000) expected[i] += " goes on " + std::to_string(expected[i].size() * (i + 1));
    paths.push_back(folder.write("t" + std::to_string(1000 + i) + ".txt", expected[i]));
  }
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_NOFILE, &before) == 0);
  rlimit few = before;
  few.rlim_cur = 80;
  REQUIRE(setrlimit(RLIMIT_NOFILE, &few) == 0);
  auto const corpus = open(paths, {.context = 64, .reading_memory = 40 << 20});
  setrlimit(RLIMIT_NOFILE, &before);
  CHECK((documents(corpus) == expected));
  CHECK_THROWS_WITH(open(paths, {.context = 64, .reading_memory = 1 << 20}),
                    Catch::Contains("more memory, or one name to several texts"));
}

TEST_CASE("a line longer than there is memory for is refused by name, a text without white space is not held whole") {
  temporary_folder const folder;
  auto const line = folder.write("a.jsonl", "{\"text\": \"" + std::string(3'000'000, 'a') + "\"}\n");
  CHECK_THROWS_WITH(open({line}, {.reading_memory = 4 << 20}), Catch::StartsWith(line + ": reading it takes "));
  CHECK(documents(open({line}, {.context = 1000, .reading_memory = 64 << 20})).at(0).size() == 3'000'000);
  std::string text;
  while (text.size() < 3'000'000) text += "神经元的普查";
  auto const path = folder.write("b.txt", text);
  CHECK((documents(open({path}, {.context = 1000, .reading_memory = 2 << 20})).at(0) == text));
}

TEST_CASE("no folder for temporary files is asked for before one is needed, and a missing one is named") {
  temporary_folder const folder;
  auto const small = folder.write("a.txt", "a few words");
  std::string text;
  while (text.size() < 1'000'000) text += "many words " + std::to_string(text.size()) + ' ';
  auto const large = folder.write("b.txt", text);
  without_temporary_folder const missing;
  CHECK(open({small}, {.context = 16, .memory = 0}).tokens() > 0);
  CHECK_THROWS_WITH(open({large}, {.context = 16, .memory = 0}),
                    Catch::StartsWith("/no/such/folder: is no folder for temporary files (TMPDIR)"));
}

TEST_CASE("where the tokenizer says so no BOS is put before texts") {
  temporary_folder const folder;
  for (auto const* name : {"vocab.json", "merges.txt"})
    folder.write(name, census::read_file(std::string(CENSUS_TEST_DATA "/tokenizer/") + name));
  folder.write("tokenizer_config.json", "{\"bos_token\": \"</s>\", \"add_bos_token\": false}");
  auto const corpus =
      census::open_corpus(census::open_tokenizer(folder.path(), 2), {folder.write("a.txt", "text")}, {.context = 16});
  CHECK_FALSE(corpus.bos().has_value());
}

TEST_CASE("a file goes on where it rested, and one that is another by then is refused by name") {
  temporary_folder const folder;
  auto const path = folder.write("a.txt", "one two three");
  census::resumable_file file(path);
  std::string bytes(4, ' ');
  CHECK(file.read(bytes) == 4);
  file.rest();
  CHECK(file.read(bytes) == 4);
  CHECK(bytes == "two ");
  file.rest();
  std::filesystem::rename(folder.write("b.txt", "another text"), path);
  CHECK_THROWS_WITH(file.read(bytes), Catch::StartsWith(path + ": the file changed while it was read: expected were 13 "
                                                               "bytes, written 2"));
  CHECK_THROWS_WITH(file.read(bytes), Catch::Contains("; there are 12 bytes, written 2"));
}

TEST_CASE("a text that is written to between its hash and its end is refused by name") {
  temporary_folder const folder;
  std::string text, lines;
  while (text.size() < 100'000) text += "words " + std::to_string(text.size()) + ' ';
  while (lines.size() < 100'000) lines += "{\"text\": \"words " + std::to_string(lines.size()) + "\"}\n";
  for (auto const& [name, content] : {std::pair("a.txt", text), std::pair("a.jsonl", lines)}) {
    CAPTURE(name);
    auto const path = folder.write(name, content);
    CHECK(complaint_of_change(path, [] {}) == "nothing");
    CHECK_THAT(complaint_of_change(path, [&] { append_to(path, "\n"); }),
               Catch::StartsWith("the file changed while it was read: expected were " + std::to_string(content.size()) +
                                 " bytes") &&
                   Catch::Contains("there are " + std::to_string(content.size() + 1) + " bytes"));
    CHECK_THAT(complaint_of_change(path, [&] { write_again(path); }), Catch::StartsWith("the file changed while"));
    CHECK_THAT(complaint_of_change(path, [&] { std::filesystem::resize_file(path, 20'000); }),
               Catch::Contains("there are 20000 bytes"));

    folder.write(name, content);
    census::reading_memory memory(1 << 18, 1);
    census::document_reader reader(tokenizer(), path, {}, memory);
    CHECK(reader.size_and_hash() ==
          std::pair<std::uint64_t, std::uint64_t>(content.size(), census::content_hash(content)));
    write_again(path);
    census::ignored passed_over;
    CHECK_THROWS_AS(reader.next(passed_over), census::resumable_file::changed);
  }
}
