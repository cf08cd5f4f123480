// SPDX-License-Identifier: MIT
#pragma once

#include <census/model/detail/residual_log.hpp>
#include <census/model/matrix.hpp>
#include <census/scratch_file.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace census {

/// Where the residual streams of a corpus wait between layers: those of its first texts in memory, as many as fit, the
/// others in a file. Values come back bit for bit.
///
/// Where snapshots are to be taken, it lies in a folder of its own: then what take() gave changes nothing until it is
/// put back, and serialize() stores the streams as they are at that moment, those that changed since the last time.
class residual_store {
 public:
  /// `rows` of each text, `columns` of every row. At most `memory` bytes are held, one text's working copy apart; the
  /// nameless file of the others lies in `folder` and goes with the process. Throws bad_input naming the folder where
  /// no file can be made in it.
  residual_store(std::span<std::size_t const> rows, std::size_t columns, std::uint64_t memory,
                 std::filesystem::path folder)
      : columns_(columns) {
    if (std::uint64_t const spilled = place_texts(rows, memory); spilled > 0)
      file_.emplace(std::move(folder), "residual streams");
  }

  /// The same, with snapshots in `folder`.
  struct with_snapshots {
    std::filesystem::path folder;
  };
  residual_store(std::span<std::size_t const> rows, std::size_t columns, std::uint64_t memory, with_snapshots where)
      : columns_(columns), log_(std::in_place, std::move(where.folder)) {
    place_texts(rows, memory);
  }

  /// Bytes of a text's residual stream.
  static std::uint64_t bytes(std::uint64_t rows, std::size_t columns) { return 4 * rows * padded(columns); }

  /// A text's residual stream [row, column], to be read and written until the next one is taken; unspecified before it
  /// was put back for the first time. Throws bad_input where the file cannot be read.
  padded_matrix& take(std::size_t text) {
    std::scoped_lock const alone(mutex_);
    place& here = places_[text];
    padded_matrix& matrix = here.is_held ? here.held : working_;
    bool const was_held = here.is_held && here.held.rows() > 0;
    matrix.resize(here.rows, columns_);
    at_hand_ = text;
    if (log_ && here.changed) {
      before_.resize(here.rows, columns_);
      std::ranges::copy(contents(matrix, here), contents(before_, here).begin());
    } else if (log_ && here.logged && !was_held) {
      log_->read(*here.logged, std::as_writable_bytes(contents(matrix, here)));
    } else if (file_ && here.written) {
      file_->read(here.offset, std::as_writable_bytes(contents(matrix, here)));
    }
    return matrix;
  }

  /// Keeps what was written to the matrix that take(text) gave. Throws bad_input where the file cannot be written.
  void put_back(std::size_t text) {
    std::scoped_lock const alone(mutex_);
    place& here = places_[text];
    at_hand_.reset();
    if (here.is_held) {
      here.changed = true;
    } else if (log_) {
      here.logged = log_->write(std::as_bytes(contents(working_, here)), here.logged);
    } else {
      file_->write(here.offset, std::as_bytes(contents(working_, here)));
      here.written = true;
    }
  }

  /// Frees a text's memory: its residual stream is no longer of use.
  void release(std::size_t text) {
    std::scoped_lock const alone(mutex_);
    at_hand_.reset();
    places_[text].held = {};
    places_[text].logged.reset();
    places_[text].changed = false;
  }

  /// Whether a text's residual stream was put back, or restored, and not released. With snapshots alone.
  bool has(std::size_t text) const { return places_[text].changed || places_[text].logged; }

  /// With snapshots alone: stores where each residual stream lies, once all of them have reached the disk; or restores
  /// those that a snapshot stored. Throws bad_input where a file cannot be written, std::invalid_argument where what is
  /// restored is of other texts, or in a file that is not there.
  template <class Archive>
  void serialize(Archive& archive) {
    std::scoped_lock const alone(mutex_);
    std::vector<std::optional<detail::residual_log::place>> logged;
    if constexpr (!Archive::is_reading) {
      for (std::size_t text = 0; text < places_.size(); ++text) logged.push_back(brought_to_disk(text));
      log_->sync();
    }
    archive("residuals", logged);
    if (logged.size() != places_.size())
      throw std::invalid_argument("the residual streams of " + std::to_string(logged.size()) + " texts, instead of " +
                                  std::to_string(places_.size()));
    stored_.clear();
    for (auto const& place : logged)
      if (Archive::is_reading && place && !log_->was_left(place->file))
        throw std::invalid_argument("a residual stream in file " + std::to_string(place->file) +
                                    ", which is not there");
    for (std::size_t text = 0; text < places_.size(); ++text) {
      if constexpr (Archive::is_reading) places_[text].logged = logged[text];
      if (logged[text]) stored_.insert(logged[text]->file);
    }
  }

  /// The snapshot that was stored last is in its place: the files of those before it may go.
  void forget_earlier_snapshots() {
    std::scoped_lock const alone(mutex_);
    log_->keep(stored_);
  }

 private:
  struct place {
    std::size_t rows;
    bool is_held;              // in memory, or
    std::uint64_t offset = 0;  // there in the nameless file
    bool written = false;      // to that file
    padded_matrix held = {};
    bool changed = false;                                    // `held`, since it was last brought to the log,
    std::optional<detail::residual_log::place> logged = {};  // where it lies as it was then
  };

  /// Those that fit are held in memory; the bytes of the others.
  std::uint64_t place_texts(std::span<std::size_t const> rows, std::uint64_t memory) {
    std::uint64_t held = 0, spilled = 0;
    for (std::size_t const count : rows) {
      std::uint64_t const size = bytes(count, columns_);
      bool const fits = spilled == 0 && size <= memory - held;
      places_.push_back({.rows = count, .is_held = fits, .offset = spilled});
      (fits ? held : spilled) += size;
    }
    return spilled;
  }

  std::optional<detail::residual_log::place> brought_to_disk(std::size_t text) {
    place& here = places_[text];
    if (here.changed)
      here.logged = log_->write(std::as_bytes(contents(at_hand_ == text ? before_ : here.held, here)), here.logged);
    here.changed = false;
    return here.logged;
  }

  std::span<float> contents(padded_matrix& matrix, place const& here) const {
    return {matrix.data(), static_cast<std::size_t>(bytes(here.rows, columns_) / sizeof(float))};
  }

  std::mutex mutex_;  // who takes a snapshot is another thread
  std::size_t columns_;
  std::vector<place> places_;
  padded_matrix working_;  // of the text at hand, where it lies in a file
  padded_matrix before_;   // of the text at hand, where it is held: what it was when it was taken
  std::optional<std::size_t> at_hand_;
  std::optional<scratch_file> file_;
  std::optional<detail::residual_log> log_;
  std::set<std::uint32_t> stored_;  // the files that the last snapshot refers to
};

}  // namespace census
