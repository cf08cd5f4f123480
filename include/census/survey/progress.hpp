// SPDX-License-Identifier: MIT
#pragma once

#include <census/accumulator/concepts.hpp>
#include <census/activation/block.hpp>

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <concepts>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <map>
#include <mutex>
#include <optional>
#include <ostream>
#include <sstream>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace census {

/// Says how far something that takes long has come: what is being done, how much of it is done, how fast, and for how
/// long still. A line that rewrites itself five times a second on a terminal, a line each ten seconds elsewhere, by a
/// thread of its own, so that it goes on while nothing can be counted.
///
/// An observer, too: of a survey it counts tokens, each once a layer.
class progress {
 public:
  using clock = std::chrono::steady_clock;

  /// The unit of what a survey counts.
  static constexpr char const* surveyed = "tokens x layers";

  /// `expected` tokens in all, each counted once a layer, 0 where that is not known.
  explicit progress(std::uint64_t expected = 0, std::ostream& out = std::cerr)
      : progress(expected, out, &out == &std::cerr && rewrites_lines()) {}
  progress(std::uint64_t expected, std::ostream& out, bool terminal)
      : out_(&out), terminal_(terminal), expected_(expected),
        teller_([this](std::stop_token const& stop) { tell(stop); }) {}
  progress(progress const&) = delete;
  ~progress() { finish(); }

  /// What is done from here on, counted from 0: `expected` of `unit`, 0 where that is not known; one of the unit is
  /// `size` of what advance() counts. What has no unit is not counted: only its time is told.
  void begin(std::string doing, std::uint64_t expected = 0, std::string unit = {}, std::uint64_t size = 1) {
    std::scoped_lock const alone(mutex_);
    end_step();
    doing_ = std::move(doing), unit_ = std::move(unit), expected_ = expected, unit_size_ = size;
    done_ = 0;
    began_ = clock::now();
    is_active_ = true;
  }

  /// What is being done from here on, and how much may still come; the count goes on.
  void now(std::string doing, std::uint64_t to_come) {
    std::scoped_lock const alone(mutex_);
    end_step();
    doing_ = std::move(doing), expected_ = done_ + to_come;
    is_active_ = true;
  }

  /// A step of it at which nothing is counted, of a layer or of all, until something is counted again. How long it
  /// takes is known from the step of the same name before.
  void step(std::string name, std::optional<std::uint32_t> layer = {}) {
    std::scoped_lock const alone(mutex_);
    end_step();
    step_ = std::move(name), step_layer_ = layer;
    step_began_ = clock::now();
    is_active_ = true;
  }

  /// So much more is done, or so much in all, of so much.
  void advance(std::uint64_t more) {
    count([&] { done_ += more; });
  }
  void reach(std::uint64_t done, std::uint64_t expected) {
    count([&] { done_ = done, expected_ = expected; });
  }

  template <activation_block B>
  void observe(B const& block) {
    std::uint64_t const tokens = block.text()->tokens.size();
    count([&] { layer_ = block.layer(), done_ += tokens, tokens_ += tokens; });
  }

  /// Prints something else in between: on a terminal, the line makes room for it.
  template <std::invocable Print>
  void aside(Print&& print) {
    std::scoped_lock const alone(mutex_);
    erase();
    print();
  }

  /// Nothing is told until something is begun or counted again. Ends the line of a terminal.
  void finish() {
    std::scoped_lock const alone(mutex_);
    end_step();
    erase();
    is_active_ = false;
  }

  std::uint64_t tokens() const { return tokens_; }

 private:
  /// Goes to the line's begin and erases it. What a line then says is cut at the terminal's edge: were it to go on in
  /// the next line, that would stay.
  static constexpr char const *erase_line = "\r\033[K", *begin_line = "\r\033[K\033[?7l", *end_line = "\033[?7h";

  /// Whether stderr is a terminal that knows escape sequences.
  static bool rewrites_lines() {
    char const* const kind = std::getenv("TERM");
    return isatty(fileno(stderr)) != 0 && kind != nullptr && std::string_view(kind) != "dumb";
  }

  /// What the thread does: the first line comes after the time between two.
  void tell(std::stop_token const& stop) {
    auto const every = terminal_ ? clock::duration(std::chrono::milliseconds(200)) : std::chrono::seconds(10);
    std::unique_lock alone(mutex_);
    while (!stop.stop_requested()) {
      changed_.wait_for(alone, stop, every, [] { return false; });
      if (stop.stop_requested() || !is_active_) continue;
      if (terminal_)
        *out_ << begin_line << line(clock::now()) << end_line << std::flush;
      else
        *out_ << line(clock::now()) << '\n' << std::flush;
      is_told_ = true;
    }
  }

  template <class Count>
  void count(Count const& by) {
    std::scoped_lock const alone(mutex_);
    end_step();
    by();
    is_active_ = true;
  }

  void end_step() {
    if (step_.empty()) return;
    took_[step_] = seconds_since(step_began_);
    step_.clear();
  }

  void erase() {
    if (terminal_ && is_told_) *out_ << erase_line << std::flush;
    is_told_ = false;
  }

  static double seconds_since(clock::time_point then, clock::time_point now = clock::now()) {
    return std::chrono::duration<double>(now - then).count();
  }

  /// Seconds as people read them: 42 s, 17 min, 5 h.
  static std::string in_words(double seconds) {
    if (seconds < 120) return std::to_string(static_cast<std::uint64_t>(seconds)) + " s";
    if (seconds < 7200) return std::to_string(static_cast<std::uint64_t>(seconds / 60)) + " min";
    return std::to_string(static_cast<std::uint64_t>(seconds / 3600)) + " h";
  }

  std::string line(clock::time_point now) const {
    std::string text = what();
    if (!step_.empty()) text += ", " + in_words(seconds_since(step_began_, now));
    double const rate = static_cast<double>(done_) / seconds_since(began_, now);
    if (done_ > 0)
      text += counted(rate);
    else if (step_.empty())
      text += ", " + in_words(seconds_since(began_, now));
    if (auto const left = seconds_left(now, rate)) text += ", " + in_words(*left) + " left";
    return text;
  }

  std::string what() const {
    if (!step_.empty()) return (step_layer_ ? "layer " + std::to_string(*step_layer_) + ": " : std::string()) + step_;
    return doing_.empty() ? "layer " + std::to_string(layer_) : doing_;
  }

  /// Of its unit: how much is done, of how much, and how much a second.
  std::string counted(double rate) const {
    double const in_units = rate / static_cast<double>(unit_size_);
    std::ostringstream text;
    text << ": " << done_ / unit_size_;
    if (expected_ > 0) text << " of " << expected_ / unit_size_;
    text << ' ' << unit_ << ", ";
    text.precision(2);
    in_units < 10 ? text << in_units : text << static_cast<std::uint64_t>(in_units);
    text << " a second";
    return text.str();
  }

  /// What is still to be counted at this rate, and the rest of the step.
  std::optional<double> seconds_left(clock::time_point now, double rate) const {
    std::optional<double> left;
    if (expected_ > done_ && done_ > 0) left = static_cast<double>(expected_ - done_) / rate;
    auto const before = took_.find(step_);
    if (before != took_.end()) left = left.value_or(0) + std::max(0., before->second - seconds_since(step_began_, now));
    return left;
  }

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::ostream* out_;
  bool terminal_, is_active_ = false, is_told_ = false;

  std::string doing_, unit_ = surveyed;
  std::uint64_t expected_, done_ = 0, unit_size_ = 1, tokens_ = 0;
  std::uint32_t layer_ = 0;
  clock::time_point began_ = clock::now();

  std::string step_;
  std::optional<std::uint32_t> step_layer_;
  clock::time_point step_began_;
  std::map<std::string, double> took_;  // seconds of the last step of a name

  std::jthread teller_;  // the last member: it ends before the others do
};

template <>
inline constexpr bool has_no_result<progress> = true;

}  // namespace census
