// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/text_rows.hpp>
#include <census/archive/own_files.hpp>
#include <census/archive/safetensors_writer.hpp>
#include <census/recording/detail/recording_files.hpp>
#include <census/recording/detail/shard_writer.hpp>
#include <census/recording/recording_description.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace census::detail {

/// Writes the text of a recording, text.safetensors: `tokens` U32 [row], and of each sequence `documents` U64, `pieces`
/// U32, `lengths` U32, `domains` U16, `full` and `has_bos` BOOL, and `offsets` U64, 2^64 - 1 where that is not told.
class text_writer {
 public:
  text_writer(own_files& files, recording_description const& about)
      : writer_(files.claim(recorded_text_name), {{"tokens", "U32", {about.tokens}},
                                                  {"documents", "U64", {about.sequences}},
                                                  {"offsets", "U64", {about.sequences}},
                                                  {"pieces", "U32", {about.sequences}},
                                                  {"lengths", "U32", {about.sequences}},
                                                  {"domains", "U16", {about.sequences}},
                                                  {"full", "BOOL", {about.sequences}},
                                                  {"has_bos", "BOOL", {about.sequences}}}) {}

  /// Throws std::logic_error where there is more text than was told, bad_input where it cannot be written.
  void append(text_rows const& text) {
    writer_.append("tokens", std::span<token_id const>(text.tokens));
    append_of_each<std::uint64_t>("documents", text, [](sequence const& s) { return s.document; });
    append_of_each<std::uint64_t>("offsets", text, [](sequence const& s) { return s.offset; });
    append_of_each<std::uint32_t>("pieces", text, [](sequence const& s) { return s.piece; });
    append_of_each<std::uint32_t>("lengths", text, [](sequence const& s) { return s.length; });
    append_of_each<std::uint16_t>("domains", text, [](sequence const& s) { return s.domain; });
    append_of_each<std::uint8_t>("full", text, [](sequence const& s) { return s.full; });
    append_of_each<std::uint8_t>("has_bos", text, [](sequence const& s) { return s.has_bos; });
  }

  /// Throws std::logic_error where there is less text than was told.
  stored_file finish() {
    writer_.finish();
    return describe_stored(recorded_text_name, writer_);
  }
  void commit() { writer_.commit(); }

 private:
  template <class T, class Field>
  void append_of_each(char const* name, text_rows const& text, Field field) {
    std::vector<T> values;
    for (sequence const& one : text.sequences) values.push_back(field(one));
    writer_.append(name, std::span<T const>(values));
  }

  safetensors_writer writer_;
};

}  // namespace census::detail
