// SPDX-License-Identifier: MIT
#pragma once

#include <census/archive/safetensors_writer.hpp>
#include <census/report/projections_file.hpp>
#include <census/statistic/layer_projections.hpp>

#include <support/temporary_folder.hpp>

#include <nlohmann/json.hpp>

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

/// The files of a census of one layer, number 2, with three neurons: one that detects `token`, a positional one, and
/// one that never fired. Texts that come from a model or a corpus are `token`.
struct small_census {
  std::string token = " the", domain = "prose";

  void write(temporary_folder const& folder) const {
    folder.write("layers.csv", "layer,neurons,dead,dead_share,positional_corrected,empty\n2,3,1,0.333333333333,1,\n");
    folder.write("neurons.csv",
                 "layer,neuron,firings,frequency,firing_rate_upper_95,mutual_information,positional_corrected,"
                 "mutual_information_corrected,positional_type,token_detector_verdict\n"
                 "2,0,6,0.123456789,,0.000123456,0,-0.000123456,,surely\n"
                 "2,1,9007199254740991,1,,0.25,1,0.2512345,both_extremes,no\n"
                 "2,2,0,0,0.0431,0,0,0,,\n");
    folder.write("run.json", run().dump());
    folder.write("detectors.jsonl", detector().dump() + "\n");
    folder.write("examples.jsonl", examples().dump() + "\n");
    write_positions(folder);
  }

  nlohmann::json run() const {
    return {{"settings", {{"model", token}, {"context", "5"}}},
            {"model", {{{"path", token}, {"bytes", 12}, {"fnv1a_64", "00000000000000ff"}}}},
            {"texts", {{{"path", token}, {"bytes", 7}, {"fnv1a_64", "ffffffffffffffff"}, {"domain", domain}}}},
            {"ignored", {{{"what", "lines"}, {"count", 2}, {"places", {token}}}}},
            {"tokens_by_domain", {{domain, 700}}},
            {"documents", 4}};
  }

  nlohmann::json detector() const {
    return {{"layer", 2},
            {"neuron", 0},
            {"n", 1},
            {"firings_without_bos", 6},
            {"cover", 1},
            {"ngrams", {{{"text", token}, {"ids", {5}}, {"firings", 6}, {"occurrences", 7}}}},
            {"promoted", {{{"text", "a"}, {"id", 1}, {"score", 0.123456}}}},
            {"suppressed", {{{"text", token}, {"id", 5}, {"score", -2}}}},
            {"trigger_null_percentile", nullptr},
            {"supported", 0},
            {"verdict", "surely"}};
  }

  nlohmann::json examples() const {
    std::vector<std::uint32_t> ids;
    std::vector<std::string> tokens;
    std::vector<double> values;
    for (std::uint32_t i = 0; i < 40; ++i) {
      ids.push_back(i), values.push_back(i == 20 ? 3.14159 : i == 18 ? 0.5 : 0);
      tokens.push_back(i == 20 ? token : "t" + std::to_string(i));
    }
    nlohmann::json const example{{"value", 3.14159}, {"document", 12}, {"piece", 1},       {"position", 120},
                                 {"first", 100},     {"ids", ids},     {"tokens", tokens}, {"values", values}};
    return {{"layer", 2}, {"neuron", 0}, {"examples", {example, example, example}}};
  }

  /// What its neurons promote and suppress, two tokens each; one of them, 3, has no text, and one score is infinite.
  void write_projections(temporary_folder const& folder) const {
    constexpr float lowest = -std::numeric_limits<float>::infinity();
    census::layer_projections const projections{2,
                                                {{5, 3, 5, 5, 4, 3}, {0.123456f, 0.1f, 2, 1, 7, 6}},
                                                {{4, 4, 3, 3, 5, 5}, {-1, -0.5f, -2, lowest, 0, 0}},
                                                {{3, ""}, {4, "b"}, {5, token}}};
    census::stage_projections(folder / "projections-2.safetensors", projections)->commit();
  }

  /// Five positions of ten sequences: neuron 0 fires 1, 2, 3, 4 times at those behind the first, neuron 1 at all of the
  /// first two, neuron 2 at none.
  static void write_positions(temporary_folder const& folder) {
    std::vector<std::uint32_t> const firings{7, 0, 0, 1, 10, 0, 2, 10, 0, 3, 0, 0, 4, 0, 0};
    std::vector<std::int64_t> const sequences{10};
    census::safetensors_writer file(folder / "census.safetensors",
                                    {{"firings_by_position", "U32", {1, 5, 3}}, {"full_sequences", "I64", {1}}});
    file.append("firings_by_position", std::span<std::uint32_t const>(firings));
    file.append("full_sequences", std::span<std::int64_t const>(sequences));
    file.commit();
  }
};
