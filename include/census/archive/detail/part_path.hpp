// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace census::detail {

/// Where an archive is among the parts of a value: "tables/2/keys", and "tables.size" for how many tables there are;
/// and a Kept of each place, which stays for when it is come to again: what an archive does there a million times, it
/// looks up once.
template <class Kept>
class part_path {
  struct place {
    std::string name, part;  // the whole path, and the last step of it
    Kept kept = {};
    std::vector<std::unique_ptr<place>> parts = {};
    std::size_t next = 0;  // of the parts, the one that follows that which was gone to last: mostly the next to be
    std::unique_ptr<place> size = nullptr;
  };

 public:
  /// Goes to a part of the part at hand, or to its size, and back when it is gone.
  class step {
   public:
    step(part_path& path, std::string_view name) : step(path) { path_.here_ = part_of(*outer_, name); }
    struct size {};
    step(part_path& path, size) : step(path) {
      if (!outer_->size) outer_->size = std::make_unique<place>(place{outer_->name + ".size", {}});
      path_.here_ = outer_->size.get();
    }
    step(step const&) = delete;
    step& operator=(step const&) = delete;
    ~step() { path_.here_ = outer_; }

   private:
    explicit step(part_path& path) : path_(path), outer_(path.here_) {}

    part_path& path_;
    place* outer_;
  };

  std::string const& name() const { return here_->name; }
  Kept& kept() { return here_->kept; }

 private:
  /// A part of a place. Of the outermost the part without a name is that itself.
  static place* part_of(place& outer, std::string_view name) {
    bool const is_outermost = outer.name.empty();
    if (is_outermost && name.empty()) return &outer;
    for (std::size_t tried = 0; tried < outer.parts.size(); ++tried) {
      std::size_t const at = (outer.next + tried) % outer.parts.size();
      if (outer.parts[at]->part != name) continue;
      outer.next = at + 1;
      return outer.parts[at].get();
    }
    std::string const part(name);
    outer.parts.push_back(std::make_unique<place>(place{is_outermost ? part : outer.name + '/' + part, part}));
    outer.next = outer.parts.size();
    return outer.parts.back().get();
  }

  std::unique_ptr<place> root_ = std::make_unique<place>();
  place* here_ = root_.get();
};

}  // namespace census::detail
