// SPDX-License-Identifier: MIT
// A model and a corpus that no folder of the library knows: what census_model and census_corpus ask for, and no more. A
// neuron's pre-activation is a rule about the tokens up to the one at hand.
#pragma once

#include <census/activation/block.hpp>
#include <census/activation/pre_activation_range.hpp>
#include <census/activation/text_list.hpp>
#include <census/error.hpp>

#include <Eigen/Core>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace elsewhere {

struct layer_range {
  std::size_t first = 0, last = 0;
};

class toy_model {
 public:
  struct sizes {
    std::size_t layers = 2, ffn_size = 4, hidden_size = 3, vocabulary_size = 60;
  };
  /// rule(layer, neuron, tokens of the sequence, position) gives a pre-activation.
  using rule = std::function<float(std::uint32_t, std::size_t, std::span<census::token_id const>, std::size_t)>;

  /// What happened to it; copies share it.
  struct history {
    std::vector<std::size_t> run, dropped;  ///< layers
  };
  struct layer_files {
    std::shared_ptr<history> seen;
    void drop(std::size_t layer) const { seen->dropped.push_back(layer); }
  };

  toy_model(sizes const& shape, rule value) : shape_(shape), value_(std::move(value)) {}

  sizes const& architecture() const { return shape_; }
  layer_files weights() const { return {seen_}; }
  history& seen() const { return *seen_; }

  census::block run(std::uint32_t layer, census::shared_text const& text, bool keep_values) const {
    std::vector<float> values;
    for (census::sequence const& s : text->sequences)
      for (std::size_t p = 0; p < s.length; ++p)
        for (std::size_t n = 0; n < shape_.ffn_size; ++n)
          values.push_back(value_(layer, n, std::span(text->tokens).subspan(s.first_row, s.length), p));
    auto const made = census::make_block(layer, text, {std::move(values), shape_.ffn_size});
    return keep_values ? made : census::block(layer, text, made.firings());
  }

  /// Neuron n pushes along axis n modulo hidden_size; token t lies along axis t modulo hidden_size.
  Eigen::VectorXf update(std::size_t, std::size_t neuron) const {
    return Eigen::VectorXf::Unit(static_cast<Eigen::Index>(shape_.hidden_size),
                                 static_cast<Eigen::Index>(neuron % shape_.hidden_size));
  }
  Eigen::VectorXf on_embedding(Eigen::VectorXf const& v) const { return v; }
  Eigen::VectorXf final_gain() const { return {}; }
  Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> embedding_rows(std::size_t first,
                                                                                       std::size_t count) const {
    Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> rows(count, shape_.hidden_size);
    rows.setZero();
    for (std::size_t i = 0; i < count; ++i) rows(i, (first + i) % shape_.hidden_size) = 1;
    return rows;
  }

 private:
  sizes shape_;
  rule value_;
  std::shared_ptr<history> seen_ = std::make_shared<history>();
};

struct kept {
  bool any = false, before_activation = false, firings_suffice = false;
};
struct pass_options {
  layer_range layers = {};
  kept keep_values = {};
  std::uint64_t residual_memory = 0;
  std::filesystem::path residual_folder = ".";
};

/// One layer's blocks at a time, made when the layer is looked for.
class toy_layers {
 public:
  toy_layers(toy_model model, census::text_list texts, pass_options options)
      : model_(std::move(model)), texts_(std::move(texts)), options_(std::move(options)) {}

  std::size_t weights() const { return at_; }  // the layer's number does for them
  bool is_done() const { return at_ == options_.layers.last; }

  class iterator {
   public:
    using value_type = std::vector<census::block>;
    using difference_type = std::ptrdiff_t;
    using iterator_concept = std::input_iterator_tag;
    iterator() = default;
    explicit iterator(toy_layers* from) : from_(from) {}
    value_type& operator*() const { return from_->fetched(); }
    iterator& operator++() { return ++from_->at_, *this; }
    void operator++(int) { ++*this; }
    friend bool operator==(iterator const& here, std::default_sentinel_t) { return here.from_->is_done(); }

   private:
    toy_layers* from_ = nullptr;
  };
  iterator begin() { return at_ = options_.layers.first, iterator(this); }
  std::default_sentinel_t end() const { return {}; }

 private:
  std::vector<census::block>& fetched() {
    blocks_.clear();
    model_.seen().run.push_back(at_);
    for (census::shared_text const& text : texts_)
      blocks_.push_back(model_.run(static_cast<std::uint32_t>(at_), text, options_.keep_values.any));
    return blocks_;
  }

  toy_model model_;
  census::text_list texts_;
  pass_options options_;
  std::size_t at_ = 0;
  std::vector<census::block> blocks_ = {};
};

inline toy_layers layers(toy_model const& model, census::text_list texts, pass_options options) {
  return {model, std::move(texts), std::move(options)};
}

inline layer_range layers_of(toy_model::sizes const& shape, layer_range asked) {
  if (asked.first >= shape.layers)
    throw census::bad_input("layers", "the model has only " + std::to_string(shape.layers));
  return {asked.first, std::min(asked.last, shape.layers)};
}

/// Neuron 2 is dead by its weights; of the others nothing is known.
inline std::vector<census::pre_activation_range> pre_activation_ranges(toy_model::sizes const& shape, std::size_t) {
  census::pre_activation_range const open{.centre = -0.5, .reach = 4, .float_reach = 4, .magnitude = 4, .columns = 3},
      dead{.centre = -1, .reach = 0.5, .float_reach = 0.5, .magnitude = 1, .columns = 3};
  std::vector<census::pre_activation_range> ranges(shape.ffn_size, open);
  if (ranges.size() > 2) ranges[2] = dead;
  return ranges;
}

struct pass_memory {
  std::uint64_t weights = 1000, working = 0, residuals = 0, residuals_held = 0, weights_read = 0, elsewhere = 0;
  std::size_t rows_per_block = 64;
  std::uint64_t total() const { return weights + working + residuals_held + elsewhere; }
};
/// 64 bytes of residual stream a token, held as far as they fit; blocks of 64 rows, or of 8 sequences where those are
/// longer.
inline pass_memory plan_layers(toy_model const&, layer_range layers, std::uint64_t tokens, std::size_t context,
                               std::size_t threads, std::uint64_t elsewhere, std::uint64_t memory,
                               std::size_t most_rows, bool) {
  pass_memory plan{.working = threads * context * 100,
                   .residuals = 64 * tokens,
                   .weights_read = 1000 * layers.last,
                   .elsewhere = elsewhere};
  if (context > plan.rows_per_block) plan.rows_per_block = 8 * context;
  plan.rows_per_block = std::max(std::min(plan.rows_per_block, most_rows), context);
  if (plan.total() > memory)
    throw census::bad_input("memory " + std::to_string(memory >> 20) + "MiB",
                            "this needs at least " + std::to_string((plan.total() >> 20) + 1) + "MiB");
  plan.residuals_held = std::min(plan.residuals, memory - plan.total());
  return plan;
}

inline std::size_t tokens_named(toy_model const& model) { return model.architecture().vocabulary_size; }
inline std::string token_text(toy_model const&, census::token_id token) {
  return std::string("<").append(std::to_string(token)).append(">");
}

/// Documents of one full sequence each, each a text, of two domains in turn; tokens from 3 up to the vocabulary, drawn.
class toy_corpus {
 public:
  toy_corpus(std::size_t documents, std::size_t context, std::size_t vocabulary)
      : context_(context), distinct_(vocabulary - 2) {
    std::uint64_t random = 1;
    for (std::size_t d = 0; d < documents; ++d) {
      census::text_rows rows;
      rows.sequences.push_back({.document = d,
                                .length = static_cast<std::uint32_t>(context),
                                .domain = static_cast<std::uint16_t>(d % 2),
                                .full = true,
                                .has_bos = true});
      rows.tokens.push_back(2);
      while (rows.tokens.size() < context) {
        random = random * 6364136223846793005 + 1442695040888963407;
        rows.tokens.push_back(static_cast<census::token_id>(3 + (random >> 33) % (vocabulary - 3)));
      }
      texts_.push_back(census::share(std::move(rows)));
    }
  }

  std::uint64_t tokens() const { return texts_.size() * context_; }
  std::uint64_t distinct_tokens() const { return distinct_; }
  std::uint64_t documents() const { return texts_.size(); }
  std::uint64_t sequences() const { return texts_.size(); }
  std::uint64_t full_sequences() const { return texts_.size(); }
  std::size_t context() const { return context_; }
  std::vector<std::string> domains() const { return {"even", "odd"}; }
  std::uint64_t bytes_held() const { return 4 * tokens(); }
  census::text_list texts(std::size_t = 0) const { return texts_; }

 private:
  std::size_t context_;
  std::uint64_t distinct_;  ///< at most
  std::vector<census::shared_text> texts_;
};

}  // namespace elsewhere
