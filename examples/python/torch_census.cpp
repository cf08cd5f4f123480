// SPDX-License-Identifier: MIT
// A module for Python: activations of a PyTorch model, or any array with __dlpack__, are counted without going through
// files, and tables come back as NumPy arrays. hook.py counts those of Hugging Face's OPT with it.
#include <census/accumulator/paper_tables.hpp>
#include <census/activation/block.hpp>
#include <census/activation/dlpack.hpp>
#include <census/activation/text_rows.hpp>

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <cstdint>
#include <map>
#include <utility>

namespace py = pybind11;

namespace {

// What stands in a capsule of DLPack's, as its header declares it.
// clang-format off
struct dl_device { std::int32_t device_type, device_id; };
struct dl_type { std::uint8_t code, bits; std::uint16_t lanes; };
struct dlpack_struct {
  void* data;
  dl_device device;
  std::int32_t ndim;
  dl_type dtype;
  std::int64_t *shape, *strides;
  std::uint64_t byte_offset;
};
struct lent_tensor {
  dlpack_struct dl_tensor;
  void* manager_ctx;
  void (*deleter)(lent_tensor*);
};
// clang-format on

/// Takes a tensor over from Python: its capsule is then used up.
lent_tensor* taken(py::object const& array) {
  py::capsule const capsule = array.attr("__dlpack__")();
  auto* const tensor = static_cast<lent_tensor*>(PyCapsule_GetPointer(capsule.ptr(), "dltensor"));
  if (tensor == nullptr) throw py::error_already_set();
  PyCapsule_SetName(capsule.ptr(), "used_dltensor");
  return tensor;
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
  /// Counts a layer's activations [batch, position, neuron] of the tokens `ids` [batch, position], each row a document.
  void observe(std::uint32_t layer, py::object const& activations, py::array_t<std::int64_t> const& ids) {
    auto const id = ids.unchecked<2>();
    census::text_rows text;
    auto const length = static_cast<std::uint32_t>(id.shape(1));
    for (std::uint32_t i = 0; i < id.shape(0); ++i) {
      text.sequences.push_back(
          {.document = documents_[layer]++, .first_row = i * length, .length = length, .full = true});
      for (std::uint32_t p = 0; p < length; ++p) text.tokens.push_back(static_cast<census::token_id>(id(i, p)));
    }
    auto const block = census::make_block(layer, census::share(std::move(text)), taken(activations));
    alive_.observe(block), tokens_.observe(block), positions_.observe(block);
  }

  /// {layer: {"all" | "token" | "position": {"counts" [key, neuron], "occurrences" [key], "keys" [key]}}}
  py::dict tables() const {
    py::dict all;
    for (std::uint32_t const layer : alive_.layers())
      all[py::int_(layer)] =
          py::dict(py::arg("all") = as_arrays(alive_.table(layer)), py::arg("token") = as_arrays(tokens_.table(layer)),
                   py::arg("position") = as_arrays(positions_.table(layer)));
    return all;
  }

 private:
  census::liveness alive_;
  census::token_coverage tokens_;
  census::position_information positions_;
  std::map<std::uint32_t, std::uint64_t> documents_;
};

}  // namespace

PYBIND11_MODULE(torch_census, module) {
  auto census = py::class_<torch_census>(module, "Census").def(py::init<>());
  census.def("observe", &torch_census::observe).def("tables", &torch_census::tables);
}
