// SPDX-License-Identifier: MIT
#pragma once

#include <census/accumulator/observe_each.hpp>
#include <census/activation/source.hpp>

#include <type_traits>

namespace census {

namespace detail {

template <class O, class B>
constexpr void require_observer() {
  static_assert(shown<O, B>,
                "census::survey: each argument after the source must be a census::observer of the source's blocks: "
                "`observe(block)` has to accept the block, or what on_host(block) gives");
}

}  // namespace detail

/// One pass over a source: every observer sees every block once, in the source's order. A backend's block goes as it is
/// to the observers that take it; for the others it is brought to the host, once. Throws what the source and the
/// observers throw; what was observed before stays.
template <class Source, class... Observers>
void survey(Source&& source, Observers&&... observers) {
  static_assert(
      activation_source<Source>,
      "census::survey: the first argument must be a census::activation_source, a range whose elements are each a "
      "census::activation_block: copyable, with layer(), text() and firings()");
  if constexpr (activation_source<Source>) {
    using block_type = block_of<Source>;
    (detail::require_observer<std::remove_cvref_t<Observers>, block_type>(), ...);
    if constexpr ((shown<std::remove_cvref_t<Observers>, block_type> && ...)) {
      for (auto&& element : source) {
        block_type const& block = element;
        host_twin<block_type> twin(block);
        observe_each(block, twin, observers...);
      }
    }
  }
}

}  // namespace census
