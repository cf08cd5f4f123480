// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/json.hpp>
#include <census/model/activation_function.hpp>
#include <census/token_id.hpp>
#include <census/weights/mapped_file.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>

namespace census::opt {

/// The shape of an OPT model, from its `config.json`; unless told, that of the class in Hugging Face transformers.
struct config {
  std::size_t vocabulary_size = 50272;
  std::size_t hidden_size = 768;
  std::size_t layers = 12;
  std::size_t heads = 12;
  std::size_t ffn_size = 3072;       ///< neurons of a layer
  std::size_t max_positions = 2048;  ///< the longest sequence, in tokens, BOS included
  std::size_t embedding_size = 768;  ///< of a token; project_in and project_out mediate where it is not hidden_size
  token_id bos = 2;
  activation_function activation = activation_function::relu;
  bool norm_first = true;      ///< norms come before attention and feed-forward block, not after each addition (350m)
  bool has_biases = true;      ///< of the layers' linear maps
  bool has_gains = true;       ///< the norms multiply and add parameters of their own
  bool has_final_norm = true;  ///< the decoder's own layer norm, after the last layer
  bool tied = true;            ///< the output embedding is the input's

  std::size_t head_size() const { return hidden_size / heads; }
  bool has_projections() const { return embedding_size != hidden_size; }
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
  std::size_t size(char const* field, std::uint64_t least, std::uint64_t most, std::size_t unless_told) const {
    auto const* value = find(field);
    if (value == nullptr) return unless_told;
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

/// Reads a `config.json`. What it leaves out is as Hugging Face transformers takes it; fields that change nothing here
/// (dropout, initialisation, ...) are not looked at. Throws bad_input naming file and field where one is out of range,
/// and where the activation function is none of those that are computed.
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
  c.vocabulary_size = read.size("vocab_size", 1, large, c.vocabulary_size);
  c.hidden_size = read.size("hidden_size", 1, 1 << 20, c.hidden_size);
  c.layers = read.size("num_hidden_layers", 1, 1 << 16, c.layers);
  c.heads = read.size("num_attention_heads", 1, c.hidden_size, c.heads);
  c.ffn_size = read.size("ffn_dim", 1, large, c.ffn_size);
  c.max_positions = read.size("max_position_embeddings", 1, large, c.max_positions);
  c.embedding_size = read.size("word_embed_proj_dim", 1, large, c.hidden_size);
  c.bos = static_cast<token_id>(read.size("bos_token_id", 0, c.vocabulary_size - 1, c.bos));
  if (c.bos >= c.vocabulary_size) read.refuse("bos_token_id", "is missing, and 2 is outside the vocabulary");
  if (c.hidden_size % c.heads != 0)
    read.refuse("num_attention_heads", "is " + std::to_string(c.heads) + ", which does not divide hidden_size, " +
                                           std::to_string(c.hidden_size));
  auto const name = read.text("activation_function", "relu");
  auto const function = activation_function_of(name);
  if (!function)
    read.refuse("activation_function",
                "is " + escaped_name(name) +
                    "; relu, gelu, gelu_new, gelu_pytorch_tanh, silu and swish are those that are computed");
  c.activation = *function;
  c.norm_first = read.flag("do_layer_norm_before", true);
  c.has_biases = read.flag("enable_bias", true);
  c.has_gains = read.flag("layer_norm_elementwise_affine", true);
  c.has_final_norm = c.norm_first && !read.flag("_remove_final_layer_norm", false);
  c.tied = read.flag("tie_word_embeddings", true);
  return c;
}

/// Reads the `config.json` of a model's folder.
inline config open_config(std::filesystem::path const& folder) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(folder, ignored)) throw bad_input(folder.string(), "there is no such folder");
  return read_config(folder / "config.json");
}

}  // namespace census::opt
