// SPDX-License-Identifier: MIT
#pragma once

#include <census/accumulator/concepts.hpp>
#include <census/accumulator/observe_each.hpp>
#include <census/archive/storable.hpp>

#include <cstddef>
#include <tuple>
#include <utility>

namespace census {

/// The product of accumulators: one accumulator that observes and merges as all of its parts do. Each part is shown the
/// block that it takes: a backend's as it is, or its twin on the host, brought once for all.
///
///     census::together both{census::liveness{}, census::token_coverage{}};
///     census::survey(source, both);
///     auto const& [alive, tokens] = both.parts;
template <class... Accumulators>
struct together {
  static_assert((mergeable<Accumulators> && ...),
                "census::together: each part must be a census::accumulator, which is census::mergeable: copyable, with "
                "`void merge(A const& other)`. An observer without merge can be handed to census::survey by itself");

  std::tuple<Accumulators...> parts;

  together() = default;
  explicit together(Accumulators... accumulators) requires(sizeof...(Accumulators) > 0)
      : parts(std::move(accumulators)...) {}

  template <activation_block B>
  requires(shown<Accumulators, B>&&...) void observe(B const& block) {
    host_twin<B> twin(block);
    observe(block, twin);
  }

  /// The same where the block may have been brought already.
  template <activation_block B>
  requires(shown<Accumulators, B>&&...) void observe(B const& block, host_twin<B>& twin) {
    std::apply([&](Accumulators&... part) { observe_each(block, twin, part...); }, parts);
  }

  void merge(together const& other) { merge_parts(other, std::index_sequence_for<Accumulators...>{}); }

  /// Stores all parts, where each can be stored.
  template <class Archive>
  requires(storable<Accumulators>&&...) void serialize(Archive& archive) { archive("parts", parts); }

  friend bool operator==(together const&, together const&) = default;

 private:
  template <std::size_t... I>
  void merge_parts(together const& other, std::index_sequence<I...>) {
    together merged = *this;  // all or nothing
    (std::get<I>(merged.parts).merge(std::get<I>(other.parts)), ...);
    *this = std::move(merged);
  }
};

}  // namespace census
