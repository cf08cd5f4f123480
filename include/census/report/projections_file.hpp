// SPDX-License-Identifier: MIT
#pragma once

#include <census/archive/safetensors_writer.hpp>
#include <census/error.hpp>
#include <census/report/detail/stored_keys.hpp>
#include <census/report/run_json.hpp>
#include <census/statistic/layer_projections.hpp>
#include <census/token_id.hpp>
#include <census/weights/checkpoint.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace census {

/// The name of the file that tells which tokens a layer's neurons promote and suppress.
inline std::string projections_file_name(std::size_t layer) {
  return "projections-" + std::to_string(layer) + ".safetensors";
}

/// Whether a census wrote such files: run.json lists them.
inline bool tells_projections(run_record const& run) {
  return std::ranges::any_of(run.results, [](auto const& name) { return name.starts_with("projections-"); });
}

/// What a layer's neurons promote and suppress as a safetensors file, not yet in its place: `promoted` and `suppressed`
/// [neuron, rank] U32, token ids, and their scores E·v, `promoted_scores` and `suppressed_scores` [neuron, rank] F32;
/// `tokens` [row] U32, each of these ids once, ascending, with the bytes of its text: `strings` U8, and where they end,
/// `string_ends` [row] I64. Throws bad_input where it cannot be written.
inline std::unique_ptr<safetensors_writer> stage_projections(std::filesystem::path const& path,
                                                             layer_projections const& projections) {
  std::vector<token_id> ids;
  std::vector<std::string> strings;
  for (auto const& [token, text] : projections.token_texts) ids.push_back(token), strings.push_back(text);
  detail::stored_texts const texts{"strings", "string_ends"};
  std::vector<std::uint64_t> const shape{projections.neurons(), projections.ranked};
  std::vector<safetensors_writer::declaration> tensors{{"promoted", "U32", shape},
                                                       {"promoted_scores", "F32", shape},
                                                       {"suppressed", "U32", shape},
                                                       {"suppressed_scores", "F32", shape},
                                                       {"tokens", "U32", {ids.size()}}};
  texts.declare(tensors, strings);
  auto writer = std::make_unique<safetensors_writer>(path, tensors);
  auto const append = [&](std::string const& name, token_ranking const& ranking) {
    writer->append(name, std::span<token_id const>(ranking.ids));
    writer->append(name + "_scores", std::span<float const>(ranking.scores));
  };
  append("promoted", projections.promoted), append("suppressed", projections.suppressed);
  writer->append("tokens", std::span<token_id const>(ids));
  texts.append(*writer, strings);
  writer->finish();
  return writer;
}

namespace detail {

/// One of the two rankings. Throws bad_input where its tensors are not of `shape`, or a score is no number.
inline token_ranking read_ranking(checkpoint const& file, std::string const& name,
                                  std::vector<std::size_t> const& shape) {
  tensor const &ids = tensor_of(file, name.c_str(), 2), &scores = tensor_of(file, (name + "_scores").c_str(), 2);
  for (tensor const* one : {&ids, &scores})
    if (one->shape != shape) throw bad_input(one->file, "tensor " + one->name + " is not of the shape of promoted");
  if (!is_readable(scores.type)) throw bad_input(scores.file, "tensor " + scores.name + " holds no scores");
  token_ranking ranking{integers_of<token_id>(ids, 0, ids.elements()), std::vector<float>(scores.elements())};
  to_float32(scores, 0, ranking.scores);
  if (std::ranges::any_of(ranking.scores, [](float score) { return std::isnan(score); }))
    throw bad_input(scores.file, "tensor " + scores.name + " holds a score that is NaN");
  return ranking;
}

}  // namespace detail

/// Reads back what stage_projections wrote. The file is not trusted: throws bad_input naming it where it is none.
inline layer_projections read_projections(std::filesystem::path const& path) {
  checkpoint const file = open_safetensors(path);
  auto const shape = detail::tensor_of(file, "promoted", 2).shape;
  layer_projections projections{shape[1], detail::read_ranking(file, "promoted", shape),
                                detail::read_ranking(file, "suppressed", shape)};
  tensor const& tokens = detail::tensor_of(file, "tokens", 1);
  auto const ids = detail::integers_of<token_id>(tokens, 0, tokens.elements());
  auto strings = detail::stored_texts{"strings", "string_ends"}.read(file);
  if (strings.size() != ids.size())
    throw bad_input(path.string(),
                    std::to_string(strings.size()) + " texts for " + std::to_string(ids.size()) + " tokens");
  for (std::size_t i = 0; i < ids.size(); ++i) projections.token_texts[ids[i]] = std::move(strings[i]);
  return projections;
}

}  // namespace census
