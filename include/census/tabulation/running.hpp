// SPDX-License-Identifier: MIT
#pragma once

#include <census/tabulation/key_function.hpp>
#include <census/tabulation/token_at.hpp>

#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

namespace census::key {

/// A state that goes along the sequence: it is `start` before the first token, and step(state, at) gives the state at
/// each token out of the one before it. It begins anew with every sequence, as the model does. BOS is passed over and
/// has no key.
///
///     // inside quotes? The closing quote no longer is.
///     census::key::running quoted{false, [&](bool inside, census::token_at at) { return inside !=
///     is_quote[at.token()]; }};
///
/// Law: step is pure, so that the same place has the same state, whatever was asked before. Asked about a single place
/// it goes through the sequence up to there; firings_by goes through each sequence once.
template <class State, class Step>
class running {
  static_assert(std::regular_invocable<Step const&, State, token_at> &&
                    std::convertible_to<std::invoke_result_t<Step const&, State, token_at>, State>,
                "census::key::running: step(state, at) is to be called as a const object with a state and a "
                "census::token_at, and to return the next state; a mutable lambda is not");

 public:
  running(State start, Step step) : start_(std::move(start)), step_(std::move(step)) {}

  std::optional<State> operator()(token_at at) const {
    auto along = walker();
    std::optional<State> here;
    for (std::uint32_t position = 0; position <= at.position(); ++position) here = along(at.at_position(position));
    return here;
  }

  /// The same, asked row by row from the first row of a sequence on, and then of the next. Refers to this.
  auto walker() const {
    return [this, state = start_](token_at at) mutable -> std::optional<State> {
      if (at.position() == 0) state = start_;
      if (at.is_bos()) return std::nullopt;
      state = std::invoke(step_, std::move(state), at);
      return state;
    };
  }

 private:
  State start_;
  Step step_;
};

}  // namespace census::key
