// SPDX-License-Identifier: MIT
#pragma once

#include <census/ignored.hpp>
#include <census/model/architecture.hpp>
#include <census/token_id.hpp>

#include <optional>
#include <string>
#include <vector>

namespace census {

/// Where the tensors of a family's checkpoints are found: `model_weights` reads nothing else of a family. A linear map
/// or norm named N has the tensors N.weight and, with biases, N.bias. Layer l's names stand behind LAYERS + "l.".
struct tensor_layout {
  std::vector<std::string> prefixes;  ///< in front of all names but the head's: the first that finds `positions`
  std::string tokens, positions;      ///< the embeddings [token, embedding], [offset + position, hidden]
  std::string head;                   ///< the output embedding, [token, embedding], without prefix
  std::string layers;                 ///< what a layer's number follows
  std::string attention_norm, ffn_norm, final_norm;
  std::vector<std::string> attention_in;  ///< of queries, keys, values; or of one map that gives all three, one after
                                          ///< the other
  std::string attention_out, fc1, fc2;
  std::string project_in, project_out;  ///< empty in families that have none
  bool in_by_out = false;               ///< linear maps of the layers are stored [in, out], else [out, in]

  std::vector<std::string> no_parameters = {};  ///< of a layer, stored but no parameters: attention's masks

  std::string layers_field;  ///< what config.json calls the number of layers
  /// What in config.json says that tensors are not there: then the checkpoint must not have them either.
  std::string no_biases = {}, no_gains = {}, no_projections = {}, no_final_norm = {};
};

/// What a family makes of a config.json.
struct model_description {
  census::architecture architecture;
  tensor_layout layout;
  census::ignored ignored = {};              ///< settings that were not read
  std::optional<token_id> bos_outside = {};  ///< a BOS that is none of the vocabulary, in place of architecture.bos
  bool assumes_bos = false, assumes_pad = false;  ///< config.json tells none: what is there is the family's
};

}  // namespace census
