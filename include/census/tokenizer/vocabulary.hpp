// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/read_file.hpp>
#include <census/token_id.hpp>
#include <census/tokenizer/byte_alphabet.hpp>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace census {

/// A text in quotation marks on one line, for messages: control characters and ill-formed bytes are escaped or
/// replaced.
inline std::string in_quotes(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// The tokens of a model: each has an id, a spelling in the byte alphabet, and the bytes that it stands for.
class vocabulary {
 public:
  /// spellings[id]. A spelling outside the byte alphabet stands for its own UTF-8. Throws std::invalid_argument where
  /// two are equal.
  explicit vocabulary(std::vector<std::string> spellings) : spellings_(std::move(spellings)) {
    bytes_.reserve(spellings_.size());
    for (std::size_t id = 0; id < spellings_.size(); ++id) {
      if (!ids_.emplace(spellings_[id], static_cast<token_id>(id)).second)
        throw std::invalid_argument("census::vocabulary: two tokens are spelled " + in_quotes(spellings_[id]));
      bytes_.push_back(byte_alphabet().read(spellings_[id]).value_or(spellings_[id]));
    }
  }

  std::size_t size() const { return spellings_.size(); }
  std::string const& spelling(token_id id) const { return spellings_[id]; }
  std::string const& bytes(token_id id) const { return bytes_[id]; }

  std::optional<token_id> find(std::string const& spelling) const {
    auto const found = ids_.find(spelling);
    return found == ids_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  std::vector<std::string> spellings_, bytes_;
  std::unordered_map<std::string, token_id> ids_;
};

namespace detail {

/// Takes in `{"spelling": id, ...}` as it is parsed, so that a file of any other shape is refused where it leaves this
/// one.
class vocabulary_reader : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit vocabulary_reader(std::string place) : place_(std::move(place)) {}
  std::unordered_map<std::string, std::uint64_t> ids;

  bool start_object(std::size_t) override { return inside_ ? refuse("an object") : (inside_ = true); }
  bool end_object() override { return true; }
  bool key(string_t& spelling) override {
    if (!ids.emplace(spelling, 0).second) throw bad_input(place_, "token " + in_quotes(spelling) + " occurs twice");
    spelling_ = spelling;
    return true;
  }
  bool number_unsigned(number_unsigned_t id) override {
    if (!inside_) return refuse("a number");
    ids[spelling_] = id;
    return true;
  }
  bool null() override { return refuse("null"); }
  bool boolean(bool) override { return refuse("a boolean"); }
  bool number_integer(number_integer_t) override { return refuse("a negative number"); }
  bool number_float(number_float_t, string_t const&) override { return refuse("a fraction"); }
  bool string(string_t&) override { return refuse("a string"); }
  bool binary(binary_t&) override { return refuse("binary data"); }
  bool start_array(std::size_t) override { return refuse("an array"); }
  bool end_array() override { return true; }
  bool parse_error(std::size_t byte, std::string const&, nlohmann::detail::exception const&) override {
    throw bad_input(place_, "malformed JSON at byte " + std::to_string(byte));
  }

 private:
  bool refuse(std::string const& found) const {
    throw bad_input(place_, inside_ ? "token " + in_quotes(spelling_) + " has " + found + " for its id"
                                    : "holds " + found + " instead of an object of tokens");
  }
  std::string place_, spelling_;
  bool inside_ = false;
};

} // namespace detail

/// Reads `vocab.json`, an object of token spellings and ids. Throws bad_input naming the file where it is missing or
/// malformed, or where the ids of its n tokens are not 0 to n - 1, each once.
inline vocabulary read_vocabulary(std::filesystem::path const& path) {
  std::string const place = path.string(), text = read_file(path);
  detail::vocabulary_reader reader(place);
  nlohmann::json::sax_parse(text, &reader);
  std::vector<std::string const*> owner(reader.ids.size());
  for (auto const& [spelling, id] : reader.ids) {
    if (id >= owner.size())
      throw bad_input(place, "token " + in_quotes(spelling) + " has id " + std::to_string(id) + ", but " +
                                 std::to_string(owner.size()) + " tokens should have the ids from 0 on without holes");
    if (owner[id] != nullptr)
      throw bad_input(place, "tokens " + in_quotes(*owner[id]) + " and " + in_quotes(spelling) + " have the same id " +
                                 std::to_string(id));
    owner[id] = &spelling;
  }
  std::vector<std::string> spellings;
  spellings.reserve(owner.size());
  for (auto const* spelling : owner) spellings.push_back(*spelling);
  return vocabulary(std::move(spellings));
}

} // namespace census
