// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/activation_values.hpp>
#include <census/activation/block.hpp>
#include <census/activation/fingerprint.hpp>
#include <census/activation/packed_firings.hpp>
#include <census/activation/text_rows.hpp>
#include <census/archive/own_files.hpp>
#include <census/archive/whole_file.hpp>
#include <census/error.hpp>
#include <census/recording/detail/find_misfit.hpp>
#include <census/recording/detail/recording_files.hpp>
#include <census/recording/detail/recording_index.hpp>
#include <census/recording/detail/shard_writer.hpp>
#include <census/recording/detail/text_writer.hpp>
#include <census/recording/recording_description.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace census {

/// An observer that writes what it sees to a folder: packed firings, values where they are asked for, and the text.
///
///     census::recording_writer writer("recorded", census::describe_recording(model, corpus, 0, 12, {}));
///     for (auto&& layer : census::layers(model, corpus)) census::survey(layer, writer);
///     writer.commit();
///
/// firings_recording opens the folder, and so does NumPy (docs/recordings.md). Its files appear with commit(), whole;
/// until then what was there stays. Memory holds a block at a time. Layers come one after the other, ascending, each
/// with the same text in the same order.
class recording_writer {
 public:
  /// `shard_bytes`: the size of a file of firings or values, at most; but a row is never cut. Throws bad_input naming
  /// the folder or file that cannot be written or is in the way (own_files), or where there would be too many files.
  recording_writer(std::filesystem::path folder, recording_description about,
                   std::uint64_t shard_bytes = default_shard_bytes)
      : recording_writer(hold(std::move(folder)), std::move(about), shard_bytes) {}

  /// A folder that hold() holds.
  recording_writer(std::unique_ptr<own_files> held, recording_description about,
                   std::uint64_t shard_bytes = default_shard_bytes)
      : files_(std::move(held)), about_(std::move(about)), text_(*files_, about_),
        firings_(*files_, shape("firings", "U8", 1, bytes_of_row(about_.neurons), shard_bytes)),
        values_(*files_, shape("values", "F32", sizeof(float), about_.neurons, shard_bytes)) {
    std::uint64_t const values = about_.values == recorded_values::none ? 0 : values_.tensor().shards_of_layer(),
                        shards = about_.layers * (firings_.tensor().shards_of_layer() + values);
    if (shards > detail::most_shards)
      throw bad_input(path().string(), "would have " + std::to_string(shards) + " files of " +
                                           std::to_string(shard_bytes) + " bytes, more than " +
                                           std::to_string(detail::most_shards) + ": let them be larger");
    firings_.claim(about_.first_layer, about_.layers);
    if (values > 0) values_.claim(about_.first_layer, about_.layers);
  }

  /// Holds a folder for a recording of which nothing else is known yet, before much is read, and refuses what is in the
  /// way of any.
  static std::unique_ptr<own_files> hold(std::filesystem::path folder) {
    auto files = std::make_unique<own_files>(std::move(folder), detail::recording_index_name, writes);
    for (auto const* name : {detail::recording_index_name, detail::recorded_text_name}) files->claim(name);
    return files;
  }

  /// Whether a file of this name is one that a recording writes.
  static bool writes(std::string_view name) { return detail::is_recording_file(name); }

  /// Refuses what is in the way of the first file of each layer, whatever the text.
  static void claim(own_files& files, std::size_t first_layer, std::size_t layers, recorded_values values) {
    for (std::size_t i = first_layer; i < first_layer + layers; ++i) {
      files.claim(detail::shard_name("firings", static_cast<std::uint32_t>(i), 0));
      if (values != recorded_values::none) files.claim(detail::shard_name("values", static_cast<std::uint32_t>(i), 0));
    }
  }

  std::filesystem::path const& path() const { return files_->path(); }

  /// Bytes of a row of firings: whole words of 64 neurons.
  static std::uint64_t bytes_of_row(std::size_t neurons) {
    return sizeof(std::uint64_t) * packed_firings::words_for(neurons);
  }

  /// Throws std::invalid_argument, naming the layer, where a block is none of the recording as it was described: of
  /// another layer than the next, of other neurons, without the values, of more or other text. So it does, naming the
  /// row as well, where values are to be written and one is NaN, or other neurons fire than those above zero, as by
  /// fires_above{0.5f}: such firings are recorded without values. Throws bad_input where a file cannot be written.
  void observe(block const& block) {
    if (!layer_ || block.layer() != *layer_) begin_layer(block.layer());
    check(block);
    note(*block.text());
    if (layers_done_ == 0) text_.append(*block.text());
    append(block.firings());
    if (about_.values != recorded_values::none) append(block.values());
  }

  /// Puts everything in its place, the index last. Throws std::logic_error where a layer or some text is missing,
  /// bad_input where a file cannot be written.
  void commit() {
    if (layer_) end_layer();
    if (layers_done_ != about_.layers)
      throw std::logic_error("census::recording_writer: " + std::to_string(layers_done_) + " layers of " +
                             std::to_string(about_.layers) + " were observed");
    detail::recording_index index{about_, text_.finish(), firings_.shards()};
    index.shards.insert(index.shards.end(), values_.shards().begin(), values_.shards().end());
    whole_file record(files_->claim(detail::recording_index_name));
    detail::write_recording_index(record.stream(), index, files_->claimed());
    record.finish();

    files_->begin_replacing();
    text_.commit(), firings_.commit(), values_.commit();
    record.commit();
    files_->finished();
  }

 private:
  static constexpr std::uint64_t default_shard_bytes = std::uint64_t{1} << 30;

  detail::sharded_tensor shape(char const* name, char const* dtype, std::uint64_t element, std::uint64_t columns,
                               std::uint64_t shard_bytes) const {
    return {name, dtype, columns, about_.tokens,
            std::max<std::uint64_t>(1, shard_bytes / std::max<std::uint64_t>(1, element * columns))};
  }

  [[noreturn]] static void refuse(std::uint32_t layer, std::string const& cause) {
    throw std::invalid_argument("census::recording_writer: layer " + std::to_string(layer) + " " + cause);
  }

  void begin_layer(std::uint32_t layer) {
    if (layer_) end_layer();
    auto const next = about_.first_layer + layers_done_;
    if (layer != next || layers_done_ == about_.layers) refuse(layer, "is not the next one of those described");
    layer_ = layer, rows_ = sequences_ = 0, text_hash_ = 0;
    firings_.begin_layer(layer), values_.begin_layer(layer);
  }

  void end_layer() {
    if (rows_ != about_.tokens || sequences_ != about_.sequences)
      refuse(*layer_, "has " + std::to_string(rows_) + " tokens in " + std::to_string(sequences_) + " sequences, not " +
                          std::to_string(about_.tokens) + " in " + std::to_string(about_.sequences));
    if (layers_done_ > 0 && text_hash_ != hash_of_first_)
      refuse(*layer_, "is of another text than the first, or of the same in another order");
    hash_of_first_ = text_hash_;
    ++layers_done_;
    layer_.reset();
  }

  void check(block const& block) const {
    if (block.firings().neurons() != about_.neurons)
      refuse(block.layer(),
             "has " + std::to_string(block.firings().neurons()) + " neurons, not " + std::to_string(about_.neurons));
    if (about_.values != recorded_values::none && block.values().empty()) refuse(block.layer(), "comes without values");
    for (sequence const& one : block.text()->sequences) {
      if (one.length > about_.context || (one.full && one.length != about_.context))
        refuse(block.layer(), "has a sequence of " + std::to_string(one.length) + " tokens" +
                                  (one.full ? ", a full one," : "") + " where the context is " +
                                  std::to_string(about_.context));
      if (one.domain >= about_.domains.size()) refuse(block.layer(), "has a sequence of a domain that has no name");
    }
    if (block.firings().rows() > about_.tokens - rows_ ||
        block.text()->sequences.size() > about_.sequences - sequences_)
      refuse(block.layer(), "has more text than was described");
    if (about_.values == recorded_values::none) return;
    if (auto const found = detail::find_misfit(block.values(), block.firings()))
      refuse(block.layer(), std::string(found->cause) + " in row " + std::to_string(rows_ + found->row) +
                                ": recorded values are numbers, and those above zero fire");
  }

  /// Of each layer's text a hash, to tell whether it is that of the first.
  void note(text_rows const& text) {
    rows_ += text.tokens.size(), sequences_ += text.sequences.size();
    for (std::uint64_t const one : fingerprints(text)) text_hash_ = (text_hash_ ^ one) * 0x9e3779b97f4a7c15;
  }

  void append(packed_firings const& firings) {
    if (firings.rows() == 0) return;
    auto const* bytes = reinterpret_cast<unsigned char const*>(firings.row(0).data());
    firings_.append(std::span<unsigned char const>(bytes, firings.rows() * bytes_of_row(firings.neurons())));
  }
  void append(activation_values const& values) {
    for (std::size_t row = 0; row < values.rows(); ++row) values_.append(values.row(row));
  }

  std::unique_ptr<own_files> files_;
  recording_description about_;
  detail::text_writer text_;
  detail::shard_writer firings_, values_;
  std::optional<std::uint32_t> layer_;  // at hand; of it so far:
  std::uint64_t rows_ = 0, sequences_ = 0, text_hash_ = 0;
  std::size_t layers_done_ = 0;
  std::uint64_t hash_of_first_ = 0;
};

}  // namespace census
