// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/ignored.hpp>
#include <census/json.hpp>
#include <census/weights/detail/lfs_pointer.hpp>
#include <census/weights/mapped_file.hpp>
#include <census/weights/tensor.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace census {

/// The tensors of a safetensors file, ascending by name; views into the mapping, which the handle keeps alive. The file
/// is data that is not trusted: each statement of its header is checked against the file, and memory is used in
/// proportion to the header's own bytes, whatever it says. What newer writers add, other keys in a tensor's entry and
/// other dtypes, keeps nobody from reading the rest. Throws bad_input naming the file, the tensor and the cause.
class safetensors_file {
 public:
  explicit safetensors_file(std::filesystem::path path) : file_(std::move(path)) {
    auto const bytes = file_.bytes();
    refuse_lfs_pointer(file_);
    if (bytes.size() < 8) throw bad_input(file_.place(), "is too short to be a safetensors file");
    std::uint64_t header = 0;
    for (int i = 7; i >= 0; --i) header = header << 8 | std::to_integer<std::uint64_t>(bytes[i]);
    if (header > bytes.size() - 8)
      throw bad_input(file_.place(), "the header should have " + std::to_string(header) +
                                         " bytes, but the file has only " + std::to_string(bytes.size() - 8) +
                                         " after the header's length");
    if (header > header_limit) throw bad_input(file_.place(), "the header is longer than the format allows");
    auto const json = parse_json(file_.text().substr(8, header), file_.place());
    if (!json.is_object()) throw bad_input(file_.place(), "the header is no JSON object");
    for (auto const& [name, entry] : json.items())
      if (name == "__metadata__")
        read_metadata(entry);
      else
        tensors_.push_back(read_entry(name, entry, bytes.subspan(8 + header)));
    check_cover(bytes.subspan(8 + header));
  }

  std::span<tensor const> tensors() const { return tensors_; }
  mapped_file const& file() const { return file_; }

  /// What the file says of itself, texts by name; what of it is no text is left out.
  std::map<std::string, std::string> const& metadata() const { return metadata_; }

  /// Keys of tensors' entries that nothing reads.
  census::ignored const& ignored() const { return ignored_; }

 private:
  static constexpr std::uint64_t header_limit = 100'000'000;  // the reference reader's

  [[noreturn]] void refuse(std::string_view name, std::string const& cause) const {
    throw bad_input(file_.place(), "tensor " + escaped_name(name) + ": " + cause);
  }

  static dtype dtype_of(std::string_view code) {
    auto const found = std::ranges::find(dtype_table, code, &dtype_facts::code);
    return found == dtype_table.end() ? dtype::unknown : static_cast<dtype>(found - dtype_table.begin());
  }

  void read_metadata(nlohmann::json const& told) {
    if (!told.is_object()) return;
    for (auto const& [name, value] : told.items())
      if (value.is_string()) metadata_[name] = value.get<std::string>();
  }

  tensor read_entry(std::string const& name, nlohmann::json const& entry, std::span<std::byte const> data) {
    auto const is_size = [](nlohmann::json const& value) { return value.is_number_unsigned(); };
    if (!entry.is_object() || !entry.contains("dtype") || !entry.contains("shape") || !entry.contains("data_offsets"))
      refuse(name, "should have dtype, shape and data_offsets");
    ignored_.add("keys in the headers of tensors that nothing reads", file_.place() + ": tensor " + escaped_name(name),
                 entry.size() - 3);
    auto const &type = entry["dtype"], &shape = entry["shape"], &offsets = entry["data_offsets"];
    if (!type.is_string()) refuse(name, "its dtype is no string");
    auto const known = dtype_of(type.get_ref<std::string const&>());
    if (!shape.is_array() || !std::all_of(shape.begin(), shape.end(), is_size))
      refuse(name, "its shape is no list of sizes");
    if (!offsets.is_array() || offsets.size() != 2 || !std::all_of(offsets.begin(), offsets.end(), is_size))
      refuse(name, "its data_offsets are no pair of offsets");

    auto const begin = offsets[0].get<std::uint64_t>(), end = offsets[1].get<std::uint64_t>();
    if (begin > end || end > data.size())
      refuse(name, "its data_offsets " + std::to_string(begin) + ", " + std::to_string(end) +
                       " are outside the file's " + std::to_string(data.size()) + " bytes of data");
    tensor view{name, known, {}, data.subspan(begin, end - begin), file_.place()};
    std::uint64_t size = std::max<std::size_t>(1, size_of(known));
    for (auto const& extent : shape) {
      view.shape.push_back(extent.get<std::size_t>());
      if (size != 0 && view.shape.back() > std::numeric_limits<std::uint64_t>::max() / size)
        refuse(name, "its shape is too large");
      size *= view.shape.back();
    }
    if (known != dtype::unknown && size != end - begin)
      refuse(name, "its shape needs " + std::to_string(size) + " bytes, its data_offsets hold " +
                       std::to_string(end - begin));
    return view;
  }

  // The format allows neither overlaps nor holes.
  void check_cover(std::span<std::byte const> data) {
    auto const begin = [&](tensor const& t) { return static_cast<std::size_t>(t.bytes.data() - data.data()); };
    std::vector<tensor const*> in_order;
    for (tensor const& t : tensors_) in_order.push_back(&t);
    std::ranges::sort(in_order, {}, [&](tensor const* t) { return std::pair(begin(*t), t->bytes.size()); });
    std::size_t covered = 0;
    for (tensor const* t : in_order) {
      if (begin(*t) < covered) refuse(t->name, "its data_offsets overlap those of another tensor");
      if (begin(*t) > covered) refuse(t->name, "the bytes before its data belong to no tensor");
      covered += t->bytes.size();
    }
    if (covered != data.size())
      throw bad_input(file_.place(),
                      "the last " + std::to_string(data.size() - covered) + " bytes belong to no tensor");
  }

  mapped_file file_;
  std::vector<tensor> tensors_;
  std::map<std::string, std::string> metadata_;
  census::ignored ignored_;
};

}  // namespace census
