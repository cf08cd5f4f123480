// SPDX-License-Identifier: MIT
#include <census/census.hpp>

namespace mine {

struct firings {
  std::size_t rows() const { return 0; }
  std::size_t neurons() const { return 0; }
};

#ifndef CENSUS_MISUSE
void tabulate(firings const&, census::key_rows const&, census::firing_counts&) {}
#endif

struct block {
  census::shared_text of;
  std::uint32_t layer() const { return 0; }
  census::shared_text const& text() const { return of; }
  mine::firings firings() const { return {}; }
};

}  // namespace mine

void use(mine::block const& block) {
  census::liveness alive;
  alive.observe(block);
}
