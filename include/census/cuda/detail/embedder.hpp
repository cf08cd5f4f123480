// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/text_rows.hpp>
#include <census/cuda/detail/device.hpp>
#include <census/cuda/detail/device_array.hpp>
#include <census/cuda/detail/device_text.hpp>
#include <census/cuda/detail/factors.hpp>
#include <census/cuda/detail/forward_kernels.hpp>
#include <census/cuda/detail/pinned_array.hpp>
#include <census/cuda/detail/stream.hpp>
#include <census/cuda/detail/uploads.hpp>
#include <census/cuda/products.hpp>
#include <census/error.hpp>
#include <census/model/architecture.hpp>
#include <census/model/matrix.hpp>
#include <census/model/model_weights.hpp>
#include <census/parallel_loop.hpp>
#include <census/token_id.hpp>

#include <cuda_runtime.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace census::cuda::detail {

/// Makes the residual streams of texts. Of the token embeddings only those that a text has are uploaded, once each; the
/// position embeddings lie on the device. Layer 0 alone needs it, so that it may go once all texts are embedded.
template <product_engine Products>
class embedder {
 public:
  /// Uploads the position embeddings of sequences of up to `context` tokens, and project_in where the model has it.
  /// Weights and products must outlive it. Precondition, of embed too: the device is the current one.
  embedder(std::shared_ptr<device const> on, model_weights const& from, Products& products, std::size_t context)
      : on_(std::move(on)), from_(from), products_(products), uploads_(on_), staged_copies_(on_->stream()) {
    std::vector<float> positions(context * width());
    std::vector<std::byte> project_in;
    wait_at_the_end const copies(on_->stream());
    from_.read_embeddings([&](model_weights::embedding_rows const& rows) {
      parallel_loop(std::size_t{0}, context, [&](std::size_t p) {
        rows.read_position(p, std::span(positions).subspan(p * width(), shape().hidden_size));
      });
    });
    positions_ = uploaded(std::span<float const>(positions));
    if (!shape().has_projections()) return;
    project_in = project_in_factors();
    project_in_ = uploaded(std::span<std::byte const>(project_in));
  }

  /// residual [row, padded(hidden)] = token embedding + position embedding of a text, in float32 on the device, padding
  /// included. Works in the device's stream and does not wait for it. Tokens and lengths have been checked
  /// (check_text).
  void embed(device_text const& text, float* residual) {
    auto const& tokens = text.text()->tokens;
    if (tokens.empty()) return;
    std::vector<token_id> distinct(tokens);
    std::ranges::sort(distinct);
    distinct.erase(std::ranges::unique(distinct).begin(), distinct.end());
    stage_rows(distinct);
    auto const numbers = send_numbers(tokens, distinct);
    launch_on_rows(tokens.size(), width(), on_->stream(), kernels::embed, token_rows(distinct.size()), numbers.data(),
                   positions_.data(), text.places(), width(), residual);
  }

  /// Bytes of device memory that it takes for texts of up to `rows` tokens.
  static std::uint64_t bytes(architecture const& a, precision p, std::size_t context, std::size_t rows) {
    std::uint64_t const hidden = padded(a.hidden_size), embedding = padded(a.embedding_size);
    std::uint64_t const constant = context * hidden * sizeof(float), numbers = rows * sizeof(std::uint32_t);
    if (!a.has_projections()) return constant + numbers + rows * hidden * sizeof(float);
    std::uint64_t const tiles = rows_in_tiles(rows);
    return constant + numbers + (hidden + tiles) * embedding * factor_bytes(p) + tiles * hidden * sizeof(float);
  }

 private:
  architecture const& shape() const { return from_.architecture(); }
  std::size_t width() const { return padded(shape().hidden_size); }
  std::size_t embedding_width() const { return padded(shape().embedding_size); }
  static std::size_t rows_in_tiles(std::size_t rows) {
    return (rows + Products::row_tile - 1) / Products::row_tile * Products::row_tile;
  }

  /// What a token's row is uploaded as: float32 where it is added as it is, a factor where it is projected first.
  precision row_precision() const { return shape().has_projections() ? products_.precision() : precision::exact; }

  template <class T>
  device_array<T> uploaded(std::span<T const> from) const {
    device_array<T> into(on_, from.size());
    copy_to_device(from.data(), into.data(), from.size());
    return into;
  }
  template <class T>
  void copy_to_device(T const* from, T* into, std::size_t count) const {
    check(cudaMemcpyAsync(into, from, count * sizeof(T), cudaMemcpyHostToDevice, on_->stream()), "cudaMemcpyAsync");
  }

  /// project_in as [padded(embedding), padded(hidden)] factors; it is stored the other way round.
  std::vector<std::byte> project_in_factors() const {
    auto const stored = from_.project_in();
    padded_matrix turned(stored.columns(), stored.rows());
    for (std::size_t i = 0; i < stored.rows(); ++i)
      for (std::size_t j = 0; j < stored.columns(); ++j) turned.row(j)[i] = stored.row(i)[j];
    std::vector<std::byte> factors(embedding_width() * width() * factor_bytes(products_.precision()));
    if (!write_factors(std::as_const(turned).view(), products_.precision(), embedding_width(), width(), factors.data()))
      throw bad_input("project_in", "a weight is beyond the range of " + std::string(name_of(products_.precision())));
    return factors;
  }

  /// rows_ [distinct, width of a row] = the tokens' embeddings, uploaded.
  void stage_rows(std::vector<token_id> const& distinct) {
    staged_.wait();  // the rows of the text before
    std::size_t const columns = shape().has_projections() ? embedding_width() : width();
    std::size_t const row_bytes = columns * factor_bytes(row_precision());
    std::size_t const there = shape().has_projections() ? rows_in_tiles(distinct.size()) : distinct.size();
    if (staged_rows_.size() < distinct.size() * row_bytes)
      staged_rows_ = pinned_array<std::byte>(distinct.size() * row_bytes);
    if (rows_.size() < there * row_bytes) rows_ = device_array<std::byte>(on_, there * row_bytes);
    from_.read_embeddings([&](model_weights::embedding_rows const& rows) {
      parallel_loop(std::size_t{0}, distinct.size(), [&](std::size_t i) {
        std::vector<float> row(shape().embedding_size);
        rows.read_token(distinct[i], row);
        if (!write_factors(row, row_precision(), columns, staged_rows_.data() + i * row_bytes))
          throw bad_input("token " + std::to_string(distinct[i]),
                          "its embedding is beyond the range of " + std::string(name_of(row_precision())));
      });
    });
    copy_to_device(staged_rows_.data(), rows_.data(), distinct.size() * row_bytes);
    staged_.record(on_->stream());
  }

  /// Which of the distinct tokens each row has, uploaded.
  device_array<std::uint32_t> send_numbers(std::vector<token_id> const& tokens, std::vector<token_id> const& distinct) {
    std::vector<std::uint32_t> numbers;
    for (token_id const token : tokens)
      numbers.push_back(static_cast<std::uint32_t>(std::ranges::lower_bound(distinct, token) - distinct.begin()));
    return uploads_.send(std::span<std::uint32_t const>(numbers));
  }

  /// The rows of the distinct tokens as they are added, [distinct, width()] float32 on the device.
  float const* token_rows(std::size_t distinct) {
    if (!shape().has_projections()) return reinterpret_cast<float const*>(rows_.data());
    std::size_t const tile = Products::row_tile, from_width = embedding_width();
    if (projected_.size() < rows_in_tiles(distinct) * width())
      projected_ = device_array<float>(on_, rows_in_tiles(distinct) * width());
    product_shape const one_tile{tile, width(), from_width, from_width, width(), width()};
    for (std::size_t first = 0; first < distinct; first += tile)
      products_.multiply(one_tile, rows_.data() + first * from_width * factor_bytes(row_precision()),
                         project_in_.data(), projected_.data() + first * width(), {}, on_->stream());
    return projected_.data();
  }

  std::shared_ptr<device const> on_;
  model_weights const& from_;
  Products& products_;
  uploads uploads_;
  device_array<float> positions_, projected_;
  device_array<std::byte> project_in_, rows_;
  pinned_array<std::byte> staged_rows_;
  event staged_;
  wait_at_the_end staged_copies_;  // goes first
};

}  // namespace census::cuda::detail
