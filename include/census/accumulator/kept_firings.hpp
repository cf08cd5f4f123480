// SPDX-License-Identifier: MIT
#pragma once

#include <census/accumulator/concepts.hpp>
#include <census/accumulator/detail/stored_part.hpp>
#include <census/accumulator/observed_text.hpp>
#include <census/accumulator/per_layer.hpp>
#include <census/activation/block.hpp>
#include <census/activation/file_backed_firings.hpp>
#include <census/tabulation/kept_layer.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <ranges>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace census {

/// The accumulator that keeps the firings themselves, one bit a neuron and token, layer by layer: for statistics of
/// more keys than a table can have, such as n-grams. Blocks in memory are shared, not copied, as long as they fit into
/// its budget; the others go to a nameless file. What it answers does not depend on which lie where.
///
///     census::kept_firings kept;
///     census::survey(layer_source, kept);
///     census::ngram_rows const trigrams(3, census::join(kept.at(0).texts()));  // the same for all layers
///     auto const taken = census::take_ngram_census(kept.at(0), trigrams);
class kept_firings {
 public:
  /// At most `memory` bytes of bits are held in memory; the file lies in `folder`, which is not touched before it is
  /// needed: the system's for temporary files where that is empty.
  explicit kept_firings(std::uint64_t memory = std::numeric_limits<std::uint64_t>::max(),
                        std::filesystem::path folder = {})
      : memory_(memory), folder_(std::move(folder)) {}

  /// Bytes of the bits of so many tokens.
  static std::uint64_t bytes(std::uint64_t tokens, std::uint64_t neurons) {
    return 8 * tokens * packed_firings::words_for(neurons);
  }

  /// Throws std::invalid_argument where the layer had another number of neurons before, or has observed a sequence of
  /// the block already; bad_input where the file cannot be made or written. This is unchanged then.
  template <host_block B>
  void observe(B const& block) {
    require_rows(block, "census::kept_firings");
    layers_.check(block.layer(), block.firings().neurons());
    auto const sequences = fingerprints(*block.text());
    observed_.check_new(block.layer(), *block.text(), sequences);
    keep(block.layer(), {block.text(), packed(block.firings())});
    observed_.note(block.layer(), sequences);
  }

  /// Throws std::invalid_argument where both have observed the same sequence in the same layer, or layers differ in
  /// their number of neurons; bad_input where the file cannot be made or written. This is unchanged then.
  void merge(kept_firings const& other) {
    observed_.check_disjoint(other.observed_);
    kept_firings merged = *this;
    for (std::uint32_t const layer : other.layers())
      for (kept_layer::part const& part : other.layers_.at(layer).parts()) merged.keep(layer, part);
    merged.observed_.merge(other.observed_);
    *this = std::move(merged);
  }

  /// The layers observed, ascending.
  std::vector<std::uint32_t> layers() const { return layers_.layers(); }

  /// The firings of one layer, a value of its own that shares the bits. Throws std::out_of_range for a layer that was
  /// never observed.
  kept_layer at(std::uint32_t layer) const { return layers_.at(layer); }

  /// Bytes of bits held in memory.
  std::uint64_t held() const { return held_; }

  /// Restores firings within this one's own memory; the others go to its file. Throws std::invalid_argument where they
  /// do not fit their text, bad_input where the file cannot be written.
  template <class Archive>
  void serialize(Archive& archive) {
    archive("observed", observed_);
    auto numbers = layers();
    archive("layer", numbers);
    for (std::uint32_t const layer : numbers) {
      std::uint64_t neurons = 0, parts = 0;
      if constexpr (!Archive::is_reading) neurons = at(layer).neurons(), parts = layers_.at(layer).parts().size();
      archive("neurons", neurons)("parts", parts);
      for (std::uint64_t i = 0; i < parts; ++i)
        if constexpr (Archive::is_reading)
          keep(layer, detail::restored_part(archive, neurons));
        else
          detail::store_part(archive, layers_.at(layer).parts()[i]);
    }
  }

  /// Whether both keep the same firings of the same sequences, wherever they lie and in whatever order they came.
  friend bool operator==(kept_firings const& a, kept_firings const& b) {
    if (a.layers() != b.layers()) return false;
    for (std::uint32_t const layer : a.layers())
      if (kept_layer const& mine = a.layers_.at(layer), &theirs = b.layers_.at(layer);
          mine.neurons() != theirs.neurons() || contents(mine) != contents(theirs))
        return false;
    return true;
  }

 private:
  using sequence_bits = std::tuple<std::uint64_t, std::uint32_t, std::vector<token_id>,
                                   std::tuple<std::uint16_t, bool, bool>, std::vector<std::uint64_t>>;

  /// Every sequence of a layer with its bits, ascending.
  static std::vector<sequence_bits> contents(kept_layer const& layer) {
    std::vector<sequence_bits> all;
    std::size_t const words = layer.words_per_row();
    for (kept_layer::part const& part : layer.parts()) {
      std::vector<std::uint64_t> bits(part.text->tokens.size() * words);
      kept_layer::read(part, 0, words, bits);
      auto const of = [](auto const& from, std::size_t first, std::size_t count) {
        auto const begin = from.begin() + static_cast<std::ptrdiff_t>(first);
        return std::remove_cvref_t<decltype(from)>(begin, begin + static_cast<std::ptrdiff_t>(count));
      };
      for (sequence const& s : part.text->sequences)
        all.emplace_back(s.document, s.piece, of(part.text->tokens, s.first_row, s.length),
                         std::tuple(s.domain, s.full, s.has_bos), of(bits, s.first_row * words, s.length * words));
    }
    std::ranges::sort(all);
    return all;
  }

  template <class Firings>
  static packed_firings packed(Firings const& firings) {
    if constexpr (std::convertible_to<Firings const&, packed_firings>) {
      return firings;
    } else {
      std::size_t const words = packed_firings::words_for(firings.neurons());
      std::shared_ptr<std::uint64_t[]> copy(new std::uint64_t[firings.rows() * words]);
      for (std::size_t row = 0; row < firings.rows(); ++row)
        std::ranges::copy_n(std::ranges::begin(firings.row(row)), static_cast<std::ptrdiff_t>(words),
                            copy.get() + row * words);
      return {std::move(copy), firings.rows(), firings.neurons()};
    }
  }

  void keep(std::uint32_t layer, kept_layer::part part) {
    std::uint64_t size = 0;
    if (auto const* const bits = std::get_if<packed_firings>(&part.firings)) {
      size = bytes(bits->rows(), bits->neurons());
      if (size > memory_ - held_) {
        if (file_ == nullptr) file_ = std::make_shared<firings_file>(folder_);
        part.firings = file_backed_firings(file_, packed_firings(*bits));
        size = 0;
      }
    }
    std::size_t const neurons = std::visit([](auto const& firings) { return firings.neurons(); }, part.firings);
    layers_.update(layer, neurons, [&](kept_layer& kept) { kept.add(std::move(part)); });
    held_ += size;
  }

  std::uint64_t memory_, held_ = 0;
  std::filesystem::path folder_;
  std::shared_ptr<firings_file> file_;  // copies write to the same one, each to places of its own
  per_layer<kept_layer> layers_{"kept_firings"};
  observed_text observed_;
};

}  // namespace census
