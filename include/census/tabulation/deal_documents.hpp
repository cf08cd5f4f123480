// SPDX-License-Identifier: MIT
#pragma once

#include <census/splitmix64.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <stdexcept>
#include <tuple>
#include <vector>

namespace census {

/// How much of a document there is: tokens, or full sequences, or whatever is counted.
struct document_size {
  std::uint64_t document = 0;
  std::uint16_t domain = 0;
  std::uint64_t size = 0;

  friend bool operator==(document_size const&, document_size const&) = default;
};

/// Deals documents out into groups of about the same size, each domain's by themselves: every group is a small sample
/// of the same text, and by how much a figure differs between them tells how certain it is (statistic/jackknife.hpp).
/// Returns the group [document] of each, 0 .. groups - 1.
///
/// The largest document comes first, of equal ones in the order of a hash of their numbers; it goes to the group that
/// has least of its domain, of those to the one that has least in all, then to the first. So the groups depend on which
/// documents there are, not on their order. Throws std::invalid_argument for no group, and where a document comes
/// twice.
inline std::vector<std::uint32_t> deal_documents(std::span<document_size const> documents, std::uint32_t groups) {
  if (groups == 0) throw std::invalid_argument("census::deal_documents: there is no group to deal to");
  std::vector<std::size_t> order(documents.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) {
    return std::tuple(documents[i].domain, ~documents[i].size, splitmix64(documents[i].document));
  });

  std::vector<std::uint32_t> group_of(documents.size());
  std::vector<std::uint64_t> in_all(groups), of_domain(groups);
  for (std::size_t i = 0; i < order.size(); ++i) {
    document_size const& one = documents[order[i]];
    if (i > 0 && documents[order[i - 1]].domain != one.domain) std::ranges::fill(of_domain, 0);
    std::uint32_t least = 0;
    for (std::uint32_t g = 1; g < groups; ++g)
      if (std::tuple(of_domain[g], in_all[g]) < std::tuple(of_domain[least], in_all[least])) least = g;
    group_of[order[i]] = least;
    of_domain[least] += one.size, in_all[least] += one.size;
  }
  return group_of;
}

}  // namespace census
