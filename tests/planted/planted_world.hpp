// SPDX-License-Identifier: MIT
// A planted checkpoint, a text to go with it, and what the census of the two must find, by construction.
#pragma once

#include <support/planted_checkpoint.hpp>
#include <support/planted_text.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace planted {

using census::token_id;
using census_test::phrase;
using census_test::planted_checkpoint;
using census_test::planted_neuron;

/// The positional type that the paper's pictures give a pattern.
enum class pattern : std::uint8_t { none, one_extreme, both_extremes, oscillatory, other };

/// What must be found of one neuron; what is not said must not be found.
struct answer {
  std::string name;
  bool dead = false, provably_dead = false, always_on = false;
  bool wakeable = false;                            ///< silent on the text, but some text wakes it
  unsigned order = 0;                               ///< the least n at which it is a detector; 0 at none
  std::vector<phrase> detected = {};                ///< its detected n-grams of that order, ascending
  int push = 0;                                     ///< the sign of its update on its triggers
  std::optional<std::vector<bool>> positions = {};  ///< fires there whatever the text, and nowhere else
  pattern type = pattern::none;
  std::optional<unsigned> team = {};
};

struct world_shape {
  std::size_t context = 64, fillers = 20;
  bool cover_of_fifty = true;  ///< pairs of 9 and 6 tokens around a cover of 50
  bool norm_first = true, has_gains = true, projected = false;
  std::uint64_t seed = 1;
};

class world {
 public:
  explicit world(world_shape const& shape) : shape_(shape) {
    checkpoint.context = shape.context, checkpoint.seed = shape.seed;
    checkpoint.norm_first = shape.norm_first, checkpoint.has_gains = shape.has_gains;
    checkpoint.projected = shape.projected;
    checkpoint.layers.resize(2), answers.resize(2);
    for (std::size_t i = 0; i < shape.fillers; ++i) fillers_.push_back(fresh());
    forced();
    token_detectors();
    token_edges();
    bigrams();
    if (shape.cover_of_fifty) cover_of_fifty();
    trigrams();
    silent();
    content();
    positions();
    if (shape.norm_first) second_layer();
    while (checkpoint.layers[1].size() < checkpoint.layers[0].size()) {  // w = 0, b = 0
      add(1, {}, {.name = "nothing", .dead = true, .provably_dead = true});
    }
    std::size_t used = 0;
    for (phrase const& one : phrases_) used += one.size() + 1;
    std::size_t const length = shape.context - 1, enough = used * 5 / 3 / length + 1;  // a text of 60 % phrases
    documents = census_test::compose_text(phrases_, fillers_, std::max<std::size_t>(64, enough), length, shape.seed);
    for (std::size_t const n : by_text_)
      answers[0][n].detected = fires_on(checkpoint.layers[0][n], answers[0][n].order);
  }

  planted_checkpoint checkpoint;
  std::vector<std::vector<answer>> answers;  ///< [layer][neuron]
  std::vector<phrase> documents;             ///< each fills the context with BOS in front

 private:
  using kind = planted_neuron::kind;

  token_id fresh() {
    checkpoint.tokens.push_back(census_test::first_planted_token + static_cast<token_id>(checkpoint.tokens.size()));
    return checkpoint.tokens.back();
  }
  std::vector<token_id> fresh(std::size_t count) {
    std::vector<token_id> all;
    while (all.size() < count) all.push_back(fresh());
    return all;
  }
  void write(phrase const& one, std::size_t times) { phrases_.insert(phrases_.end(), times, one); }
  void add(std::size_t layer, planted_neuron neuron, answer expected) {
    checkpoint.layers[layer].push_back(std::move(neuron));
    answers[layer].push_back(std::move(expected));
  }

  // The n-grams of the text at which a neuron fires, ascending.
  std::vector<phrase> fires_on(planted_neuron const& neuron, unsigned order) const {
    std::set<phrase> all;
    for (phrase const& document : documents) {
      phrase ids{census_test::planted_bos};
      ids.insert(ids.end(), document.begin(), document.end());
      for (std::size_t p = order; p < ids.size(); ++p)
        if (neuron.drive(ids, p) > 0)
          all.insert(phrase(ids.begin() + static_cast<std::ptrdiff_t>(p + 1 - order),
                            ids.begin() + static_cast<std::ptrdiff_t>(p + 1)));
    }
    return {all.begin(), all.end()};
  }

  // Fires on some of these tokens where each place before holds one of its set: a product of sets.
  static planted_neuron product(std::vector<std::vector<token_id>> const& sets) {  // the token at hand comes first
    planted_neuron n;
    for (std::size_t back = 0; back < sets.size(); ++back)
      for (token_id const t : sets[back]) n.tokens.push_back({back, t, 1});
    n.threshold = static_cast<double>(sets.size()) - 0.5;
    return n;
  }
  static std::vector<phrase> one_by_one(std::vector<token_id> const& tokens) {
    std::vector<phrase> all;
    for (token_id const t : tokens) all.push_back({t});
    return all;
  }

  void forced() {
    auto const one = [&](kind what, answer expected) {
      planted_neuron n;
      n.what = what;
      add(0, n, std::move(expected));
    };
    for (int i = 0; i < 3; ++i) {
      one(kind::dead, {.name = "dead", .dead = true, .provably_dead = true});
      one(kind::dead_mirrored, {.name = "dead, mirrored", .dead = true, .provably_dead = true});
      one(kind::dead_on_paper, {.name = "dead in exact numbers", .dead = true});
      one(kind::nearly_dead, {.name = "nearly dead", .dead = true});
      one(kind::always_on, {.name = "always on", .always_on = true});
    }
  }

  void token_detectors() {
    int push = -1;
    for (std::size_t const count : {1, 1, 2, 3, 5, 6}) {
      auto const tokens = count == 6 ? std::vector<token_id>(even_.begin(), even_.begin() + 6) : fresh(count);
      planted_neuron n = product({tokens});
      answer expected{.name = std::to_string(count) + " tokens"};
      if (count < 6) {
        (push < 0 ? n.suppresses : n.promotes) = tokens;
        (push < 0 ? n.promotes : n.suppresses) = {fillers_[count]};
        expected.order = 1, expected.detected = one_by_one(tokens), expected.push = push;
        push = -push;
        for (token_id const t : tokens) write({t}, 48), even_.push_back(t);
      }
      add(0, n, expected);
    }
  }

  void token_edges() {
    // Six tokens whose top five hold exactly 95 %, 190 of 200, or one less.
    auto const high = fresh(4);
    token_id const fifth = fresh(), sixth = fresh(), one_less = fresh(), one_more = fresh();
    for (token_id const t : high) write({t}, 38);
    write({fifth}, 38), write({sixth}, 10), write({one_less}, 37), write({one_more}, 11);
    auto exactly = high, less = high;
    exactly.insert(exactly.end(), {fifth, sixth}), less.insert(less.end(), {one_less, one_more});
    add(0, product({exactly}), {.name = "top five hold 95 %", .order = 1, .detected = one_by_one(exactly)});
    add(0, product({less}), {.name = "top five hold one less than 95 %"});

    // Fires on t unless q stands before it: at 95 of 100, and at 94. The predecessors of the second are few, so that it
    // detects bigrams.
    token_id const q = fresh();
    for (std::size_t const with_q : {5, 6}) {
      token_id const t = fresh();
      auto const before = fresh(2);
      planted_neuron n;
      n.tokens = {{0, t, 1}, {1, q, -1}}, n.threshold = 0.5;
      write({q, t}, with_q), write({before[0], t}, 50), write({before[1], t}, 50 - with_q);
      answer expected{.name = "fires on " + std::to_string(100 - with_q) + " %", .order = 1, .detected = {{t}}};
      if (with_q == 6) expected.order = 2, expected.detected = {{before[0], t}, {before[1], t}};
      add(0, n, expected);
    }

    // Fires on one token always and on another now and then: the first holds 190 of 200 firings, or 190 of 201.
    token_id const always = fresh(), sometimes = fresh(), first = fresh(), second = fresh();
    write({always}, 190), write({first, sometimes}, 10), write({second, sometimes}, 1), write({sometimes}, 60);
    planted_neuron enough;
    enough.tokens = {{0, always, 2}, {0, sometimes, 1}, {1, first, 1}}, enough.threshold = 1.5;
    add(0, enough, {.name = "detected tokens hold 95 %", .order = 1, .detected = {{always}}});
    planted_neuron too_few = enough;
    too_few.tokens.push_back({1, second, 1});
    by_text_.push_back(answers[0].size());  // its bigrams: what stands before the first, and the two of the second
    add(0, too_few, {.name = "detected tokens hold 190 of 201", .order = 2});
  }

  void bigrams() {
    auto const plant = [&](std::vector<token_id> const& before, std::vector<token_id> const& at, int push) {
      planted_neuron n = product({at, before});
      answer expected{.name = "bigrams", .order = 2, .push = push};
      (push < 0 ? n.suppresses : n.promotes) = at;
      for (token_id const b : before)
        for (token_id const t : at) write({b, t}, 30), expected.detected.push_back({b, t});
      for (token_id const t : at) write({t}, 40);
      for (token_id const b : before) write({b}, 40);
      add(0, n, expected);
    };
    plant(fresh(1), fresh(1), -1);
    plant(fresh(2), fresh(3), 1);
    plant({even_[0]}, {even_[1]}, -1);

    // Fires on (q, t) unless r stands before: at 95 of 100 bigrams, and at 94.
    token_id const r = fresh(), q = fresh();
    for (std::size_t const with_r : {5, 6}) {
      token_id const t = fresh();
      auto const before = fresh(2);
      planted_neuron n;
      n.tokens = {{0, t, 1}, {1, q, 1}, {2, r, -1}}, n.threshold = 1.5;
      write({r, q, t}, with_r), write({before[0], q, t}, 50), write({before[1], q, t}, 50 - with_r), write({t}, 30);
      answer expected{
          .name = "fires on " + std::to_string(100 - with_r) + " % of a bigram", .order = 2, .detected = {{q, t}}};
      if (with_r == 6) expected.order = 3, expected.detected = {{before[0], q, t}, {before[1], q, t}};
      add(0, n, expected);
    }
  }

  void cover_of_fifty() {  // 54 bigrams whose top 50 hold exactly 95 %, 304 of 320, or one less
    auto const before = fresh(9);
    for (bool const enough : {true, false}) {
      auto const at = fresh(6);
      answer expected{.name = enough ? "top fifty hold 95 %" : "top fifty hold one less than 95 %"};
      if (enough) expected.order = 2;
      std::size_t number = 0;
      for (token_id const b : before)
        for (token_id const t : at) {
          std::size_t const times = number < 4 ? 7 : number < 50 ? 6 : 4;
          write({b, t}, times - (!enough && number == 0) + (!enough && number == 50));
          if (enough) expected.detected.push_back({b, t});
          ++number;
        }
      for (token_id const t : at) write({t}, 3);
      add(0, product({at, before}), expected);
    }
  }

  void trigrams() {
    auto const plant = [&](std::vector<std::vector<token_id>> const& sets, int push) {  // in reading order
      planted_neuron n = product({sets[2], sets[1], sets[0]});
      answer expected{.name = "trigrams", .order = 3, .push = push};
      (push < 0 ? n.suppresses : n.promotes) = sets[2];
      for (token_id const a : sets[0])
        for (token_id const b : sets[1])
          for (token_id const c : sets[2]) write({a, b, c}, 25), expected.detected.push_back({a, b, c});
      for (token_id const b : sets[1])
        for (token_id const c : sets[2]) write({b, c}, 12 * sets[0].size());
      for (token_id const a : sets[0])
        for (token_id const b : sets[1]) write({a, b}, 10);
      add(0, n, expected);
    };
    plant({fresh(1), fresh(1), fresh(1)}, -1);
    plant({fresh(2), fresh(1), fresh(2)}, 1);
    plant({{even_[2]}, {even_[3]}, {even_[4]}}, -1);
  }

  void silent() {
    token_id const never = fresh();
    add(0, product({{never}}), {.name = "a token that does not occur", .dead = true, .wakeable = true});
    add(0, product({{even_[5]}, {even_[6]}}), {.name = "a bigram that does not occur", .dead = true, .wakeable = true});
    add(0, product({{even_[5]}, {even_[0]}, {even_[6]}}),
        {.name = "a trigram that does not occur", .dead = true, .wakeable = true});
    planted_neuron both;  // two tokens in one place: no text can, some residual stream could
    both.tokens = {{0, even_[0], 1}, {0, even_[1], 1}}, both.threshold = 1.5;
    add(0, both, {.name = "two tokens at once", .dead = true});
  }

  // Every other filler: about half of the text, and no detector's.
  std::vector<token_id> half_of_fillers(std::size_t phase) const {
    std::vector<token_id> half;
    for (std::size_t i = phase; i < fillers_.size(); i += 2) half.push_back(fillers_[i]);
    return half;
  }
  void content() {
    for (std::size_t phase : {0, 1}) add(0, product({half_of_fillers(phase)}), {.name = "half of the fillers"});
    planted_neuron after = product({half_of_fillers(0), half_of_fillers(1)});
    add(0, after, {.name = "half of the fillers after the other half"});
  }

  // cos > cos(half width): fires at `length` positions from `first` on, and again every `period`.
  static planted_neuron arc(std::size_t period, std::size_t first, std::size_t length) {
    planted_neuron n;
    n.circles = {{period, static_cast<double>(first) + (static_cast<double>(length) - 1) / 2, 1}};
    n.threshold = std::cos(std::numbers::pi * static_cast<double>(length) / static_cast<double>(period));
    return n;
  }
  std::vector<bool> on_arc(std::size_t period, std::size_t first, std::size_t length) const {
    std::vector<bool> on(shape_.context);
    for (std::size_t p = 0; p < on.size(); ++p) on[p] = (p + period - first % period) % period < length;
    return on;
  }

  void positions() {
    std::size_t const T = shape_.context;
    auto const plant = [&](std::string name, std::size_t period, std::size_t first, std::size_t length, pattern type,
                           std::optional<unsigned> team = {}) {
      add(0, arc(period, first, length),
          {.name = std::move(name), .positions = on_arc(period, first, length), .type = type, .team = team});
    };
    using enum pattern;
    plant("the first half", 2 * T, 0, T / 2, both_extremes);
    plant("the last quarter", 2 * T, 3 * T / 4, T / 4, both_extremes);
    plant("the middle half", 2 * T, T / 4, T / 2, both_extremes);
    plant("both ends", T, 7 * T / 8, T / 4, both_extremes);
    for (std::size_t width = 1; width <= 5; ++width)  // around the threshold of 0.05 nats; shorter runs are no extreme
      plant("the first " + std::to_string(width), 2 * T, 0, width, width < 5 ? one_extreme : both_extremes);
    for (std::size_t eighth = 0; eighth < 8; ++eighth) plant("an eighth", 2 * T, eighth * T / 8, T / 8, both_extremes);
    for (std::size_t period = 8; period <= T / 4; period *= 2)
      plant("waves of " + std::to_string(period), period, period / 4, period / 2, oscillatory);
    for (unsigned quarter = 0; quarter < 4; ++quarter)
      plant("a quarter of a team", T / 4, quarter * T / 16, T / 16, oscillatory, 1);

    // Text and position together: tokens that fire always, and others that fire in an arc of the positions.
    auto const with_tokens = [&](std::string name, std::vector<token_id> const& always,
                                 std::vector<token_id> const& in_arc, double threshold, pattern type) {
      planted_neuron n = arc(2 * T, T / 4, T / 2);
      for (token_id const t : always) n.tokens.push_back({0, t, 6});
      for (token_id const t : in_arc) n.tokens.push_back({0, t, 3});
      n.threshold += threshold;
      add(0, n, {.name = std::move(name), .type = type});
    };
    std::vector<token_id> few, others;
    for (std::size_t i = 0; i < fillers_.size(); ++i) (i % 4 == 1 ? few : others).push_back(fillers_[i]);
    with_tokens("half of the fillers in an arc", {}, half_of_fillers(0), 3, one_extreme);
    with_tokens("half of the fillers, and all of an arc", half_of_fillers(0), {}, 0, one_extreme);
    with_tokens("some fillers, and the others in an arc", few, others, 3, other);
  }

  void second_layer() {
    auto const tokens = fresh(2);
    for (token_id const t : tokens) write({t}, 48);
    planted_neuron n = product({{tokens[0], tokens[1], even_[0]}});
    n.suppresses = {even_[0]};
    add(1, n, {.name = "3 tokens", .order = 1, .detected = {{even_[0]}, {tokens[0]}, {tokens[1]}}, .push = -1});
    add(1, product({{even_[1]}}), {.name = "1 token", .order = 1, .detected = {{even_[1]}}});
  }

  world_shape shape_;
  std::vector<token_id> fillers_, even_;  // even_: tokens of the plain token detectors, all as frequent
  std::vector<phrase> phrases_;
  std::vector<std::size_t> by_text_;  // neurons of the first layer whose detected n-grams depend on the fillers
};

}  // namespace planted
