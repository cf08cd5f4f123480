// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

namespace census {

/// json: lines as of json_lines, or one list.
enum class text_format { plain, json_lines, json, token_ids };
enum class text_compression { none, gzip, zstd };

/// The name of a format, by which a run tells how a text was read.
inline std::string name_of_format(text_format format) {
  switch (format) {
  case text_format::plain:
    return "text";
  case text_format::json_lines:
    return "JSON lines";
  case text_format::json:
    return "a JSON list";
  case text_format::token_ids:
    return "token ids";
  }
  return {};
}

/// What a file of text holds, as its name says, in letters of either case: .txt, .jsonl or .ndjson, .json, each plain,
/// .gz or .zst (.zstd), and .npy.
struct text_file_kind {
  text_format format = text_format::plain;
  text_compression compression = text_compression::none;
  std::string stem;      ///< the name without the endings that were understood
  bool is_told = false;  ///< whether an ending says that it is text; other files are plain text only where named
};

/// The formats that are read, for messages.
inline constexpr std::string_view texts_read = ".txt, .jsonl, .ndjson and .json, plain, .gz or .zst, and .npy";

/// The kind of a file by its name alone; a name without a known ending is plain text. Throws bad_input naming the file
/// where it is of a format that is not read, so that none is taken for plain text.
inline text_file_kind kind_of_text_file(std::filesystem::path const& file) {
  constexpr std::array<std::string_view, 49> not_read{
      ".7z",       ".arrow",   ".avro", ".bin", ".br",          ".bz2",    ".csv",     ".db",   ".doc",  ".docx",
      ".epub",     ".feather", ".gguf", ".h5",  ".hdf5",        ".idx",    ".ipynb",   ".lz4",  ".lzma", ".mdb",
      ".mds",      ".npz",     ".odt",  ".orc", ".parquet",     ".pdf",    ".pickle",  ".pkl",  ".png",  ".ppt",
      ".pptx",     ".pt",      ".pth",  ".rar", ".safetensors", ".sqlite", ".sqlite3", ".svg",  ".tar",  ".tbz2",
      ".tfrecord", ".tgz",     ".tsv",  ".txz", ".tzst",        ".warc",   ".xls",     ".xlsx", ".xz"};
  constexpr std::array<std::pair<std::string_view, text_format>, 5> read{{{".txt", text_format::plain},
                                                                          {".jsonl", text_format::json_lines},
                                                                          {".ndjson", text_format::json_lines},
                                                                          {".json", text_format::json},
                                                                          {".npy", text_format::token_ids}}};
  auto const ending_of = [](std::filesystem::path const& name) {
    auto ending = name.extension().string();
    for (char& c : ending) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return ending;
  };
  auto const refuse = [&](std::string_view what) {
    throw bad_input(file.string(), std::string(what) + " files are not read, only " + std::string(texts_read));
  };
  text_file_kind kind;
  std::filesystem::path name = file.filename();
  auto ending = ending_of(name);
  if (ending == ".gz") kind.compression = text_compression::gzip;
  if (ending == ".zst" || ending == ".zstd") kind.compression = text_compression::zstd;
  if (kind.compression != text_compression::none) name = name.stem();
  ending = ending_of(name);
  if (ending == ".zip" || std::ranges::find(not_read, ending) != not_read.end()) refuse(ending);
  auto const* const known = std::ranges::find(read, ending, &std::pair<std::string_view, text_format>::first);
  kind.is_told = known != read.end();
  if (kind.is_told) kind.format = known->second;
  if (kind.format == text_format::token_ids && kind.compression != text_compression::none) refuse("compressed .npy");
  kind.stem = (kind.is_told || kind.compression == text_compression::none ? name.stem() : name).string();
  return kind;
}

}  // namespace census
