// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace census {

/// What an accumulator knows of each layer that it has observed: a State a layer, made as State(neurons) when the layer
/// is first met. It holds each layer to one number of neurons, and names the accumulator in its errors. State is a
/// class with a constructor that takes the number of neurons, as std::vector has: a bare number would begin at it, and
/// so would the first member of an aggregate.
///
///     census::per_layer<std::vector<double>> sums_{"my_sums"};
///     sums_.update(block.layer(), block.firings().neurons(), [&](std::vector<double>& sums) { ... });
template <class State>
class per_layer {
 public:
  /// `accumulator` is its name, a string literal.
  explicit per_layer(char const* accumulator) : accumulator_(accumulator) {}

  /// Calls change(state) with the state of a layer of so many neurons, made as State(neurons, more...) where the layer
  /// is new. A new layer goes again where `change` throws. Throws std::invalid_argument where the layer had another
  /// number of neurons before.
  template <std::invocable<State&> Change, class... More>
  void update(std::uint32_t layer, std::size_t neurons, Change&& change, More const&... more) {
    require_state<More...>();
    check(layer, neurons);
    auto const [place, is_new] = layers_.try_emplace(layer, neurons, more...);
    try {
      change(place->second.state);
    } catch (...) {
      if (is_new) layers_.erase(place);
      throw;
    }
  }

  /// Throws std::invalid_argument where the layer was observed with another number of neurons.
  void check(std::uint32_t layer, std::size_t neurons) const {
    auto const known = layers_.find(layer);
    if (known != layers_.end() && known->second.neurons != neurons)
      throw std::invalid_argument("census::" + std::string(accumulator_) + ": layer " + std::to_string(layer) +
                                  " has " + std::to_string(neurons) + " neurons, and had " +
                                  std::to_string(known->second.neurons) + " before");
  }

  /// Calls merge(mine, theirs) for each layer of `other`, with a new state where the layer is new here. Throws
  /// std::invalid_argument where a layer has different numbers of neurons; nothing has been merged then.
  template <std::invocable<State&, State const&> Merge, class... More>
  void merge(per_layer const& other, Merge&& merge, More const&... more) {
    for (auto const& [layer, theirs] : other.layers_) check(layer, theirs.neurons);
    for (auto const& [layer, theirs] : other.layers_)
      update(
          layer, theirs.neurons, [&](State& mine) { merge(mine, theirs.state); }, more...);
  }

  /// The layers observed, ascending.
  std::vector<std::uint32_t> layers() const {
    std::vector<std::uint32_t> numbers;
    for (auto const& [number, one] : layers_) numbers.push_back(number);
    return numbers;
  }

  /// The state of a layer, nullptr where it was not observed.
  State const* find(std::uint32_t layer) const {
    auto const found = layers_.find(layer);
    return found == layers_.end() ? nullptr : &found->second.state;
  }

  /// The state of a layer. Throws std::out_of_range, naming the layers that were observed, where it was not.
  State const& at(std::uint32_t layer) const {
    if (State const* const found = find(layer)) return *found;
    std::string observed;
    for (std::uint32_t const number : layers()) observed += (observed.empty() ? "" : ", ") + std::to_string(number);
    throw std::out_of_range("census::" + std::string(accumulator_) + ": layer " + std::to_string(layer) +
                            " was not observed; " + (observed.empty() ? "none was" : "these were: " + observed));
  }

  /// Stores or restores the states, each of which can be, and is made as State(0, more...) to be restored.
  /// neurons_of(state) says how many neurons it holds something of.
  template <class Archive, std::invocable<State const&> NeuronsOf, class... More>
  void serialize(Archive& archive, NeuronsOf const& neurons_of, More const&... more) {
    require_state<More...>();
    auto numbers = layers();
    archive("layer", numbers);
    for (std::uint32_t const number : numbers) {
      if constexpr (Archive::is_reading) {
        layer_state restored(0, more...);
        archive("state", restored.state);
        restored.neurons = neurons_of(restored.state);
        layers_.insert_or_assign(number, std::move(restored));
      } else {
        archive("state", at(number));
      }
    }
  }

  friend bool operator==(per_layer const& a, per_layer const& b) { return a.layers_ == b.layers_; }

 private:
  /// Says in one line why State is none.
  template <class... More>
  static constexpr void require_state() {
    static_assert(std::is_class_v<State> && !std::is_aggregate_v<State> &&
                      std::constructible_from<State, std::size_t, More const&...>,
                  "census::per_layer: State is to be a class with a constructor that takes the number of neurons, "
                  "`explicit State(std::size_t neurons)`, and what else is given: no number, and no struct without "
                  "a constructor, which would begin at the number of neurons");
  }

  struct layer_state {
    std::size_t neurons;
    State state;

    template <class... More>
    explicit layer_state(std::size_t count, More const&... more) : neurons(count), state(count, more...) {}
    friend bool operator==(layer_state const&, layer_state const&) = default;
  };

  char const* accumulator_;
  std::map<std::uint32_t, layer_state> layers_;
};

}  // namespace census
