// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/json.hpp>
#include <census/weights/detail/byte_reader.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace census {

/// A value that a pickle describes. Nothing is ever made or run: a call is a value like others, of what would be called
/// and with what. Values are named by their number; a value may hold itself.
struct pickle_value {
  enum class kind : std::uint8_t { none, boolean, integer, real, text, tuple, list, dict, global, call, persistent };
  kind is = kind::none;
  std::int64_t integer = 0;          ///< of a boolean or an integer
  std::string_view text;             ///< of a text: a view into the file; of a global: its name, from the allow-list
  std::vector<std::uint32_t> items;  ///< of a tuple, a list; dict: keys and values in turn; call: callee and argument
                                     ///< tuple; persistent: its identity
};

/// What a Python pickle describes, read by a machine that knows the operations torch.save uses (protocol 2, and 4 where
/// it was asked for) and runs nothing. A global that is not on the allow-list is refused by its name. `OrderedDict()`
/// is read as a dict, and the state that is set on a dict is left out. The bytes are not trusted: nothing recurses,
/// each operation makes at most one value, text is left where it lies, and after `operation_limit` operations the
/// pickle is refused. Throws bad_input naming `place` and the cause. The bytes must outlive the values.
class pickle {
 public:
  static constexpr std::size_t operation_limit = 250'000;  // of 6,000 tensors, and some 60 MiB of values

  pickle(std::span<std::byte const> bytes, std::string place, std::span<std::string_view const> allowed_globals)
      : reader_(bytes, place, "the pickle"), place_(std::move(place)), allowed_(allowed_globals) {
    for (std::size_t operations = 0; step(reader_.number<std::uint8_t>());)
      if (++operations == operation_limit) refuse("the pickle is longer than any checkpoint needs");
    if (stack_.size() != 1 || !marks_.empty()) refuse("the pickle ends in the middle of a value");
    if (reader_.left() != 0) refuse("the pickle has bytes after its end");
  }

  pickle_value const& root() const { return values_[stack_.front()]; }
  pickle_value const& operator[](std::uint32_t value) const { return values_[value]; }

 private:
  using kind = pickle_value::kind;

  [[noreturn]] void refuse(std::string const& cause) const { throw bad_input(place_, cause); }

  void push(std::uint32_t value) { stack_.push_back(value); }
  void push(pickle_value value) {
    push(static_cast<std::uint32_t>(values_.size()));
    values_.push_back(std::move(value));
  }
  void push(kind is, std::int64_t integer = 0) { push({is, integer, {}, {}}); }
  void push_text(std::uint64_t length) { push({kind::text, 0, reader_.text(length), {}}); }

  std::uint32_t top() const {
    if (stack_.size() <= (marks_.empty() ? 0 : marks_.back())) refuse("the pickle takes a value that is not there");
    return stack_.back();
  }
  std::uint32_t pop() {
    auto const value = top();
    stack_.pop_back();
    return value;
  }

  // The last `count` values, in the order in which they were pushed.
  std::vector<std::uint32_t> pop_last(std::size_t count) {
    if (stack_.size() - (marks_.empty() ? 0 : marks_.back()) < count)
      refuse("the pickle takes a value that is not there");
    std::vector<std::uint32_t> items(stack_.end() - static_cast<std::ptrdiff_t>(count), stack_.end());
    stack_.resize(stack_.size() - count);
    return items;
  }
  std::vector<std::uint32_t> pop_to_mark() {
    if (marks_.empty()) refuse("the pickle takes a mark that is not there");
    auto items = pop_last(stack_.size() - marks_.back());
    marks_.pop_back();
    return items;
  }

  void push_global(std::string_view module, std::string_view member) {
    auto const name = std::string(module.substr(0, 200)).append(".").append(member.substr(0, 200));
    auto const found = std::ranges::find(allowed_, name);
    if (found == allowed_.end())
      refuse("the pickle names " + escaped_name(name) + ", which no checkpoint needs; nothing of it was run");
    push({kind::global, 0, *found, {}});
  }
  void read_global() {
    auto const module = reader_.line();
    push_global(module, reader_.line());
  }
  void take_global() {
    auto const parts = pop_last(2);
    auto const &module = values_[parts[0]], &member = values_[parts[1]];
    if (module.is != kind::text || member.is != kind::text) refuse("the pickle names a global by what is no text");
    push_global(module.text, member.text);
  }

  void call() {
    auto const arguments = pop(), callee = pop();
    if (values_[callee].is != kind::global || values_[arguments].is != kind::tuple)
      refuse("the pickle calls what is no function");
    if (values_[callee].text == "collections.OrderedDict" && values_[arguments].items.empty())
      push(kind::dict);
    else
      push({kind::call, 0, {}, {callee, arguments}});
  }

  void add_items(kind is, std::vector<std::uint32_t> const& items) {
    auto& into = values_[top()];
    if (into.is != is || (is == kind::dict && items.size() % 2 != 0)) refuse("the pickle fills what takes no items");
    into.items.insert(into.items.end(), items.begin(), items.end());
  }

  void remember(std::uint32_t key) { memo_[key] = top(); }
  void recall(std::uint32_t key) {
    auto const found = memo_.find(key);
    if (found == memo_.end()) refuse("the pickle recalls what it did not remember");
    push(found->second);
  }

  std::int64_t long_integer(std::size_t length) {
    if (length > 8) refuse("the pickle has an integer of more than 64 bits");
    std::uint64_t value = 0;
    auto const bytes = reader_.take(length);
    for (std::size_t i = 0; i < length; ++i) value |= std::to_integer<std::uint64_t>(bytes[i]) << (8 * i);
    if (length > 0 && length < 8 && (std::to_integer<unsigned>(bytes.back()) & 0x80) != 0)
      value |= ~std::uint64_t{0} << (8 * length);
    return static_cast<std::int64_t>(value);
  }

  // Executes one operation; false where it was the last.
  bool step(std::uint8_t operation) {
    switch (operation) {
      // clang-format off
      case 0x80: if (reader_.number<std::uint8_t>() > 5) refuse("the pickle is of an unknown protocol"); break;
      case 0x95: reader_.take(8); break;  // a frame's length
      case '.': return false;
      case '(': marks_.push_back(stack_.size()); break;

      case 'N': push(kind::none); break;
      case 0x88: push(kind::boolean, 1); break;
      case 0x89: push(kind::boolean, 0); break;
      case 'K': push(kind::integer, reader_.number<std::uint8_t>()); break;
      case 'M': push(kind::integer, reader_.number<std::uint16_t>()); break;
      case 'J': push(kind::integer, static_cast<std::int32_t>(reader_.number<std::uint32_t>())); break;
      case 0x8a: push(kind::integer, long_integer(reader_.number<std::uint8_t>())); break;
      case 'G': reader_.take(8); push(kind::real); break;
      case 'X': push_text(reader_.number<std::uint32_t>()); break;
      case 0x8c: push_text(reader_.number<std::uint8_t>()); break;

      case ')': push(kind::tuple); break;
      case ']': push(kind::list); break;
      case '}': push(kind::dict); break;
      case 0x85: push({kind::tuple, 0, {}, pop_last(1)}); break;
      case 0x86: push({kind::tuple, 0, {}, pop_last(2)}); break;
      case 0x87: push({kind::tuple, 0, {}, pop_last(3)}); break;
      case 't': push({kind::tuple, 0, {}, pop_to_mark()}); break;
      case 'a': add_items(kind::list, pop_last(1)); break;
      case 'e': add_items(kind::list, pop_to_mark()); break;
      case 's': add_items(kind::dict, pop_last(2)); break;
      case 'u': add_items(kind::dict, pop_to_mark()); break;

      case 'q': remember(reader_.number<std::uint8_t>()); break;
      case 'r': remember(reader_.number<std::uint32_t>()); break;
      case 0x94: remember(static_cast<std::uint32_t>(memo_.size())); break;
      case 'h': recall(reader_.number<std::uint8_t>()); break;
      case 'j': recall(reader_.number<std::uint32_t>()); break;

      case 'c': read_global(); break;
      case 'i': read_global(); refuse("the pickle makes an object, which no checkpoint needs");
      case 0x93: take_global(); break;
      case 'Q': push({kind::persistent, 0, {}, pop_last(1)}); break;
      case 'R': call(); break;
      case 'b': pop(); add_items(kind::dict, {}); break;  // state is set on a dict only, and left out
    // clang-format on
    default:
      refuse("the pickle has the operation " + std::to_string(operation) + ", which torch.save does not write");
    }
    return true;
  }

  byte_reader reader_;
  std::string place_;
  std::span<std::string_view const> allowed_;
  std::vector<pickle_value> values_;
  std::vector<std::uint32_t> stack_;
  std::vector<std::size_t> marks_;
  std::unordered_map<std::uint32_t, std::uint32_t> memo_;
};

}  // namespace census
