// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace census {

enum class text_format { plain, json_lines, token_ids };
enum class text_compression { none, gzip, zstd };

/// What a file of text holds, as its name says: *.txt, *.jsonl, each plain, .gz or .zst, and *.npy.
struct text_file_kind {
  text_format format = text_format::plain;
  text_compression compression = text_compression::none;
  std::string stem;      ///< the name without the endings that were understood
  bool is_told = false;  ///< whether an ending says that it is text; other files are plain text only where named
};

/// The kind of a file by its name alone; a name without a known ending is plain text. Throws bad_input naming the file
/// where it is of a format that is not read, so that none is taken for plain text.
inline text_file_kind kind_of_text_file(std::filesystem::path const& file) {
  constexpr std::array<std::string_view, 11> not_read{".bz2", ".xz",  ".lz4",     ".zip",   ".7z", ".tar",
                                                      ".tgz", ".npz", ".parquet", ".arrow", ".pdf"};
  auto const refuse = [&](std::string_view what) {
    throw bad_input(file.string(), std::string(what) + " files are not read, only .txt and .jsonl, plain, .gz or .zst, "
                                                       "and .npy");
  };
  text_file_kind kind;
  std::filesystem::path name = file.filename();
  if (name.extension() == ".gz") kind.compression = text_compression::gzip;
  if (name.extension() == ".zst") kind.compression = text_compression::zstd;
  if (kind.compression != text_compression::none) name = name.stem();
  auto const ending = name.extension().string();
  if (std::ranges::find(not_read, ending) != not_read.end()) refuse(ending);
  if (ending == ".npy" && kind.compression != text_compression::none) refuse("compressed .npy");
  if (ending == ".jsonl") kind.format = text_format::json_lines;
  if (ending == ".npy") kind.format = text_format::token_ids;
  kind.is_told = ending == ".txt" || kind.format != text_format::plain;
  kind.stem = (kind.is_told || kind.compression == text_compression::none ? name.stem() : name).string();
  return kind;
}

/// All files with a known ending in a folder and the folders below it, sorted by path. Throws bad_input where there is
/// none, or where the folder cannot be read.
inline std::vector<std::filesystem::path> text_files_below(std::filesystem::path const& folder) {
  auto const is_text = [](std::filesystem::path const& file) {
    try {
      return kind_of_text_file(file).is_told;
    } catch (bad_input const&) {
      return false;
    }
  };
  std::vector<std::filesystem::path> files;
  try {
    for (auto const& entry : std::filesystem::recursive_directory_iterator(folder))
      if (!entry.is_directory() && is_text(entry.path())) files.push_back(entry.path());
  } catch (std::filesystem::filesystem_error const& error) {
    throw bad_input(error.path1().empty() ? folder.string() : error.path1().string(),
                    "the folder cannot be read: " + error.code().message());
  }
  if (files.empty()) throw bad_input(folder.string(), "the folder holds no .txt, .jsonl or .npy file");
  std::ranges::sort(files, {}, [](auto const& file) { return file.native(); });
  return files;
}

}  // namespace census
