// SPDX-License-Identifier: MIT
#include <census/census.hpp>

#ifdef CENSUS_MISUSE
using text_of_block = census::shared_text;
#else
using text_of_block = census::shared_text const&;
#endif

struct lazy_block {
  census::block inner;
  std::uint32_t layer() const { return inner.layer(); }
  text_of_block text() const { return inner.text(); }
  census::packed_firings const& firings() const { return inner.firings(); }
};

void use(std::vector<lazy_block> const& blocks) {
  census::liveness alive;
  census::survey(blocks, alive);
}
