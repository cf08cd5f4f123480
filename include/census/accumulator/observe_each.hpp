// SPDX-License-Identifier: MIT
#pragma once

#include <census/accumulator/concepts.hpp>
#include <census/accumulator/detail/rethrow_telling.hpp>
#include <census/activation/block.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

namespace census {

namespace detail {

/// What on_host makes of a block: itself, or its backend's copy of it. void where the backend offers none.
template <class B>
struct on_host_result {
  using type = void;
};
template <class B>
requires requires(B const& block) { on_host(block); }
struct on_host_result<B> {
  using type = std::remove_cvref_t<decltype(on_host(std::declval<B const&>()))>;
};

/// Which of some observers have seen a block when one of them throws.
template <activation_block B>
std::string who_saw(B const& block, std::size_t seen, std::size_t observers) {
  auto const& text = block.text();
  bool const begins = text != nullptr && !text->sequences.empty();
  return " [layer " + std::to_string(block.layer()) +
         (begins ? ", the block that begins in document " + std::to_string(text->sequences[0].document) : "") +
         ": observed by the first " + std::to_string(seen) + " of " + std::to_string(observers) +
         " observers, refused by the next" + (seen + 2 > observers ? "" : ", not shown to the others") + "]";
}

}  // namespace detail

/// A block's twin on the host, brought there when it is first asked for, and once. Lives no longer than the block.
template <activation_block B>
class host_twin {
 public:
  using type = typename detail::on_host_result<B>::type;

  explicit host_twin(B const& block) : block_(block) {}
  host_twin(host_twin const&) = delete;

  auto const& get() requires host_block<type> {
    if constexpr (host_block<B>) {
      return block_;
    } else {
      if (!brought_) brought_.emplace(on_host(block_));
      return *brought_;
    }
  }

 private:
  B const& block_;
  std::optional<std::conditional_t<std::is_void_v<type>, std::monostate, type>> brought_;
};

/// What can be shown blocks of type B: an observer that takes them as they are, or their twins on the host.
template <class O, class B>
concept shown = observer<O, B> || observer<O, typename detail::on_host_result<B>::type>;

/// Shows a block to several observers: as it is to those that take it; the others see its twin on the host. An observer
/// made of others has `observe(block, twin)` as well, and hands both on, so that a block is brought once for all.
/// Throws what an observer throws, its message saying how many of them had seen the block, where it is of a type that
/// detail::rethrow_telling knows: those after it see it no more.
template <activation_block B, shown<B>... Observers>
void observe_each(B const& block, host_twin<B>& twin, Observers&... observers) {
  std::size_t seen = 0;
  auto const show = [&]<class O>(O& one) {
    if constexpr (requires { one.observe(block, twin); })
      one.observe(block, twin);
    else if constexpr (observer<O, B>)
      one.observe(block);
    else
      one.observe(twin.get());
    ++seen;
  };
  try {
    (show(observers), ...);
  } catch (...) {
    if constexpr (sizeof...(Observers) > 1) detail::rethrow_telling(detail::who_saw(block, seen, sizeof...(Observers)));
    throw;
  }
}

}  // namespace census
