// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/token_id.hpp>
#include <census/weights/json.hpp>
#include <census/weights/mapped_file.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>

namespace census::opt {

/// The shape of an OPT model, from its `config.json`.
struct config {
  std::size_t vocabulary_size = 0;
  std::size_t hidden_size = 0;
  std::size_t layers = 0;
  std::size_t heads = 0;
  std::size_t ffn_size = 0;       ///< neurons of a layer
  std::size_t max_positions = 0;  ///< the longest sequence, in tokens, BOS included
  token_id bos = 2;
  bool has_final_norm = true;  ///< the decoder's own layer norm, after the last layer

  std::size_t head_size() const { return hidden_size / heads; }
};

namespace detail {

// Fields of one JSON object, each checked; messages name the file and the field.
class config_reader {
 public:
  config_reader(nlohmann::json const& json, std::string const& place) : json_(json), place_(place) {}

  [[noreturn]] void refuse(char const* field, std::string const& cause) const {
    throw bad_input(place_, std::string(field) + " " + cause);
  }
  nlohmann::json const* find(char const* field) const {
    auto const found = json_.find(field);
    return found == json_.end() || found->is_null() ? nullptr : &*found;
  }
  std::size_t size(char const* field, std::uint64_t least, std::uint64_t most) const {
    auto const* value = find(field);
    if (value == nullptr) refuse(field, "is missing");
    if (!value->is_number_unsigned() || value->get<std::uint64_t>() < least || value->get<std::uint64_t>() > most)
      refuse(field, "is " + quoted_value(*value) + ", which is no whole number from " + std::to_string(least) + " to " +
                        std::to_string(most));
    return value->get<std::size_t>();
  }
  bool flag(char const* field, bool unless_told) const {
    auto const* value = find(field);
    if (value != nullptr && !value->is_boolean())
      refuse(field, "is " + quoted_value(*value) + ", which is neither true nor false");
    return value == nullptr ? unless_told : value->get<bool>();
  }
  std::string text(char const* field, char const* unless_told) const {
    auto const* value = find(field);
    if (value != nullptr && !value->is_string()) refuse(field, "is " + quoted_value(*value) + ", which is no string");
    return value == nullptr ? unless_told : value->get<std::string>();
  }

 private:
  static std::string quoted_value(nlohmann::json const& value) {
    return value.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace).substr(0, 60);
  }
  nlohmann::json const& json_;
  std::string const& place_;
};

}  // namespace detail

/// Reads a `config.json`. The sizes must be there; switches that older files lack have their published defaults. Throws
/// bad_input naming file and field where one is out of range, and where the model is a variant that is not computed yet
/// (post-layer-norm and projected embeddings as in 350m, no biases, norms without gains, other activation functions
/// than ReLU).
inline config read_config(std::filesystem::path const& path) {
  mapped_file const file(path);
  std::string const place = file.place();
  auto const json = parse_json(file.text(), place);
  if (!json.is_object()) throw bad_input(place, "is no JSON object");
  detail::config_reader const read(json, place);

  auto const type = read.text("model_type", "opt");
  if (type != "opt") read.refuse("model_type", "is " + escaped_name(type) + "; only \"opt\" is read");
  constexpr std::uint64_t large = 1 << 24;
  config c;
  c.vocabulary_size = read.size("vocab_size", 1, large);
  c.hidden_size = read.size("hidden_size", 1, 1 << 20);
  c.layers = read.size("num_hidden_layers", 1, 1 << 16);
  c.heads = read.size("num_attention_heads", 1, c.hidden_size);
  c.ffn_size = read.size("ffn_dim", 1, large);
  c.max_positions = read.size("max_position_embeddings", 1, large);
  if (read.find("bos_token_id") != nullptr)
    c.bos = static_cast<token_id>(read.size("bos_token_id", 0, c.vocabulary_size - 1));
  if (c.bos >= c.vocabulary_size) read.refuse("bos_token_id", "is missing, and 2 is outside the vocabulary");
  if (c.hidden_size % c.heads != 0)
    read.refuse("num_attention_heads", "is " + std::to_string(c.heads) + ", which does not divide hidden_size, " +
                                           std::to_string(c.hidden_size));

  if (!read.flag("do_layer_norm_before", true))
    read.refuse("do_layer_norm_before", "is false (post-layer-norm): not yet computed");
  if (!read.flag("enable_bias", true)) read.refuse("enable_bias", "is false (no biases): not yet computed");
  if (!read.flag("layer_norm_elementwise_affine", true))
    read.refuse("layer_norm_elementwise_affine", "is false (norms without gains): not yet computed");
  if (auto const name = read.text("activation_function", "relu"); name != "relu")
    read.refuse("activation_function", "is " + escaped_name(name) + ": not yet computed; only \"relu\" is");
  if (read.find("word_embed_proj_dim") != nullptr && read.size("word_embed_proj_dim", 1, large) != c.hidden_size)
    read.refuse("word_embed_proj_dim", "differs from hidden_size (projected embeddings): not yet computed");
  c.has_final_norm = !read.flag("_remove_final_layer_norm", false);
  return c;
}

/// Reads the `config.json` of a model's folder.
inline config open_config(std::filesystem::path const& folder) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(folder, ignored)) throw bad_input(folder.string(), "there is no such folder");
  return read_config(folder / "config.json");
}

}  // namespace census::opt
