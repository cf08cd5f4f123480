// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/tabulation/token_at.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace census::key {

/// Labels that come from elsewhere, such as parts of speech: one for each token of each document, BOS aside
/// [document][token], by token_at::document() and offset(). Nothing at BOS, in documents past the last that is
/// labelled, and in those whose list of labels is empty. Copies share the labels.
///
///     census::firings_by by_part_of_speech{census::key::labels(census::key::read_labels("tags.txt"))};
///
/// Throws bad_input, naming the document, where a token has no label though the document has some: text and labels are
/// not of one tokenizer then.
template <class Label>
class labels {
 public:
  explicit labels(std::vector<std::vector<Label>> of_documents)
      : of_documents_(std::make_shared<std::vector<std::vector<Label>> const>(std::move(of_documents))) {}

  std::optional<Label> operator()(token_at at) const {
    if (at.is_bos() || at.document() >= of_documents_->size()) return std::nullopt;
    std::vector<Label> const& here = (*of_documents_)[at.document()];
    if (here.empty()) return std::nullopt;
    auto const offset = at.offset();
    if (!offset)
      throw bad_input(place(at), "its labels cannot be told apart: the source did not say at which token piece " +
                                     std::to_string(at.sequence().piece) + " begins (census::sequence::offset)");
    if (*offset >= here.size())
      throw bad_input(place(at),
                      "has " + std::to_string(here.size()) + " labels, but a token " + std::to_string(*offset));
    return here[*offset];
  }

 private:
  static std::string place(token_at at) { return "document " + std::to_string(at.document()); }

  std::shared_ptr<std::vector<std::vector<Label>> const> of_documents_;
};

/// Labels out of a text file: a line a document, in the order of the corpus's documents; in it a word a token, with
/// spaces between. Throws bad_input where the file cannot be read.
inline std::vector<std::vector<std::string>> read_labels(std::filesystem::path const& path) {
  std::ifstream file(path);
  if (!file) throw bad_input(path.string(), "cannot be read");
  std::vector<std::vector<std::string>> of_documents;
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    of_documents.emplace_back();
    for (std::string word; words >> word;) of_documents.back().push_back(word);
  }
  if (file.bad()) throw bad_input(path.string(), "cannot be read to its end");
  return of_documents;
}

}  // namespace census::key
