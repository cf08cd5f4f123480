// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/weights/mapped_file.hpp>

namespace census {

/// Throws bad_input with advice where the file is only Git LFS's pointer to the file: what a clone without LFS leaves.
inline void refuse_lfs_pointer(mapped_file const& file) {
  if (file.text().starts_with("version https://git-lfs.github.com/spec/"))
    throw bad_input(file.place(), "is Git LFS's pointer to the file, not the file itself; `git lfs pull` fetches it");
}

}  // namespace census
