// SPDX-License-Identifier: MIT
#pragma once

#include <census/accumulator/concepts.hpp>
#include <census/accumulator/observe_each.hpp>
#include <census/activation/source.hpp>
#include <census/cancelled.hpp>
#include <census/generated_range.hpp>

#include <ranges>
#include <stdexcept>
#include <type_traits>

namespace census {

namespace detail {

/// Says in one line why an argument of survey, of type O, cannot be one.
template <class O, class B>
constexpr bool require_observer() {
  using observer_type = std::remove_cvref_t<O>;
  constexpr bool is_changeable = !std::is_const_v<std::remove_reference_t<O>>;
  static_assert(is_changeable, "census::survey: an observer must not be const, for it changes with what it observes");
  constexpr bool is_kept = std::is_lvalue_reference_v<O> || has_no_result<observer_type>;
  static_assert(
      is_kept, "census::survey: an observer must be a variable: a temporary, and what it observed, would be gone after "
               "the pass (census::has_no_result says of an observer that it only acts, as census::progress does)");
  static_assert(shown<observer_type, B>,
                "census::survey: each argument after the source must be a census::observer of the source's blocks: "
                "`observe(block)` has to accept the block, or what on_host(block) gives");
  return is_changeable && is_kept && shown<observer_type, B>;
}

/// Whether a source refuses by itself to be read twice, so that it has no blocks only where there are none.
template <class Source>
concept refuses_to_be_read_again = requires(Source& source) {
  []<class Next>(generated_range<Next>&) {}(source);
};

}  // namespace detail

/// One pass over a source: every observer sees every block once, in the source's order. A backend's block goes as it is
/// to the observers that take it; for the others it is brought to the host, once.
///
/// Throws what the source throws, and cancelled where it runs in a group of oneTBB's tasks that is cancelled: then all
/// observers have seen the same blocks. Throws what an observer throws, its message saying which of the others saw the
/// block as well (bad_input and the usual ones of the standard library, which docs/questions.md names; errors of other
/// types come as they are); a source that is read once gives that block again when it is asked again, and accumulators
/// refuse what they have seen before, so the same pass is not gone through again by half. Throws std::logic_error where
/// a source that can be read only once was read before: generated sources know it, of others it is taken for granted
/// where they give no block at all.
template <class Source, class... Observers>
void survey(Source&& source, Observers&&... observers) {
  static_assert(
      activation_source<Source>,
      "census::survey: the first argument must be a census::activation_source, a range whose elements are each a "
      "census::activation_block: copyable, with layer(), text(), which gives a census::shared_text const&, and "
      "firings()");
  static_assert(sizeof...(Observers) > 0, "census::survey: no observer is given, so the pass would have no result");
  if constexpr (activation_source<Source>) {
    using block_type = block_of<Source>;
    if constexpr ((detail::require_observer<Observers, block_type>() && ...)) {
      bool has_blocks = std::ranges::forward_range<Source> || detail::refuses_to_be_read_again<Source>;
      for (auto&& element : source) {
        check_not_cancelled();
        block_type const& block = element;
        host_twin<block_type> twin(block);
        observe_each(block, twin, observers...);
        has_blocks = true;
      }
      if (!has_blocks)
        throw std::logic_error("census::survey: the source gave no block; one that can be read only once gives none "
                               "where it was read before");
    }
  }
}

}  // namespace census
