// SPDX-License-Identifier: MIT
// Text that is counted again and again by the same tables.
#pragma once

#include <census/activation/text_list.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>

/// The same text as documents whose numbers are larger by `by`, so that tables that have observed it count it as text
/// of its own.
inline census::text_list later_documents(census::text_list const& texts, std::uint64_t by) {
  return {texts.rows(), [texts, by](std::size_t i) {
            census::text_rows text = *texts[i];
            for (census::sequence& one : text.sequences) one.document += by;
            return census::share(std::move(text));
          }};
}
