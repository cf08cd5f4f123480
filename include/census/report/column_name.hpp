// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

/// The columns of layers.csv and neurons.csv that are read back by name. Names are an interface: new ones are added,
/// none is renamed.
namespace census::column_name {

inline constexpr std::string_view layer = "layer", neurons = "neurons", dead = "dead", neuron = "neuron",
                                  firings = "firings", firings_without_bos = "firings_without_bos",
                                  positional = "positional", positional_corrected = "positional_corrected",
                                  mutual_information = "mutual_information",
                                  mutual_information_corrected = "mutual_information_corrected",
                                  positional_type = "positional_type", positional_strong = "positional_strong";

}  // namespace census::column_name
