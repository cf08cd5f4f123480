// SPDX-License-Identifier: MIT
#pragma once

#include <census/corpus/detail/resumable_file.hpp>
#include <census/error.hpp>
#include <census/ignored.hpp>
#include <census/json.hpp>
#include <census/npy_header.hpp>
#include <census/token_id.hpp>
#include <census/tokenizer/text_encoding.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace census {

/// The next tokens of a document, without BOS.
struct document_part {
  std::vector<token_id> tokens;
  bool goes_on = false;  ///< another part of the same document follows
};

/// Token ids as NumPy saves them, .npy of format 1.0 or 2.0: whole numbers of 2, 4 or 8 bytes, little-endian, in C
/// order; [token] is one document, [document, token] are several, read in parts. What Hugging Face's tokenizers put
/// around a document is taken away: pads before and behind it, and, where BOS is put before each sequence anyway, one
/// BOS that it begins with.
class token_id_file {
 public:
  /// Ids below the encoding's vocabulary; `bos` says whether a document's own BOS is taken away. Throws bad_input
  /// naming the file where it cannot be read, is no such .npy, holds no id, or is not of the size that its header says.
  token_id_file(std::filesystem::path const& path, text_encoding const& encoding, bool bos)
      : place_(path.string()), vocabulary_size_(encoding.vocabulary_size()), pad_(encoding.pad()), file_(path) {
    if (bos) bos_ = encoding.bos();
    std::array<char, npy_start::bytes> begin{};
    take(std::span(begin).first(8));
    std::size_t const length_bytes = begin[6] == 1 ? 2 : 4;
    take(std::span(begin).subspan(8, length_bytes));
    auto const start = read_npy_start({begin.data(), 8 + length_bytes}, place_);
    std::string header(start.header_bytes, ' ');
    take(header);
    read_header(header);

    auto const data = file_.size() - start.data_begins();
    if (documents_ == 0 || tokens_ == 0) throw bad_input(place_, "holds no token id");
    if (data / width_ / documents_ != tokens_ || data != documents_ * tokens_ * width_)
      throw bad_input(place_, "its data are " + std::to_string(data) + " bytes, not the " + shape_ + " ids of " +
                                  std::to_string(width_) + " bytes that its header says");
  }

  /// The next ids of the document at hand, at most 128 Ki; nothing behind the last document. What is taken away is
  /// added to `passed_over`. Throws bad_input naming file and index of an id that is outside the vocabulary.
  std::optional<document_part> next(ignored& passed_over) {
    if (document_ == documents_) return std::nullopt;
    if (bytes_.empty()) {
      bytes_.resize(width_ * std::min<std::uint64_t>(tokens_ - token_, most_ids));
      take(bytes_);
    }
    if (waiting_pads_ > most_ids && !are_pads(bytes_)) {  // they are of the document
      waiting_pads_ -= most_ids;
      return document_part{std::vector<token_id>(most_ids, pad_.value_or(0)), true};
    }
    return ids_of(std::exchange(bytes_, {}), passed_over);
  }

  /// Size and hash of its bytes, and how many of them were read.
  std::pair<std::uint64_t, std::uint64_t> size_and_hash() { return file_.size_and_hash(); }
  std::uint64_t bytes_read() const { return file_.bytes_read(); }

  /// Closes the file until more of it is read.
  void rest() { file_.rest(); }

 private:
  static constexpr std::size_t most_ids = 1 << 16;  // that are read at once

  bool are_pads(std::vector<char> const& bytes) const {
    for (std::size_t i = 0; i < bytes.size(); i += width_)
      if (id_at(bytes.data() + i) != pad_) return false;
    return true;
  }

  /// The ids that follow in the document at hand, and the pads before them that no part had.
  document_part ids_of(std::vector<char> const& bytes, ignored& passed_over) {
    document_part part;
    part.tokens.reserve(bytes.size() / width_);
    std::uint64_t pads = 0, doubled = 0;
    for (std::size_t i = 0; i < bytes.size(); i += width_, ++token_) {
      auto const id = id_at(bytes.data() + i);
      if (!has_begun_ && !had_bos_ && id == bos_) {
        had_bos_ = true, ++doubled;
        continue;
      }
      if (id == pad_) {
        ++(has_begun_ ? waiting_pads_ : pads);
        continue;
      }
      if (id >= vocabulary_size_) refuse(id, token_);
      has_begun_ = true;
      part.tokens.insert(part.tokens.end(), std::exchange(waiting_pads_, 0), pad_.value_or(0));
      part.tokens.push_back(static_cast<token_id>(id));
    }
    part.goes_on = token_ < tokens_;
    if (!part.goes_on) {
      pads += waiting_pads_;
      ++document_, token_ = waiting_pads_ = 0;
      has_begun_ = had_bos_ = false;
    }
    passed_over.add("pads around documents of token ids", place_, pads);
    passed_over.add("BOS that documents of token ids begin with, one being put there anyway", place_, doubled);
    return part;
  }

  void take(std::span<char> into) {
    if (file_.read(into) != into.size()) throw bad_input(place_, "the .npy file is cut short");
  }

  /// An id as it is stored, little-endian; a negative one of 64 bits, beyond every vocabulary.
  std::uint64_t id_at(char const* bytes) const {
    std::uint64_t id = is_signed_ && static_cast<signed char>(bytes[width_ - 1]) < 0 ? ~std::uint64_t{0} : 0;
    for (std::size_t i = width_; i-- > 0;) id = id << 8 | static_cast<unsigned char>(bytes[i]);
    return id;
  }

  [[noreturn]] void refuse(std::uint64_t id, std::uint64_t token) const {
    std::uint64_t const sign = std::uint64_t{1} << (8 * width_ - 1);
    std::string const number =
        is_signed_ && (id & sign) != 0 ? "-" + std::to_string(sign - (id & (sign - 1))) : std::to_string(id);
    throw bad_input(place_ + "[" + (is_matrix_ ? std::to_string(document_) + ", " : "") + std::to_string(token) + "]",
                    "the id " + number + " is outside the vocabulary of " + std::to_string(vocabulary_size_));
  }

  void read_header(std::string_view text) {
    auto const header = read_npy_header(text, place_);
    constexpr std::array<std::string_view, 6> known{"<i2", "<u2", "<i4", "<u4", "<i8", "<u8"};
    if (std::ranges::find(known, header.type) == known.end())
      throw bad_input(place_, "is of type " + escaped_name(header.type) +
                                  ", only little-endian whole numbers of 2, 4 or 8 bytes are read");
    width_ = static_cast<std::size_t>(header.type[2] - '0');
    is_signed_ = header.type[1] == 'i';
    auto const& sizes = header.shape;
    if (sizes.empty() || sizes.size() > 2)
      throw bad_input(place_, "has " + std::to_string(sizes.size()) + " dimensions, not [token] or [document, token]");
    is_matrix_ = sizes.size() == 2;
    documents_ = is_matrix_ ? sizes[0] : 1;
    tokens_ = sizes.back();
    shape_ = (is_matrix_ ? std::to_string(documents_) + " x " : "") + std::to_string(tokens_);
    if (header.fortran_order && documents_ > 1 && tokens_ > 1)
      throw bad_input(place_, "is in Fortran order, only C order is read");
  }

  std::string place_, shape_;
  std::size_t vocabulary_size_, width_ = 0;
  std::optional<token_id> bos_ = {}, pad_;
  std::uint64_t waiting_pads_ = 0;            // behind the document at hand, unless more of it follows
  bool has_begun_ = false, had_bos_ = false;  // the document at hand
  std::uint64_t documents_ = 0, tokens_ = 0, document_ = 0, token_ = 0;
  std::vector<char> bytes_;  // ids that were read and not given, for pads come before them
  bool is_signed_ = false, is_matrix_ = false;
  resumable_file file_;
};

}  // namespace census
