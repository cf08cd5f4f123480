// SPDX-License-Identifier: MIT
#pragma once

#include <census/parallel_loop.hpp>
#include <census/tabulation/detail/kept_rows.hpp>
#include <census/tabulation/detail/ngram_chunks.hpp>
#include <census/tabulation/detail/stripe.hpp>
#include <census/tabulation/kept_layer.hpp>
#include <census/tabulation/ngram_rows.hpp>

#include <tbb/enumerable_thread_specific.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <variant>
#include <vector>

namespace census::detail {

/// How a layer's words are shared out: a stripe is counted at once, a band of stripes is fetched at once, by one
/// thread.
struct band_plan {
  std::size_t words_per_stripe = stripe_words, stripes_per_band = 1;
  std::uint64_t threads = 1;
};

/// In memory, a row's words lie side by side, far from those of the row that is counted next: a band is of several
/// stripes, as far as their counters fit into `memory`. Of what lies in a file, a band holds its words of every row; it
/// is one stripe, or as many words of it as `memory` holds for all threads, at least one.
inline band_plan plan_bands(kept_layer const& layer, std::uint64_t counter_bytes, std::uint64_t memory) {
  constexpr std::size_t most_stripes = 4;
  band_plan plan{.threads = static_cast<std::uint64_t>(tbb::this_task_arena::max_concurrency())};
  if (std::uint64_t const column = 8 * layer.rows_in_file(); column > 0) {
    plan.threads = std::clamp<std::uint64_t>(memory / column, 1, plan.threads);
    plan.words_per_stripe = std::clamp<std::size_t>(memory / plan.threads / column, 1, stripe_words);
    return plan;
  }
  std::size_t const stripes = (layer.words_per_row() + stripe_words - 1) / stripe_words;
  std::uint64_t const more = memory / plan.threads / std::max<std::uint64_t>(1, counter_bytes);
  plan.stripes_per_band =
      std::clamp<std::size_t>(stripes / plan.threads, 1, std::min<std::size_t>(most_stripes, 1 + more));
  return plan;
}

/// Words first .. first + count - 1 of each row.
struct word_range {
  std::size_t first, count;
};

/// A layer's words in stripes, and these in bands of neighbours. Stripes none of whose neurons is wanted
/// (wanted(first neuron, one past the last)) are left out.
template <std::predicate<std::size_t, std::size_t> Wanted>
std::vector<std::vector<word_range>> bands_of(std::size_t words_per_row, band_plan const& plan, Wanted const& wanted) {
  std::vector<std::vector<word_range>> bands;
  std::size_t end = words_per_row;  // of the band before, none yet
  for (std::size_t first = 0; first < words_per_row; first += plan.words_per_stripe) {
    word_range const stripe{first, std::min(plan.words_per_stripe, words_per_row - first)};
    if (!wanted(64 * first, 64 * (first + stripe.count))) continue;
    if (end != first || bands.back().size() == plan.stripes_per_band) bands.emplace_back();
    bands.back().push_back(stripe);
    end = first + stripe.count;
  }
  return bands;
}

/// A band's words of every row of a layer: where they are kept, if that is in memory, else fetched from the file.
class band_words {
 public:
  /// `fetched` is memory for what lies in a file. Throws bad_input where that cannot be read.
  band_words(kept_layer const& layer, word_range words, std::vector<std::uint64_t>& fetched) {
    fetched.resize(layer.rows_in_file() * words.count);
    std::span<std::uint64_t> room(fetched);
    for (kept_layer::part const& part : layer.parts()) {
      if (auto const* const held = std::get_if<packed_firings>(&part.firings)) {
        parts_.push_back({held->row(0).data() + words.first, held->words_per_row()});
        continue;
      }
      auto const here = room.first(part.text->tokens.size() * words.count);
      kept_layer::read(part, words.first, words.count, here);
      parts_.push_back({here.data(), words.count});
      room = room.subspan(here.size());
    }
  }

  /// The band's first word of a row.
  std::uint64_t const* operator[](kept_row row) const {
    return parts_[row.part].first_row + row.row * parts_[row.part].stride;
  }

 private:
  struct part_words {
    std::uint64_t const* first_row;
    std::size_t stride;  // words from a row to the next
  };
  std::vector<part_words> parts_;
};

/// Copies the stripes of some rows side by side, stripe by stripe: `into` [stripe of the band, row].
inline void gather(band_words const& from, std::span<kept_row const> rows, std::span<word_range const> stripes,
                   std::span<stripe> into) {
  constexpr std::size_t ahead = 16;
  std::array<std::uint64_t const*, ngram_chunks::most_rows> words_of;
  for (std::size_t i = 0; i < rows.size(); ++i) words_of[i] = from[rows[i]];
  std::size_t const words_of_band = stripes.back().first + stripes.back().count - stripes.front().first;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::uint64_t const* const later = words_of[std::min(i + ahead, rows.size() - 1)];
    for (std::size_t w = 0; w < words_of_band; w += stripe_words) __builtin_prefetch(later + w);
    std::span<std::uint64_t const> words(words_of[i], words_of_band);
    stripe* to = &into[i];
    for (word_range const& own : stripes) {
      *to = read_stripe(words, 0, own.count);
      words = words.subspan(own.count);
      to += rows.size();
    }
  }
}

/// Gives the counter of each stripe the rows of each n-gram, ascending: counter.add(run, rows), in several runs
/// (ngram_run) where there are many. `rows` in order of n-grams.
template <class Counter>
void count_band(band_words const& words, std::span<kept_row const> rows, ngram_rows const& ngrams,
                std::span<word_range const> stripes, std::span<Counter> counters) {
  std::vector<stripe> gathered(stripes.size() * ngram_chunks::most_rows);
  for (ngram_chunks chunk(ngrams); chunk.next();) {
    gather(words, rows.subspan(chunk.first(), chunk.size()), stripes, gathered);
    for (std::size_t s = 0; s < counters.size(); ++s) {
      auto const own = std::span<stripe const>(gathered).subspan(s * chunk.size(), chunk.size());
      for (ngram_run const& run : chunk.runs()) counters[s].add(run, own.subspan(run.first, run.last - run.first));
    }
  }
}

/// Counts a layer's firings n-gram by n-gram, in parallel over bands of stripes. make(words) makes the counter of a
/// stripe, see count_band; done(counter, words) gets it when all is counted, and may write only what belongs to the
/// stripe's neurons. A counter takes `counter_bytes`; what is fetched from a file, and counters beyond one a thread,
/// take at most `memory` bytes, but see plan_bands. Throws std::invalid_argument where the n-grams are of another text,
/// bad_input where a file cannot be read.
template <std::predicate<std::size_t, std::size_t> Wanted, std::invocable<word_range> Make, class Done>
void count_stripes(kept_layer const& layer, ngram_rows const& ngrams, std::uint64_t memory, std::uint64_t counter_bytes,
                   Wanted const& wanted, Make const& make, Done const& done) {
  auto const rows = kept_rows(layer, ngrams);
  band_plan const plan = plan_bands(layer, counter_bytes, memory);
  auto const bands = bands_of(layer.words_per_row(), plan, wanted);
  auto const count = [&](std::span<word_range const> stripes, std::vector<std::uint64_t>& fetched) {
    std::size_t const first = stripes.front().first, end = stripes.back().first + stripes.back().count;
    band_words const words(layer, {first, end - first}, fetched);
    std::vector<decltype(make(stripes.front()))> counters;
    counters.reserve(stripes.size());
    for (word_range const own : stripes) counters.push_back(make(own));
    count_band(words, rows, ngrams, stripes, std::span(counters));
    for (std::size_t s = 0; s < stripes.size(); ++s) done(counters[s], stripes[s]);
  };
  tbb::task_arena arena(static_cast<int>(plan.threads));
  arena.execute([&] {
    tbb::enumerable_thread_specific<std::vector<std::uint64_t>> of_thread;
    parallel_loop(std::size_t{0}, bands.size(), [&](std::size_t b) { count(bands[b], of_thread.local()); });
  });
}

}  // namespace census::detail
