// SPDX-License-Identifier: MIT
#pragma once

#include <census/accumulator/firings_by.hpp>
#include <census/accumulator/first_firings.hpp>
#include <census/accumulator/kept_firings.hpp>
#include <census/accumulator/observe_each.hpp>
#include <census/accumulator/paper_tables.hpp>
#include <census/accumulator/together.hpp>
#include <census/statistic/census_rules.hpp>
#include <census/statistic/detector_support.hpp>
#include <census/statistic/layer_census.hpp>
#include <census/statistic/liveness.hpp>
#include <census/statistic/position_census.hpp>
#include <census/statistic/positional_verdict.hpp>
#include <census/statistic/validate_detectors.hpp>
#include <census/statistic/wilson_interval.hpp>
#include <census/survey/survey_size.hpp>
#include <census/tabulation/decoy_position.hpp>
#include <census/tabulation/document_halves.hpp>
#include <census/tabulation/documents_fired_in.hpp>
#include <census/tabulation/ngram_rows.hpp>
#include <census/tabulation/regroup.hpp>
#include <census/tabulation/select_neurons.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <numeric>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

namespace census {

/// How a layer is surveyed for the whole paper.
struct paper_survey_options {
  /// Whether the firings themselves are kept, one bit a neuron and token: n-grams, and whether a detector or a type
  /// holds in each part of the text, need them.
  bool keep_firings = true;
  std::uint64_t kept_memory = std::numeric_limits<std::uint64_t>::max();  ///< bytes of them held; others in a file,
  std::filesystem::path folder = {};  ///< in this folder; the system's for temporary files unless told
  std::uint64_t column_memory = std::uint64_t{64} << 20;  ///< bytes to read those in the file with
  census_rules rules = {};
};

/// The accumulator of the whole paper: everything that a layer_census is taken from.
///
///     for (auto&& layer : census::layers(model, corpus)) {
///       census::paper_survey seen;
///       census::survey(layer, seen);
///       auto const taken = seen.result(number++, ngrams);
///     }
class paper_survey {
  using paper_tables = together<liveness, firings_by<key::domain>, token_coverage,
                                firings_by<key::tuple<key::begins_document, key::position>>,
                                firings_by<key::tuple<key::begins_document, key::decoy_position>>, first_firings>;

 public:
  /// How many keys each table of a layer has at most: tables by nothing, domain, token, position and the decoy of
  /// position (both twice, by whether the sequence begins its document).
  static std::array<std::uint64_t, 5> keys_of_tables(survey_size const& size) {
    return {1, size.domains, size.distinct_tokens, 2 * size.positions, 2 * size.positions};
  }

  /// Bytes of memory for one layer, from above, beside the firings that are kept.
  static std::uint64_t bytes(survey_size const& size) {
    std::uint64_t bytes = observed_text::bytes(size.sequences) +
                          first_firings::bytes(size.documents, size.tokens, size.sequences, size.neurons);
    for (std::uint64_t const keys : keys_of_tables(size))
      bytes += liveness::bytes(keys, size.tokens, size.sequences, size.neurons);
    return bytes;
  }

  /// Bytes of memory to count the firings of a few neurons anew: their bits, and their table by half and token.
  static std::uint64_t bytes_to_count_again(survey_size const& size) {
    return kept_firings::bytes(size.tokens, counted_again) +
           liveness::bytes(2 * size.distinct_tokens, size.tokens, size.sequences, counted_again);
  }

  explicit paper_survey(paper_survey_options const& options = {})
      : rules_(options.rules), column_memory_(options.column_memory) {
    if (options.keep_firings) kept_.emplace(options.kept_memory, options.folder);
  }

  /// Throws as its parts do: std::invalid_argument where the layer had another number of neurons before.
  template <activation_block B>
  requires(shown<paper_tables, B>&& shown<kept_firings, B>) void observe(B const& block) {
    host_twin<B> twin(block);
    observe(block, twin);
  }

  /// The same where the block may have been brought to the host already.
  template <activation_block B>
  requires(shown<paper_tables, B>&& shown<kept_firings, B>) void observe(B const& block, host_twin<B>& twin) {
    if (kept_) observe_each(block, twin, *kept_);  // first, for its file may be full; nothing is kept of the block then
    observe_each(block, twin, tables_);
  }

  /// Throws as its parts do; where only one of the two keeps firings, neither does afterwards. This is unchanged then.
  void merge(paper_survey const& other) {
    auto tables = tables_;
    tables.merge(other.tables_);
    if (kept_ && other.kept_)
      kept_->merge(*other.kept_);
    else
      kept_.reset();
    tables_ = std::move(tables);
  }

  /// The fingerprints of the sequences that were observed of a layer.
  std::vector<std::uint64_t> sequences(std::uint32_t layer) const {
    return std::get<0>(tables_.parts).sequences(layer);
  }

  firing_table<std::uint16_t> by_domain(std::uint32_t layer) const { return std::get<1>(tables_.parts).table(layer); }
  firing_table<token_id> by_token(std::uint32_t layer) const { return std::get<2>(tables_.parts).table(layer); }
  firing_table<std::uint32_t> by_position(std::uint32_t layer) const {
    return census::by_position(std::get<3>(tables_.parts).table(layer));
  }

  /// The census of a layer, by these of the text's n-grams (n = 2, 3, ... in order, none left out; they ask for the
  /// firings to be kept). Throws std::out_of_range for a layer that was never observed, std::invalid_argument where
  /// n-grams are asked for and no firings were kept, or where they are in another order or of another text.
  layer_census result(std::uint32_t layer, std::span<ngram_rows const> ngrams = {}) const {
    check_order(ngrams);
    if (!kept_ && !ngrams.empty())
      throw std::invalid_argument("census::paper_survey: n-grams are asked for, but no firings were kept");
    auto const& [everything, domains, tokens, positions, decoys, first] = tables_.parts;
    layer_census taken{
        .layer = layer,
        .liveness = take_liveness_census(everything.table(layer), first.at(layer)),
        .tokens = take_token_census(tokens.table(layer), rules_.token_detector),
        .position = take_position_census(positions.table(layer), decoys.table(layer), rules_),
    };
    if (!kept_) return taken;

    auto const bits = kept_->at(layer);
    std::vector<std::vector<detector>> by_n{taken.tokens.detectors};
    for (ngram_rows const& rows : ngrams) {
      taken.ngrams.push_back(
          take_ngram_census(bits, rows, {.rule = rules_.detector(rows.n()), .memory = column_memory_}));
      by_n.push_back(taken.ngrams.back().detectors);
    }
    taken.detector_order = detector_orders(taken.neurons(), by_n);
    taken.position.estimate = estimate_position(bits, by_position_inside(positions.table(layer)));
    find_support(bits, taken.tokens);
    document_halves const halves(bits.texts());
    if (!can_confirm(halves.sizes())) return taken;
    validate(bits, halves, layer, taken.tokens);
    find_confident(bits, halves, layer, taken.position);
    return taken;
  }

  /// Throws std::invalid_argument where one of the two keeps firings and the other does not.
  template <class Archive>
  void serialize(Archive& archive) {
    bool keeps = kept_.has_value();
    archive("keeps_firings", keeps);
    if (keeps != kept_.has_value())
      throw std::invalid_argument(keeps ? "census::paper_survey: firings were kept, and are not asked for"
                                        : "census::paper_survey: no firings were kept");
    archive("tables", tables_);
    if (kept_) archive("kept_firings", *kept_);
    if (Archive::is_reading && !is_of_one_text())
      throw std::invalid_argument("census::paper_survey: tables and firings that are not of one text");
  }

  friend bool operator==(paper_survey const& a, paper_survey const& b) {
    return a.tables_ == b.tables_ && a.kept_ == b.kept_;
  }

 private:
  /// The orders of detectors are told by the place in the list.
  static void check_order(std::span<ngram_rows const> ngrams) {
    for (std::size_t i = 0; i < ngrams.size(); ++i)
      if (ngrams[i].n() != i + 2)
        throw std::invalid_argument("census::paper_survey: n-grams of n = " + std::to_string(ngrams[i].n()) +
                                    " come where those of n = " + std::to_string(i + 2) +
                                    " are to come: 2, 3, ... in order");
  }

  /// Whether what each part tells of a layer can be of the same text.
  bool is_of_one_text() const {
    auto const& [everything, domains, by_token, positions, decoys, first] = tables_.parts;
    auto const observed = everything.layers();
    if (domains.layers() != observed || by_token.layers() != observed || positions.layers() != observed ||
        decoys.layers() != observed || first.layers() != observed || (kept_ && kept_->layers() != observed))
      return false;
    for (std::uint32_t const layer : observed) {
      auto const all = everything.table(layer);
      auto const in_domains = domains.table(layer);
      auto const at_tokens = by_token.table(layer);
      auto const in_place = positions.table(layer), moved = decoys.table(layer);
      if (tokens(in_domains) != tokens(all) || firings(in_domains) != firings(all) || tokens(at_tokens) > tokens(all) ||
          at_tokens.neurons() != all.neurons() || in_place.neurons() != all.neurons() ||
          first.at(layer).first_documents.size() != all.neurons() ||
          !of_same_sequences(census::by_position(in_place), census::by_position(moved)) ||
          !of_same_sequences(by_position_inside(in_place), by_position_inside(moved)))
        return false;
      if (kept_ && (kept_->at(layer).rows() != tokens(all) || kept_->at(layer).neurons() != all.neurons()))
        return false;
    }
    return true;
  }

  /// Counts the firings of a few of a layer's neurons anew, by what `fresh` counts by, and calls visit(neurons, table)
  /// for some of them at a time: so many that their firings take 16 bytes a token.
  template <class FiringsBy, class Visit>
  static void count_again(kept_layer const& bits, std::uint32_t layer, std::vector<std::uint32_t> const& neurons,
                          FiringsBy const& fresh, Visit const& visit) {
    for (std::size_t first = 0; first < neurons.size(); first += counted_again) {
      auto const some = std::span(neurons).subspan(first, std::min(counted_again, neurons.size() - first));
      auto counted = fresh;
      auto const selected = select_neurons(bits, some);
      for (kept_layer::part const& part : selected.parts())
        counted.observe(block(layer, part.text, std::get<packed_firings>(part.firings)));
      visit(some, counted.table(layer));
    }
  }

  /// Which token detectors rest on tokens that say something.
  void find_support(kept_layer const& bits, token_census& tokens) const {
    note_support(
        tokens.detectors, fewest_that_support(rules_.token_detector.fires_on),
        [&](std::uint32_t row) { return tokens.keys[row]; },
        [&](std::span<neuron_at_key const> asked) { return fired_in_two_documents(bits, asked); });
  }

  /// What is claimed of each neuron: that it detects tokens, or that it does not. The dead are counted with the others,
  /// whose words they share; nothing is claimed of them.
  void validate(kept_layer const& bits, document_halves const& halves, std::uint32_t layer,
                token_census& tokens) const {
    std::vector<std::uint32_t> neurons(tokens.firings.size());
    std::iota(neurons.begin(), neurons.end(), 0u);
    tokens.claims.resize(neurons.size());
    firings_by const by_half{key::tuple(halves, key::token{})};
    count_again(bits, layer, neurons, by_half, [&](auto some, auto const& table) {
      auto const claims = validate_detectors(table, rules_.token_detector);
      for (std::size_t i = 0; i < some.size(); ++i) tokens.claims[some[i]] = claims[i];
    });
  }

  /// Which neurons have the same type in each part of the text; nothing where a half has too few full sequences.
  void find_confident(kept_layer const& bits, document_halves const& halves, std::uint32_t layer,
                      position_census& position) const {
    auto const tells_too_little = [](text_half const& half) { return half.full_sequences < fewest_to_tell_types; };
    if (std::ranges::any_of(halves.sizes(), tells_too_little)) return;
    std::vector<std::uint32_t> neurons;
    for (std::uint32_t n = 0; n < position.types.size(); ++n)
      if (position.types[n]) neurons.push_back(n);
    position.confident.resize(position.types.size());
    firings_by const by_part{key::tuple(halves, key::domain{}, key::position{})};
    count_again(bits, layer, neurons, by_part, [&](auto some, auto const& table) {
      std::vector<std::optional<typed_neuron>> types;
      for (std::uint32_t const n : some) types.push_back(position.types[n]);
      auto const same = confident(table, types, fewest_to_tell_types, rules_.positional_type);
      for (std::size_t i = 0; i < some.size(); ++i) position.confident[some[i]] = same[i];
    });
  }

  static constexpr std::size_t counted_again = 128;  // neurons at a time

  census_rules rules_;
  std::uint64_t column_memory_;
  paper_tables tables_;
  std::optional<kept_firings> kept_;
};

}  // namespace census
