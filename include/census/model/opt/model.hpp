// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/model/matrix.hpp>
#include <census/model/opt/config.hpp>
#include <census/model/opt/weights.hpp>
#include <census/model/product.hpp>
#include <census/tokenizer/tokenizer.hpp>
#include <census/weights/checkpoint.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>

namespace census::opt {

/// Matrices that a model gives away for projection; row-major float32.
using matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// An OPT model, as published by Hugging Face: an immutable handle, a copy shares it. The files stay mapped, so that
/// opening a large model is quick and a layer's weights are read when they are needed.
class model {
 public:
  model(opt::config const& c, checkpoint files, std::optional<census::tokenizer> tokens = {})
      : state_(std::make_shared<state const>(c, opt::weights(std::move(files), c), std::move(tokens))) {}

  opt::config const& config() const { return state_->shape; }
  opt::weights const& weights() const { return state_->tensors; }

  /// Throws std::logic_error where the model was opened without one.
  census::tokenizer const& tokenizer() const {
    if (!state_->tokens) throw std::logic_error("census::opt::model: opened without its tokenizer");
    return *state_->tokens;
  }

  /// E [vocabulary, embedding], the output embedding: row t is token t's. `embedding_size` is the hidden size but where
  /// the model has project_out; then it is `update_on_embedding` that E is multiplied with. Read from the file at each
  /// call.
  matrix embedding() const { return embedding_rows(0, config().vocabulary_size); }

  /// Rows first .. first + count - 1 of E, so that a large one need not be held whole. Throws std::out_of_range where
  /// there are no such tokens.
  matrix embedding_rows(std::size_t first, std::size_t count) const {
    if (first > config().vocabulary_size || count > config().vocabulary_size - first)
      throw std::out_of_range("census::opt::model: no such tokens");
    matrix rows(count, config().embedding_size);
    weights().read_output_embedding(first, {rows.data(), static_cast<std::size_t>(rows.size())});
    weights().drop_embeddings();  // as they are stored they need not stay in memory
    return rows;
  }

  /// The updates of a layer's neurons, [hidden, neuron]: column n is what neuron n adds to the residual stream (paper:
  /// "Update of a neuron"). Read from the file at each call. Throws std::out_of_range where there is no such layer.
  matrix updates(std::size_t layer) const {
    matrix all(config().hidden_size, config().ffn_size);
    check_layer(layer);
    weights().read_fc2(layer, 0, {all.data(), static_cast<std::size_t>(all.size())});
    return all;
  }

  /// The update of one neuron, [hidden].
  Eigen::VectorXf update(std::size_t layer, std::size_t neuron) const {
    check_layer(layer);
    if (neuron >= config().ffn_size) throw std::out_of_range("census::opt::model: no such neuron");
    Eigen::VectorXf column(config().hidden_size);
    for (Eigen::Index i = 0; i < column.size(); ++i)
      weights().read_fc2(layer, static_cast<std::size_t>(i) * config().ffn_size + neuron, {&column[i], 1});
    return column;
  }

  /// What a vector v [hidden] of the residual stream is to the output embedding, [embedding]: project_out · v where the
  /// model has that, else v. So E · on_embedding(v) are the logits that v adds, up to the final norm; with its gain,
  /// E · on_embedding(final_gain() ⊙ v).
  Eigen::VectorXf on_embedding(Eigen::Ref<Eigen::VectorXf const> v) const {
    if (static_cast<std::size_t>(v.size()) != config().hidden_size)
      throw std::invalid_argument("census::opt::model: a vector of the residual stream has hidden_size values");
    auto const project_out = weights().project_out();
    if (project_out.rows() == 0) return v;
    padded_matrix from(1, config().hidden_size), projected(1, config().embedding_size);
    std::ranges::copy(v, from.data());
    product_transposed(from.view(), project_out.view(), projected.view());
    return Eigen::Map<Eigen::VectorXf const>(projected.data(), static_cast<Eigen::Index>(projected.columns()));
  }

  /// The update of one neuron as the output embedding sees it, [embedding].
  Eigen::VectorXf update_on_embedding(std::size_t layer, std::size_t neuron) const {
    return on_embedding(update(layer, neuron));
  }

  /// The gain of the norm before the output embedding, [hidden]; empty where the model has no such norm, or one without
  /// a gain.
  Eigen::VectorXf final_gain() const {
    auto const gain = weights().final_gain();
    return Eigen::Map<Eigen::VectorXf const>(gain.data(), static_cast<Eigen::Index>(gain.size()));
  }

 private:
  struct state {
    state(opt::config const& c, opt::weights w, std::optional<census::tokenizer> t)
        : shape(c), tensors(std::move(w)), tokens(std::move(t)) {}
    opt::config shape;
    opt::weights tensors;
    std::optional<census::tokenizer> tokens;
  };

  void check_layer(std::size_t layer) const {
    if (layer >= config().layers) throw std::out_of_range("census::opt::model: no such layer");
  }

  std::shared_ptr<state const> state_;
};

/// Opens a model from a Hugging Face folder without its tokenizer, for texts that are token ids already.
inline model open_without_tokenizer(std::filesystem::path const& folder) {
  auto const shape = open_config(folder);
  return {shape, open_checkpoint(folder)};
}

/// Opens a model from a Hugging Face folder: `config.json`, the checkpoint, the tokenizer. Throws bad_input naming file
/// and cause. A tokenizer may have fewer tokens than the model, as the published ones do: the others are padding.
inline model open(std::filesystem::path const& folder) {
  auto const shape = open_config(folder);
  auto files = open_checkpoint(folder);
  auto tokens = open_tokenizer(folder, shape.bos);
  if (tokens.vocabulary_size() > shape.vocabulary_size)
    throw bad_input(folder.string(), "the tokenizer has " + std::to_string(tokens.vocabulary_size()) +
                                         " tokens, but the model only " + std::to_string(shape.vocabulary_size));
  return {shape, std::move(files), std::move(tokens)};
}

}  // namespace census::opt
