// SPDX-License-Identifier: MIT
#pragma once

#include <census/token_id.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace census {

/// Which values a recording holds beside its packed firings.
enum class recorded_values : std::uint8_t {
  none,
  activations,
  pre_activations  ///< what goes into the activation function
};

/// A file that a recording was made from: of the model, or a text.
struct recorded_file {
  std::string path, domain = {};             ///< domain: of a text; empty for a model's file
  std::uint64_t bytes = 0, hash = 0;         ///< hash: as census::model_origin and census::corpus_source tell it
  std::optional<std::uint64_t> splits = {};  ///< of a text that was to be split: how often it was
};

/// What a recording is of: all that is known of it before the first block comes.
struct recording_description {
  std::uint32_t first_layer = 0;
  std::size_t layers = 0, neurons = 0;
  std::uint64_t tokens = 0, sequences = 0;  ///< of the text, BOS included
  std::size_t context = 0;                  ///< tokens of a full sequence
  std::vector<std::string> domains;
  std::optional<token_id> bos = {};  ///< the token that each sequence begins with, if any
  recorded_values values = recorded_values::none;

  // What it was made from, where that is known.
  std::vector<recorded_file> model = {}, texts = {};
  std::string blas = {};                                           ///< the library of products and its kernel
  std::vector<std::pair<std::string, std::string>> settings = {};  ///< of the run that recorded it
};

/// Describes the recording of `layers` layers of a model from `first_layer` on, on a corpus: census::model and
/// census::corpus, or others that answer what is asked here. What the model was read from is origin_of(model), found by
/// argument-dependent lookup.
template <class Model, class Corpus>
recording_description describe_recording(Model const& model, Corpus const& corpus, std::size_t first_layer,
                                         std::size_t layers, recorded_values values,
                                         std::vector<std::pair<std::string, std::string>> settings = {}) {
  recording_description about{.first_layer = static_cast<std::uint32_t>(first_layer),
                              .layers = layers,
                              .neurons = model.architecture().ffn_size,
                              .tokens = corpus.tokens(),
                              .sequences = corpus.sequences(),
                              .context = corpus.context(),
                              .domains = corpus.domains(),
                              .bos = corpus.bos(),
                              .values = values,
                              .settings = std::move(settings)};
  auto const origin = origin_of(model);
  about.blas = origin.blas;
  for (auto const& file : origin.files)
    about.model.push_back({.path = file.path, .bytes = file.bytes, .hash = file.hash});
  for (auto const& text : corpus.sources())
    about.texts.push_back({text.path, text.domain, text.bytes, text.hash, text.splits});
  return about;
}

}  // namespace census
