// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/json.hpp>
#include <census/model/architecture.hpp>
#include <census/model/detail/config_reader.hpp>
#include <census/model/family/gpt2/read_config.hpp>
#include <census/model/family/opt/read_config.hpp>
#include <census/model/model.hpp>
#include <census/model/tensor_layout.hpp>
#include <census/tokenizer/open_tokenizer.hpp>
#include <census/tokenizer/tokenizer.hpp>
#include <census/weights/checkpoint.hpp>
#include <census/weights/mapped_file.hpp>

#include <array>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

namespace census {

namespace detail {

/// How the config.json of a family, known by its `model_type`, is read.
struct model_family {
  char const* model_type;
  model_description (*read_config)(config_reader const&);
};

inline constexpr std::array families{model_family{"opt", opt::read_config}, model_family{"gpt2", gpt2::read_config}};

}  // namespace detail

/// What the config.json of a model's folder says. Throws bad_input naming file and field where it is missing or
/// malformed, of a family that is not read, or asks for what is not computed.
inline model_description describe_model(std::filesystem::path const& folder) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(folder, ignored)) throw bad_input(folder.string(), "there is no such folder");
  mapped_file const file(folder / "config.json");
  std::string const place = file.place();
  auto const json = parse_json(file.text(), place);
  if (!json.is_object()) throw bad_input(place, "is no JSON object");
  detail::config_reader const read(json, place);
  auto const type = read.text("model_type", "");
  std::string known;
  for (auto const& family : detail::families) {
    if (family.model_type == type) {
      auto description = family.read_config(read);
      if (auto& bos = description.architecture.bos; bos && *bos >= description.architecture.vocabulary_size)
        description.bos_outside = std::exchange(bos, std::nullopt);
      description.assumes_bos = !json.contains("bos_token_id");
      description.assumes_pad = !json.contains("pad_token_id");
      if (json.contains("quantization_config") && !json["quantization_config"].is_null())
        read.refuse("quantization_config", "asks for quantised weights, which are not computed");
      description.ignored = read.ignored();
      check_is_computed(description.architecture, place);
      return description;
    }
    known.append(known.empty() ? "" : ", ").append(family.model_type);
  }
  read.refuse("model_type",
              (type.empty() ? "is missing" : "is " + escaped_name(type)) + "; these families are read: " + known);
}

/// Opens a model from a Hugging Face folder: `config.json`, the checkpoint, the tokenizer. The family is that of
/// config.json's `model_type`. BOS and pad are the tokenizer's where it names them, and config.json's else, which may
/// be outside the vocabulary where they are not needed. Throws bad_input naming file and cause. A tokenizer may have
/// fewer tokens than the model, as published ones do: the others are padding. A folder without tokenizer files is a
/// model without a tokenizer, for texts that are token ids already.
inline model open_model(std::filesystem::path const& folder) {
  auto description = describe_model(folder);
  auto files = open_checkpoint(folder);
  std::optional<tokenizer> tokens;
  std::size_t const vocabulary_size = description.architecture.vocabulary_size;
  if (has_tokenizer(folder)) {
    auto const bos = description.bos_outside ? description.bos_outside : description.architecture.bos;
    tokens =
        open_tokenizer(folder, {bos, description.assumes_bos}, {description.architecture.pad, description.assumes_pad});
    description.architecture.bos = tokens->bos();
  } else if (auto const bos = description.bos_outside) {
    throw bad_input((folder / "config.json").string(), "bos_token_id, or what stands for it where it is missing, is " +
                                                           std::to_string(*bos) + ", outside the vocabulary of " +
                                                           std::to_string(vocabulary_size) + " tokens");
  }
  if (tokens && tokens->vocabulary_size() > vocabulary_size)
    throw bad_input(folder.string(), "the tokenizer has " + std::to_string(tokens->vocabulary_size()) +
                                         " tokens, but the model only " + std::to_string(vocabulary_size));
  return {model_weights(std::move(files), std::move(description)), std::move(tokens), folder.string()};
}

}  // namespace census
