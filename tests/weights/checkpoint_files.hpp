// SPDX-License-Identifier: MIT
// Safetensors files, well-formed and not, for tests.
#pragma once

#include <support/temporary_folder.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

inline void write_bytes(std::filesystem::path const& path, std::string const& bytes) {
  std::ofstream file(path, std::ios::binary);
  if (!file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()))) throw std::runtime_error("cannot write");
}

/// A safetensors file as it would be with this header and these bytes of data.
inline std::string safetensors_bytes(std::string const& header, std::string const& data) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes += static_cast<char>(std::uint64_t{header.size()} >> (8 * i) & 0xff);
  return bytes + header + data;
}

/// A tensor that a test stores: float32 unless its bytes are replaced.
struct stored_tensor {
  std::string name;
  std::vector<std::size_t> shape;
  std::vector<float> values;
  std::string dtype = "F32";
};

inline std::string safetensors_bytes(std::vector<stored_tensor> const& tensors) {
  std::string header = "{\"__metadata__\":{\"format\":\"pt\"}", data;
  for (auto const& t : tensors) {
    std::string shape;
    for (auto const size : t.shape) shape.append(shape.empty() ? "" : ",").append(std::to_string(size));
    auto const begin = std::to_string(data.size());
    data.append(reinterpret_cast<char const*>(t.values.data()), 4 * t.values.size());
    header += ",\"" + t.name + "\":{\"dtype\":\"" + t.dtype + "\",\"shape\":[" + shape + "],\"data_offsets\":[" +
              begin + "," + std::to_string(data.size()) + "]}";
  }
  return safetensors_bytes(header + "}", data);
}
