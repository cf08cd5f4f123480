// SPDX-License-Identifier: MIT
// A pickle alone, as it lies in a file that torch.save wrote: in an archive, most changes of a byte break the archive.
#include <census/error.hpp>
#include <census/weights/checkpoint.hpp>

#include <fuzz/support/ensure.hpp>

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

void fuzz_pickle(std::span<std::byte const> input) {
  static constexpr std::array<std::string_view, 3> allowed{"collections.OrderedDict", "torch._utils._rebuild_tensor_v2",
                                                           "torch.FloatStorage"};
  try {
    census::pickle const read(input, "data.pkl", allowed);
    for (auto const item : read.root().items) static_cast<void>(read[item].is);
  } catch (census::bad_input const& refused) {
    census_fuzz::ensure(std::string_view(refused.what()).starts_with("data.pkl: "), "a message names the file");
  }
}
