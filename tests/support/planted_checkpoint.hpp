// SPDX-License-Identifier: MIT
// Checkpoints whose answers are known: an OPT with planted neurons, written as an ordinary Hugging Face folder.
//
// The residual stream is x = (a, -a), so its mean is 0, with a = [A0 | A1 | A2 | B]: the token, the one before it and
// the one before that, each one-hot, and the position as circles (cos 2πp/P, sin 2πp/P) of several periods P. Its
// length never changes, so that every norm multiplies by a known s. Two heads fetch A1 and A2: keys are the circles,
// queries the same turned back by one or two places, and scores are so large that nothing leaks from other places. A
// row of fc1 is (w, -w)/(2s)/gain with the bias -row·shift - threshold: its pre-activation is w·a - threshold, whatever
// the gains.
#pragma once

#include <census/archive/safetensors_writer.hpp>
#include <census/archive/whole_file.hpp>
#include <census/token_id.hpp>

#include <support/byte_vocabulary.hpp>

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <numbers>
#include <random>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace census_test {

using census::token_id;
inline constexpr token_id planted_bos = 2, first_planted_token = 4;  // ids 4 to 259 are the bytes

/// A neuron by what it reads, or a random one that is forced to be silent or to fire.
struct planted_neuron {
  enum class kind : std::uint8_t {
    reads,          ///< fires where the weights of what it reads sum to more than the threshold
    dead,           ///< random weights, biased down by 1.001 times all that a norm can give
    dead_mirrored,  ///< the same with weights whose u has mean 0
    dead_on_paper,  ///< biased down by 1.001 times what a norm of exact numbers can give, its u far from mean 0
    always_on,      ///< random weights, biased up
    nearly_dead     ///< random, biased down by 0.999 times: silent on any text, but no proof
  };
  struct token_weight {
    std::size_t back;  ///< 0 the token at hand, 1 the one before, 2 the one before that
    token_id token;
    double weight;
  };
  struct circle_weight {  ///< weight · cos(2π(p - centre)/period)
    std::size_t period;
    double centre, weight;
  };

  kind what = kind::reads;
  std::vector<token_weight> tokens;
  std::vector<circle_weight> circles;
  double threshold = 0;
  std::vector<token_id> promotes, suppresses;

  /// What it reads less its threshold, in exact arithmetic: it fires where that is above 0. `ids` is a sequence with
  /// its BOS; before its start everything reads as BOS.
  double drive(std::span<token_id const> ids, std::size_t position) const {
    double sum = -threshold;
    for (auto const& t : tokens)
      sum += (position < t.back ? planted_bos : ids[position - t.back]) == t.token ? t.weight : 0;
    for (auto const& c : circles)
      sum += c.weight * std::cos(2 * std::numbers::pi * (static_cast<double>(position) - c.centre) /
                                 static_cast<double>(c.period));
    return sum;
  }
};

/// How much a neuron's update moves the logit of a token that it promotes or suppresses.
inline constexpr double planted_push = 2.0 / 128;

struct planted_checkpoint {
  std::size_t context = 64;      ///< a power of two: positions
  std::vector<token_id> tokens;  ///< that the text may hold, BOS apart; all others share one place in A0
  std::vector<std::vector<planted_neuron>> layers;  ///< all of the same size; with norms after, only the first is read
  bool norm_first = true, has_gains = true, projected = false;
  std::uint64_t seed = 1;

  static constexpr std::size_t vocabulary = 260;

  std::vector<std::size_t>
  periods() const {  // powers of two, to tell places apart and for arcs; the last for half lines
    std::vector<std::size_t> all;
    for (std::size_t period = 4; period <= 2 * context; period *= 2) all.push_back(period);
    return all;
  }
  std::size_t places() const { return tokens.size() + 2; }  // of a token in A0
  std::size_t half() const { return 3 * places() + 2 * periods().size(); }
  std::size_t hidden() const { return 2 * half(); }

  void write(std::filesystem::path const& folder) const;
};

namespace detail {

class planted_writer {
 public:
  explicit planted_writer(planted_checkpoint const& p)
      : p_(p), random_(p.seed), periods_(p.periods()), places_(p.places()), m_(p.half()), d_(p.hidden()),
        ffn_(p.layers.front().size()) {
    for (std::size_t i = 0; i < p.tokens.size(); ++i) place_of_[p.tokens[i]] = i + 1;
    place_of_[planted_bos] = 0;
  }

  void write(std::filesystem::path const& folder) {
    embeddings();
    for (std::size_t l = 0; l < p_.layers.size(); ++l) layer(l);
    if (p_.norm_first) norm("final_layer_norm", true);
    std::vector<census::safetensors_writer::declaration> declared;
    for (auto const& [name, t] : tensors_) declared.push_back({"model.decoder." + name, "F32", t.shape});
    census::safetensors_writer file(folder / "model.safetensors", declared, {{"format", "pt"}});
    for (auto const& [name, t] : tensors_) file.append("model.decoder." + name, std::span<float const>(t.values));
    file.commit();

    nlohmann::ordered_json config{{"model_type", "opt"},
                                  {"vocab_size", planted_checkpoint::vocabulary},
                                  {"hidden_size", d_},
                                  {"word_embed_proj_dim", p_.projected ? places_ : d_},
                                  {"num_hidden_layers", p_.layers.size()},
                                  {"num_attention_heads", 2},
                                  {"ffn_dim", ffn_},
                                  {"max_position_embeddings", p_.context},
                                  {"do_layer_norm_before", p_.norm_first},
                                  {"layer_norm_elementwise_affine", p_.has_gains},
                                  {"activation_function", "relu"},
                                  {"bos_token_id", planted_bos}};
    put(folder / "config.json", config.dump(1));
    put(folder / "vocab.json", byte_vocabulary(first_planted_token).dump());
    put(folder / "merges.txt", "#version: 0.2");
  }

 private:
  struct tensor {
    std::vector<std::uint64_t> shape;
    std::vector<float> values;
    float& at(std::size_t row, std::size_t column) { return values[row * shape[1] + column]; }
  };
  /// The parameters of a norm, and what it multiplies the residual stream with.
  struct reading {
    std::vector<double> gain, shift;
    double scale;
  };

  static void put(std::filesystem::path const& path, std::string const& text) {
    census::whole_file file(path);
    file.stream() << text << '\n';
    file.commit();
  }

  tensor& make(std::string const& name, std::vector<std::uint64_t> shape) {
    std::size_t count = 1;
    for (auto const extent : shape) count *= extent;
    return tensors_[name] = {std::move(shape), std::vector<float>(count)};
  }
  double normal() { return std::normal_distribution<double>()(random_); }
  double uniform() { return static_cast<double>(random_() >> 11) * 0x1p-53; }

  reading norm(std::string const& name, bool positive = false) {
    reading made{std::vector<double>(d_, 1.0), std::vector<double>(d_, 0.0), 1};
    if (!p_.has_gains) return made;
    auto &gain = make(name + ".weight", {d_}), &shift = make(name + ".bias", {d_});
    for (std::size_t i = 0; i < d_; ++i) {
      gain.values[i] = static_cast<float>((0.5 + uniform()) * (positive || random_() % 4 != 0 ? 1 : -1));
      shift.values[i] = static_cast<float>(uniform() - 0.5);
      made.gain[i] = double{gain.values[i]}, made.shift[i] = double{shift.values[i]};
    }
    return made;
  }
  reading plain() const { return {std::vector<double>(d_, 1.0), std::vector<double>(d_, 0.0), 1}; }
  // What a norm multiplies a residual stream with whose a has this squared length.
  double scale_of(double squared_length) const {
    return 1 / std::sqrt(squared_length / static_cast<double>(m_) + 1e-5);
  }

  void embeddings() {
    auto& tokens = make("embed_tokens.weight", {planted_checkpoint::vocabulary, p_.projected ? places_ : d_});
    for (token_id t = 0; t < planted_checkpoint::vocabulary; ++t) {
      tokens.at(t, place(t)) = 1;
      if (!p_.projected) tokens.at(t, m_ + place(t)) = -1;
    }
    if (p_.projected) {
      auto& in = make("project_in.weight", {d_, places_});
      auto& out = make("project_out.weight", {places_, d_});
      for (std::size_t i = 0; i < places_; ++i)
        in.at(i, i) = out.at(i, i) = 1, in.at(m_ + i, i) = out.at(i, m_ + i) = -1;
    }
    auto& positions = make("embed_positions.weight", {p_.context + 2, d_});
    for (std::size_t i = 0; i < 2 * d_; ++i) positions.values[i] = static_cast<float>(normal());  // never read
    for (std::size_t q = 0; q < p_.context; ++q)
      for (std::size_t k = 0; k < periods_.size(); ++k) {
        double const angle =
            2 * std::numbers::pi * static_cast<double>(q % periods_[k]) / static_cast<double>(periods_[k]);
        for (std::size_t part = 0; part < 2; ++part) {
          auto const value = static_cast<float>(part == 0 ? std::cos(angle) : std::sin(angle));
          positions.at(q + 2, circle(k) + part) = value, positions.at(q + 2, m_ + circle(k) + part) = -value;
        }
      }
  }

  std::size_t place(token_id t) const {
    auto const found = place_of_.find(t);
    return found == place_of_.end() ? places_ - 1 : found->second;
  }
  std::size_t circle(std::size_t k) const { return 3 * places_ + 2 * k; }
  std::size_t circle_of(std::size_t period) const {
    for (std::size_t k = 0; k < periods_.size(); ++k)
      if (periods_[k] == period) return circle(k);
    throw std::invalid_argument("there is no circle of period " + std::to_string(period));
  }

  // Row `out` of a linear layer that gives w·a + constant, whatever the norm before it.
  void read(std::string const& name, std::size_t out, std::map<std::size_t, double> const& w, double constant,
            reading const& from) {
    tensor& weight = tensors_.at(name + ".weight");
    for (auto const& [i, value] : w) {
      weight.at(out, i) = static_cast<float>(value / (2 * from.scale) / from.gain[i]);
      weight.at(out, m_ + i) = static_cast<float>(-value / (2 * from.scale) / from.gain[m_ + i]);
    }
    for (std::size_t i = 0; i < d_; ++i) constant -= double{weight.at(out, i)} * from.shift[i];
    tensors_.at(name + ".bias").values[out] = static_cast<float>(constant);
  }
  void linear(std::string const& name, std::size_t out, std::size_t in) {
    make(name + ".weight", {out, in}), make(name + ".bias", {out});
  }

  void layer(std::size_t l) {
    std::string const name = "layers." + std::to_string(l) + ".";
    auto const circles = static_cast<double>(periods_.size());
    for (auto const* part : {"q_proj", "k_proj", "v_proj", "out_proj"}) linear(name + "self_attn." + part, d_, d_);
    linear(name + "fc1", ffn_, d_), linear(name + "fc2", d_, ffn_);
    reading attention = norm(name + "self_attn_layer_norm"), feed_forward = norm(name + "final_layer_norm");
    attention.scale = scale_of(1 + circles), feed_forward.scale = scale_of(3 + circles);
    if (!p_.norm_first)  // attention reads the stream as it is, fc1 what attention's norm makes of it
      feed_forward.gain = attention.gain, feed_forward.shift = attention.shift, attention = plain();
    if (l == 0) fetch_tokens_before(name + "self_attn.", attention);
    for (std::size_t n = 0; n < ffn_; ++n) {
      planted_neuron const& neuron = p_.layers[l][n];
      if (l > 0 && !p_.norm_first) continue;
      neuron.what == planted_neuron::kind::reads ? plant(name, n, neuron, feed_forward)
                                                 : force(name, n, neuron.what, feed_forward);
      for (auto const& [tokens, sign] : {std::pair(&neuron.promotes, 1), std::pair(&neuron.suppresses, -1)})
        for (token_id const t : *tokens) {
          auto const push = static_cast<float>(sign * planted_push / 2);
          tensors_.at(name + "fc2.weight").at(place(t), n) += push;
          tensors_.at(name + "fc2.weight").at(m_ + place(t), n) -= push;
        }
    }
  }

  void fetch_tokens_before(std::string const& name, reading const& from) {
    double const sharpness = 40 * std::sqrt(static_cast<double>(m_));  // queries are divided by the root
    for (std::size_t head = 0; head < 2; ++head) {
      std::size_t const back = head + 1, first = head * m_;
      for (std::size_t k = 0; k < periods_.size(); ++k) {
        double const turn = 2 * std::numbers::pi * static_cast<double>(back) / static_cast<double>(periods_[k]);
        std::size_t const c = circle(k), row = first + 2 * k;
        read(name + "q_proj", row, {{c, sharpness * std::cos(turn)}, {c + 1, sharpness * std::sin(turn)}}, 0, from);
        read(name + "q_proj", row + 1, {{c, -sharpness * std::sin(turn)}, {c + 1, sharpness * std::cos(turn)}}, 0,
             from);
        read(name + "k_proj", row, {{c, 1}}, 0, from);
        read(name + "k_proj", row + 1, {{c + 1, 1}}, 0, from);
      }
      tensor& out = tensors_.at(name + "out_proj.weight");
      for (std::size_t i = 0; i < places_; ++i) {
        read(name + "v_proj", first + i, {{i, 1}}, 0, from);
        out.at(back * places_ + i, first + i) = 1, out.at(m_ + back * places_ + i, first + i) = -1;
      }
    }
  }

  void plant(std::string const& name, std::size_t n, planted_neuron const& neuron, reading const& from) {
    std::map<std::size_t, double> w;
    for (auto const& t : neuron.tokens) w[t.back * places_ + place(t.token)] += t.weight;
    for (auto const& c : neuron.circles) {
      double const angle = 2 * std::numbers::pi * c.centre / static_cast<double>(c.period);
      w[circle_of(c.period)] += c.weight * std::cos(angle), w[circle_of(c.period) + 1] += c.weight * std::sin(angle);
    }
    read(name + "fc1", n, w, -neuron.threshold, from);
  }

  void force(std::string const& name, std::size_t n, planted_neuron::kind what, reading const& from) {
    using enum planted_neuron::kind;
    tensor& weight = tensors_.at(name + "fc1.weight");
    double sum = 0, squares = 0, constant = 0;
    for (std::size_t i = 0; i < d_; ++i) {
      double u = normal() + (what == dead_on_paper ? 2 : 0);
      if (what == dead_mirrored && i >= m_) u = -double{weight.at(n, i - m_)} * from.gain[i - m_];
      weight.at(n, i) = static_cast<float>(u / from.gain[i]);
      u = double{weight.at(n, i)} * from.gain[i];
      sum += u, squares += u * u, constant += double{weight.at(n, i)} * from.shift[i];
    }
    auto const d = static_cast<double>(d_);
    double const reach = std::sqrt(d * squares), exact_reach = std::sqrt(d * (squares - sum * sum / d));
    double const wanted = what == always_on       ? 1.001 * reach
                          : what == dead_on_paper ? -1.001 * exact_reach
                          : what == nearly_dead   ? -0.999 * exact_reach
                                                  : -1.001 * reach;
    tensors_.at(name + "fc1.bias").values[n] = static_cast<float>(wanted - constant);
  }

  planted_checkpoint const& p_;
  std::mt19937_64 random_;
  std::vector<std::size_t> periods_;
  std::size_t places_, m_, d_, ffn_;
  std::map<token_id, std::size_t> place_of_;
  std::map<std::string, tensor> tensors_;
};

}  // namespace detail

inline void planted_checkpoint::write(std::filesystem::path const& folder) const {
  detail::planted_writer(*this).write(folder);
}

}  // namespace census_test
