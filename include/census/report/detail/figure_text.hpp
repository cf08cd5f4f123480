// SPDX-License-Identifier: MIT
#pragma once

#include <census/report/detail/shown_text.hpp>
#include <census/report/number.hpp>
#include <census/report/read_census.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace census::detail {

/// A whole number as people read it: 611,785.
inline std::string with_thousands(std::uint64_t value) {
  std::string const digits = number(value);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

/// A count and what is counted: "1 neuron", "2 neurons".
inline std::string counted(std::uint64_t count, std::string const& one) {
  return with_thousands(count) + " " + one + (count == 1 ? "" : "s");
}

/// The name of a census where a count follows it, in the title of a panel.
inline std::string name_in_title(census_record const& census) { return shortened(census.name, 24); }

/// What was counted on how much text of which model, a sentence.
inline std::string text_counted(std::vector<census_record> const& censuses) {
  std::string sentence = "Counted: ";
  for (std::size_t i = 0; i < censuses.size(); ++i) {
    run_record const& run = censuses[i].run;
    std::uint64_t tokens = 0;
    for (auto const& [domain, of_domain] : run.tokens_by_domain) tokens += of_domain;
    sentence.append(i == 0 ? "" : "; ").append(censuses[i].name).append(" on ");
    sentence += tokens == 0 ? "an unknown number of tokens" : counted(tokens, "token");
    if (run.documents > 0) sentence += " of " + counted(run.documents, "document");
    if (auto const model = run.setting("model")) sentence += " (model " + *model + ")";
  }
  return sentence + ".";
}

/// How many sequences a figure of positions is of, a sentence.
inline std::string sequences_counted(std::vector<census_record> const& censuses) {
  std::string sentence = "Positions are counted over full sequences: ";
  for (std::size_t i = 0; i < censuses.size(); ++i) {
    run_record const& run = censuses[i].run;
    sentence += (i == 0 ? "" : "; ") + with_thousands(run.full_sequences);
    if (auto const context = run.setting("context")) sentence += " of " + *context + " tokens";
    if (censuses.size() > 1) sentence += ", " + censuses[i].name;
  }
  return sentence + ".";
}

/// Which of several censuses are not in a figure, a sentence; nothing where all are.
inline std::string without(std::vector<std::string> const& names) {
  if (names.empty()) return "";
  std::string sentence = " Not told by the census of ";
  for (std::size_t i = 0; i < names.size(); ++i) sentence += (i == 0 ? "" : ", ") + names[i];
  return sentence + ".";
}

}  // namespace census::detail
