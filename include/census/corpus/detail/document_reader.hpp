// SPDX-License-Identifier: MIT
#pragma once

#include <census/content_hash.hpp>
#include <census/corpus/detail/decompressed.hpp>
#include <census/corpus/detail/text_format.hpp>
#include <census/corpus/detail/token_id_file.hpp>
#include <census/error.hpp>
#include <census/json.hpp>
#include <census/tokenizer/text_encoding.hpp>
#include <census/tokenizer/tokenizer.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace census {

/// The size of a file and the sampled_hash of its bytes as they lie there. Throws bad_input naming it where it cannot
/// be read.
inline std::pair<std::uint64_t, std::uint64_t> size_and_hash(std::filesystem::path const& path) {
  decompressed_file const checked(path, text_compression::none);
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  auto const size = static_cast<std::uint64_t>(file.tellg());
  std::string bytes;
  auto const read = [&](std::uint64_t first, std::uint64_t count) -> std::string_view {
    bytes.resize(static_cast<std::size_t>(count));
    file.seekg(static_cast<std::streamoff>(first));
    file.read(bytes.data(), static_cast<std::streamsize>(count));
    return bytes;
  };
  auto const hash = file ? sampled_hash(size, read) : 0;
  if (!file) throw bad_input(path.string(), "cannot be read");
  return {size, hash};
}

/// The documents of one file, one by one, as token ids without BOS: plain text is one; a line of .jsonl is one, its
/// text in a field of a JSON object (an empty text is a document without tokens); .npy holds ids, see token_id_file.
/// Plain text and ids come in parts: memory is that of a part, or of a line of .jsonl.
class document_reader {
 public:
  /// Throws bad_input naming the file where it cannot be opened as what its name says, or holds text and there is no
  /// tokenizer.
  document_reader(text_encoding encoding, std::filesystem::path const& path, std::string field = "text",
                  std::size_t document_bytes = std::size_t{1} << 30)
      : encoding_(std::move(encoding)), path_(path.string()), field_(std::move(field)), kind_(kind_of_text_file(path)),
        document_bytes_(document_bytes) {
    if (kind_.format == text_format::token_ids)
      ids_.emplace(path, encoding_.vocabulary_size());
    else if (encoding_.tokenizer() == nullptr)
      throw bad_input(path_, "there is no tokenizer, so only token ids (.npy) can be read");
    else
      text_.emplace(path, kind_.compression);
  }

  /// The next document, or the next part of the one at hand; nothing behind the last. Throws bad_input naming the file,
  /// and the line of a .jsonl: where it is empty, corrupt or cut short, where a line is no JSON object or has no text
  /// in the field, where a line, or a stretch of plain text without white space, is longer than document_bytes.
  std::optional<document_part> next() {
    if (ids_) return ids_->next();
    if (kind_.format == text_format::plain) return next_part();
    auto const line = read_line();
    if (!line) return std::nullopt;
    return document_part{encoding_.tokenizer()->encode(text_in(*line)), false};
  }

 private:
  std::string place() const {
    return kind_.format == text_format::json_lines ? path_ + ":" + std::to_string(line_) : path_;
  }
  void check_size(std::size_t size) const {
    if (size > document_bytes_)
      throw bad_input(place(), "the document is longer than " + std::to_string(document_bytes_) + " bytes");
  }

  /// Appends some more of the file to buffer_; false at its end.
  bool read_more() {
    std::size_t const before = buffer_.size();
    buffer_.resize(before + chunk);
    buffer_.resize(before + text_->read(std::span(buffer_).subspan(before)));
    return buffer_.size() > before;
  }

  /// Plain text, a part at a time, cut where the tokens of the parts are those of the whole.
  std::optional<document_part> next_part() {
    if (at_end_) return std::nullopt;
    std::size_t cut = 0;
    do {
      check_size(buffer_.size());
      std::size_t const wanted = buffer_.size() + part;
      while (!at_end_ && buffer_.size() < wanted) at_end_ = !read_more();
      cut = at_end_ ? buffer_.size() : last_cut(buffer_);
    } while (cut == 0 && !at_end_);
    if (line_++ == 0 && buffer_.empty()) throw bad_input(path_, "the text is empty");
    auto tokens = encoding_.tokenizer()->encode(std::string_view(buffer_).substr(0, cut));
    buffer_.erase(0, cut);
    return document_part{std::move(tokens), !at_end_};
  }

  /// The next line, without its end; nothing behind the last.
  std::optional<std::string> read_line() {
    ++line_;
    std::size_t end = buffer_.find('\n', first_);
    while (end == std::string::npos) {
      std::size_t const searched = buffer_.size() - first_;
      buffer_.erase(0, std::exchange(first_, 0));
      check_size(searched);
      if (read_more()) {
        end = buffer_.find('\n', searched);
        continue;
      }
      if (line_ == 1 && buffer_.empty()) throw bad_input(path_, "the text is empty");
      if (buffer_.empty()) return std::nullopt;
      end = buffer_.size();
    }
    check_size(end - first_);
    auto line = buffer_.substr(first_, end - first_);
    first_ = std::min(end + 1, buffer_.size());
    return line;
  }

  std::string text_in(std::string const& line) const {
    auto parsed = parse_json(line, place(), 64);
    if (!parsed.is_object()) throw bad_input(place(), "the line is no JSON object");
    auto const found = parsed.find(field_);
    if (found == parsed.end()) throw bad_input(place(), "the line has no field " + escaped_name(field_));
    if (!found->is_string()) throw bad_input(place(), "the field " + escaped_name(field_) + " is no text");
    return std::move(found->get_ref<std::string&>());
  }

  static constexpr std::size_t chunk = 1 << 16, part = 1 << 20;  // bytes

  text_encoding encoding_;
  std::string path_, field_;
  text_file_kind kind_;
  std::size_t document_bytes_;
  std::optional<token_id_file> ids_;
  std::optional<decompressed_file> text_;
  std::string buffer_;  // read and not yet given, from first_ on
  std::size_t first_ = 0;
  std::uint64_t line_ = 0;  // or part, of plain text
  bool at_end_ = false;
};

}  // namespace census
