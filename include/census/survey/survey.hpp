// SPDX-License-Identifier: MIT
#pragma once

#include <census/accumulator/concepts.hpp>
#include <census/activation/source.hpp>

#include <type_traits>

namespace census {

namespace detail {

/// What on_host makes of a block: the block itself, or its backend's host twin. void where the backend offers none.
template <class B>
struct host_twin {
  using type = void;
};
template <class B>
requires requires(B const& block) { on_host(block); }
struct host_twin<B> {
  using type = std::remove_cvref_t<decltype(on_host(std::declval<B const&>()))>;
};

/// Whether an observer takes a backend's block, as it is or on the host.
template <class O, class B>
inline constexpr bool observes = observer<O, B> || observer<O, typename host_twin<B>::type>;

template <class O, class B>
constexpr void require_observer() {
  static_assert(observes<O, B>,
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
    if constexpr ((detail::observes<std::remove_cvref_t<Observers>, block_type> && ...)) {
      for (auto&& element : source) {
        block_type const& block = element;
        if constexpr ((observer<std::remove_cvref_t<Observers>, block_type> && ...)) {
          (observers.observe(block), ...);
        } else {
          decltype(auto) host = on_host(block);
          auto const show = [&]<class O>(O& one) {
            if constexpr (observer<O, block_type>)
              one.observe(block);
            else
              one.observe(host);
          };
          (show(observers), ...);
        }
      }
    }
  }
}

}  // namespace census
