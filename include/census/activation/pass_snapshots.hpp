// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/source.hpp>

#include <concepts>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <mutex>

namespace census {

/// How a pass layer by layer can be stored from another thread while it runs, and taken up again.
struct pass_snapshots {
  std::filesystem::path folder;
  /// Held by the pass from where a text enters the next layer until its block was looked at: whoever holds it may look
  /// at, and store, all that the pass and those who look at its blocks have done, for it then is of whole texts.
  std::shared_ptr<std::mutex> in_step = std::make_shared<std::mutex>();
};

/// A layered source that can be stored while it is read, and taken up again by one made alike. While in_step is held:
///  - `s.texts_done()`          texts whose blocks of the layer at hand were looked at;
///  - `s.serialize(archive)`    stores what waits between layers, or restores it before the source is read;
///  - `s.forget_earlier_snapshots()`   what was stored last is safe: what was stored before it may go;
///  - `s.resume_at(layer, texts_done)`   once it is restored, before it is read: it begins with this layer, of which so
///                              many texts are done. Throws std::invalid_argument where what was restored does not fit.
template <class S>
concept resumable_layers = layered_source<S> && requires(S& source, std::size_t number) {
  { source.texts_done() } -> std::convertible_to<std::size_t>;
  source.forget_earlier_snapshots();
  source.resume_at(number, number);
};

}  // namespace census
