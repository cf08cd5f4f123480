// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/text_rows.hpp>
#include <census/recording/recording_options.hpp>
#include <census/recording/stored_array.hpp>
#include <census/token_id.hpp>
#include <census/weights/checkpoint.hpp>
#include <census/weights/open_tensors.hpp>
#include <census/weights/refuse_tensor.hpp>
#include <census/weights/tensor.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace census::detail {

/// Whole numbers [batch, position] of a recording.
class stored_integers {
 public:
  /// Throws bad_input naming file and tensor where it is of another type.
  explicit stored_integers(stored_array const& where)
      : file_(open_tensors(where.file)), stored_(find_array(file_, where)) {
    if (!is_integer(stored_.type))
      refuse(std::string("is of type ") + name_of(stored_.type) + ", not of whole numbers");
  }

  tensor const& stored() const { return stored_; }

  std::int64_t operator[](std::size_t i) const {
    std::size_t const size = size_of(stored_.type);
    std::uint64_t bits = 0;
    std::memcpy(&bits, stored_.bytes.data() + i * size, size);
    if (!is_signed(stored_.type) || size == 8) return static_cast<std::int64_t>(bits);
    std::uint64_t const sign = std::uint64_t{1} << (8 * size - 1);
    return static_cast<std::int64_t>((bits ^ sign) - sign);
  }

  [[noreturn]] void refuse(std::string const& cause) const { refuse_tensor(stored_, cause); }
  [[noreturn]] void refuse(std::size_t row, std::size_t position, std::string const& cause) const {
    refuse("[" + std::to_string(row) + ", " + std::to_string(position) + "] " + cause);
  }

 private:
  static bool is_signed(dtype type) {
    return type == dtype::int8 || type == dtype::int16 || type == dtype::int32 || type == dtype::int64;
  }

  checkpoint file_;
  tensor stored_;
};

/// One sequence of a recording: which of its batch's positions hold tokens.
struct recorded_sequence {
  std::uint32_t first, length;
};

/// The text of a recording, whose arrays have so many sequences (the batch) of so many positions each.
class recorded_text {
 public:
  recorded_text(std::size_t batch, std::size_t positions, recording_options options)
      : positions_(positions), options_(std::move(options)),
        sequences_(batch, recorded_sequence{0, static_cast<std::uint32_t>(positions)}) {
    if (options_.bos && !options_.tokens)
      throw std::invalid_argument("census::recording: where a BOS is told, token ids have to be there");
    if (options_.tokens) ids_.emplace(*options_.tokens), check_shape(*ids_);
    if (options_.mask) {
      stored_integers const mask(*options_.mask);
      check_shape(mask);
      for (std::size_t row = 0; row < batch; ++row) sequences_[row] = masked(mask, row);
    }
  }

  std::vector<recorded_sequence> const& sequences() const { return sequences_; }

  /// The text of sequences first .. last - 1.
  text_rows rows(std::size_t first, std::size_t last) const {
    text_rows text;
    for (std::size_t row = first; row < last; ++row) {
      recorded_sequence const& from = sequences_[row];
      sequence made{.document = options_.first_document + row,
                    .first_row = static_cast<std::uint32_t>(text.tokens.size()),
                    .length = from.length,
                    .domain = options_.domain,
                    .full = from.length == positions_};
      for (std::size_t p = from.first; p < from.first + from.length; ++p) text.tokens.push_back(token(row, p));
      made.has_bos = options_.bos && text.tokens[made.first_row] == *options_.bos;
      text.sequences.push_back(made);
    }
    return text;
  }

 private:
  void check_shape(stored_integers const& array) const {
    auto const& shape = array.stored().shape;
    bool const is_matrix = shape.size() == 2 && shape[0] == sequences_.size() && shape[1] == positions_;
    bool const is_flat = shape.size() == 1 && shape[0] == sequences_.size() * positions_;
    if (!is_matrix && !is_flat)
      array.refuse("has " + std::to_string(array.stored().elements()) + " elements where the activations are of " +
                   std::to_string(sequences_.size()) + " sequences of " + std::to_string(positions_) + " positions" +
                   (sequences_.size() == 1 ? "; sequence_length tells how activations [token, neuron] are cut" : ""));
  }

  /// Padding may stand before a sequence or behind it, not in it.
  recorded_sequence masked(stored_integers const& mask, std::size_t row) const {
    std::size_t first = positions_, last = 0;
    for (std::size_t p = 0; p < positions_; ++p) {
      std::int64_t const value = mask[row * positions_ + p];
      if (value != 0 && value != 1) mask.refuse(row, p, "is " + std::to_string(value) + ", neither 0 nor 1");
      if (value == 0) continue;
      if (first == positions_)
        first = p;
      else if (last != p)
        mask.refuse(row, p, "follows padding inside a sequence");
      last = p + 1;
    }
    if (last == 0) mask.refuse(row, 0, "begins a sequence of padding alone");
    return {static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(last - first)};
  }

  token_id token(std::size_t row, std::size_t position) const {
    if (!ids_) return no_token;
    std::int64_t const id = (*ids_)[row * positions_ + position];
    if (id < 0 || id >= no_token) ids_->refuse(row, position, "is " + std::to_string(id) + ", no token id");
    return static_cast<token_id>(id);
  }

  std::size_t positions_;
  recording_options options_;
  std::vector<recorded_sequence> sequences_;
  std::optional<stored_integers> ids_;
};

}  // namespace census::detail
