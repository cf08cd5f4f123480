// SPDX-License-Identifier: MIT
#pragma once

#include <census/weights/checkpoint.hpp>
#include <census/weights/mapped_file.hpp>
#include <census/weights/tensor.hpp>

#include <fuzz/support/ensure.hpp>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace census_fuzz {

/// What a checkpoint promises of its tensors, however they are stored: each lies in one of the files, has the bytes of
/// its shape, is found by its name, and is read where its type says that it can be.
inline void check_tensors(census::checkpoint const& opened) {
  census::tensor const* before = nullptr;
  for (census::tensor const& one : opened.tensors()) {
    ensure(before == nullptr || before->name < one.name, "tensors ascend by name");
    before = &one;
    ensure(opened.find(one.name) == &one, "a tensor is found by its name");
    ensure(one.bytes.empty() || std::ranges::any_of(opened.files(),
                                                    [&](census::mapped_file const& file) {
                                                      return file.holds(one.bytes) && file.place() == one.file;
                                                    }),
           "a tensor lies in the file that it names");
    if (one.type != census::dtype::unknown) {
      std::size_t elements = std::ranges::count(one.shape, 0u) > 0 ? 0 : 1;
      if (elements > 0)
        for (std::size_t const extent : one.shape) elements *= extent;
      ensure(one.elements() == elements && one.bytes.size() == elements * size_of(one.type),
             "a tensor has the bytes of its shape");
    }
    if (census::is_readable(one.type)) {
      std::vector<float> values(one.elements());
      census::to_float32(one, 0, values);
    }
  }
}

}  // namespace census_fuzz
