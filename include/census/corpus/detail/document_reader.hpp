// SPDX-License-Identifier: MIT
#pragma once

#include <census/corpus/detail/document_split.hpp>
#include <census/corpus/detail/json_items.hpp>
#include <census/corpus/detail/json_line.hpp>
#include <census/corpus/detail/reading_memory.hpp>
#include <census/corpus/detail/text_buffer.hpp>
#include <census/corpus/detail/text_format.hpp>
#include <census/corpus/detail/token_id_file.hpp>
#include <census/document_subset.hpp>
#include <census/error.hpp>
#include <census/ignored.hpp>
#include <census/token_id.hpp>
#include <census/tokenizer/text_encoding.hpp>
#include <census/tokenizer/tokenizer.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace census {

/// How documents are read.
struct document_options {
  std::string field = "text";  ///< of a JSON object: what holds its text
  bool bos = true;             ///< whether BOS is put before each sequence, and so taken from ids
  std::size_t document_bytes = std::size_t{1} << 30;  ///< a line of JSON at most
  document_subset documents = {};                     ///< those to encode; others are read all the same
  std::optional<document_split> split = {};           ///< of plain text
};

/// The documents of one file, one by one, as token ids without BOS: plain text is one, or is split; a line of .jsonl,
/// or an item of a list in .json, is one, its text in a field of a JSON object (an empty text is a document without
/// tokens), blank lines none, and a byte order mark before the first is passed over; .npy holds ids, see token_id_file.
/// Documents come in parts: memory is that of a part, or of a line.
class document_reader {
 public:
  /// Throws bad_input naming the file where it cannot be opened as what its name says, or holds text and there is no
  /// tokenizer. `memory` has to outlive this.
  document_reader(text_encoding encoding, std::filesystem::path const& path, document_options options,
                  reading_memory& memory)
      : encoding_(std::move(encoding)), path_(path.string()), options_(std::move(options)),
        format_(kind_of_text_file(path).format), is_json_(format_ == text_format::json), part_(memory.part()) {
    if (format_ == text_format::token_ids)
      ids_.emplace(path, encoding_, options_.bos);
    else if (encoding_.tokenizer() == nullptr)
      throw bad_input(path_, "there is no tokenizer, so only token ids (.npy) can be read");
    else
      text_.emplace(path, kind_of_text_file(path).compression, memory);
  }

  /// The next document, or the next part of the one at hand; nothing behind the last. Throws bad_input naming the file,
  /// and the line of JSON: where it holds no document, is corrupt, cut short or no text; where a line is no JSON object
  /// or has no text in the field; where a line is longer than document_bytes, or than memory has room for. What is
  /// passed over is added to `passed_over`. A document that is not `wanted`, which all its parts are or none is, is
  /// read in the same way but not encoded: it is told to have no token.
  std::optional<document_part> next(ignored& passed_over, bool wanted = true) {
    wanted_ = wanted;
    if (ids_) return ids_->next(passed_over);
    auto part = format_ != text_format::plain ? next_part_of_json(passed_over)
                : options_.split              ? next_part_of_many()
                                              : next_part();
    has_document_ |= part.has_value();
    if (!has_document_) {
      is_blank_ = true;
      throw bad_input(path_, "the text holds no document");
    }
    return part;
  }

  /// Whether what is wrong with the file, if anything is, may be that it holds no text of documents at all: nothing of
  /// it was read as text yet, it holds no document, or it is .json, as files beside texts often are.
  bool may_be_no_text() const { return text_ && (is_json_ || is_blank_ || !text_->has_text()); }

  /// As what the file is read; of .json, once something of it was, a list or lines.
  text_format format() const { return format_; }

  /// How often the text was split so far; nothing where it is not one to be split.
  std::optional<std::uint64_t> splits() const {
    return options_.split && format_ == text_format::plain ? std::optional(splits_) : std::nullopt;
  }

  /// Size and hash of the file's bytes as they lie on the disk, and how many of them were read.
  std::pair<std::uint64_t, std::uint64_t> size_and_hash() {
    return text_ ? text_->size_and_hash() : ids_->size_and_hash();
  }
  std::uint64_t bytes_read() const { return text_ ? text_->bytes_read() : ids_->bytes_read(); }

  /// Closes the file until more of it is read.
  void rest() { text_ ? text_->rest() : ids_->rest(); }

 private:
  static constexpr std::uint64_t parse_factor = 6;  // bytes that reading JSON takes for each of the line's

  std::string place() const {
    return format_ == text_format::plain ? path_ : path_ + ":" + std::to_string(std::max<std::uint64_t>(line_, 1));
  }

  /// The tokens of the end of a document, and of as much of its beginning as is certain: the bytes that they stand for.
  std::vector<token_id> encode(std::string_view text) const {
    return wanted_ ? encoding_.tokenizer()->encode(text) : std::vector<token_id>();
  }
  std::size_t encode_beginning(std::string_view text, std::vector<token_id>& tokens) const {
    return wanted_ ? encoding_.tokenizer()->encode_beginning(text, tokens) : text.size();
  }

  /// Plain text, a part at a time.
  std::optional<document_part> next_part() {
    if (is_done_) return std::nullopt;
    document_part part;
    while (part.tokens.empty() && !is_done_) {
      text_->read_more();
      if (text_->at_end()) {
        part.tokens = encode(text_->view());
        text_->take(text_->view().size());
        is_done_ = true;
      } else {
        text_->take(encode_beginning(text_->view(), part.tokens));
      }
    }
    part.goes_on = !is_done_;
    return part;
  }

  /// Plain text of many documents, likewise. What holds nothing but white space is no document.
  std::optional<document_part> next_part_of_many() {
    while (!is_done_) {
      auto const text = text_->view();
      auto const found = options_.split->find(text, before_, !text_->at_end());
      auto const begins = text.substr(0, found.of_document);
      bool const is_blank = !is_inside_ && begins.find_first_not_of(" \t\r\n") == std::string_view::npos;
      document_part part;
      if (found.cut || text_->at_end()) {
        if (!is_blank) part.tokens = encode(begins);
        splits_ += found.cut.has_value();
        is_done_ = !found.cut;
        is_inside_ = false;
        take(found.cut ? found.cut->last : text.size());
        if (!is_blank) return part;
      } else {
        std::size_t const taken = is_blank ? 0 : encode_beginning(begins, part.tokens);
        take(taken);
        is_inside_ |= taken > 0;
        part.goes_on = !part.tokens.empty();
        if (part.goes_on) return part;
        taken == 0 ? read_half_again() : void(text_->read_more());
      }
    }
    return std::nullopt;
  }

  /// Reads at least half as much again as there is: so it may be searched from its beginning each time, however much
  /// white space it begins with.
  void read_half_again() {
    std::size_t const wanted = text_->view().size() + text_->view().size() / 2;
    while (text_->read_more() && text_->view().size() < wanted) {
    }
  }

  void take(std::size_t bytes) {
    if (bytes > 0) before_ = text_->view()[bytes - 1];
    text_->take(bytes);
  }

  /// The text of a line, likewise.
  std::optional<document_part> next_part_of_json(ignored& passed_over) {
    if (json_.empty()) {
      if (line_ == 0) pass_byte_order_mark();
      auto line = format_ == text_format::json ? read_json() : read_line();
      if (!line) return std::nullopt;
      std::size_t halves = 0;
      text_->hold_beside(parse_factor * line->size());
      json_ = text_in_json(*line, options_.field, place(), halves);
      passed_over.add("halves of surrogate pairs, read as U+FFFD", place(), halves);
    }
    document_part part;
    auto rest = std::string_view(json_).substr(json_done_);
    for (std::size_t size = part_; wanted_ && part.tokens.empty() && size < rest.size(); size *= 2)
      json_done_ += encode_beginning(rest.substr(0, size), part.tokens);
    part.goes_on = !part.tokens.empty();
    if (!part.goes_on) {
      part.tokens = encode(rest);
      std::string().swap(json_);
      json_done_ = 0;
    }
    text_->hold_beside(json_.capacity());
    return part;
  }

  /// The next line that is not blank, without its end; nothing behind the last.
  std::optional<std::string> read_line() {
    while (true) {
      ++line_;
      std::size_t searched = 0, end = text_->view().find('\n');
      while (end == std::string_view::npos) {
        searched = text_->view().size();
        check_size(searched);
        if (!text_->read_more()) break;
        end = text_->view().find('\n', searched);
      }
      auto const line = text_->view().substr(0, end);
      check_size(line.size());
      bool const is_blank = line.find_first_not_of(" \t\r") == std::string_view::npos;
      if (!is_blank) {
        std::string found(line);
        text_->take(std::min(line.size() + 1, text_->view().size()));
        return found;
      }
      if (end == std::string_view::npos) return std::nullopt;
      text_->take(end + 1);
    }
  }

  /// The same of .json: an item of the list that the file is, else a line.
  std::optional<std::string> read_json() {
    if (!list_ && !begins_list()) {
      format_ = text_format::json_lines;
      return read_line();
    }
    if (is_done_) return std::nullopt;
    ++line_;
    std::size_t at = 0, end = std::string_view::npos;
    for (bool more = true; end == std::string_view::npos; more = text_->read_more()) {
      if (!more) throw bad_input(place(), "the JSON list is cut short");
      end = list_->end_of_item(text_->view(), at);
      at = text_->view().size();
      if (end == std::string_view::npos) check_size(at);
    }
    if (text_->view()[end] == '}') throw bad_input(place(), "malformed JSON: the list is closed by }");
    std::string item(text_->view().substr(0, end));
    is_done_ = text_->view()[end] == ']';
    text_->take(end + 1);
    bool const is_blank = item.find_first_not_of(" \t\r\n") == std::string::npos;
    if (is_done_) check_nothing_follows();
    if (is_done_ && is_blank && line_ == 1) return std::nullopt;
    return item;
  }

  void pass_byte_order_mark() {
    constexpr std::string_view mark = "\xef\xbb\xbf";
    text_->read_more();
    if (text_->view().starts_with(mark)) text_->take(mark.size());
  }

  /// Whether the file is one list; takes its bracket.
  bool begins_list() {
    std::size_t first = 0, blank = 0;
    while ((first = text_->view().find_first_not_of(" \t\r\n", blank)) == std::string_view::npos) {
      blank = text_->view().size();
      check_size(blank);
      if (!text_->read_more()) return false;
    }
    if (text_->view()[first] != '[') return false;
    text_->take(first + 1);
    list_.emplace();
    return true;
  }

  void check_nothing_follows() {
    do {
      if (text_->view().find_first_not_of(" \t\r\n") != std::string_view::npos)
        throw bad_input(path_, "malformed JSON: something follows the list");
      text_->take(text_->view().size());
    } while (text_->read_more());
  }

  void check_size(std::size_t size) const {
    if (size > options_.document_bytes)
      throw bad_input(place(), "the document is longer than " + std::to_string(options_.document_bytes) + " bytes");
  }

  text_encoding encoding_;
  std::string path_;
  document_options options_;
  text_format format_;
  bool is_json_;
  std::size_t part_;
  std::optional<token_id_file> ids_;
  std::optional<text_buffer> text_;
  std::optional<json_items> list_;
  std::string json_;           // the text of the line at hand,
  std::size_t json_done_ = 0;  // and how much of it was given
  std::uint64_t line_ = 0;     // or item
  bool is_done_ = false, wanted_ = true;
  bool has_document_ = false, is_blank_ = false;  // whether any was given, none was to be found
  std::uint64_t splits_ = 0;
  bool is_inside_ = false;  // a document of which a part was given
  char before_ = '\n';      // the byte before what was read and is not taken
};

}  // namespace census
