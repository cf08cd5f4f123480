// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace census {

/// The bytes that texts being read may hold together: each text that is read side by side with others holds the part at
/// hand, what it is decompressed with, and the line at hand.
class reading_memory {
 public:
  /// More was to be held than there is room for.
  class exhausted : public bad_input {
    using bad_input::bad_input;
  };

  /// `limit` bytes for `texts` texts at once.
  reading_memory(std::uint64_t limit, std::size_t texts) : limit_(limit), texts_(std::max<std::size_t>(texts, 1)) {}
  reading_memory(reading_memory const&) = delete;
  reading_memory& operator=(reading_memory const&) = delete;

  /// Bytes of a text that are read at once, however little memory there is.
  static constexpr std::size_t least_part = 1 << 14;

  /// Bytes of a text that are read at once, so that all of them together fit: of such a part come up to four times as
  /// many bytes of ids.
  std::size_t part() const {
    return static_cast<std::size_t>(std::clamp<std::uint64_t>(limit_ / texts_ / 16, least_part, most_part));
  }

  /// Bytes that are left.
  std::uint64_t left() const { return limit_ - std::min(limit_, held_); }

  /// What one text holds; it is given back with the object.
  class share {
   public:
    share(reading_memory& all, std::string place) : all_(&all), place_(std::move(place)) {}
    share(share&& other) noexcept
        : all_(other.all_), place_(std::move(other.place_)), held_(std::exchange(other.held_, 0)) {}
    share& operator=(share&&) = delete;
    ~share() { all_->held_ -= held_; }

    /// Holds so many bytes from now on. Throws exhausted naming the text where they are more than all texts may hold.
    void hold(std::uint64_t bytes) {
      auto const mebibytes = [](std::uint64_t some) { return std::to_string((some >> 20) + 1) + " MiB"; };
      std::uint64_t const others = all_->held_ - held_;
      if (others + bytes > all_->limit_)
        throw exhausted(place_, "reading it takes " + mebibytes(bytes) + " of memory" +
                                    (others == 0 ? "" : ", beside " + mebibytes(others) + " for other texts") +
                                    ", more than the " + mebibytes(all_->limit_) +
                                    " there are for it: give more memory, or one name to several texts (NAME=PATH), "
                                    "which are then read one after another");
      all_->held_ = others + bytes;
      held_ = bytes;
    }

   private:
    reading_memory* all_;
    std::string place_;
    std::uint64_t held_ = 0;
  };

 private:
  static constexpr std::uint64_t most_part = 1 << 20;

  std::uint64_t limit_, held_ = 0;
  std::size_t texts_;
};

}  // namespace census
