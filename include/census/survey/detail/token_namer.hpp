// SPDX-License-Identifier: MIT
#pragma once

#include <census/survey/census_model.hpp>
#include <census/token_id.hpp>

#include <string>

namespace census::detail {

/// Names a model's tokens.
template <census_model Model>
struct token_namer {
  Model model;
  std::string operator()(token_id token) const { return token_text(model, token); }
};

}  // namespace census::detail
