// SPDX-License-Identifier: MIT
#pragma once

#include <census/cuda/counts.hpp>
#include <census/cuda/firings.hpp>
#include <census/tabulation/firing_counts.hpp>
#include <census/tabulation/key_rows.hpp>

#include <memory>

namespace census::cuda {

/// The counting engine for firings that lie on a device: they are counted there, in work that is put into the device's
/// stream, and rows come home when somebody asks for them. Throws as firing_counts::count_remotely does, device_error
/// where the device fails; nothing is counted then.
inline void tabulate(cuda::firings const& firings, key_rows const& rows, firing_counts& into) {
  into.count_remotely<counts>(
      firings, rows, [&] { return std::make_shared<counts>(firings.on(), firings.neurons()); },
      [&](counts& mine) { mine.add(firings, rows, into); });
}

}  // namespace census::cuda
