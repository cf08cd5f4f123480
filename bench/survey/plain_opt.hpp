// SPDX-License-Identifier: MIT
// The forward pass as the definition reads, in double precision, without tiles, fusion or sparsity: what the benchmarks
// check the library's firings against before they time anything.
#pragma once

#include <census/model/model_weights.hpp>
#include <census/model/open_model.hpp>

#include <Eigen/Core>

#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

using plain_matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// The pre-activations [token, neuron] of each layer for one sequence. ReLU, norms first, as the benchmarks' models
/// are.
inline std::vector<plain_matrix> plain_pre_activations(census::model const& m,
                                                       std::span<census::token_id const> tokens) {
  auto const& c = m.architecture();
  auto const tokens_here = static_cast<Eigen::Index>(tokens.size()), hidden = static_cast<Eigen::Index>(c.hidden_size);
  auto const matrix_of = [](census::padded_matrix const& from) {
    plain_matrix all(from.rows(), from.columns());
    for (std::size_t i = 0; i < from.rows(); ++i)
      for (std::size_t j = 0; j < from.columns(); ++j)
        all(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) = from.row(i)[j];
    return all;
  };
  auto const normed = [&](plain_matrix const& x, census::padded_matrix const& gain, census::padded_matrix const& bias) {
    plain_matrix y = x.colwise() - x.rowwise().mean();
    for (Eigen::Index i = 0; i < y.rows(); ++i) y.row(i) /= std::sqrt(y.row(i).squaredNorm() / hidden + 1e-5);
    return plain_matrix((y.array().rowwise() * matrix_of(gain).row(0).array()).rowwise() +
                        matrix_of(bias).row(0).array());
  };

  plain_matrix x(tokens_here, hidden);
  std::vector<float> row(c.hidden_size), position(c.hidden_size);
  m.weights().read_embeddings([&](auto const& rows) {
    for (Eigen::Index p = 0; p < tokens_here; ++p) {
      rows.read_token(tokens[static_cast<std::size_t>(p)], row);
      rows.read_position(static_cast<std::size_t>(p), position);
      for (Eigen::Index i = 0; i < hidden; ++i)
        x(p, i) = static_cast<double>(row[static_cast<std::size_t>(i)]) + position[static_cast<std::size_t>(i)];
    }
  });

  std::vector<plain_matrix> layers;
  census::layer_weights w;
  for (std::size_t layer = 0; layer < c.layers; ++layer) {
    m.weights().load(layer, true, w);
    auto const in = matrix_of(w.attention_in), in_bias = matrix_of(w.attention_in_bias);
    plain_matrix const n = normed(x, w.attention_gain, w.attention_bias);
    auto const part = [&](std::size_t which) {
      auto const first = static_cast<Eigen::Index>(which * census::padded(c.hidden_size));
      return plain_matrix((n * in.middleCols(first, hidden)).rowwise() + in_bias.row(0).segment(first, hidden));
    };
    plain_matrix const q = part(0), k = part(1), v = part(2);
    plain_matrix attended(tokens_here, hidden);
    auto const head_size = static_cast<Eigen::Index>(c.head_size);
    for (Eigen::Index h = 0; h < hidden; h += head_size) {
      plain_matrix scores = q.middleCols(h, head_size) * k.middleCols(h, head_size).transpose() /
                            std::sqrt(static_cast<double>(head_size));
      for (Eigen::Index i = 0; i < tokens_here; ++i) {
        auto seen = scores.row(i).head(i + 1);
        seen = (seen.array() - seen.maxCoeff()).exp().eval();
        seen /= seen.sum();
        scores.row(i).tail(tokens_here - i - 1).setZero();
      }
      attended.middleCols(h, head_size) = scores * v.middleCols(h, head_size);
    }
    x += (attended * matrix_of(w.attention_out)).rowwise() + matrix_of(w.attention_out_bias).row(0);
    layers.push_back((normed(x, w.ffn_gain, w.ffn_bias) * matrix_of(w.fc1)).rowwise() + matrix_of(w.fc1_bias).row(0));
    x += (layers.back().cwiseMax(0.) * m.updates(layer).cast<double>().transpose()).rowwise() +
         matrix_of(w.fc2_bias).row(0);
  }
  return layers;
}
