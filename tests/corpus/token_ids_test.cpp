// SPDX-License-Identifier: MIT
#include "documents.hpp"

#include <census/corpus/detail/token_id_file.hpp>
#include <census/read_file.hpp>

#include <support/catch.hpp>
#include <support/complaint_about.hpp>
#include <support/temporary_folder.hpp>

namespace {

using ids = std::vector<std::int64_t>;

std::string little_endian(std::uint64_t value, std::size_t width) {
  std::string bytes;
  for (std::size_t i = 0; i < width; ++i) bytes += static_cast<char>(value >> (8 * i));
  return bytes;
}

std::string npy(std::string const& header, std::string const& data, char version = 1) {
  return "\x93NUMPY" + std::string{version, '\0'} + little_endian(header.size(), version == 1 ? 2 : 4) + header + data;
}

// As numpy.save writes it.
std::string saved(std::string const& type, std::string const& shape, ids const& values, char version = 1) {
  std::string header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }", data;
  header.append(63 - (header.size() + 10) % 64, ' ').append("\n");
  for (auto const id : values)
    data += little_endian(static_cast<std::uint64_t>(id), static_cast<std::size_t>(type.back() - '0'));
  return npy(header, data, version);
}

std::vector<census::token_id> tokens(census::corpus const& corpus) { return corpus.texts().front()->tokens; }

}  // namespace

TEST_CASE("token ids of every width are read as they are") {
  temporary_folder const folder;
  for (std::string const type : {"<i2", "<u2", "<i4", "<u4", "<i8", "<u8"})
    for (char const version : {1, 2}) {
      auto const corpus = open({folder.write("a.npy", saved(type, "(5,)", {0, 300, 799, 2, 4}, version))});
      CHECK(tokens(corpus) == std::vector<census::token_id>{2, 0, 300, 799, 2, 4});
      CHECK(corpus.domains() == std::vector<std::string>{"a"});
      CHECK(corpus.sources()[0].format == "token ids");
      CHECK(corpus.documents() == 1);
    }
}

TEST_CASE("a row of a matrix of token ids is a document") {
  temporary_folder const folder;
  auto const corpus = open({folder.write("a.npy", saved("<u2", "(2, 3)", {10, 11, 12, 13, 14, 15}))});
  CHECK(tokens(corpus) == std::vector<census::token_id>{2, 10, 11, 12, 2, 13, 14, 15});
  CHECK(corpus.documents() == 2);
}

TEST_CASE("more ids than are read at once are whole") {
  temporary_folder const folder;
  ids values;
  for (int i = 0; i < 20'000; ++i) values.push_back(i % 797);
  auto const corpus =
      open({folder.write("a.npy", saved("<i4", "(20000,)", values))}, {.context = 100'000, .bos = false});
  auto const read = corpus.texts(100'000).front()->tokens;
  CHECK(std::equal(read.begin(), read.end(), values.begin(), values.end()));
}

TEST_CASE("a negative id is none of a large vocabulary's, neither BOS nor pad") {
  temporary_folder const folder;
  auto const path = folder.write("a.npy", saved("<i2", "(2,)", {1, -30000}));
  auto const message = path + "[1]: the id -30000 is outside the vocabulary of 50000";
  CHECK_THROWS_WITH(census::open_corpus(census::text_encoding(50'000), {path}, {.bos = false}), message);
  std::uint32_t const same_bits = 65'536 - 30'000;
  CHECK_THROWS_WITH(census::open_corpus(census::text_encoding(50'000, {}, same_bits), {path}, {.bos = false}), message);
  auto const first = folder.write("b.npy", saved("<i2", "(2,)", {-30000, 1}));
  CHECK_THROWS_WITH(census::open_corpus(census::text_encoding(50'000, same_bits), {first}),
                    first + "[0]: the id -30000 is outside the vocabulary of 50000");
}

TEST_CASE("an id outside the vocabulary is refused by file and index") {
  temporary_folder const folder;
  auto const refuse = [&](std::string const& file, std::string const& message) {
    auto const path = folder.write("a.npy", file);
    CHECK_THROWS_WITH(open({path}), path + message);
  };
  std::string const of = " is outside the vocabulary of 800";
  refuse(saved("<u2", "(3,)", {1, 2, 800}), "[2]: the id 800" + of);
  refuse(saved("<i2", "(3,)", {1, -1, 2}), "[1]: the id -1" + of);
  refuse(saved("<i2", "(1,)", {-32768}), "[0]: the id -32768" + of);
  refuse(saved("<u2", "(1,)", {0xffff}), "[0]: the id 65535" + of);
  refuse(saved("<u8", "(2, 2)", {1, 2, 3, -1}), "[1, 1]: the id 18446744073709551615" + of);
  refuse(saved("<i8", "(1,)", {std::int64_t{1} << 32}), "[0]: the id 4294967296" + of);
}

TEST_CASE("arrays of other types, orders and shapes are refused") {
  temporary_folder const folder;
  auto const refusal = [&](std::string const& file) {
    auto const path = folder.write("a.npy", file);
    return census_test::complaint_about(path, [&] { open({path}); });
  };
  std::string const types = ", only little-endian whole numbers of 2, 4 or 8 bytes are read";
  for (std::string const type : {">i4", "<f4", "|u1", "<U7", "|O8", "|b1"})
    CHECK(refusal(saved(type, "(1,)", {1})) == "is of type \"" + type + "\"" + types);
  auto const header = [&](std::string const& text) { return refusal(npy(text, std::string(8, '\0'))); };
  CHECK(header("{'shape': (4,), 'fortran_order': False, 'descr': '<u2'}") == "nothing");
  for (std::string const shape : {"(4,)", "(1, 4)", "(4, 1)"})
    CHECK(header("{'descr': '<u2', 'fortran_order': True, 'shape': " + shape + ", }") == "nothing");
  CHECK(header("{'descr': '<u2', 'fortran_order': True, 'shape': (2, 2), }") ==
        "is in Fortran order, only C order is read");
  CHECK(header("{'descr': [('a', '<u2')], 'fortran_order': False, 'shape': (4,), }") == "holds records, not numbers");
  CHECK(header("{'descr': '<u2', 'fortran_order': False, 'shape': (1, 2, 2), }") ==
        "has 3 dimensions, not [token] or [document, token]");
  CHECK(header("{'descr': '<u2', 'fortran_order': False, 'shape': (), }") ==
        "has 0 dimensions, not [token] or [document, token]");
  CHECK(header("{'descr': '<u2', 'fortran_order': False, 'shape': (0,), }") == "holds no token id");
  CHECK(header("{'descr': '<u2', 'fortran_order': False, 'shape': (3, 0), }") == "holds no token id");
  CHECK(header("{'descr': '<u2', 'fortran_order': False, 'shape': (5,), }") ==
        "its data are 8 bytes, not the 5 ids of 2 bytes that its header says");
  CHECK(header("{'descr': '<u2', 'fortran_order': False, 'shape': (1, 2), }") ==
        "its data are 8 bytes, not the 1 x 2 ids of 2 bytes that its header says");
  for (std::string const shape : {"281474976710656, 281474976710656", "65536, 281474976710656", "281474976710656,"})
    CHECK(header("{'descr': '<u2', 'fortran_order': False, 'shape': (" + shape + "), }")
              .starts_with("its data are 8 bytes"));
  for (std::string const bad :
       {"", "{", "{}", "{'descr': '<u2'}", "{'descr': '<u2', 'fortran_order': , 'shape': (4,)}",
        "{'descr': '<u2' 'shape': (4,)}", "{'descr': '<u2', 'fortran_order': False, 'shape': (-4,), }",
        "{'descr': '<u2', 'fortran_order': False, 'shape': (4 5), }",
        "{'descr': '<u2', 'fortran_order': False, 'shape': (99999999999999999999,), }",
        "{'descr': '<u2', 'fortran_order': False, 'shape': (4,), 'more': 1}", "{'descr': '<u2', 'descr': '<u2'}",
        "{'descr", "{'descr':"})
    CHECK(header(bad) == "the .npy header is malformed");
  CHECK(refusal("") == "the .npy file is cut short");
  CHECK(refusal("\x93NUMPY\x01") == "the .npy file is cut short");
  CHECK(refusal("not an array at all") == "is no .npy file");
  CHECK(refusal(npy("{}", "", 3)) == "is of .npy format 3.0, only 1.0 and 2.0 are read");
  CHECK(refusal(npy(std::string(20'000, ' '), "")) == "the .npy header is too long");
  CHECK(refusal(npy("{}", "").substr(0, 11)) == "the .npy file is cut short");
}

TEST_CASE("BOS that rows begin with is not doubled, pads around them are not counted, and both are told") {
  temporary_folder const folder;
  census::text_encoding const encoding(800, 2, 1);
  auto const read = [&](std::string const& shape, ids const& values, bool bos = true) {
    return census::open_corpus(encoding, {folder.write("a.npy", saved("<i8", shape, values))},
                               {.context = 8, .bos = bos});
  };
  using ids_read = std::vector<census::token_id>;
  auto const told = [](census::corpus const& corpus) {
    std::vector<std::uint64_t> counts;
    for (auto const& kind : corpus.ignored().kinds()) counts.push_back(kind.count);
    return counts;
  };
  ids const padded{2,  10, 11,      1, 1,  /**/ 2, 12, 13,     14, 15, /**/ 1, 1, 2,
                   16, 17, /**/ 18, 1, 19, 2,      1,  /**/ 1, 1,  1,  1,      1};
  auto const corpus = read("(5, 5)", padded);
  CHECK(tokens(corpus) == ids_read{2, 10, 11, 2, 12, 13, 14, 15, 2, 16, 17, 2, 18, 1, 19, 2});
  CHECK(corpus.documents() == 4);
  CHECK(told(corpus) == std::vector<std::uint64_t>{10, 3});
  CHECK(tokens(read("(2, 2)", {10, 11, 12, 13})) == ids_read{2, 10, 11, 2, 12, 13});
  CHECK(read("(2, 2)", {10, 11, 12, 13}).ignored().empty());
  CHECK(tokens(read("(2, 3)", {2, 10, 1, 2, 2, 11}, false)) == ids_read{2, 10, 2, 2, 11});
  CHECK(tokens(read("(4,)", {2, 2, 10, 1})) == ids_read{2, 2, 10});

  ids longer(200'000, 1);  // pads longer than what is read at once, in the midst and at the end
  longer[0] = 2, longer[1] = 10, longer[150'000] = 11;
  auto const whole =
      census::open_corpus(encoding, {folder.write("b.npy", saved("<i4", "(200000,)", longer))}, {.context = 200'000});
  CHECK(whole.tokens() == 150'001);
  CHECK(told(whole) == std::vector<std::uint64_t>{1, 49'999});  // in the order in which they are met
}

TEST_CASE("pads inside a document come in parts as other ids do, however many there are") {
  temporary_folder const folder;
  for (std::size_t const count : {65'536, 131'072, 131'073, 500'000}) {
    ids values(count + 3, 1);
    values.front() = 10, values[count + 1] = 11;  // pads between, and one behind
    auto const path = folder.write("a.npy", saved("<u2", "(" + std::to_string(values.size()) + ",)", values));
    census::token_id_file file(path, census::text_encoding(800, 2, 1), true);
    std::vector<census::token_id> read;
    census::ignored passed_over;
    bool goes_on = true;
    while (auto const part = file.next(passed_over)) {
      CHECK(goes_on);
      CHECK(part->tokens.size() <= 131'072);
      read.insert(read.end(), part->tokens.begin(), part->tokens.end());
      goes_on = part->goes_on;
    }
    CAPTURE(count);
    CHECK_FALSE(goes_on);
    CHECK(std::equal(read.begin(), read.end(), values.begin(), values.end() - 1));
    REQUIRE(passed_over.kinds().size() == 1);
    CHECK(passed_over.kinds()[0].count == 1);
  }
}

TEST_CASE("where the pad is the BOS, rows end with their last other token") {
  temporary_folder const folder;
  census::text_encoding const encoding(800, 7, 7);
  auto const corpus =
      census::open_corpus(encoding, {folder.write("a.npy", saved("<u2", "(2, 5)", {7, 8, 9, 7, 7, 7, 7, 7, 7, 5}))});
  CHECK(tokens(corpus) == std::vector<census::token_id>{7, 8, 9, 7, 5});
}

TEST_CASE("ids that only added_tokens.json knows are read") {
  temporary_folder const folder;
  for (auto const* name : {"vocab.json", "merges.txt"})
    folder.write(name, census::read_file(std::string(CENSUS_TEST_DATA "/tokenizer/") + name));
  folder.write("added_tokens.json", "{\"<|user|>\": 800}");
  auto const corpus = census::open_corpus(census::open_tokenizer(folder.path(), 2),
                                          {folder.write("a.npy", saved("<u2", "(2,)", {5, 800}))}, {.context = 8});
  CHECK(tokens(corpus) == std::vector<census::token_id>{2, 5, 800});
}

TEST_CASE("token ids that are written to while they are read are refused by name") {
  temporary_folder const folder;
  auto const path = folder.write("a.npy", saved("<u2", "(2, 70000)", ids(140'000, 7)));
  CHECK(complaint_of_change(path, [] {}) == "nothing");
  CHECK_THAT(complaint_of_change(path, [&] { append_to(path, "12"); }),
             Catch::StartsWith("the file changed while it was read"));
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 2);
  CHECK_THAT(complaint_of_change(path, [&] { write_again(path); }),
             Catch::StartsWith("the file changed while it was read"));
}
