// SPDX-License-Identifier: MIT
#include "documents.hpp"

#include <support/catch.hpp>
#include <support/temporary_folder.hpp>

#include <random>

namespace {

#ifdef CENSUS_ZLIB
std::string gzip(std::string const& text) {
  z_stream state{};
  REQUIRE(deflateInit2(&state, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&state, text.size()) + 64, '\0');
  state.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  state.avail_in = static_cast<uInt>(text.size());
  state.next_out = reinterpret_cast<Bytef*>(out.data());
  state.avail_out = static_cast<uInt>(out.size());
  REQUIRE(deflate(&state, Z_FINISH) == Z_STREAM_END);
  out.resize(state.total_out);
  deflateEnd(&state);
  return out;
}
#endif

#ifdef CENSUS_ZSTD
std::string zstd(std::string const& text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> const context(ZSTD_createCCtx(), &ZSTD_freeCCtx);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  out.resize(ZSTD_compress2(context.get(), out.data(), out.size(), text.data(), text.size()));
  return out;
}
#endif

struct method {
  std::string ending, name;
  std::string (*compress)(std::string const&);
};

std::vector<method> methods() {
  std::vector<method> known;
#ifdef CENSUS_ZLIB
  known.push_back({".gz", "gzip", gzip});
  known.push_back({".GZ", "gzip", gzip});
#endif
#ifdef CENSUS_ZSTD
  known.push_back({".zst", "Zstandard", zstd});
  known.push_back({".zstd", "Zstandard", zstd});
  known.push_back({".ZST", "Zstandard", zstd});
#endif
  return known;
}

std::string long_text() {  // incompressible and compressible parts, larger than every buffer
  std::mt19937 random(5);
  std::string text;
  for (int i = 0; i < 200'000; ++i) text += static_cast<char>('a' + random() % 26);
  return text + std::string(300'000, 'z') + "end";
}

std::string message(std::string const& path, census::corpus_options const& options = {}) {
  try {
    open({path}, options);
  } catch (census::bad_input const& error) {
    REQUIRE(std::string(error.what()).starts_with(path + ": "));
    return std::string(error.what()).substr(path.size() + 2);
  }
  return "accepted";
}

}  // namespace

TEST_CASE("compressed texts are the texts that were compressed") {
  temporary_folder const folder;
  for (auto const& m : methods())
    for (auto const& text : {std::string("It is a truth"), long_text()}) {
      CAPTURE(m.name, text.size());
      auto const plain = open({folder.write("prose.txt", text)});
      auto const corpus = open({folder.write("prose.txt" + m.ending, m.compress(text))});
      CHECK(documents(corpus) == documents(plain));
      CHECK(corpus.domains() == std::vector<std::string>{"prose"});
      CHECK(documents(open({folder.write("enwik" + m.ending, m.compress(text))})) == documents(plain));
      CHECK(open({folder / ("enwik" + m.ending)}).domains() == std::vector<std::string>{"enwik"});
    }
}

TEST_CASE("members one after another are one text, wherever they meet") {
  temporary_folder const folder;
  auto const text = long_text();
  for (auto const& m : methods())
    for (std::size_t const cut : {1, 1000, 65'536, 131'072, 499'999}) {
      CAPTURE(m.name, cut);
      auto const joined = m.compress(text.substr(0, cut)) + m.compress("") + m.compress(text.substr(cut));
      CHECK(documents(open({folder.write("a.txt" + m.ending, joined)})).at(0) == text);
    }
}

TEST_CASE("compressed lines are documents, and a wrong one is named by its number") {
  temporary_folder const folder;
  std::string lines;
  for (int i = 0; i < 20'000; ++i) lines.append("{\"text\": \"line ").append(std::to_string(i)).append("\"}\n");
  for (auto const& m : methods()) {
    auto const corpus = open({folder.write("a.jsonl" + m.ending, m.compress(lines))});
    CHECK(corpus.documents() == 20'000);
    CHECK(documents(corpus).at(19'999) == "line 19999");
    CHECK(corpus.domains() == std::vector<std::string>{"a"});
    auto const path = folder.write("b.jsonl" + m.ending, m.compress(lines + "{}"));
    CHECK_THROWS_WITH(open({path}), path + ":20001: the line has no field \"text\"");
    CHECK(open({path}, {.context = 16, .tokens = 1000}).tokens() >= 1000);  // reads no further than needed
  }
}

TEST_CASE("compressed streams cut short anywhere are refused by name") {
  temporary_folder const folder;
  for (auto const& m : methods()) {
    auto const whole = m.compress("{\"text\": \"It is a truth universally acknowledged\"}\n");
    for (std::size_t size = 0; size < whole.size(); ++size) {
      CAPTURE(m.name, size);
      CHECK(message(folder.write("a.txt" + m.ending, whole.substr(0, size))) ==
            "the " + m.name + " stream is cut short");
      CHECK(message(folder.write("a.jsonl" + m.ending, whole.substr(0, size))) ==
            "the " + m.name + " stream is cut short");
      if (size > 0)
        CHECK(message(folder.write("a.txt" + m.ending, whole + whole.substr(0, size))).ends_with("is cut short"));
    }
    auto const large = m.compress(long_text());
    for (std::size_t const size : {std::size_t{65'536}, std::size_t{100'000}, large.size() - 9, large.size() - 1})
      CHECK(message(folder.write("a.txt" + m.ending, large.substr(0, size))) ==
            "the " + m.name + " stream is cut short");
  }
}

TEST_CASE("corrupt compressed streams are refused by name") {
  temporary_folder const folder;
  for (auto const& m : methods()) {
    std::string const corrupt = "is no " + m.name + " file, or corrupt";
    CHECK(message(folder.write("a.txt" + m.ending, "plain text under a wrong name")).starts_with(corrupt));
    auto const whole = m.compress(long_text());
    CHECK(message(folder.write("a.txt" + m.ending, whole + "something behind it")).starts_with(corrupt));
    auto changed = whole;
    changed.back() = static_cast<char>(changed.back() ^ 1);  // of the checksum or length
    CHECK(message(folder.write("a.txt" + m.ending, changed)).starts_with(corrupt));
    std::mt19937 random(6);
    for (int round = 0; round < 200; ++round) {
      auto noisy = m.compress("{\"text\": \"It is a truth universally acknowledged\"}\n");
      noisy[random() % noisy.size()] = static_cast<char>(random());
      message(folder.write("b.txt" + m.ending, noisy));  // accepted or refused, and nothing else
    }
  }
}

TEST_CASE("an empty compressed text, is refused, and one that grows by much is read as far as it is asked for") {
  temporary_folder const folder;
  for (auto const& m : methods()) {
    CHECK(message(folder.write("a.txt" + m.ending, m.compress(""))) == "the text is empty");
    CHECK(message(folder.write("a.jsonl" + m.ending, m.compress(""))) == "the text is empty");
    auto const bomb = folder.write("b.txt" + m.ending, m.compress(std::string(10'000'000, 'a')));
    CHECK(open({bomb}, {.context = 1000, .tokens = 1000}).tokens() == 1000);  // reads no further than needed
  }
}

TEST_CASE("a folder is all texts of every format in it") {
  temporary_folder const folder;
  std::vector<std::string> expected;
  for (auto const& m : methods()) {
    expected.push_back(folder.write("mixed/a.txt" + m.ending, m.compress("text")));
    expected.push_back(folder.write("mixed/b/c.jsonl" + m.ending, m.compress("{\"text\": \"text\"}")));
    folder.write("mixed/d.npy" + m.ending, "no");
    folder.write("mixed/e" + m.ending, "no");
  }
  expected.push_back(folder.write("mixed/f.jsonl", "{\"text\": \"text\"}"));
  expected.push_back(folder.write("mixed/g.txt", "text"));
  folder.write("mixed/h.parquet", "no");
  std::sort(expected.begin(), expected.end());
  auto const corpus = open({folder / "mixed"});
  std::vector<std::string> found;
  for (auto const& source : corpus.sources()) found.push_back(source.path);
  CHECK(found == expected);
  for (auto const& [number, text] : documents(corpus)) CHECK(text == "text");
}

#ifdef CENSUS_ZSTD
TEST_CASE("a long window is read where there is memory for it, else refused with its size and the cure") {
  temporary_folder const folder;
  std::string text;
  while (text.size() < 3'000'000) text += "a text that goes on " + std::to_string(text.size()) + ' ';
  std::string out(ZSTD_compressBound(text.size()), '\0');
  std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> const context(ZSTD_createCCtx(), &ZSTD_freeCCtx);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_windowLog, 28);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_contentSizeFlag, 0);
  ZSTD_inBuffer in{text.data(), text.size(), 0};
  ZSTD_outBuffer to{out.data(), out.size(), 0};
  while (in.pos < in.size)
    ZSTD_compressStream2(context.get(), &to, &in, ZSTD_e_continue);  // of a size that is not known
  while (ZSTD_compressStream2(context.get(), &to, &in, ZSTD_e_end) != 0) continue;
  auto const path = folder.write("long.txt.zst", out.substr(0, to.pos));
  CHECK(message(path, {.reading_memory = 200 << 20})
            .starts_with(
                "is compressed with a window of 256 MiB (zstd --long), more than the 200 MiB of memory there are"));
  CHECK(documents(open({path}, {.context = 1000, .reading_memory = std::uint64_t{600} << 20})).at(0) == text);
}
#endif

#if !defined(CENSUS_ZLIB) || !defined(CENSUS_ZSTD)
TEST_CASE("compressions that this program was built without are refused by name") {
  temporary_folder const folder;
#ifndef CENSUS_ZLIB
  CHECK(message(folder.write("a.txt.gz", "")) == "this program was built without zlib and reads no .gz files");
#endif
#ifndef CENSUS_ZSTD
  CHECK(message(folder.write("a.txt.zst", "")) == "this program was built without libzstd and reads no .zst files");
#endif
}
#endif

TEST_CASE("a compressed text that is written to while it is read is refused by name") {
  temporary_folder const folder;
  for (auto const& m : methods()) {
    CAPTURE(m.ending);
    auto const content = m.compress(long_text());
    auto const path = folder.write("a.txt" + m.ending, content);
    std::uint64_t const memory = 4 << 20;
    CHECK(complaint_of_change(
              path, [] {}, memory) == "nothing");
    CHECK_THAT(complaint_of_change(
                   path, [&] { append_to(path, content); }, memory),
               Catch::StartsWith("the file changed while it was read"));
    CHECK_THAT(complaint_of_change(
                   path, [&] { write_again(path); }, memory),
               Catch::StartsWith("the file changed while it was read"));
  }
}
