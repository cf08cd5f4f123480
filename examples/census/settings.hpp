// SPDX-License-Identifier: MIT
// What the command lines of the subcommands that run a model ask for.
#pragma once

#include <census/document_subset.hpp>

#include <tbb/info.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What the subcommands that run a model share.
struct model_options {
  std::string model, out, layers = ":", field = "text", split;
  std::vector<std::string> texts;
  std::optional<std::size_t> context;
  std::optional<std::uint64_t> tokens;
  census::document_subset documents;
  bool no_bos = false, strict = false;
  std::size_t threads = static_cast<std::size_t>(tbb::info::default_concurrency());
};

struct take_settings : model_options {
  std::uint64_t memory = std::uint64_t{4} << 30;
  std::size_t ngrams = 3, rounding_sample = 4, examples = 0, example_bins = 0, projections = 8;
  bool keep_tables = false, keep_state = false, pre_activations = false, resume = false;
  double snapshot_every = 600;  ///< seconds; 0: only when interrupted
  std::string part;             ///< I/N: the documents to take; empty: all of them
  std::string recording;        ///< a folder that is replayed instead of running the model on texts
  std::string device = "cpu", precision = "exact";
  std::uint64_t device_memory = 0;  ///< of each; 0: all that is free
};

/// Takes a census whose model runs on CUDA devices. In a program without CUDA: throws bad_input.
void take_on_device(take_settings const& asked);

/// Takes a census of a recording.
void take_recording(take_settings const& asked);
