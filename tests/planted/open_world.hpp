// SPDX-License-Identifier: MIT
// A planted world opened as anybody's checkpoint and text would be.
#pragma once

#include "planted_world.hpp"

#include <census/corpus/open_corpus.hpp>
#include <census/model/open_model.hpp>

#include <support/temporary_folder.hpp>

namespace planted {

struct opened_world {
  explicit opened_world(world_shape const& shape)
      : planted(shape), model(written(planted)), corpus(read(planted, model)) {}

  world planted;
  census::model model;
  census::corpus corpus;

 private:
  static census::model written(world const& w) {
    temporary_folder const folder;
    w.checkpoint.write(folder.path());
    return census::open_model(folder.path());  // the files stay mapped
  }
  static census::corpus read(world const& w, census::model const& m) {
    temporary_folder const folder;
    census_test::write_npy(folder / "ids.npy", w.documents);
    return census::open_corpus(m.tokenizer(), {folder / "ids.npy"}, {.context = w.checkpoint.context});
  }
};

}  // namespace planted
