// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/block.hpp>
#include <census/activation/text_list.hpp>
#include <census/error.hpp>
#include <census/recording/detail/replayed_blocks.hpp>
#include <census/recording/firings_recording.hpp>
#include <census/recording/recording_description.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace census::detail {

/// What a census asks of the layers of a model; a replay holds no residual streams, whatever they may take.
struct replayed_pass_options {
  struct range {
    std::size_t first = 0, last = std::numeric_limits<std::size_t>::max();
  } layers = {};
  struct values {
    bool any = false, before_activation = false, firings_suffice = false;
  } keep_values = {};
  std::uint64_t residual_memory = 0;
  std::filesystem::path residual_folder = ".";
};

/// The layers of a recorded model, one after the other: blocks out of the recording, weights out of the model, which
/// reads those of each layer in turn when it is given no text to run.
template <class Model>
class replayed_pass {
 public:
  /// Precondition: the model and the recording have the layers.
  replayed_pass(Model const& model, firings_recording recorded, text_list texts, replayed_pass_options const& options)
      : recorded_(std::move(recorded)), texts_(std::move(texts)), first_(options.layers.first),
        last_(options.layers.last), keep_values_(options.keep_values.any),
        running_(layers(model, text_list(), {.layers = {0, last_}, .keep_values = {false, false}})) {
    check_values(options);
    check_texts();
  }

  std::size_t first_layer() const { return first_; }
  std::size_t last_layer() const { return last_; }
  decltype(auto) weights() const { return running_.weights(); }

  void begin_layer(std::size_t layer) {
    if (at_)
      ++*at_;
    else
      at_.emplace(running_.begin());
    if (*at_ == running_.end()) throw std::logic_error("census::recorded_model: the model has no such layer");
    auto const number = static_cast<std::uint32_t>(layer);
    blocks_.reset();
    if (recorded_.has_layer(number)) blocks_.emplace(recorded_.blocks(number, texts_, keep_values_));
  }

  std::optional<block> next_block() { return blocks_ ? (*blocks_)() : std::nullopt; }
  void complete_layer() {}

 private:
  void check_values(replayed_pass_options const& options) const {
    if (!options.keep_values.any) return;
    bool const before = options.keep_values.before_activation;
    if (recorded_.description().values != (before ? recorded_values::pre_activations : recorded_values::activations))
      throw bad_input(recorded_.folder().string(), std::string("holds no ") +
                                                       (before ? "pre-activations" : "activations") +
                                                       ", which are asked for");
  }

  void check_texts() const {
    std::uint64_t rows = 0;
    for (std::size_t const count : texts_.rows()) rows += count;
    if (rows != recorded_.corpus().tokens())
      throw std::invalid_argument("census::recorded_model: the texts have " + std::to_string(rows) +
                                  " tokens, the recording " + std::to_string(recorded_.corpus().tokens()));
  }

  using running_layers = decltype(layers(std::declval<Model const&>(), text_list(), {.layers = {0, 1}}));

  firings_recording recorded_;
  text_list texts_;
  std::size_t first_, last_;
  bool keep_values_;
  running_layers running_;
  std::optional<decltype(std::declval<running_layers&>().begin())> at_ = {};
  std::optional<replayed_blocks> blocks_ = {};
};

}  // namespace census::detail
