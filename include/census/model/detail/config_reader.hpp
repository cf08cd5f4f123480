// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/ignored.hpp>
#include <census/json.hpp>
#include <census/model/activation_function.hpp>
#include <census/model/architecture.hpp>
#include <census/model/detail/known_settings.hpp>
#include <census/token_id.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>

namespace census::detail {

/// A field that holds a size, what stands for it where it is missing, and another name that transformers takes for it.
struct size_field {
  char const* name;
  std::size_t unless_told;
  char const* also = nullptr;
};
struct size_fields {
  size_field vocabulary, hidden, layers, heads, positions;
};

/// Fields of a config.json, each checked; messages name the file and the field. A field that is null reads as one that
/// is missing. It remembers what it was asked for, so that what nobody asked for can be told.
class config_reader {
 public:
  /// More than any model has: of tokens, neurons or positions; of hidden_size; of layers.
  static constexpr std::uint64_t most_rows = 1 << 24, most_columns = 1 << 20, most_layers = 1 << 16;

  config_reader(nlohmann::json const& json, std::string const& place) : json_(json), place_(place) {}

  std::string const& place() const { return place_; }
  [[noreturn]] void refuse(char const* field, std::string const& cause) const {
    throw bad_input(place_, std::string(field) + " " + cause);
  }

  /// The fields that were not asked for and may matter; those that are null, false or empty say nothing.
  census::ignored ignored() const {
    census::ignored passed_over;
    for (auto const& [field, value] : json_.items()) {
      bool const says_nothing = value.is_null() || value == false || value.empty();
      if (!asked_.contains(field) && !says_nothing && !changes_nothing(field))
        passed_over.add("settings of config.json that nothing reads", place_ + ": " + escaped_name(field));
    }
    return passed_over;
  }

  std::size_t size(char const* field, std::uint64_t least, std::uint64_t most, std::size_t unless_told) const {
    auto const* value = find(field);
    if (value == nullptr) return unless_told;
    if (!value->is_number_unsigned() || value->get<std::uint64_t>() < least || value->get<std::uint64_t>() > most)
      refuse(field, "is " + quoted(*value) + ", which is no whole number from " + std::to_string(least) + " to " +
                        std::to_string(most));
    return value->get<std::size_t>();
  }
  /// The same by either of a field's names; both may be there where they say the same.
  std::size_t size(size_field const& field, std::uint64_t least, std::uint64_t most) const {
    if (field.also == nullptr) return size(field.name, least, most, field.unless_told);
    auto const other = size(field.also, least, most, field.unless_told), told = size(field.name, least, most, other);
    if (find(field.also) != nullptr && told != other)
      refuse(field.name, "is " + std::to_string(told) + ", but " + field.also + ", another name for it, is " +
                             std::to_string(other));
    return told;
  }
  bool flag(char const* field, bool unless_told) const {
    auto const* value = find(field);
    if (value != nullptr && !value->is_boolean())
      refuse(field, "is " + quoted(*value) + ", which is neither true nor false");
    return value == nullptr ? unless_told : value->get<bool>();
  }
  /// What a norm adds to the variance.
  float epsilon(char const* field, float unless_told) const {
    auto const* value = find(field);
    if (value == nullptr) return unless_told;
    double const given = value->is_number() ? value->get<double>() : 0;
    auto const rounded = given > 0 && given < 1 ? static_cast<float>(given) : 0;
    if (rounded == 0) refuse(field, "is " + quoted(*value) + ", which is no number above 0 and below 1 in float32");
    return rounded;
  }
  std::string text(char const* field, char const* unless_told) const {
    auto const* value = find(field);
    if (value != nullptr && !value->is_string()) refuse(field, "is " + quoted(*value) + ", which is no string");
    return value == nullptr ? unless_told : value->get<std::string>();
  }

  /// The sizes that every decoder has, by the fields that tell them. Each head has keys and values of its own, and
  /// embeddings are as wide as the residual stream.
  architecture sizes(size_fields const& fields) const {
    auto const read = [&](size_field const& field, std::uint64_t most) { return size(field, 1, most); };
    architecture a;
    a.vocabulary_size = read(fields.vocabulary, most_rows);
    a.hidden_size = a.embedding_size = read(fields.hidden, most_columns);
    a.layers = read(fields.layers, most_layers);
    a.heads = a.key_value_heads = heads(fields.heads, told_as(fields.hidden), a.hidden_size);
    a.head_size = a.hidden_size / a.heads;
    a.max_positions = read(fields.positions, most_rows);
    return a;
  }

  /// A number of heads, which has to divide the hidden size.
  std::size_t heads(size_field const& field, char const* hidden_field, std::size_t hidden_size) const {
    std::size_t const count = size(field, 1, hidden_size);
    if (hidden_size % count != 0)
      refuse(told_as(field), "is " + std::to_string(count) + ", which does not divide " + hidden_field + ", " +
                                 std::to_string(hidden_size));
    return count;
  }

  /// An activation function by the name that transformers gives it.
  activation_function activation(char const* field, char const* unless_told) const {
    auto const name = text(field, unless_told);
    if (auto const known = activation_function_of(name)) return *known;
    refuse(field, "is " + escaped_name(name) +
                      "; relu, gelu, gelu_new, gelu_pytorch_tanh, silu and swish are those that are computed");
  }

  /// bos_token_id, which may be outside the vocabulary; nothing where it is null: then the model has no such token.
  std::optional<token_id> bos(token_id unless_told) const {
    auto const id = size("bos_token_id", 0, most_rows, unless_told);
    return is_null("bos_token_id") ? std::nullopt : std::optional(static_cast<token_id>(id));
  }

  /// pad_token_id; nothing where it is null, or none of the vocabulary (-1, as some configs have it).
  std::optional<token_id> pad(std::optional<token_id> unless_told, std::size_t vocabulary_size) const {
    auto const* value = find("pad_token_id");
    if (value == nullptr && !is_null("pad_token_id") && unless_told < vocabulary_size) return unless_told;
    if (value == nullptr || !value->is_number_unsigned() || value->get<std::uint64_t>() >= vocabulary_size)
      return std::nullopt;
    return value->get<token_id>();
  }

 private:
  nlohmann::json const* find(char const* field) const {
    asked_.insert(field);
    auto const found = json_.find(field);
    return found == json_.end() || found->is_null() ? nullptr : &*found;
  }
  bool is_null(char const* field) const {
    auto const found = json_.find(field);
    return found != json_.end() && found->is_null();
  }
  /// That of a field's names by which it is there.
  char const* told_as(size_field const& field) const {
    return field.also != nullptr && find(field.name) == nullptr && find(field.also) != nullptr ? field.also
                                                                                               : field.name;
  }
  static std::string quoted(nlohmann::json const& value) {
    return value.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace).substr(0, 60);
  }

  nlohmann::json const& json_;
  std::string const& place_;
  mutable std::set<std::string> asked_;
};

}  // namespace census::detail
