// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/json.hpp>
#include <census/read_file.hpp>
#include <census/report/run_json.hpp>

#include <nlohmann/json.hpp>

#include <charconv>
#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace census {

/// Reads run.json back. What it lacks stays empty or zero, what is new in it, and `ngrams`, is passed over; settings,
/// domains and phases come in the order of their names. Throws bad_input naming the file, and the field that is none of
/// a census.
inline run_record read_run_json(std::filesystem::path const& path) {
  auto const json = parse_json(read_file(path), path.string());
  if (!json.is_object()) throw bad_input(path.string(), "is no JSON object");
  auto const field = [&](char const* name, auto read) {
    try {
      if (auto const found = json.find(name); found != json.end()) read(*found);
    } catch (nlohmann::json::exception const&) {
      throw bad_input(path.string(), escaped_name(name) + " is not as a census writes it");
    }
  };
  auto const value = [](auto& into) { return [&into](nlohmann::json const& from) { from.get_to(into); }; };
  auto const whole = [&](nlohmann::json const& from) {
    if (!from.is_number_unsigned()) throw bad_input(path.string(), "a count is no whole number");
    return from.get<std::uint64_t>();
  };
  auto const count = [&](std::uint64_t& into) { return [&](nlohmann::json const& from) { into = whole(from); }; };
  auto const files = [&](std::vector<run_record::file>& into) {
    return [&](nlohmann::json const& from) {
      for (auto const& one : from) {
        run_record::file file{one.at("path").get<std::string>(), one.value("domain", ""), whole(one.at("bytes")), 0};
        auto const hash = one.at("fnv1a_64").get<std::string>();
        auto const [end, error] = std::from_chars(hash.data(), hash.data() + hash.size(), file.hash, 16);
        if (error != std::errc() || end != hash.data() + hash.size() || hash.size() != 16)
          throw bad_input(path.string(), "the hash " + escaped_name(hash, 40) + " is none");
        into.push_back(std::move(file));
      }
    };
  };

  run_record run;
  field("blas", value(run.blas));
  field("model", files(run.model));
  field("texts", files(run.texts));
  field("settings", [&](nlohmann::json const& from) {
    for (auto const& [name, setting] : from.get_ref<nlohmann::json::object_t const&>())
      run.settings.emplace_back(name, setting.is_string() ? setting.get<std::string>() : setting.dump());
  });
  field("tokens_by_domain", [&](nlohmann::json const& from) {
    for (auto const& [name, tokens] : from.get_ref<nlohmann::json::object_t const&>())
      run.tokens_by_domain.emplace_back(name, whole(tokens));
  });
  field("documents", count(run.documents));
  field("sequences", count(run.sequences));
  field("full_sequences", count(run.full_sequences));
  field("seconds", [&](nlohmann::json const& from) {
    for (auto const& [name, seconds] : from.get_ref<nlohmann::json::object_t const&>())
      run.seconds.emplace_back(name, seconds.get<double>());
  });
  field("peak_memory_bytes", count(run.peak_memory));
  field("files", value(run.results));
  return run;
}

}  // namespace census
