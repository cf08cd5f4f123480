// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>

namespace census_fuzz {

/// A reader's body: reads an input, and ends the program where something does not hold that has to.
using fuzz_body = void (*)(std::span<std::byte const> input);

/// Bytes that a reader may have allocated at once beyond the input's own.
inline constexpr std::size_t most_allocated = std::size_t{64} << 20;

/// Runs a body over an input, and ends the program where more bytes are allocated at once than `most_allocated` and
/// the input's own: by whatever thread and library. What was allocated before does not count. Counting is the address
/// sanitizer's.
void run_body(fuzz_body body, std::span<std::byte const> input);

}  // namespace census_fuzz
