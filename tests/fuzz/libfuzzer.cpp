// SPDX-License-Identifier: MIT
// What libFuzzer calls with each input: the body that FUZZ_BODY names.
#include <fuzz/support/run_body.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

void FUZZ_BODY(std::span<std::byte const> input);

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  census_fuzz::run_body(FUZZ_BODY, std::as_bytes(std::span(data, size)));
  return 0;
}
