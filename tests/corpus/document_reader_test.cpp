// SPDX-License-Identifier: MIT
#include "documents.hpp"

#include <census/corpus/detail/document_reader.hpp>

#include <support/catch.hpp>
#include <support/temporary_folder.hpp>

#include <cstddef>
#include <ctime>
#include <optional>
#include <string>

namespace {

// Reads a file to its end, 16 KiB at a time; gives how many documents it holds. They are not encoded.
std::size_t count_documents(std::string const& path, std::optional<std::string> const& mark) {
  census::reading_memory memory(std::uint64_t{1} << 28, 1024);
  census::document_options options;
  if (mark) options.split.emplace(*mark);
  census::document_reader reader(tokenizer(), path, options, memory);
  census::ignored passed_over;
  std::size_t documents = 0;
  try {
    while (auto const part = reader.next(passed_over, false)) documents += !part->goes_on;
  } catch (census::bad_input const&) {
    if (documents > 0) throw;  // it holds none, which is refused
  }
  return documents;
}

// Seconds of this process's own time.
template <class Work>
double seconds_of(Work const& work) {
  auto const begin = std::clock();
  work();
  return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

}  // namespace

TEST_CASE("white space takes time in proportion to its length, wherever it stands in a file") {
  temporary_folder const folder;
  std::string spaces;
  while (spaces.size() < 1 << 19) spaces.append(99, ' ') += '\n';
  std::string more;
  for (int i = 0; i < 16; ++i) more += spaces;

  struct of_file {
    char const *name, *before, *behind;
    std::optional<std::string> mark;
    std::size_t documents;
  };
  for (auto const& [name, before, behind, mark, documents] :
       {of_file{"list.json", "", "[{\"text\": \"a\"}]", {}, 1}, of_file{"lines.json", "", "{\"text\": \"a\"}", {}, 1},
        of_file{"a.txt", "", "##", "##", 0}, of_file{"b.txt", "", "", "blank-lines", 0},
        of_file{"c.txt", "word\n", "\nword", "blank-lines", 2}}) {
    CAPTURE(name, before);
    auto const short_one = folder.write("short/" + std::string(name), before + spaces + behind),
               long_one = folder.write("long/" + std::string(name), before + more + behind);
    double const sixteen_short = seconds_of([&, &mark = mark, &documents = documents] {
      for (int i = 0; i < 16; ++i) CHECK(count_documents(short_one, mark) == documents);
    });
    double const one_long =
        seconds_of([&, &mark = mark, &documents = documents] { CHECK(count_documents(long_one, mark) == documents); });
    CHECK(one_long < 4 * sixteen_short);  // searched from its beginning each time, it would be 16
  }
}

TEST_CASE("white space before the first document of .json is no longer than a document may be") {
  temporary_folder const folder;
  auto const path = folder.write("a.json", std::string(3'000'000, '\n') + "[{\"text\": \"a\"}]");
  CHECK(open({path}, {.context = 16, .document_bytes = 3'000'000}).documents() == 1);
  CHECK_THROWS_WITH(open({path}, {.context = 16, .document_bytes = 1'000'000}),
                    path + ":1: the document is longer than 1000000 bytes");
}
