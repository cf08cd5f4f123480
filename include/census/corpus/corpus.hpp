// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/text_list.hpp>
#include <census/activation/text_parts.hpp>
#include <census/activation/text_rows.hpp>
#include <census/corpus/detail/domain_cursor.hpp>
#include <census/corpus/detail/sequence_store.hpp>
#include <census/document_subset.hpp>
#include <census/error.hpp>
#include <census/ignored.hpp>
#include <census/token_id.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace census {

/// A document in memory: its tokens without BOS, and its domain as an index into the corpus's domains.
struct corpus_document {
  std::vector<token_id> tokens;
  std::uint16_t domain = 0;
};

/// How far texts were read.
struct reading_state {
  std::uint64_t bytes = 0, bytes_in_all = 0;  ///< of their files, as they lie on the disk
  std::uint64_t tokens = 0;                   ///< of their documents, without BOS
};

/// How documents become sequences.
struct corpus_options {
  std::size_t context = 2048;  ///< tokens of a full sequence, BOS included
  bool bos = true;             ///< whether each sequence begins with the model's BOS
  std::optional<std::uint64_t> tokens =
      {};                      ///< stop as soon as there are so many tokens, BOS included; unless told, take everything
  std::string field = "text";  ///< of a line of .jsonl: what holds its text
  std::string split = {};      ///< what parts the documents of a .txt: a mark, or "blank-lines"; nothing: a file is one
  document_subset documents = {};  ///< those to take; numbers, and where `tokens` ends, stay those of the whole
  std::size_t document_bytes = std::size_t{1} << 30;  ///< a line of .jsonl at most
  std::uint64_t memory = 64 << 20;                    ///< bytes of sequences held; the others wait in a file,
  std::filesystem::path folder = {};                  ///< in this folder; the system's for temporary files unless told
  std::uint64_t reading_memory = 1 << 30;             ///< bytes that texts being read may hold together
  std::function<void(reading_state const&)> tell_reading = {};  ///< told as open_corpus reads, a part at a time
};

/// A document as a corpus reads it, or a part of one: its number and its next tokens, without BOS.
struct numbered_document {
  std::uint64_t number = 0;
  std::vector<token_id> tokens;
  bool goes_on = false;    ///< another part of it follows
  std::size_t source = 0;  ///< which file it is from
};

/// Documents that a corpus took: that gave it a sequence. Numbers are those of the whole corpus.
struct taken_documents {
  std::uint64_t count = 0;
  std::uint64_t first = 0, last = 0;  ///< the least and the greatest number, where there are any

  friend bool operator==(taken_documents const&, taken_documents const&) = default;
};

/// A file that a corpus was read from.
struct corpus_source {
  std::string path, domain;
  std::uint64_t document = 0;                ///< the number of its first document
  std::uint64_t bytes = 0;                   ///< its size
  std::uint64_t hash = 0;                    ///< content_hash of its bytes
  std::optional<std::uint64_t> splits = {};  ///< how often corpus_options::split was met in what was read of it
  taken_documents documents = {};            ///< of its documents
  std::string format = {};                   ///< as what it was read: "text", "JSON lines", ...; empty: not told
};

/// Documents of token ids, cut into the sequences that a model runs on: each holds `context` tokens, BOS included, but
/// for the last of its document, which holds the rest. No sequence holds tokens of two documents.
///
/// Order: the next sequence comes from the domain with the fewest tokens so far (of equals the first), which goes
/// through its documents in the order given. So domains stay balanced for as long as they last, and a limit takes the
/// first part of the whole: the same sequences under the same numbers, none of them cut.
///
/// Parts: with options.documents it holds the sequences of these documents alone, as the whole corpus numbers, orders
/// and ends them; all that it tells of itself (tokens, documents, sequences) is of these. Law: the sequences of parts
/// 1/N to N/N are those of the whole, each in one of them.
///
/// Memory does not depend on its size: what is beyond options.memory waits in a nameless file. A copy shares it.
class corpus {
 public:
  /// From documents in memory; the index of a document is its number. Each sequence begins with `bos` where options.bos
  /// says so. Throws bad_input where the documents to take hold no token, where BOS is asked for and there is none, or
  /// where the context has no room for a token; std::invalid_argument where a document's domain is none of `domains`.
  corpus(std::vector<std::string> domains, std::vector<corpus_document> const& documents, std::optional<token_id> bos,
         corpus_options const& options = {})
      : corpus(
            std::move(domains), domains_of(documents), [&](std::size_t d) { return documents[d].tokens; }, bos,
            options) {}

  /// From documents that are read when their turn comes: read(d) -> std::vector<token_id> gives the tokens of document
  /// d, whose domain is document_domains[d]. It is called at most once for each, and not for documents beyond the
  /// limit.
  template <std::invocable<std::size_t> Read>
  corpus(std::vector<std::string> domains, std::vector<std::uint16_t> const& document_domains, Read&& read,
         std::optional<token_id> bos, corpus_options const& options = {})
      : corpus(
            domains,
            [&read, waiting = by_domain(domains.size(), document_domains)](
                std::size_t domain) mutable -> std::optional<numbered_document> {
              if (waiting[domain].empty()) return std::nullopt;
              std::size_t const document = waiting[domain].front();
              waiting[domain].pop_front();
              return numbered_document{document, read(document)};
            },
            bos, options) {}

  /// The same where nobody knows beforehand how many documents there are: next(domain) ->
  /// std::optional<numbered_document> gives the domain's next document, or the next part of the one at hand, or nothing
  /// behind its last. No two documents may have the same number.
  template <std::invocable<std::size_t> Next>
  corpus(std::vector<std::string> domains, Next&& next, std::optional<token_id> bos, corpus_options const& options = {})
      : domains_(std::move(domains)), tokens_in_(domains_.size()), subset_(options.documents),
        context_(options.context), store_(std::make_shared<sequence_store>(options.memory, options.folder)) {
    if (options.bos && !bos) throw bad_input("the corpus", "BOS is asked for, but the tokenizer has none");
    if (options.bos) bos_ = bos;
    if (context_ < 1 + std::size_t{options.bos} || context_ > std::numeric_limits<std::uint32_t>::max())
      throw bad_input("context " + std::to_string(context_), "a sequence has no room for text, or too much");

    std::vector<reader> readers(domains_.size());
    while (true) {
      std::uint64_t cut = 0;  // tokens of the whole corpus, so far
      for (reader const& domain : readers) cut += domain.cut;
      if (options.tokens && cut >= *options.tokens) break;
      auto const turn = std::ranges::min_element(
          readers, {}, [&](reader const& r) { return r.at_end ? std::numeric_limits<std::uint64_t>::max() : r.cut; });
      if (turn == readers.end() || turn->at_end) break;
      auto const domain = static_cast<std::size_t>(turn - readers.begin());
      if (turn->fetch(next, domain, context_ - std::size_t{options.bos}))
        cut_sequence(*turn, static_cast<std::uint16_t>(domain));
    }
    if (sequences() > 0) return;
    throw bad_input("the corpus", subset_.is_all() ? "the text holds no token"
                                                   : "no document of this part of the text holds a token");
  }

  std::vector<std::string> const& domains() const { return domains_; }

  /// Rows, BOS included: of the whole corpus, and of one domain.
  std::uint64_t tokens() const { return store_->tokens(); }
  std::uint64_t tokens_in(std::size_t domain) const { return tokens_in_.at(domain); }

  /// How many different tokens there are, BOS included.
  std::uint64_t distinct_tokens() const { return static_cast<std::uint64_t>(std::ranges::count(met_, true)); }

  /// Documents that gave at least one sequence, and those of one source.
  std::uint64_t documents() const { return documents_; }
  taken_documents documents_of(std::size_t source) const {
    return source < documents_of_.size() ? documents_of_[source] : taken_documents{};
  }

  /// Which documents were to be taken: options.documents.
  document_subset const& subset() const { return subset_; }

  std::uint64_t sequences() const { return store_->sequences(); }

  /// Sequences of exactly context() tokens, the only ones that count for position.
  std::uint64_t full_sequences() const { return full_sequences_; }
  std::size_t context() const { return context_; }

  /// Bytes of memory that its sequences take.
  std::uint64_t bytes_held() const { return store_->bytes_held(); }

  /// The token that each sequence begins with, if any.
  std::optional<token_id> bos() const { return bos_; }

  /// The files it was read from, by document number; none for a corpus made in memory, unless it was told.
  std::vector<corpus_source> const& sources() const { return sources_; }
  corpus with_sources(std::vector<corpus_source> sources) && {
    sources_ = std::move(sources);
    return std::move(*this);
  }

  /// What readers of those files passed over.
  census::ignored const& ignored() const { return ignored_; }
  corpus with_ignored(census::ignored passed_over) && {
    ignored_ = std::move(passed_over);
    return std::move(*this);
  }

  /// The sequences as texts, in corpus order: each holds as many whole sequences as fit `rows_per_block` rows, and at
  /// least one. They are read when they are asked for.
  text_list texts(std::size_t rows_per_block = 8192) const {
    text_parts parts(rows_per_block);
    store_->for_each_sequence([&](census::sequence const& next) { parts.append(next.length); });
    auto rows = parts.rows();
    auto const read = [store = store_, parts = std::move(parts)](std::size_t i) {
      text_part const& part = parts.all()[i];
      return share(store->text(part.first_sequence, part.sequences, part.first_row, part.rows));
    };
    return {std::move(rows), read};
  }

 private:
  using reader = detail::domain_cursor<numbered_document>;

  static std::vector<std::deque<std::size_t>> by_domain(std::size_t domains,
                                                        std::vector<std::uint16_t> const& document_domains) {
    std::vector<std::deque<std::size_t>> documents(domains);
    for (std::size_t d = 0; d < document_domains.size(); ++d) {
      if (document_domains[d] >= domains)
        throw std::invalid_argument("census::corpus: the domain of document " + std::to_string(d) + " is unknown");
      documents[document_domains[d]].push_back(d);
    }
    return documents;
  }

  static std::vector<std::uint16_t> domains_of(std::vector<corpus_document> const& documents) {
    std::vector<std::uint16_t> domains;
    for (auto const& document : documents) domains.push_back(document.domain);
    return domains;
  }

  /// Cuts the next sequence, and takes it where its document is one of those asked for.
  void cut_sequence(reader& from, std::uint16_t domain) {
    std::size_t const bos = bos_ ? 1 : 0, count = std::min(context_ - bos, from.left());
    if (from.piece == std::numeric_limits<std::uint32_t>::max())
      throw bad_input("document " + std::to_string(from.document.number), "is cut into too many sequences");
    if (subset_.contains(from.document.number)) append(from, domain, count);
    from.cut += bos + count;
    ++from.piece;
    from.next += count, from.offset += count;
  }

  /// Takes a sequence of the document's next `count` tokens.
  void append(reader const& from, std::uint16_t domain, std::size_t count) {
    std::vector<token_id> row;
    if (bos_) row.push_back(*bos_);
    auto const first = from.document.tokens.begin() + static_cast<std::ptrdiff_t>(from.next);
    row.insert(row.end(), first, first + static_cast<std::ptrdiff_t>(count));
    for (token_id const token : row) {
      if (token >= met_.size()) met_.resize(std::size_t{token} + 1);
      met_[token] = true;
    }
    bool const full = row.size() == context_;
    store_->append({.document = from.document.number,
                    .piece = from.piece,
                    .first_row = 0,
                    .length = 0,
                    .domain = domain,
                    .full = full,
                    .has_bos = bos_.has_value(),
                    .offset = from.offset},
                   row);
    tokens_in_[domain] += row.size();
    full_sequences_ += full;
    if (from.piece > 0) return;
    ++documents_;
    std::uint64_t const number = from.document.number;
    std::size_t const source = from.document.source;
    if (source >= documents_of_.size()) documents_of_.resize(source + 1);
    taken_documents& of_source = documents_of_[source];
    if (of_source.count++ == 0) of_source.first = number;
    of_source.first = std::min(of_source.first, number), of_source.last = std::max(of_source.last, number);
  }

  std::vector<std::string> domains_;
  std::vector<std::uint64_t> tokens_in_;       // [domain]
  std::vector<taken_documents> documents_of_;  // [source]
  std::vector<bool> met_;                      // [token]
  std::uint64_t documents_ = 0, full_sequences_ = 0;
  document_subset subset_;
  std::size_t context_;
  std::shared_ptr<sequence_store> store_;
  std::optional<token_id> bos_;
  std::vector<corpus_source> sources_;
  census::ignored ignored_;
};

}  // namespace census
