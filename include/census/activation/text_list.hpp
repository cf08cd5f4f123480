// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/text_rows.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace census {

/// The texts that a source runs on, in order: held in memory, or read each time one is asked for, so that a text larger
/// than memory can be gone through once a layer. A copy shares them.
/// Law: the same number gives an equal text, whenever it is asked for.
class text_list {
 public:
  text_list() = default;

  /// Texts in memory.
  text_list(std::vector<shared_text> texts) {
    for (shared_text const& text : texts) rows_.push_back(text->tokens.size());
    read_ = [held = std::make_shared<std::vector<shared_text> const>(std::move(texts))](std::size_t i) {
      return (*held)[i];
    };
  }

  text_list(std::initializer_list<shared_text> texts) : text_list(std::vector<shared_text>(texts)) {}

  /// Texts of so many rows [text], read when they are asked for: read(i) -> shared_text gives text i.
  text_list(std::vector<std::size_t> rows, std::function<shared_text(std::size_t)> read)
      : rows_(std::move(rows)), read_(std::move(read)) {}

  std::size_t size() const { return rows_.size(); }
  bool empty() const { return rows_.empty(); }

  /// Rows of each text, [text].
  std::vector<std::size_t> const& rows() const { return rows_; }

  /// Text i, i < size(). Throws what reading it throws; std::logic_error where it has not the rows that were told.
  shared_text operator[](std::size_t i) const {
    auto text = read_(i);
    if (text == nullptr || text->tokens.size() != rows_[i])
      throw std::logic_error("census::text_list: text " + std::to_string(i) + " has " +
                             (text == nullptr ? "no" : std::to_string(text->tokens.size())) +
                             " rows, and was told to " + "have " + std::to_string(rows_[i]));
    return text;
  }
  shared_text front() const { return (*this)[0]; }

  /// Goes through the texts, reading each as it comes.
  class iterator {
   public:
    using value_type = shared_text;
    using difference_type = std::ptrdiff_t;
    using iterator_concept = std::input_iterator_tag;

    iterator() = default;
    iterator(text_list const& list, std::size_t i) : list_(&list), i_(i) {}
    shared_text operator*() const { return (*list_)[i_]; }
    iterator& operator++() { return ++i_, *this; }
    void operator++(int) { ++i_; }
    friend bool operator==(iterator const&, iterator const&) = default;

   private:
    text_list const* list_ = nullptr;
    std::size_t i_ = 0;
  };
  iterator begin() const { return {*this, 0}; }
  iterator end() const { return {*this, size()}; }

 private:
  std::vector<std::size_t> rows_;
  std::function<shared_text(std::size_t)> read_;
};

}  // namespace census
