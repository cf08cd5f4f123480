// SPDX-License-Identifier: MIT
#pragma once

#include <census/accumulator/concepts.hpp>
#include <census/activation/block.hpp>

#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <ostream>
#include <sstream>
#include <string>
#include <utility>

namespace census {

/// An observer that says how far a survey has come: tokens done, tokens a second, time left. A line that rewrites
/// itself on a terminal, a line now and then elsewhere.
class progress {
 public:
  using clock = std::chrono::steady_clock;

  /// `expected` tokens in all, each counted once a layer, 0 where that is not known.
  explicit progress(std::uint64_t expected = 0, std::ostream& out = std::cerr)
      : progress(expected, out, &out == &std::cerr && isatty(fileno(stderr)) != 0) {}
  progress(std::uint64_t expected, std::ostream& out, bool terminal)
      : expected_(expected), out_(&out), terminal_(terminal), said_(started_) {}

  template <activation_block B>
  void observe(B const& block) {
    layer_ = block.layer();
    done_ += block.text()->tokens.size();
    auto const now = clock::now();
    if (now - said_ < (terminal_ ? std::chrono::milliseconds(200) : std::chrono::seconds(10))) return;
    said_ = now;
    *out_ << (terminal_ ? "\r\033[K" : "") << line(now) << (terminal_ ? "" : "\n") << std::flush;
  }

  /// What is being done from here on, said in place of the layer, and how many tokens may still come, each once a
  /// layer.
  void now(std::string doing, std::uint64_t to_come) {
    doing_ = std::move(doing);
    expected_ = done_ + to_come;
  }

  /// Ends the line of a terminal.
  void finish() {
    if (terminal_ && said_ != started_) *out_ << "\r\033[K" << std::flush;
  }

  std::uint64_t tokens() const { return done_; }
  double seconds() const { return std::chrono::duration<double>(clock::now() - started_).count(); }

 private:
  std::string line(clock::time_point now) const {
    double const seconds = std::chrono::duration<double>(now - started_).count();
    double const rate = static_cast<double>(done_) / seconds;
    std::ostringstream text;
    text.setf(std::ios::fixed, std::ios::floatfield);
    text.precision(0);
    text << (doing_.empty() ? "layer " + std::to_string(layer_) : doing_) << ": " << done_;
    if (expected_ > 0) text << " of " << expected_;
    text << " tokens x layers, " << rate << " a second";
    if (expected_ > done_) text << ", " << static_cast<double>(expected_ - done_) / rate << " s left";
    return text.str();
  }

  std::string doing_;
  std::uint64_t expected_, done_ = 0;
  std::ostream* out_;
  bool terminal_;
  std::uint32_t layer_ = 0;
  clock::time_point started_ = clock::now(), said_;
};

template <>
inline constexpr bool has_no_result<progress> = true;

}  // namespace census
