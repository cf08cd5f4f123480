// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/ignored.hpp>
#include <census/json.hpp>
#include <census/weights/detail/lfs_pointer.hpp>
#include <census/weights/detail/pickle.hpp>
#include <census/weights/detail/zip_archive.hpp>
#include <census/weights/mapped_file.hpp>
#include <census/weights/tensor.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace census {

/// The tensors of a file that torch.save wrote from a state dict, a `pytorch_model.bin`, ascending by name; views into
/// the mapping, which the handle keeps alive. The file is a zip archive of a pickle and the storages that the pickle
/// shares out; it is not trusted, and nothing in it is run (zip_archive and pickle say what is checked). Tensors may
/// share a storage and may start inside it, but have to be row-major. Throws bad_input naming the file, the tensor and
/// the cause; with advice for the format of before PyTorch 1.6, which is no zip archive.
class pytorch_file {
 public:
  explicit pytorch_file(std::filesystem::path path) : archive_(open_archive(std::move(path))) {
    auto const& description = find_description();
    pickle const read(description.bytes, archive_.file().place(), globals);
    auto const& root = read.root();
    if (root.is != kind::dict) refuse("holds no dict of tensors");
    std::vector<std::pair<std::string_view, std::uint32_t>> named;
    for (std::size_t i = 0; i < root.items.size(); i += 2) {
      auto const& name = read[root.items[i]];
      if (name.is != kind::text) refuse("the name of a tensor is no text");
      named.emplace_back(name.text, root.items[i + 1]);
    }
    std::ranges::sort(named);
    auto const twice = std::ranges::adjacent_find(named, {}, [](auto const& one) { return one.first; });
    if (twice != named.end()) refuse(twice->first, "is in the file twice");
    for (auto const& [name, value] : named) tensors_.push_back(read_tensor(read, name, read[value]));
  }

  std::span<tensor const> tensors() const { return tensors_; }
  mapped_file const& file() const { return archive_.file(); }

  /// Nothing: what is not understood is refused.
  census::ignored const& ignored() const { return ignored_; }

 private:
  using kind = pickle_value::kind;

  // All that a pickle may name: beside the first three, the storages by the type of their elements.
  static constexpr std::string_view rebuild_tensor = "torch._utils._rebuild_tensor_v2";
  static constexpr std::string_view rebuild_parameter = "torch._utils._rebuild_parameter";
  static constexpr std::array<std::string_view, 13> globals{
      "collections.OrderedDict", rebuild_tensor,       rebuild_parameter,    "torch.BoolStorage", "torch.ByteStorage",
      "torch.CharStorage",       "torch.ShortStorage", "torch.IntStorage",   "torch.LongStorage", "torch.HalfStorage",
      "torch.BFloat16Storage",   "torch.FloatStorage", "torch.DoubleStorage"};
  static constexpr std::array<dtype, 10> storage_types{dtype::boolean, dtype::uint8,  dtype::int8,    dtype::int16,
                                                       dtype::int32,   dtype::int64,  dtype::float16, dtype::bfloat16,
                                                       dtype::float32, dtype::float64};

  static constexpr std::size_t dimension_limit = 64;  // PyTorch's own

  // A storage that a tensor takes its elements from.
  struct storage {
    dtype type;
    std::span<std::byte const> bytes;
  };

  [[noreturn]] void refuse(std::string const& cause) const { throw bad_input(archive_.file().place(), cause); }
  [[noreturn]] void refuse(std::string_view name, std::string const& cause) const {
    refuse("tensor " + escaped_name(name) + ": " + cause);
  }

  static zip_archive open_archive(std::filesystem::path path) {
    mapped_file file(std::move(path));
    refuse_lfs_pointer(file);
    bool const magic =
        file.text().starts_with(std::string_view("\x80\x02\x8a\x0al\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.", 15));
    bool const tar = file.text().size() > 262 && file.text().substr(257, 5) == "ustar";
    if (magic || tar)
      throw bad_input(file.place(), "is in the format of before PyTorch 1.6, which is not read; `torch.save(torch.load("
                                    "path), path)` in a current PyTorch writes it anew");
    if (!file.text().starts_with("PK"))
      throw bad_input(file.place(), "is no zip archive, which torch.save would have written");
    return zip_archive(std::move(file));
  }

  // The pickle's entry, ARCHIVE/data.pkl; sets the archive's name.
  zip_entry const& find_description() {
    zip_entry const* found = nullptr;
    for (auto const& entry : archive_.entries()) {
      auto const slash = entry.name.find('/');
      if (slash == std::string::npos || entry.name.substr(slash) != "/data.pkl") continue;
      if (found != nullptr)
        refuse("holds two pickles, " + escaped_name(found->name) + " and " + escaped_name(entry.name));
      found = &entry;
      prefix_ = entry.name.substr(0, slash + 1);
    }
    if (found == nullptr) refuse("holds no data.pkl, which torch.save would have written");
    if (archive_.find(prefix_ + "constants.pkl") != nullptr)
      refuse("is a TorchScript program, not a state dict that torch.save wrote");
    auto const* order = archive_.find(prefix_ + "byteorder");
    std::string_view const little = "little";
    if (order != nullptr && !std::ranges::equal(order->bytes, std::as_bytes(std::span(little))))
      refuse("its byte order is not little-endian");
    return *found;
  }

  // A call's arguments, or nullptr where the value is no call of that function with so many.
  static std::vector<std::uint32_t> const* arguments_of(pickle const& read, pickle_value const& value,
                                                        std::string_view function, std::size_t count) {
    if (value.is != kind::call || read[value.items[0]].text != function) return nullptr;
    auto const& arguments = read[value.items[1]].items;
    return arguments.size() == count ? &arguments : nullptr;
  }

  tensor read_tensor(pickle const& read, std::string_view name, pickle_value const& value) const {
    auto const* const wrapped = arguments_of(read, value, rebuild_parameter, 3);
    auto const* const arguments =
        arguments_of(read, wrapped != nullptr ? read[wrapped->front()] : value, rebuild_tensor, 6);
    if (arguments == nullptr) refuse(name, "is no plain tensor");
    auto const from = read_storage(read, name, read[(*arguments)[0]]);
    auto const shape = read_sizes(read, name, read[(*arguments)[2]]),
               strides = read_sizes(read, name, read[(*arguments)[3]]);
    auto const& start = read[(*arguments)[1]];
    if (start.is != kind::integer || start.integer < 0) refuse(name, "its place in its storage is no size");
    if (strides.size() != shape.size()) refuse(name, "its strides are not as many as its dimensions");
    std::uint64_t const size = size_of(from.type), held = from.bytes.size() / size,
                        first = static_cast<std::uint64_t>(start.integer);
    std::uint64_t elements = std::ranges::count(shape, 0u) > 0 ? 0 : 1;
    if (elements != 0)
      for (std::size_t d = shape.size(); d-- > 0;) {
        if (shape[d] != 1 && strides[d] != elements)
          refuse(name, "is not stored row by row; `.contiguous()` before torch.save makes it so");
        if (shape[d] > held / elements) refuse(name, outside(held));
        elements *= shape[d];
      }
    if (first > held || elements > held - first) refuse(name, outside(held));
    return {std::string(name), from.type, shape, from.bytes.subspan(first * size, elements * size),
            archive_.file().place()};
  }

  static std::string outside(std::uint64_t held) {
    return "reaches outside its storage of " + std::to_string(held) + " elements";
  }

  std::vector<std::size_t> read_sizes(pickle const& read, std::string_view name, pickle_value const& tuple) const {
    if (tuple.is != kind::tuple) refuse(name, "its shape or strides are no tuple");
    if (tuple.items.size() > dimension_limit) refuse(name, "has more than 64 dimensions");
    std::vector<std::size_t> sizes;
    for (auto const item : tuple.items) {
      if (read[item].is != kind::integer || read[item].integer < 0) refuse(name, "its shape or strides are no sizes");
      sizes.push_back(static_cast<std::size_t>(read[item].integer));
    }
    return sizes;
  }

  storage read_storage(pickle const& read, std::string_view name, pickle_value const& value) const {
    if (value.is != kind::persistent) refuse(name, "has no storage");
    auto const& items = read[value.items[0]].items;
    auto const is = [&](std::size_t i, kind wanted) { return read[items[i]].is == wanted; };
    if (read[value.items[0]].is != kind::tuple || items.size() != 5 || !is(0, kind::text) ||
        read[items[0]].text != "storage" || !is(1, kind::global) || !is(2, kind::text) || !is(4, kind::integer))
      refuse(name, "its storage is described in another way than torch.save does");
    auto const type = std::ranges::find(globals, read[items[1]].text) - globals.begin() - 3;
    if (type < 0) refuse(name, "its storage is of no type");
    auto const entry_name = prefix_ + "data/" + std::string(read[items[2]].text);
    auto const* entry = archive_.find(entry_name);
    if (entry == nullptr) refuse(name, "its storage " + escaped_name(entry_name) + " is not in the archive");
    auto const known = storage_types[static_cast<std::size_t>(type)];
    if (read[items[4]].integer < 0 ||
        static_cast<std::uint64_t>(read[items[4]].integer) != entry->bytes.size() / size_of(known))
      refuse(name, "its storage " + escaped_name(entry_name) + " should have " +
                       std::to_string(read[items[4]].integer) + " elements of " + name_of(known) + ", but has " +
                       std::to_string(entry->bytes.size()) + " bytes");
    return {known, entry->bytes};
  }

  zip_archive archive_;
  std::string prefix_;
  std::vector<tensor> tensors_;
  census::ignored ignored_;
};

}  // namespace census
