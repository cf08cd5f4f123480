// SPDX-License-Identifier: MIT
#pragma once

#include <census/archive/safetensors_writer.hpp>
#include <census/report/read_census.hpp>

#include <support/temporary_folder.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// A census folder written by hand, as docs/results.md has it; what is not given is not there.
class hand_made_census {
 public:
  explicit hand_made_census(std::string_view layers, std::string_view neurons) {
    folder_.write("layers.csv", layers), folder_.write("neurons.csv", neurons);
    folder_.write("run.json", R"({"settings": {"model": "models/tiny", "context": "8"}, "documents": 3,
                                  "full_sequences": 20, "tokens_by_domain": {"code": 1000, "prose": 234}})");
  }

  temporary_folder const& folder() const { return folder_; }

  /// Writes census.safetensors with the firings by position [layer, position, neuron].
  void write_positions(std::size_t layers, std::size_t positions, std::size_t neurons, std::int64_t sequences,
                       std::vector<std::uint32_t> const& firings) const {
    census::safetensors_writer file(
        folder_.path() / "census.safetensors",
        {{"firings_by_position", "U32", {layers, positions, neurons}}, {"full_sequences", "I64", {layers}}}, {});
    std::vector<std::int64_t> const of_layers(layers, sequences);
    file.append("firings_by_position", std::span<std::uint32_t const>(firings));
    file.append("full_sequences", std::span<std::int64_t const>(of_layers));
    file.finish();
    file.commit();
  }

  census::census_record read(std::string const& name) const {
    auto census = census::read_census(folder_.path());
    census.name = name;
    return census;
  }

 private:
  temporary_folder folder_;
};
