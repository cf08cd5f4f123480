// SPDX-License-Identifier: MIT
#pragma once

#include <census/corpus/corpus.hpp>
#include <census/corpus/detail/document_reader.hpp>
#include <census/corpus/detail/reading_memory.hpp>
#include <census/corpus/detail/resumable_file.hpp>
#include <census/corpus/detail/text_domains.hpp>
#include <census/corpus/detail/text_format.hpp>
#include <census/error.hpp>
#include <census/ignored.hpp>
#include <census/tokenizer/text_encoding.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace census {

/// Reads domains of text side by side, a part of a document at a time, as a corpus asks for them.
class domain_reader {
 public:
  /// Holds at most `memory` bytes at once; `passed_over` is what was passed over when the domains were found.
  domain_reader(text_encoding encoding, std::vector<text_domain> domains, document_options options,
                std::uint64_t memory, ignored passed_over)
      : encoding_(std::move(encoding)), options_(std::move(options)), memory_(memory, domains.size()),
        at_(std::make_move_iterator(domains.begin()), std::make_move_iterator(domains.end())),
        passed_over_(std::move(passed_over)) {
    std::error_code unknown;  // what cannot be asked for its size is told when it is opened
    for (place const& at : at_)
      for (text_domain::file const& file : at.domain.files)
        if (auto const size = std::filesystem::file_size(file.path, unknown); !unknown) bytes_in_all_ += size;
  }

  /// The next part of a domain's documents, numbered in the order in which they are asked for; nothing behind its last.
  /// Files out of folders that cannot be read, or hold no text, are passed over. Throws bad_input naming the file, as
  /// document_reader does, and where all files of a domain were passed over.
  std::optional<numbered_document> operator()(std::size_t domain) {
    auto& at = at_[domain];
    while (at.reader || open_next(at)) {
      auto part = next_part(at);
      if (at.reader) {
        sources_[at.source].splits = at.reader->splits();
        sources_[at.source].format = name_of_format(at.reader->format());
      }
      if (!part) {
        close(at);
        continue;
      }
      tokens_ += part->tokens.size();
      if (at_.size() > most_open) at.reader->rest();
      if (!at.is_inside) at.number = documents_++;
      at.is_inside = part->goes_on, at.of_file = at.of_domain = true;
      return numbered_document{at.number, std::move(part->tokens), part->goes_on, at.source};
    }
    return std::nullopt;
  }

  /// How far the files were read.
  reading_state state() const {
    reading_state now{.bytes = bytes_closed_, .bytes_in_all = bytes_in_all_, .tokens = tokens_};
    for (place const& at : at_)
      if (at.reader) now.bytes += at.reader->bytes_read();
    return now;
  }

  /// The files that were read, and what was passed over.
  std::vector<corpus_source> const& sources() const { return sources_; }
  ignored const& passed_over() const { return passed_over_; }

  /// Whether all files were read to their ends.
  bool is_at_end() const {
    return std::ranges::all_of(at_, [](place const& at) { return !at.reader && at.domain.files.empty(); });
  }

 private:
  static constexpr std::size_t most_open = 64;  // files open at once; the others rest

  struct place {
    explicit place(text_domain texts) : domain(std::move(texts)) {}

    text_domain domain;
    text_domain::file file = {};  // at hand
    std::optional<document_reader> reader = {};
    std::size_t source = 0;                   // of the file, among sources_
    std::uint64_t number = 0;                 // of the document at hand,
    bool is_inside = false;                   // where more of it follows
    bool of_file = false, of_domain = false;  // whether any came of the file, of the domain
    std::string why = {};                     // the last file that was passed over was so
  };

  /// Opens a domain's next file that can be opened; false where there is none.
  bool open_next(place& at) {
    while (!at.domain.files.empty()) {
      at.file = std::move(at.domain.files.front());
      at.domain.files.pop_front();
      at.of_file = false;
      try {
        at.reader.emplace(encoding_, at.file.path, options_, memory_);
        auto const [bytes, hash] = at.reader->size_and_hash();
        at.source = sources_.size();
        sources_.push_back({at.file.path.string(), at.domain.name, documents_, bytes, hash});
        return true;
      } catch (reading_memory::exhausted const&) {
        throw;
      } catch (resumable_file::changed const&) {
        throw;
      } catch (bad_input const& error) {
        if (!at.file.is_from_folder) throw;
        at.reader.reset();
        pass_over(at, error);
      }
    }
    if (!at.of_domain && !at.why.empty())
      throw bad_input(at.domain.name, "no file of the folder could be read as text: " + at.why);
    return false;
  }

  /// The next part of the file at hand; nothing at its end, or where it is passed over.
  std::optional<document_part> next_part(place& at) {
    try {
      return at.reader->next(passed_over_, options_.documents.contains(at.is_inside ? at.number : documents_));
    } catch (reading_memory::exhausted const&) {
      throw;
    } catch (resumable_file::changed const&) {
      throw;
    } catch (bad_input const& error) {
      if (!at.file.is_from_folder || at.of_file || !at.reader->may_be_no_text()) throw;
      pass_over(at, error);
      sources_.pop_back();  // it was just opened
      close(at);
      return std::nullopt;
    }
  }

  void close(place& at) {
    if (at.reader) bytes_closed_ += at.reader->bytes_read();
    at.reader.reset();
  }

  void pass_over(place& at, bad_input const& error) {
    at.why = error.what();
    passed_over_.add("files in folders that cannot be read as text", at.why);
  }

  text_encoding encoding_;
  document_options options_;
  reading_memory memory_;
  std::vector<place> at_;  // [domain]
  std::vector<corpus_source> sources_;
  std::uint64_t documents_ = 0, tokens_ = 0;
  std::uint64_t bytes_closed_ = 0, bytes_in_all_ = 0;  // read of files that are closed; of all files
  ignored passed_over_;
};

}  // namespace census
