// SPDX-License-Identifier: MIT
#pragma once

#include <census/content_hash.hpp>
#include <census/error.hpp>
#include <census/ignored.hpp>
#include <census/model/architecture.hpp>
#include <census/model/detail/expected_tensors.hpp>
#include <census/model/detail/read_tensor.hpp>
#include <census/model/detail/unread_tensors.hpp>
#include <census/model/layer_weights.hpp>
#include <census/model/matrix.hpp>
#include <census/model/tensor_layout.hpp>
#include <census/token_id.hpp>
#include <census/weights/checkpoint.hpp>
#include <census/weights/refuse_tensor.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace census {

/// The tensors of a model's checkpoint, found where its layout says and checked against its architecture; read a layer
/// at a time, each byte once. Throws bad_input naming the file and the tensor: where it is missing, of another shape or
/// dtype, or there although the config says that the model has none, or would change one that is read (unread_tensors),
/// when the checkpoint is opened; where a value is NaN or infinite, when that value is read, or the file changed since
/// it was opened. Other tensors are ignored, and told. Names may begin with "module." or "_orig_mod.", as wrappers of
/// PyTorch's store them.
class model_weights {
 public:
  /// Looks at names, shapes and dtypes only.
  model_weights(checkpoint files, model_description description)
      : files_(std::move(files)), shape_(description.architecture), layout_(std::move(description.layout)),
        layer_tensors_(detail::tensors_of_layer(shape_, layout_)), ignored_(std::move(description.ignored)) {
    ignored_.add(files_.ignored());
    find_prefix();
    find_embeddings();
    for (auto const& expected : detail::tensors_of_decoder(shape_, layout_)) check(prefix_ + expected.name, expected);
    for (std::size_t layer = 0; layer < shape_.layers; ++layer)
      for (auto const& expected : layer_tensors_) check(layer_name(layer, expected.name), expected);
    if (auto const* more = files_.find(layer_name(shape_.layers, layout_.fc1 + ".weight")))
      refuse_tensor(*more, "is one layer too many: " + layout_.layers_field + " is " + std::to_string(shape_.layers));
    detail::name_set no_parameters;
    for (std::size_t layer = 0; layer < shape_.layers; ++layer)
      for (auto const& name : layout_.no_parameters) no_parameters.insert(layer_name(layer, name));
    ignored_.add(detail::unread_tensors(files_, read_, no_parameters));
    read_.clear();
  }

  census::architecture const& architecture() const { return shape_; }
  checkpoint const& files() const { return files_; }

  /// The tensors that nothing reads, and what readers of the checkpoint's files passed over.
  census::ignored const& ignored() const { return ignored_; }

  /// Bytes of a layer's tensors as they are stored: what `load` reads.
  std::uint64_t layer_bytes(std::size_t layer, bool with_fc2 = true) const {
    std::uint64_t bytes = 0;
    each_tensor(layer, with_fc2, [&](tensor const& t) { bytes += t.bytes.size(); });
    return bytes;
  }

  /// Bytes of the largest of them: `load` holds one at a time beside what it makes of it.
  std::uint64_t largest_tensor_bytes(std::size_t layer) const {
    std::uint64_t bytes = 0;
    each_tensor(layer, true, [&](tensor const& t) { bytes = std::max<std::uint64_t>(bytes, t.bytes.size()); });
    return bytes;
  }

  /// Asks for a layer's bytes to be read from the disk, without waiting for them.
  void advise(std::size_t layer, bool with_fc2 = true) const {
    each_tensor(layer, with_fc2, [&](tensor const& t) { files_.advise_needed(t.bytes); });
  }

  /// Takes a layer's bytes, as they are stored, out of this process's memory; they may be read again.
  void drop(std::size_t layer) const {
    each_tensor(layer, true, [&](tensor const& t) { files_.drop(t.bytes); });
  }

  /// The same for the embeddings, whose rows are read as texts need them.
  void drop_embeddings() const {
    for (auto const* t : {&embedding_, &output_embedding_, &positions_}) files_.drop(t->bytes);
  }

  /// Reads one layer into memory that is reused; fc2 only where it is asked for. Several threads may read at a time.
  void load(std::size_t layer, bool with_fc2, layer_weights& into) const {
    files_.read_unchanged([&] {
      advise(layer, with_fc2);  // in one go: a mapping does not read ahead
      into.resize(shape_, with_fc2);
      load_norm(layer, layout_.attention_norm, into.attention_gain, into.attention_bias);
      load_attention_in(layer, into);
      load_linear(layer, layout_.attention_out, shape_.biases.attention_out, into.attention_out,
                  into.attention_out_bias);
      load_norm(layer, layout_.ffn_norm, into.ffn_gain, into.ffn_bias);
      load_linear(layer, layout_.fc1, shape_.biases.feed_forward, into.fc1, into.fc1_bias);
      if (with_fc2) load_linear(layer, layout_.fc2, shape_.biases.feed_forward, into.fc2, into.fc2_bias);
    });
  }

  /// Rows of the input embeddings, as `read_embeddings` lends them. Several threads may read at a time.
  class embedding_rows {
   public:
    /// A token's row, [embedding].
    void read_token(token_id token, std::span<float> into) const {
      detail::read_floats(from_.embedding_, std::size_t{token} * from_.shape_.embedding_size, into);
    }
    /// A position's row, [hidden]. It counts from 0.
    void read_position(std::size_t position, std::span<float> into) const {
      detail::read_floats(from_.positions_, (position + from_.shape_.positions.offset) * from_.shape_.hidden_size,
                          into);
    }

   private:
    friend model_weights;
    explicit embedding_rows(model_weights const& from) : from_(from) {}

    model_weights const& from_;
  };

  /// Calls `read` with the rows of the input embeddings, once for all that a text needs: whether the files changed is
  /// asked before and after it, for a row it would take longer than to read it.
  template <std::invocable<embedding_rows const&> Read>
  void read_embeddings(Read const& read) const {
    files_.read_unchanged([&] { read(embedding_rows(*this)); });
  }

  /// Rows of the output embedding from token `first` on, one after the other, [token, embedding].
  void read_output_embedding(std::size_t first, std::span<float> into) const {
    files_.read_unchanged(output_embedding_.bytes, [&] {
      auto const size = size_of(output_embedding_.type);
      std::size_t const begin = first * shape_.embedding_size;
      if (begin + into.size() <= output_embedding_.elements())
        files_.advise_needed(output_embedding_.bytes.subspan(begin * size, into.size() * size));
      detail::read_floats(output_embedding_, begin, into);
    });
  }

  /// The maps between embedding and residual stream, [hidden, embedding] and [embedding, hidden]; empty where the model
  /// has none.
  padded_matrix project_in() const { return projection(layout_.project_in, shape_.hidden_size); }
  padded_matrix project_out() const { return projection(layout_.project_out, shape_.embedding_size); }

  /// The updates of a layer's neurons, [hidden, neuron], row by row.
  void read_updates(std::size_t layer, std::span<float> into) const {
    matrix_view<float> const all{into.data(), shape_.hidden_size, shape_.ffn_size, shape_.ffn_size};
    tensor const& stored = files_.at(layer_name(layer, layout_.fc2 + ".weight"));
    files_.read_unchanged(stored.bytes, [&] {
      layout_.in_by_out ? detail::read_transposed(stored, 0, all) : detail::read_rows(stored, 0, all);
    });
  }

  /// The update of one neuron, [hidden].
  void read_update(std::size_t layer, std::size_t neuron, std::span<float> into) const {
    tensor const& stored = files_.at(layer_name(layer, layout_.fc2 + ".weight"));
    files_.read_unchanged(stored.bytes, [&] {
      if (layout_.in_by_out) return detail::read_floats(stored, neuron * shape_.hidden_size, into);
      for (std::size_t i = 0; i < into.size(); ++i)
        detail::read_floats(stored, i * shape_.ffn_size + neuron, into.subspan(i, 1));
    });
  }

  /// The gain of the decoder's own norm, [hidden]; empty where the model has no such norm, or one without gain.
  std::vector<float> final_gain() const {
    std::vector<float> gain(shape_.final_norm && shape_.norms.gains ? shape_.hidden_size : 0);
    if (gain.empty()) return gain;
    tensor const& stored = files_.at(prefix_ + layout_.final_norm + ".weight");
    files_.read_unchanged(stored.bytes, [&] { detail::read_floats(stored, 0, gain); });
    return gain;
  }

 private:
  // Values that may not be stored: then each is `otherwise`.
  void load_row(std::size_t layer, std::string const& name, std::size_t first, bool stored, float otherwise,
                std::span<float> into) const {
    if (stored) return detail::read_floats(files_.at(layer_name(layer, name)), first, into);
    std::ranges::fill(into, otherwise);
  }

  void load_norm(std::size_t layer, std::string const& name, padded_matrix& gain, padded_matrix& bias) const {
    load_row(layer, name + ".weight", 0, shape_.norms.gains, 1, gain.row(0));
    load_row(layer, name + ".bias", 0, shape_.norms.shifts, 0, bias.row(0));
  }

  // into [in, out] = outputs first_output ... of a layer's linear map.
  void load_matrix(tensor const& stored, std::size_t first_output, matrix_view<float> into) const {
    layout_.in_by_out ? detail::read_rows(stored, first_output, into)
                      : detail::read_transposed(stored, first_output, into);
  }

  void load_linear(std::size_t layer, std::string const& name, bool has_bias, padded_matrix& weight,
                   padded_matrix& bias) const {
    tensor const& stored = files_.at(layer_name(layer, name + ".weight"));
    load_matrix(stored, 0, weight.view());
    load_row(layer, name + ".bias", 0, has_bias, 0, bias.row(0));
    files_.drop(stored.bytes);  // a tensor at a time is in memory twice
  }

  // Queries, keys and values: three maps of the layout, or one that holds the three.
  void load_attention_in(std::size_t layer, layer_weights& into) const {
    std::size_t const hidden = shape_.hidden_size, maps = layout_.attention_in.size();
    for (std::size_t part = 0; part < 3; ++part) {
      std::string const& name = layout_.attention_in[maps == 1 ? 0 : part];
      std::size_t const first_output = maps == 1 ? part * hidden : 0, column = part * padded(hidden);
      tensor const& stored = files_.at(layer_name(layer, name + ".weight"));
      load_matrix(stored, first_output, into.attention_in.view().middle_columns(column, hidden));
      load_row(layer, name + ".bias", first_output, shape_.biases.attention_in, 0,
               into.attention_in_bias.row(0).subspan(column, hidden));
      if (maps == 3 || part == 2) files_.drop(stored.bytes);
    }
  }

  padded_matrix projection(std::string const& name, std::size_t rows) const {
    if (!shape_.has_projections()) return {};
    padded_matrix all(rows, shape_.hidden_size + shape_.embedding_size - rows);
    tensor const& stored = files_.at(prefix_ + name + ".weight");
    files_.read_unchanged(stored.bytes, [&] { detail::read_rows(stored, 0, all.view()); });
    return all;
  }

  template <class F>
  void each_tensor(std::size_t layer, bool with_fc2, F const& f) const {
    for (auto const& t : layer_tensors_)
      if (t.absent_because.empty() && (with_fc2 || !t.name.starts_with(layout_.fc2 + ".")))
        f(files_.at(layer_name(layer, t.name)));
  }

  // Before all names, the head's too, what DistributedDataParallel and torch.compile put there; then the layout's.
  void find_prefix() {
    for (std::string const wrapper : {"", "module.", "_orig_mod.", "module._orig_mod.", "_orig_mod.module."})
      for (std::string const& prefix : layout_.prefixes)
        if (files_.find(wrapper + prefix + layout_.positions) != nullptr) {
          prefix_ = wrapper + prefix, head_ = wrapper + layout_.head;
          return;
        }
    prefix_ = layout_.prefixes.front(), head_ = layout_.head;
  }

  void find_embeddings() {
    std::string const input = prefix_ + layout_.tokens;
    std::vector const sizes{shape_.vocabulary_size, shape_.embedding_size};
    for (auto const& name : {input, head_}) {
      read_.insert(name);
      if (auto const* stored = files_.find(name)) detail::check_shape(*stored, sizes);
    }
    bool const from_head = shape_.tied && files_.find(input) == nullptr;  // either name will do for both
    embedding_ = files_.at(from_head ? head_ : input);
    output_embedding_ = shape_.tied ? embedding_ : files_.at(head_);
    if (auto const* head = files_.find(head_); head != nullptr && shape_.tied && !is_same(*head, embedding_))
      ignored_.add("output embeddings that differ from the input's, to which config.json ties them",
                   head->file + ": tensor " + escaped_name(head->name));
    read_.insert(prefix_ + layout_.positions);
    positions_ = files_.at(prefix_ + layout_.positions);
    detail::check_shape(positions_, {shape_.max_positions + shape_.positions.offset, shape_.hidden_size});
  }

  // Of large tensors by samples: whoever changed one changed more than a sample would miss.
  static bool is_same(tensor const& a, tensor const& b) {
    auto const text = [](tensor const& t) {
      return std::string_view(reinterpret_cast<char const*>(t.bytes.data()), t.bytes.size());
    };
    return a.bytes.data() == b.bytes.data() || (a.type == b.type && sampled_hash(text(a)) == sampled_hash(text(b)));
  }

  void check(std::string const& name, detail::expected_tensor const& expected) {
    read_.insert(name);
    detail::check_tensor(files_, name, expected);
  }

  std::string layer_name(std::size_t layer, std::string_view name) const {
    return prefix_ + layout_.layers + std::to_string(layer) + "." + std::string(name);
  }

  checkpoint files_;
  census::architecture shape_;
  tensor_layout layout_;
  std::string prefix_, head_;
  detail::name_set read_;  // the names of the tensors that the architecture knows, until all are checked
  std::vector<detail::expected_tensor> layer_tensors_;
  tensor embedding_, output_embedding_, positions_;
  census::ignored ignored_;
};

}  // namespace census
