// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/file_backed_firings.hpp>
#include <census/activation/packed_firings.hpp>
#include <census/activation/text_rows.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <utility>
#include <variant>
#include <vector>

namespace census {

/// All firings of one layer on some texts, bit by bit, for questions that a table cannot hold the answer to. A value
/// whose copies share the bits; part by part they lie in memory or in a file.
class kept_layer {
 public:
  struct part {
    shared_text text;
    std::variant<packed_firings, file_backed_firings> firings;
  };

  explicit kept_layer(std::size_t neurons = 0) : neurons_(neurons) {}

  std::uint64_t rows() const { return rows_; }
  std::size_t neurons() const { return neurons_; }
  std::size_t words_per_row() const { return packed_firings::words_for(neurons_); }
  std::vector<part> const& parts() const& { return parts_; }
  std::vector<part> const& parts() const&& = delete;  // would lie in a layer that is gone

  /// Throws std::invalid_argument where the part has another number of neurons, or of rows than its text.
  void add(part more) {
    auto const [rows, neurons] =
        std::visit([](auto const& firings) { return std::pair(firings.rows(), firings.neurons()); }, more.firings);
    if (neurons != neurons_ || more.text == nullptr || more.text->tokens.size() != rows)
      throw std::invalid_argument("census::kept_layer: the text, the firings and the layer differ in shape");
    parts_.push_back(std::move(more));
    rows_ += rows;
  }

  /// The text of each part, in that order.
  std::vector<shared_text> texts() const {
    std::vector<shared_text> all;
    for (part const& one : parts_) all.push_back(one.text);
    return all;
  }

  /// Whether no part lies in a file.
  bool in_memory() const {
    for (part const& one : parts_)
      if (std::holds_alternative<file_backed_firings>(one.firings)) return false;
    return true;
  }

  /// Some words of every row of a part: `into` [row, words], from `first_word` of the row on. Throws bad_input where a
  /// file cannot be read.
  static void read(part const& from, std::size_t first_word, std::size_t words, std::span<std::uint64_t> into) {
    if (auto const* const held = std::get_if<packed_firings>(&from.firings)) {
      for (std::size_t row = 0; row < held->rows(); ++row)
        for (std::size_t w = 0; w < words; ++w) into[row * words + w] = held->row(row)[first_word + w];
      return;
    }
    auto const& filed = std::get<file_backed_firings>(from.firings);
    std::vector<std::uint64_t> column(filed.rows());
    for (std::size_t w = 0; w < words; ++w) {
      filed.read(first_word + w, column);
      for (std::size_t row = 0; row < column.size(); ++row) into[row * words + w] = column[row];
    }
  }

 private:
  std::uint64_t rows_ = 0;
  std::size_t neurons_;
  std::vector<part> parts_;
};

}  // namespace census
