// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/activation_values.hpp>
#include <census/activation/block.hpp>
#include <census/activation/text_list.hpp>
#include <census/activation/text_parts.hpp>
#include <census/recording/detail/recorded_shards.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace census::detail {

/// Gives the blocks of one layer of a recording on these texts, which are the recording's own, in its order, one each
/// time it is called.
class replayed_blocks {
 public:
  replayed_blocks(std::shared_ptr<recorded_shards const> from, std::uint32_t layer, text_list texts, bool keep_values)
      : from_(std::move(from)), layer_(layer), texts_(std::move(texts)), keep_values_(keep_values) {}

  /// Throws std::invalid_argument where the next text is not the recording's; bad_input where a file changed while
  /// the block before this one was looked at, which may lie in it.
  std::optional<block> operator()() {
    from_->check_unchanged(layer_, row_ - given_, given_, keep_values_);
    given_ = 0;
    if (next_ == texts_.size()) return std::nullopt;
    auto const text = texts_[next_];
    text_part const part{sequence_, row_, text->sequences.size(), text->tokens.size()};
    if (!from_->text()->holds(part) || from_->text()->rows(part) != *text)
      throw std::invalid_argument("census::firings_recording: text " + std::to_string(next_) +
                                  " is not that of the recording");
    auto firings = from_->firings(layer_, row_, part.rows);
    auto values = keep_values_ ? from_->values(layer_, row_, firings) : activation_values();
    ++next_, row_ += part.rows, sequence_ += part.sequences, given_ = part.rows;
    return block(layer_, text, std::move(firings), std::move(values));
  }

  /// Passes over the next texts.
  void skip(std::uint64_t blocks) {
    given_ = 0;
    for (; blocks > 0 && next_ < texts_.size(); --blocks, ++next_)
      row_ += texts_.rows()[next_], sequence_ += texts_[next_]->sequences.size();
  }

 private:
  std::shared_ptr<recorded_shards const> from_;
  std::uint32_t layer_;
  text_list texts_;
  bool keep_values_;
  std::size_t next_ = 0;                  // text,
  std::uint64_t row_ = 0, sequence_ = 0;  // and where it begins
  std::size_t given_ = 0;                 // rows of the block that was given last
};

}  // namespace census::detail
