// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace census::detail {

/// Where an archive is among the parts of a value: "tables/2/keys", and "tables.size" for how many tables there are.
class part_path {
 public:
  /// Goes to a part of the part at hand, or to its size, and back when it is gone.
  class step {
   public:
    step(part_path& path, std::string_view name) : step(path) {
      if (outer_ > 0) path_ += '/';
      path_ += name;
    }
    struct size {};
    step(part_path& path, size) : step(path) { path_ += ".size"; }
    step(step const&) = delete;
    step& operator=(step const&) = delete;
    ~step() { path_.resize(outer_); }

   private:
    explicit step(part_path& path) : path_(path.path_), outer_(path_.size()) {}

    std::string& path_;
    std::size_t outer_;
  };

  std::string const& name() const { return path_; }

 private:
  std::string path_;
};

}  // namespace census::detail
