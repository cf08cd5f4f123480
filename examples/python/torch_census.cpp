// SPDX-License-Identifier: MIT
// A module for Python: activations of a PyTorch model, or any array with __dlpack__, are counted without going through
// files, on the host or on the CUDA device that they lie on, and tables come back as NumPy arrays. hook.py counts those
// of Hugging Face's OPT with it.
#include "lent_tensor.hpp"
#include "tensors_on_device.hpp"

#include <census/activation/block.hpp>
#include <census/activation/dlpack.hpp>
#include <census/error.hpp>
#include <census/token_id.hpp>

#include <pybind11/stl.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace {

/// Whether an array lies on a CUDA device, or in memory that CUDA manages.
bool on_cuda_device(py::object const& array) {
  if (!py::hasattr(array, "__dlpack_device__")) return false;
  int const type = array.attr("__dlpack_device__")().cast<std::pair<int, int>>().first;  // DLDeviceType
  return type == 2 || type == 13;
}

/// Token ids [batch, position] as a text, each row a document of its own and full: padding counts as text. A row that
/// begins with `bos`, where that is told, counts it as BOS.
census::text_rows text_of(py::array const& ids, std::uint64_t first_document, std::optional<census::token_id> bos) {
  if (ids.dtype().kind() != 'i' && ids.dtype().kind() != 'u')  // which array_t would cut to whole numbers
    throw census::bad_input("token ids", "are no whole numbers, but " + std::string(py::str(ids.dtype())));
  py::array_t<std::int64_t> const whole(ids);
  auto const id = whole.unchecked<2>();
  auto const length = static_cast<std::uint32_t>(id.shape(1));
  census::text_rows text;
  for (std::uint32_t i = 0; i < id.shape(0); ++i) {
    bool const has_bos = bos && length > 0 && id(i, 0) == *bos;
    text.sequences.push_back(
        {.document = first_document + i, .first_row = i * length, .length = length, .full = true, .has_bos = has_bos});
    for (std::uint32_t p = 0; p < length; ++p) {
      if (id(i, p) < 0 || id(i, p) >= census::no_token)
        throw census::bad_input("token ids", std::to_string(id(i, p)) + " is none");
      text.tokens.push_back(static_cast<census::token_id>(id(i, p)));
    }
  }
  return text;
}

template <class Table>
py::dict as_arrays(Table const& table) {
  constexpr bool has_keys = requires { std::uint32_t{table.keys[0]}; };
  py::array_t<std::uint32_t> counts({table.rows(), table.neurons()}), keys(has_keys ? table.rows() : 0);
  py::array_t<std::uint64_t> occurrences(table.rows());
  for (std::uint32_t row = 0; row < table.rows(); ++row) {
    std::ranges::copy(table.counts(row), counts.mutable_data(row, 0));
    occurrences.mutable_at(row) = table.occurrences(row);
    if constexpr (has_keys) keys.mutable_at(row) = table.keys[row];
  }
  return py::dict(py::arg("keys") = keys, py::arg("counts") = counts, py::arg("occurrences") = occurrences);
}

class torch_census {
 public:
  /// Where BOS is told, tables by token leave it out at a row's begin; else it counts as text.
  explicit torch_census(std::optional<census::token_id> bos) : bos_(bos) {}

  /// Counts a layer's activations [batch, position, neuron] of the tokens `ids` [batch, position], each row a document
  /// without padding, which would count as text.
  void observe(std::uint32_t layer, py::object const& activations, py::object const& ids) {
    auto const text =
        census::share(text_of(on_cuda_device(ids) ? ids_from_device(ids) : py::array(ids), documents_[layer], bos_));
    if (on_cuda_device(activations))
      observe_on_device(layer, text, activations, tables_);
    else
      tables_.observe(census::make_block(layer, text, taken(activations)));
    documents_[layer] += text->sequences.size();
  }

  /// {layer: {"all" | "token" | "position": {"counts" [key, neuron], "occurrences" [key], "keys" [key]}}}; "all" has
  /// one row and no keys, [0].
  py::dict tables() const {
    tables_.check_whole();
    py::dict all;
    for (std::uint32_t const layer : tables_.alive.layers())
      all[py::int_(layer)] = py::dict(py::arg("all") = as_arrays(tables_.alive.table(layer)),
                                      py::arg("token") = as_arrays(tables_.tokens.table(layer)),
                                      py::arg("position") = as_arrays(tables_.positions.table(layer)));
    return all;
  }

 private:
  std::optional<census::token_id> bos_;
  counted_tables tables_;
  std::map<std::uint32_t, std::uint64_t> documents_;  // of each layer, how many were observed
};

}  // namespace

PYBIND11_MODULE(torch_census, module) {
  auto census = py::class_<torch_census>(module, "Census")
                    .def(py::init<std::optional<census::token_id>>(), py::arg("bos") = py::none());
  census.def("observe", &torch_census::observe).def("tables", &torch_census::tables);
}
