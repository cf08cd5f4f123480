// SPDX-License-Identifier: MIT
#pragma once

#include <census/ignored.hpp>
#include <census/json.hpp>
#include <census/model/detail/expected_tensors.hpp>
#include <census/weights/checkpoint.hpp>
#include <census/weights/tensor.hpp>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <string_view>

namespace census::detail {

/// Names of tensors, ascending.
using name_set = std::set<std::string, std::less<>>;

/// Whether a part of a tensor's name, between dots, is one that libraries of adapters use (peft: LoRA, IA3, adapters).
inline bool is_adapter_name(std::string_view part) {
  return part.starts_with("lora_") || part.starts_with("ia3_") || part.find("adapter") != part.npos;
}

/// The map or norm among `modules` below which a tensor lies, q_proj of q_proj.lora_A.weight; empty where none is.
inline std::string_view module_of(std::string_view tensor, name_set const& modules) {
  for (auto dot = tensor.rfind('.'); dot != tensor.npos && dot > 0; dot = tensor.rfind('.', dot - 1))
    if (modules.contains(tensor.substr(0, dot))) return tensor.substr(0, dot);
  return {};
}

inline bool is_of_an_adapter(std::string_view tensor) {
  for (std::size_t begin = 0; begin <= tensor.size();) {
    auto const end = std::min(tensor.find('.', begin), tensor.size());
    if (is_adapter_name(tensor.substr(begin, end - begin))) return true;
    begin = end + 1;
  }
  return false;
}

/// The tensors of a checkpoint that are neither in `read` nor in `no_parameters`. Throws bad_input naming one that
/// would change what is read, were it not passed over: a part of an adapter, or anything that lies below a map or norm
/// that is read.
inline ignored unread_tensors(checkpoint const& files, name_set const& read, name_set const& no_parameters) {
  name_set modules;
  for (auto const& name : read) modules.insert(name.substr(0, name.rfind('.')));
  ignored passed_over;
  for (tensor const& t : files.tensors()) {
    if (read.contains(t.name) || no_parameters.contains(t.name)) continue;
    if (is_of_an_adapter(t.name))
      refuse_tensor(t, "is of an adapter that is not merged into the weights; merge it (peft: merge_and_unload), or "
                       "take it out");
    if (auto const module = module_of(t.name, modules); !module.empty())
      refuse_tensor(t, "is not computed, and changes what " + escaped_name(module) +
                           " does: weights that are quantised, or not merged");
    passed_over.add("tensors that the model does not read", t.file + ": tensor " + escaped_name(t.name));
  }
  return passed_over;
}

}  // namespace census::detail
