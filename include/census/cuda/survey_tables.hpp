// SPDX-License-Identifier: MIT
#pragma once

#include <census/accumulator/first_firings.hpp>
#include <census/cuda/counts.hpp>
#include <census/survey/paper_survey.hpp>
#include <census/survey/survey_size.hpp>

#include <cstdint>

namespace census::cuda {

/// Bytes of a device's memory, from above, for the tables of one layer of a paper_survey that is shown blocks of that
/// device: for device_options::tables.
inline std::uint64_t bytes_of_tables(survey_size const& size) {
  std::uint64_t bytes = counts::bytes(first_firings::documents_counted(size.documents), size.tokens, size.neurons);
  for (std::uint64_t const keys : paper_survey::keys_of_tables(size))
    bytes += counts::bytes(keys, size.tokens, size.neurons);
  return bytes;
}

}  // namespace census::cuda
