// SPDX-License-Identifier: MIT
#pragma once

#include <census/content_hash.hpp>
#include <census/document_subset.hpp>
#include <census/error.hpp>
#include <census/ignored.hpp>
#include <census/json.hpp>
#include <census/read_file.hpp>
#include <census/report/run_json.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace census {

namespace detail {

/// Fields of run.json, each checked; messages name the file.
class run_reader {
 public:
  using json = nlohmann::json;

  explicit run_reader(std::filesystem::path const& path)
      : place_(path.string()), run_(parse_json(read_file(path), place_)) {
    if (!run_.is_object()) throw bad_input(place_, "is no JSON object");
  }

  /// Calls read(value) with the field's value, where there is one.
  template <class Read>
  void field(char const* name, Read const& read) const {
    try {
      if (auto const found = run_.find(name); found != run_.end()) read(*found);
    } catch (json::exception const&) {
      throw bad_input(place_, escaped_name(name) + " is not as a census writes it");
    }
  }
  void field(char const* name, std::uint64_t& into) const {
    field(name, [&](json const& from) { into = whole(from); });
  }

  /// The same with read(name, value) for each member of the field, in the order of their names.
  template <class Read>
  void members(char const* name, Read const& read) const {
    field(name, [&](json const& from) {
      for (auto const& [member, value] : from.get_ref<json::object_t const&>()) read(member, value);
    });
  }

  std::uint64_t whole(json const& from) const {
    if (!from.is_number_unsigned()) throw bad_input(place_, "a count is no whole number");
    return from.get<std::uint64_t>();
  }

  std::vector<run_record::file> files(char const* name) const {
    std::vector<run_record::file> all;
    field(name, [&](json const& from) {
      for (auto const& one : from) all.push_back(file(one));
    });
    return all;
  }

  census::ignored ignored(char const* name) const {
    census::ignored all;
    field(name, [&](json const& from) {
      for (auto const& kind : from) {
        auto const places = kind.at("places").get<std::vector<std::string>>();
        auto const count = std::max<std::uint64_t>(whole(kind.at("count")), places.size());
        for (std::size_t i = 0; i < places.size(); ++i)  // the first stands for those without a place
          all.add(kind.at("what").get<std::string>(), places[i], i == 0 ? count - (places.size() - 1) : 1);
      }
    });
    return all;
  }

 private:
  run_record::file file(json const& from) const {
    run_record::file file{from.at("path").get<std::string>(), from.value("domain", ""), whole(from.at("bytes")),
                          hash(from.at("fnv1a_64"))};
    file.format = from.value("format", "");
    if (auto const splits = from.find("splits"); splits != from.end()) file.splits = whole(*splits);
    if (auto const told = from.find("documents"); told != from.end())
      file.documents = {whole(told->at("count")), whole(told->at("first")), whole(told->at("last")),
                        parts(told->at("parts")), hash(told->at("numbering"))};
    return file;
  }

  std::uint64_t hash(json const& from) const {
    auto const digits = from.get<std::string>();
    auto const value = hash_of_digits(digits);
    if (!value) throw bad_input(place_, "the hash " + escaped_name(digits, 40) + " is none");
    return *value;
  }

  document_subset parts(json const& from) const {
    try {
      std::optional<document_subset> all;
      for (auto const& name : from) {
        auto const one = document_subset::parse(name.get<std::string>());
        all = all ? all->joined(one) : one;
      }
      return all.value_or(document_subset());
    } catch (std::invalid_argument const& error) {
      throw bad_input(place_, std::string("parts of documents: ") + error.what());
    }
  }

  std::string place_;
  json run_;
};

}  // namespace detail

/// Reads run.json back. What it lacks stays empty or zero, what is new in it, `ngrams` and `halves` are passed
/// over; settings, domains, phases and what is told of a device come in the order of their names. Throws bad_input
/// naming the file, and the field that is none of a census.
inline run_record read_run_json(std::filesystem::path const& path) {
  using json = nlohmann::json;
  detail::run_reader const fields(path);
  run_record run;
  fields.field("blas", [&](json const& from) { from.get_to(run.blas); });
  run.model = fields.files("model");
  run.texts = fields.files("texts");
  fields.members("settings", [&](std::string const& name, json const& setting) {
    run.settings.emplace_back(name, setting.is_string() ? setting.get<std::string>() : setting.dump());
  });
  run.ignored = fields.ignored("ignored");
  fields.field("device", [&](json const& from) {
    for (auto const& device : from.is_array() ? from : json::array({from})) {
      run.devices.emplace_back();
      for (auto const& [name, figure] : device.get_ref<json::object_t const&>())
        run.devices.back().emplace_back(name, figure.get<std::string>());
    }
  });
  fields.members("tokens_by_domain", [&](std::string const& name, json const& tokens) {
    run.tokens_by_domain.emplace_back(name, fields.whole(tokens));
  });
  fields.field("documents", run.documents);
  fields.field("sequences", run.sequences);
  fields.field("full_sequences", run.full_sequences);
  fields.members("seconds", [&](std::string const& name, json const& seconds) {
    run.seconds.emplace_back(name, seconds.get<double>());
  });
  fields.field("peak_memory_bytes", run.peak_memory);
  fields.field("files", [&](json const& from) { from.get_to(run.results); });
  return run;
}

/// Reads back the run.json of a census. Throws bad_input as read_run_json, and where there is no such folder.
inline run_record read_run_of(std::filesystem::path const& census_folder) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(census_folder, ignored))
    throw bad_input(census_folder.string(), "there is no such folder");
  return read_run_json(census_folder / "run.json");
}

}  // namespace census
