// SPDX-License-Identifier: MIT
#pragma once

#include <census/tabulation/list_documents.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <stdexcept>
#include <tuple>
#include <vector>

namespace census {

namespace detail {

/// Documents in the order in which they are dealt out, as places in `documents`: domain by domain, the largest domain
/// first, and in each the largest document first; of equals in the order of their hashes.
inline std::vector<std::size_t> order_to_deal(std::span<text_document const> documents,
                                              std::uint64_t text_document::*size) {
  struct whole_domain {
    std::uint64_t size = 0, hash = 0;
  };
  std::vector<whole_domain> domains;
  for (text_document const& one : documents) {
    if (one.domain >= domains.size()) domains.resize(one.domain + std::size_t{1});
    domains[one.domain].size += one.*size, domains[one.domain].hash += one.hash;
  }
  std::vector<std::size_t> order(documents.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) {
    text_document const& one = documents[i];
    whole_domain const& domain = domains[one.domain];
    return std::tuple(~domain.size, domain.hash, one.domain, ~(one.*size), one.hash, one.number);
  });
  return order;
}

}  // namespace detail

/// Deals documents out into groups of about the same size, each domain's by themselves: every group is a small sample
/// of the same text, and by how much a figure differs between them tells how certain it is (statistic/jackknife.hpp).
/// Returns the group [document] of each, 0 .. groups - 1. `size` is what is to be about the same.
///
/// The largest domain comes first, and in it the largest document, of equal ones in the order of their hashes; a
/// document goes to the group that has least of its domain, of those to the one that has least in all, then to the
/// first. Copies of a document go to its group: they say nothing new, and groups are to be independent. So of more
/// groups than distinct documents (count_distinct) some stay empty. Documents are as list_documents gives them.
///
/// Law: the group of a document depends on what the documents say and on which share a domain, not on their order, nor
/// on the numbers of documents and domains. Throws std::invalid_argument for no group.
inline std::vector<std::uint32_t> deal_documents(std::span<text_document const> documents, std::uint32_t groups,
                                                 std::uint64_t text_document::*size = &text_document::tokens) {
  if (groups == 0) throw std::invalid_argument("census::deal_documents: there is no group to deal to");
  auto const order = detail::order_to_deal(documents, size);
  std::vector<std::uint32_t> group_of(documents.size());
  std::vector<std::uint64_t> in_all(groups), of_domain(groups);
  for (std::size_t i = 0; i < order.size(); ++i) {
    text_document const& one = documents[order[i]];
    if (i > 0 && documents[order[i - 1]].domain != one.domain) std::ranges::fill(of_domain, 0);
    std::uint32_t to = 0;
    if (i > 0 && are_copies(documents[order[i - 1]], one))
      to = group_of[order[i - 1]];
    else
      for (std::uint32_t g = 1; g < groups; ++g)
        if (std::tuple(of_domain[g], in_all[g]) < std::tuple(of_domain[to], in_all[to])) to = g;
    group_of[order[i]] = to;
    of_domain[to] += one.*size, in_all[to] += one.*size;
  }
  return group_of;
}

}  // namespace census
