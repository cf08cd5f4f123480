// SPDX-License-Identifier: MIT
#pragma once

#include <boost/math/special_functions/beta.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>

namespace census {

/// An estimate without bias of first order, and its standard error.
struct jackknife_estimate {
  double value = 0, standard_error = 0;

  template <class Archive>
  void serialize(Archive& archive) {
    archive("value", value)("standard_error", standard_error);
  }
};

/// The jackknife of a figure over groups of the data: `whole` from all of it, `without` [group] from all but one group,
/// groups of these `sizes` [group], in any unit. The groups are to be independent of one another; inside of them
/// anything may hang on anything. Bias in proportion to 1/size goes, the spread of the groups' pseudo-values tells the
/// error. Source: Busing, Meijer and van der Leeden 1999, "Delete-m jackknife for unequal m". Throws
/// std::invalid_argument for fewer than two groups, an empty group, or where the two differ in their groups.
inline jackknife_estimate jackknife(double whole, std::span<double const> without,
                                    std::span<std::uint64_t const> sizes) {
  if (without.size() != sizes.size() || sizes.size() < 2)
    throw std::invalid_argument("census::jackknife: two groups at least are needed, each with its size");
  double all = 0;
  for (std::uint64_t const size : sizes) {
    if (size == 0) throw std::invalid_argument("census::jackknife: a group is empty");
    all += static_cast<double>(size);
  }
  auto const groups = static_cast<double>(sizes.size());
  jackknife_estimate estimate{groups * whole, 0};
  for (std::size_t g = 0; g < sizes.size(); ++g)
    estimate.value -= (1 - static_cast<double>(sizes[g]) / all) * without[g];
  double variance = 0;
  for (std::size_t g = 0; g < sizes.size(); ++g) {
    double const times = all / static_cast<double>(sizes[g]);
    double const off = times * whole - (times - 1) * without[g] - estimate.value;
    variance += off * off / (times - 1) / groups;
  }
  estimate.standard_error = std::sqrt(variance);
  return estimate;
}

/// How many groups of one size tell as much as groups of these sizes: (Σ size)² / Σ size²; 0 for none.
inline double effective_groups(std::span<std::uint64_t const> sizes) {
  double sum = 0, squares = 0;
  for (std::uint64_t const size : sizes) {
    sum += static_cast<double>(size);
    squares += static_cast<double>(size) * static_cast<double>(size);
  }
  return sum == 0 ? 0 : sum * sum / squares;
}

/// Student's t for an interval that holds the figure in `confidence` of all cases: value - t · error to value + t ·
/// error, with one degree of freedom less than there are (effective) groups. Precondition: more than one group, a
/// confidence inside (0, 1).
inline double student_t(double groups, double confidence = 0.95) {
  double const freedom = groups - 1;
  double const x = boost::math::ibeta_inv(freedom / 2, 0.5, 1 - confidence);
  return std::sqrt(freedom * (1 - x) / x);
}

/// The chance of an estimate as far from `value`, to either side, where that is the figure. Where all groups agree, 0;
/// 1 at the value itself.
inline double student_p(jackknife_estimate const& estimate, double groups, double value) {
  double const off = estimate.value - value;
  if (off == 0) return 1;
  if (estimate.standard_error == 0) return 0;
  double const freedom = groups - 1, t = off / estimate.standard_error;
  return boost::math::ibeta(freedom / 2, 0.5, freedom / (freedom + t * t));
}

}  // namespace census
