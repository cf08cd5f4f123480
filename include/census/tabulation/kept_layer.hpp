// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/file_backed_firings.hpp>
#include <census/activation/packed_firings.hpp>
#include <census/activation/text_rows.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
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
    std::size_t const text_rows = more.text == nullptr ? 0 : more.text->tokens.size();
    if (neurons != neurons_ || more.text == nullptr || text_rows != rows)
      throw std::invalid_argument("census::kept_layer: firings of " + std::to_string(rows) + " rows and " +
                                  std::to_string(neurons) + " neurons for a text of " + std::to_string(text_rows) +
                                  " rows, in a layer of " + std::to_string(neurons_) + " neurons");
    parts_.push_back(std::move(more));
    rows_ += rows;
    if (std::holds_alternative<file_backed_firings>(parts_.back().firings)) rows_in_file_ += rows;
  }

  /// The text of each part, in that order.
  std::vector<shared_text> texts() const {
    std::vector<shared_text> all;
    for (part const& one : parts_) all.push_back(one.text);
    return all;
  }

  /// Rows whose firings lie in a file.
  std::uint64_t rows_in_file() const { return rows_in_file_; }

  /// Whether no part lies in a file.
  bool in_memory() const { return rows_in_file_ == 0; }

  /// Some words of a part's rows: `into` [row, words], from `first_word` of each row on. Of as many rows as `into`
  /// holds, from `first_row` on. Throws bad_input where a file cannot be read.
  static void read(part const& from, std::size_t first_word, std::size_t words, std::span<std::uint64_t> into,
                   std::size_t first_row = 0) {
    if (words == 0) return;  // of a layer without neurons
    if (auto const* const held = std::get_if<packed_firings>(&from.firings))
      for (std::size_t row = 0; row < into.size() / words; ++row)
        std::ranges::copy(held->row(first_row + row).subspan(first_word, words), into.subspan(row * words).begin());
    else
      read_columns(std::get<file_backed_firings>(from.firings), first_word, words, into, first_row);
  }

 private:
  /// Some rows at a time, which stay in cache while their words come one after the other.
  static void read_columns(file_backed_firings const& from, std::size_t first_word, std::size_t words,
                           std::span<std::uint64_t> into, std::size_t first_row) {
    constexpr std::size_t rows_at_once = 4096;
    std::size_t const all = into.size() / words;
    std::vector<std::uint64_t> column(std::min(rows_at_once, all));
    for (std::size_t first = 0; first < all; first += rows_at_once) {
      auto const some = std::span(column).first(std::min(rows_at_once, all - first));
      auto const rows = into.subspan(first * words);
      for (std::size_t w = 0; w < words; ++w) {
        from.read(first_word + w, first_row + first, some);
        for (std::size_t row = 0; row < some.size(); ++row) rows[row * words + w] = some[row];
      }
    }
  }

  std::uint64_t rows_ = 0, rows_in_file_ = 0;
  std::size_t neurons_;
  std::vector<part> parts_;
};

}  // namespace census
