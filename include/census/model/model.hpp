// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/ignored.hpp>
#include <census/model/architecture.hpp>
#include <census/model/matrix.hpp>
#include <census/model/model_weights.hpp>
#include <census/model/product.hpp>
#include <census/tokenizer/text_encoding.hpp>
#include <census/tokenizer/tokenizer.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>

namespace census {

/// A decoder, as published by Hugging Face: an immutable handle, a copy shares it. The files stay mapped, so that
/// opening a large model is quick and a layer's weights are read when they are needed.
class model {
 public:
  /// What it gives away for projection.
  using matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

  /// `place` names where it came from, in messages.
  model(model_weights weights, std::optional<census::tokenizer> tokens, std::string place)
      : state_(std::make_shared<state const>(state{std::move(weights), std::move(tokens), std::move(place)})) {}

  census::architecture const& architecture() const { return state_->weights.architecture(); }
  model_weights const& weights() const { return state_->weights; }

  /// What of its folder was passed over when it was opened.
  census::ignored ignored() const {
    auto passed_over = weights().ignored();
    if (has_tokenizer()) passed_over.add(tokenizer().ignored());
    return passed_over;
  }

  bool has_tokenizer() const { return state_->tokens.has_value(); }

  /// Throws bad_input where the model has none.
  census::tokenizer const& tokenizer() const {
    if (!has_tokenizer()) throw bad_input(state_->place, "there is no tokenizer, so only token ids (.npy) can be read");
    return *state_->tokens;
  }

  /// How texts for it come to ids, for open_corpus: by its tokenizer, or, without one, only as ids already.
  text_encoding encoding() const {
    return has_tokenizer() ? text_encoding(tokenizer())
                           : text_encoding(architecture().vocabulary_size, architecture().bos, architecture().pad);
  }

  /// E [vocabulary, embedding], the output embedding: row t is token t's. `embedding_size` is the hidden size but where
  /// the model has project_out; then it is `update_on_embedding` that E is multiplied with. Read from the file at each
  /// call.
  matrix embedding() const { return embedding_rows(0, architecture().vocabulary_size); }

  /// Rows first .. first + count - 1 of E, so that a large one need not be held whole. Throws std::out_of_range where
  /// there are no such tokens.
  matrix embedding_rows(std::size_t first, std::size_t count) const {
    if (first > architecture().vocabulary_size || count > architecture().vocabulary_size - first)
      throw std::out_of_range("census::model: no such tokens");
    matrix rows(count, architecture().embedding_size);
    weights().read_output_embedding(first, {rows.data(), static_cast<std::size_t>(rows.size())});
    weights().drop_embeddings();  // as they are stored they need not stay in memory
    return rows;
  }

  /// The updates of a layer's neurons, [hidden, neuron]: column n is what neuron n adds to the residual stream (paper:
  /// "Update of a neuron"). Read from the file at each call. Throws std::out_of_range where there is no such layer.
  matrix updates(std::size_t layer) const {
    matrix all(architecture().hidden_size, architecture().ffn_size);
    check_layer(layer);
    weights().read_updates(layer, {all.data(), static_cast<std::size_t>(all.size())});
    return all;
  }

  /// The update of one neuron, [hidden].
  Eigen::VectorXf update(std::size_t layer, std::size_t neuron) const {
    check_layer(layer);
    if (neuron >= architecture().ffn_size) throw std::out_of_range("census::model: no such neuron");
    Eigen::VectorXf column(architecture().hidden_size);
    weights().read_update(layer, neuron, {column.data(), architecture().hidden_size});
    return column;
  }

  /// What a vector v [hidden] of the residual stream is to the output embedding, [embedding]: project_out · v where the
  /// model has that, else v. So E · on_embedding(v) are the logits that v adds, up to the final norm; with its gain,
  /// E · on_embedding(final_gain() ⊙ v).
  Eigen::VectorXf on_embedding(Eigen::Ref<Eigen::VectorXf const> v) const {
    if (static_cast<std::size_t>(v.size()) != architecture().hidden_size)
      throw std::invalid_argument("census::model: a vector of the residual stream has hidden_size values");
    auto const project_out = weights().project_out();
    if (project_out.rows() == 0) return v;
    padded_matrix from(1, architecture().hidden_size), projected(1, architecture().embedding_size);
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
    model_weights weights;
    std::optional<census::tokenizer> tokens;
    std::string place;
  };

  void check_layer(std::size_t layer) const {
    if (layer >= architecture().layers) throw std::out_of_range("census::model: no such layer");
  }

  std::shared_ptr<state const> state_;
};

}  // namespace census
